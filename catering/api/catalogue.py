"""Where recipes and market meet: what a dish costs, who offers an ingredient. Neither room knows the other."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy import Select

from catering.graph.arguments import SomeMonday, a_monday
from catering.graph.documented import documented
from catering.graph.pages_by_parent import PageKey
from catering.graph.paging import DEFAULT_ROWS, After, First, Page, page
from catering.graph.request import Ask
from catering.market.graph import SUPPLIERS, LabelCode, Offer, Supplier, show_offer, show_supplier
from catering.market.loaders import (
    OFFERS,
    OfferPageByWish,
    OffersWanted,
    PriceRangeByIngredient,
    PriceWanted,
)
from catering.market.models import Offer as OfferRow
from catering.market.models import Supplier as SupplierRow
from catering.market.models import SupplierKind
from catering.market.queries import offers as offers_asked
from catering.market.queries import suppliers as suppliers_asked
from catering.people.viewer import Viewer
from catering.recipes.catalogue import plain_dish
from catering.recipes.graph import Dish, Ingredient, show_ingredient
from catering.recipes.loaders import DishWithLinesById, IngredientById
from catering.recipes.models import Ingredient as IngredientRow
from catering.recipes.queries import ingredients
from catering.recipes.rules import Cover

PRICE_STEP = Decimal("0.0001")

OfIngredient: TypeAlias = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only of this ingredient (id).")
]
OfSupplier: TypeAlias = Annotated[strawberry.ID | None, strawberry.argument(description="Only of this supplier (id).")]


@strawberry.type(description="What one cover of a dish may cost in ingredients, before delivery.")
class CostRange:
    lowest_eur: Decimal = strawberry.field(description="Each ingredient at its lowest offer, € excl. tax, 4 decimals.")
    highest_eur: Decimal = strawberry.field(
        description="Each ingredient at its highest offer, € excl. tax, 4 decimals."
    )


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
    ends = Cover(plain_dish(row), {}).cost_range(prices)
    if ends is None:
        return None
    lowest, highest = (end.quantize(PRICE_STEP, ROUND_HALF_UP) for end in ends)
    return CostRange(lowest_eur=lowest, highest_eur=highest)


def _ingredient_ids(viewer: Viewer, slug: str) -> Select[int]:
    return ingredients(viewer, slugs=[slug]).with_only_columns(IngredientRow.id)


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
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Offer]:
        """Offers you may read, in order of id; with `week`, what may be bought then, its label still valid."""
        viewer = info.context.viewer
        statement = offers_asked(viewer, supplier=supplier, label=label, week=week and a_monday(week))
        if ingredient is not None:
            statement = statement.where(OfferRow.ingredient_id.in_(_ingredient_ids(viewer, ingredient)))
        return await page(info.context, statement, OFFERS, show_offer, first, after)

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
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Supplier]:
        """Suppliers you may read, in order of id."""
        viewer = info.context.viewer
        statement = suppliers_asked(viewer, kind=kind, label=label)
        if ingredient is not None:
            selling = offers_asked(viewer).where(OfferRow.ingredient_id.in_(_ingredient_ids(viewer, ingredient)))
            statement = statement.where(SupplierRow.id.in_(selling.with_only_columns(OfferRow.supplier_id)))
        return await page(info.context, statement, SUPPLIERS, show_supplier, first, after)


OF_OFFER = (ingredient,)
OF_INGREDIENT = (offers,)
OF_DISH = (cost,)
