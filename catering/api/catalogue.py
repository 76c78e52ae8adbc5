"""Where recipes, market and kitchens meet: what a dish costs, who offers an ingredient, how far it comes from."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy import Select

from catering.api.nearest import PlaceOfKitchen, nearest_page
from catering.documents.graph import Document
from catering.geography import road_km
from catering.graph.arguments import SomeMonday, a_monday
from catering.graph.documented import documented
from catering.graph.errors import BadArgumentError
from catering.graph.pages_by_parent import PageKey
from catering.graph.paging import DEFAULT_ROWS, After, First, Page, page
from catering.graph.request import Ask
from catering.market.graph import SUPPLIERS, LabelCode, Offer, Supplier, show_offer, show_supplier
from catering.market.graph_terms import document_of
from catering.market.loaders import (
    OFFERS,
    OfferPageByWish,
    OffersWanted,
    PriceRangeByIngredient,
    PriceWanted,
    StatedAllergensByOfferId,
    SupplierById,
)
from catering.market.models import Offer as OfferRow
from catering.market.models import Supplier as SupplierRow
from catering.market.models import SupplierKind
from catering.market.queries import offers as offers_asked
from catering.market.queries import suppliers as suppliers_asked
from catering.orders.graph.of_offers import Uai
from catering.people.viewer import Viewer
from catering.recipes.catalogue import plain_dish
from catering.recipes.graph import Dish, Ingredient, show_ingredient
from catering.recipes.loaders import AllergensByIngredientId, DishWithLinesById, IngredientById
from catering.recipes.models import Ingredient as IngredientRow
from catering.recipes.portions import at_portion
from catering.recipes.queries import ingredients
from catering.recipes.rules import Cover
from catering.recipes.vocabulary import Allergen, Family

PRICE_STEP = Decimal("0.0001")

OfIngredient: TypeAlias = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only of this ingredient (id).")
]
OfFamily: TypeAlias = Annotated[
    Family | None, strawberry.argument(description="Only ingredients of this family of ma-cantine.")
]
WithWords: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only products with each of these words, accents and capitals aside.")
]
InStock: TypeAlias = Annotated[
    bool, strawberry.argument(description="With `week`: only what can still deliver a pack then.")
]
Near: TypeAlias = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="UAI of a kitchen: nearest supplier first, only those that deliver there. Distance is shown, never "
        "scored (CCP-01)."
    ),
]
OfSupplier: TypeAlias = Annotated[strawberry.ID | None, strawberry.argument(description="Only of this supplier (id).")]


@strawberry.type(description="What one cover of a dish may cost in ingredients, before delivery.")
class CostRange:
    lowest_eur: Decimal = strawberry.field(description="Each ingredient at its lowest offer, € excl. tax, 4 decimals.")
    highest_eur: Decimal = strawberry.field(
        description="Each ingredient at its highest offer, € excl. tax, 4 decimals."
    )


@strawberry.type(description="What allergens a product contains, and whose word it is.")
class AllergenSheet:
    contains: list[Allergen] = strawberry.field(description="Allergens in it (ALL-01).")
    traces: list[Allergen] = strawberry.field(description="Allergens it may contain: voluntary information (ALL-05).")
    stated_on: date | None = strawberry.field(
        description="When the supplier stated it; null when nobody did, and `contains` is that of the ingredient."
    )
    document: Document | None = strawberry.field(description="The sheet it comes from.")


@documented
async def allergens(offer: strawberry.Parent[Offer], info: Ask) -> AllergenSheet:
    """What it contains, by its supplier, else by its ingredient."""
    stated = await info.context.loader(StatedAllergensByOfferId).load(offer.row.id)
    contains = [row.allergen for row in stated if not row.traces]
    if offer.row.allergens_on is None:
        usual = await info.context.loader(AllergensByIngredientId).load(offer.row.ingredient_id)
        contains = [row.allergen for row in usual]
    return AllergenSheet(
        contains=contains,
        traces=[row.allergen for row in stated if row.traces],
        stated_on=offer.row.allergens_on,
        document=await document_of(info, offer.row.allergen_document_id),
    )


@documented
async def distance_km(offer: strawberry.Parent[Offer], info: Ask, kitchen: Uai) -> Decimal | None:
    """Estimated road km from its supplier to a kitchen: information, never a criterion (CCP-01); null when you may not
    read one of them."""
    place = await info.context.loader(PlaceOfKitchen).load(str(kitchen))
    supplier = await info.context.loader(SupplierById).load(offer.row.supplier_id)
    if place is None or supplier is None:
        return None
    return road_km(supplier.lat, supplier.lon, place.lat, place.lon)


@documented
async def ingredient(offer: strawberry.Parent[Offer], info: Ask) -> Ingredient | None:
    """What is sold, as recipes name it."""
    row = await info.context.loader(IngredientById).load(offer.row.ingredient_id)
    return None if row is None else show_ingredient(row)


@documented
async def offers(
    of: strawberry.Parent[Ingredient],
    info: Ask,
    label: LabelCode = None,
    week: SomeMonday = None,
    first: First = DEFAULT_ROWS,
    after: After = None,
) -> Page[Offer]:
    """Offers of this ingredient, in order of id; with `week`, what may be bought then, its label still valid."""
    wish = OffersWanted(ingredient_id=of.row.id, label=label, week=week and a_monday(week))
    found = await info.context.loader(OfferPageByWish).load(PageKey(wish, first, after))
    return found.shown(show_offer)


@documented
async def cost(dish: strawberry.Parent[Dish], info: Ask, week: SomeMonday = None) -> CostRange | None:
    """Cost of one cover at the offers you may read; null when nobody offers one of its ingredients."""
    row = await info.context.loader(DishWithLinesById).load(dish.row.id)
    if row is None or not row.lines:
        return None
    wanted = [PriceWanted(line.ingredient_id, week and a_monday(week)) for line in row.lines]
    found = await info.context.loader(PriceRangeByIngredient).load_many(wanted)
    prices = {line.ingredient.slug: price for line, price in zip(row.lines, found, strict=True) if price is not None}
    ends = Cover(at_portion(plain_dish(row), dish.portion_g), {}).cost_range(prices)
    if ends is None:
        return None
    lowest, highest = (end.quantize(PRICE_STEP, ROUND_HALF_UP) for end in ends)
    return CostRange(lowest_eur=lowest, highest_eur=highest)


def _ingredient_ids(viewer: Viewer, slug: str | None, family: Family | None = None) -> Select[int]:
    slugs = None if slug is None else [slug]
    return ingredients(viewer, slugs=slugs, family=family).with_only_columns(IngredientRow.id)


@strawberry.type
class Query:
    @documented
    async def offers(
        self,
        info: Ask,
        ingredient: OfIngredient = None,
        supplier: OfSupplier = None,
        label: LabelCode = None,
        week: SomeMonday = None,
        family: OfFamily = None,
        words: WithWords = None,
        in_stock: InStock = False,
        near: Near = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Offer]:
        """Offers you may read, in order of id or nearest first; with `week`, what may be bought then, its label still
        valid."""
        viewer = info.context.viewer
        if in_stock and week is None:
            raise BadArgumentError("inStock demande une semaine : donner aussi week, un lundi.")
        statement = offers_asked(
            viewer, supplier=supplier, label=label, week=week and a_monday(week), words=words, in_stock=in_stock
        )
        if ingredient is not None or family is not None:
            wanted = _ingredient_ids(viewer, ingredient, family)
            statement = statement.where(OfferRow.ingredient_id.in_(wanted))
        if near is None:
            return await page(info.context, statement, OFFERS, show_offer, first, after)
        return await nearest_page(info.context, statement, str(near), first, after)

    @documented
    async def suppliers(
        self,
        info: Ask,
        kind: Annotated[SupplierKind | None, strawberry.argument(description="Only those that sell this way.")] = None,
        label: Annotated[
            str | None, strawberry.argument(description="Only those with a certificate of this label (code).")
        ] = None,
        ingredient: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only those that offer this ingredient (id).")
        ] = None,
        words: Annotated[
            str | None,
            strawberry.argument(description="Only those whose name, or number of a permit, holds each of these words."),
        ] = None,
        permitted: Annotated[
            bool, strawberry.argument(description="Only those with an approval, a dérogation or a packing centre.")
        ] = False,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Supplier]:
        """Suppliers you may read, in order of id."""
        viewer = info.context.viewer
        statement = suppliers_asked(viewer, kind=kind, label=label, words=words, permitted=permitted)
        if ingredient is not None:
            selling = offers_asked(viewer).where(OfferRow.ingredient_id.in_(_ingredient_ids(viewer, ingredient)))
            statement = statement.where(SupplierRow.id.in_(selling.with_only_columns(OfferRow.supplier_id)))
        return await page(info.context, statement, SUPPLIERS, show_supplier, first, after)


OF_OFFER = (ingredient, allergens, distance_km)
OF_INGREDIENT = (offers,)
OF_DISH = (cost,)
