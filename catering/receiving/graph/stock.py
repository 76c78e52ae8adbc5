"""The shelves of a kitchen and the way back from a lot, as GraphQL shows them."""

from datetime import date, datetime
from typing import Annotated, TypeAlias

import strawberry

from catering.graph.documented import documented
from catering.graph.errors import BadDatesError
from catering.graph.pages_by_parent import PageKey
from catering.graph.paging import DEFAULT_ROWS, After, First, Page, page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.kitchens.graph import LONGEST_PERIOD, DeliveryPlace, Kitchen
from catering.market.graph import Supplier
from catering.orders.graph.orders import place_of
from catering.receiving import models
from catering.receiving.graph.places import OfSupplier, ingredient_of, supplier_of
from catering.receiving.graph.words import ExpiryKind, MoveKind
from catering.receiving.loaders import LOTS, LotPageByKitchen, LotsWanted, MovePageByLotId
from catering.receiving.queries_stock import lots, lots_delivered, lots_served
from catering.receiving.rules.shelf import first_expired_first_out
from catering.recipes.graph import Ingredient
from catering.recipes.models import Ingredient as IngredientRow
from catering.recipes.queries import ingredients
from catering.spelling import tidy

FirstDay: TypeAlias = Annotated[date, strawberry.argument(description="First day, included.")]
LastDay: TypeAlias = Annotated[date, strawberry.argument(description="Last day, included.")]


@strawberry.type(description="Grams that came into a lot or left it; moves are only ever added.")
class StockMove:
    kind: MoveKind = strawberry.field(description="What happened.")
    grams: int = strawberry.field(description="Positive comes, negative leaves.")
    day: date = strawberry.field(description="When it happened in the kitchen.")
    menu_day: date | None = strawberry.field(description="The lunch it was used for; null for other moves.")
    why: str | None = strawberry.field(description="Of a loss, a count or a correction: why.")
    at: datetime = strawberry.field(description="When it was recorded.")
    actor: str = strawberry.field(description="By whom.")


@strawberry.type(description="One lot of an ingredient on the shelves of one kitchen.")
class StockLot:
    row: strawberry.Private[models.StockLot]
    product: str = strawberry.field(description="What was bought, in French.")
    lot: str = strawberry.field(description="Number of the lot, as on the label.")
    date_kind: ExpiryKind | None = strawberry.field(description="Which date it bears; null for none.")
    expires_on: date | None = strawberry.field(description="That date; never served after a DLC.")
    on_hand_g: int = strawberry.field(description="Grams left: the sum of its moves.")

    @documented
    def id(self) -> strawberry.ID:
        """Number of the lot, by which moves name it."""
        return strawberry.ID(str(self.row.id))

    @documented
    async def ingredient(self, info: Ask) -> Ingredient | None:
        """What it is, as recipes name it."""
        return await ingredient_of(info, self.row.ingredient_id)

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who delivered it: one step back."""
        return await supplier_of(info, self.row.supplier_id)

    @documented
    async def place(self, info: Ask) -> DeliveryPlace | None:
        """In which kitchen it is."""
        return await place_of(info, self.row.kitchen_id)

    @documented
    async def moves(self, info: Ask, first: First = DEFAULT_ROWS, after: After = None) -> Page[StockMove]:
        """All that happened to it, in order: receptions, menu days it was used for, losses, counts, transfers."""
        found = await info.context.loader(MovePageByLotId).load(PageKey(self.row.id, first, after))
        return found.shown(lambda row: shown(StockMove, row))


@strawberry.type(description="Grams to take of one lot.")
class LotToTake:
    lot: StockLot = strawberry.field(description="The lot.")
    grams: int = strawberry.field(description="Grams to take of it.")


@strawberry.type(description="Which lots to take for a lunch: what expires first goes first, nothing past its DLC.")
class LotsToTake:
    lots: list[LotToTake] = strawberry.field(description="In the order in which to take them.")
    missing_g: int = strawberry.field(description="Grams that the shelves lack; 0 when there is enough.")


def show_lot(row: models.StockLot) -> StockLot:
    """A lot as GraphQL shows it."""
    return shown(StockLot, row, row=row)


@documented
async def stock_of_kitchen(
    kitchen: strawberry.Parent[Kitchen],
    info: Ask,
    on_hand: Annotated[
        bool, strawberry.argument(description="Only lots of which something is left; false shows all.")
    ] = True,
    first: First = DEFAULT_ROWS,
    after: After = None,
) -> Page[StockLot]:
    """What is on its shelves, lot by lot, ingredient by ingredient."""
    wanted = LotsWanted(kitchen.row_id, on_hand)
    found = await info.context.loader(LotPageByKitchen).load(PageKey(wanted, first, after))
    return found.shown(show_lot)


stock_of_kitchen.name = "stock"


@strawberry.type
class Query:
    @documented
    async def lots(
        self,
        info: Ask,
        number: Annotated[str, strawberry.argument(description="Number of the lot, exactly as on the label.")],
        supplier: OfSupplier = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[StockLot]:
        """Recall: each kitchen you may read that received this lot, what is left there, the lunches it went into."""
        statement = lots(info.context.viewer, number=tidy(number), supplier=supplier)
        return await page(info.context, statement, LOTS, show_lot, first, after)

    @documented
    async def lots_to_take(
        self,
        info: Ask,
        kitchen: Annotated[strawberry.ID, strawberry.argument(description="UAI of a kitchen you may read.")],
        ingredient: Annotated[strawberry.ID, strawberry.argument(description="The ingredient (id).")],
        grams: Annotated[int, strawberry.argument(description="Grams wanted, 0 or more.")],
        menu_day: Annotated[date, strawberry.argument(description="The lunch it is for.")],
    ) -> LotsToTake:
        """Which lots a cook should take, and what is missing; `useStock` takes the same when no lot is named."""
        viewer = info.context.viewer
        of = ingredients(viewer, slugs=[ingredient]).with_only_columns(IngredientRow.id)
        there = lots(viewer, uai=kitchen, on_hand=True).where(models.StockLot.ingredient_id.in_(of))
        rows = {row.id: row for row in await info.context.objects(there)}
        takings, missing = first_expired_first_out(rows.values(), max(grams, 0), menu_day)
        return LotsToTake(
            lots=[LotToTake(lot=show_lot(rows[each.lot_id]), grams=each.grams) for each in takings], missing_g=missing
        )

    @documented
    async def lots_delivered(
        self,
        info: Ask,
        supplier: Annotated[strawberry.ID, strawberry.argument(description="Of this supplier (id).")],
        first_day: FirstDay,
        last_day: LastDay,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[StockLot]:
        """Lots that a supplier delivered on some days to the kitchens you may read. At most 400 days apart."""
        _require_period(first_day, last_day)
        statement = lots_delivered(info.context.viewer, supplier, first_day, last_day)
        return await page(info.context, statement, LOTS, show_lot, first, after)

    @documented
    async def lots_served(
        self,
        info: Ask,
        kitchen: Annotated[strawberry.ID, strawberry.argument(description="UAI of a kitchen you may read.")],
        first_day: FirstDay,
        last_day: LastDay,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[StockLot]:
        """Lots that a kitchen used for the lunches of some days: what to look at first after an illness (TIAC)."""
        _require_period(first_day, last_day)
        statement = lots_served(info.context.viewer, kitchen, first_day, last_day)
        return await page(info.context, statement, LOTS, show_lot, first, after)


def _require_period(first_day: date, last_day: date) -> None:
    if not first_day <= last_day <= first_day + LONGEST_PERIOD:
        raise BadDatesError(
            f"La période du {first_day} au {last_day} ne convient pas : "
            f"lastDay suit firstDay, de {LONGEST_PERIOD.days} jours au plus."
        )
