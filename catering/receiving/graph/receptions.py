"""Receptions and the temperatures of the law, as GraphQL shows them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.paging import DEFAULT_ROWS, After, First, Page, page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.kitchens.graph import DeliveryPlace, Kitchen
from catering.market.graph import Supplier
from catering.moment import today
from catering.orders.graph.orders import Order, place_of
from catering.receiving import models
from catering.receiving.graph.places import OfKitchen, OfSupplier, ingredient_of, order_of, supplier_of
from catering.receiving.graph.words import (
    Decision,
    ExpiryKind,
    ProductCategory,
    ReceptionReason,
    ReceptionWarning,
    TemperatureVerdict,
)
from catering.receiving.loaders import (
    NEWEST_RECEPTIONS,
    CorrectionByLineId,
    LinesByReceptionId,
    ReceptionById,
    ReceptionsByOrderId,
    TolerancesByKitchenId,
)
from catering.receiving.queries import receptions
from catering.receiving.rules.checks import warnings_of
from catering.recipes.graph import Ingredient
from catering.rules.temperatures import Temperature, temperatures

FirstDay: TypeAlias = Annotated[date | None, strawberry.argument(description="Only from this day on, included.")]
LastDay: TypeAlias = Annotated[date | None, strawberry.argument(description="Only until this day, included.")]


@strawberry.type(description="One lot of an order line, as found on arrival.")
class ReceptionLine:
    row: strawberry.Private[models.ReceptionLine]
    day: strawberry.Private[date]
    product: str = strawberry.field(description="What is sold, in French.")
    lot: str = strawberry.field(description="Number of the lot, as on the label.")
    date_kind: ExpiryKind | None = strawberry.field(description="Which date it bears; null for none.")
    expires_on: date | None = strawberry.field(description="That date.")
    delivered_packs: int = strawberry.field(description="Packs that came.")
    delivered_g: int = strawberry.field(description="Grams that came, as weighed or as labelled.")
    accepted_packs: int = strawberry.field(description="Packs accepted.")
    accepted_g: int = strawberry.field(description="Grams accepted; goods of variable weight are billed by them.")
    refused_g: int = strawberry.field(description="Grams that came and were not accepted.")
    category: ProductCategory = strawberry.field(description="What it is to hygiene law.")
    celsius: Decimal | None = strawberry.field(description="Temperature measured, °C; null when nobody did.")
    limit_celsius: Decimal | None = strawberry.field(description="Limit of the law on that day, °C; null for none.")
    tolerance_celsius: Decimal = strawberry.field(description="Degrees beyond it that the kitchen tolerated that day.")
    verdict: TemperatureVerdict = strawberry.field(description="What the temperature means.")
    decision: Decision = strawberry.field(description="What was decided.")
    reason: ReceptionReason | None = strawberry.field(description="Why; null when accepted without reserve.")
    comment: str | None = strawberry.field(description="In the words of who received it.")

    @documented
    def id(self) -> strawberry.ID:
        """Number of the line, by which it is corrected."""
        return strawberry.ID(str(self.row.id))

    @documented
    def added_eur(self) -> Decimal:
        """What it adds to the purchases, € excl. tax; of a correction the difference, negative when it takes back."""
        return self.row.added_amount

    @documented
    def photo_id(self) -> strawberry.ID | None:
        """Number of the photo among the documents; null for none."""
        return None if self.row.photo_id is None else strawberry.ID(str(self.row.photo_id))

    @documented
    def corrects_id(self) -> strawberry.ID | None:
        """Line that it replaces; null when it is a first note."""
        return None if self.row.corrects_id is None else strawberry.ID(str(self.row.corrects_id))

    @documented
    def warnings(self) -> list[ReceptionWarning]:
        """What to know of it although it was let through."""
        return list(warnings_of(self.row, self.day))

    @documented
    async def corrected(self, info: Ask) -> bool:
        """Whether another line replaces it."""
        return await info.context.loader(CorrectionByLineId).load(self.row.id) is not None

    @documented
    async def ingredient(self, info: Ask) -> Ingredient | None:
        """What it is, as recipes name it."""
        return await ingredient_of(info, self.row.ingredient_id)


@strawberry.type(description="One pass of checking in what an order delivered, or one correction of it.")
class Reception:
    row: strawberry.Private[models.Reception]
    day: date = strawberry.field(description="Of the arrival.")
    noted_at: datetime = strawberry.field(description="When it was written on the tablet.")
    recorded_at: datetime = strawberry.field(description="When it reached the platform.")
    actor: str = strawberry.field(description="Who received.")
    delivery_note: str | None = strawberry.field(description="Number of the supplier's delivery note.")
    why: str | None = strawberry.field(description="Of a correction: why; null for a first note.")

    @documented
    def id(self) -> strawberry.ID:
        """Number of the reception."""
        return strawberry.ID(str(self.row.id))

    @documented
    async def lines(self, info: Ask) -> list[ReceptionLine]:
        """The lots noted in it (those of one delivery)."""
        rows = await info.context.loader(LinesByReceptionId).load(self.row.id)
        return [shown(ReceptionLine, row, row=row, day=self.row.day) for row in rows]

    @documented
    async def order(self, info: Ask) -> Order | None:
        """The order delivered."""
        return await order_of(info, self.row.order_id)

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who delivered."""
        return await supplier_of(info, self.row.supplier_id)

    @documented
    async def place(self, info: Ask) -> DeliveryPlace | None:
        """Where it arrived."""
        return await place_of(info, self.row.kitchen_id)


@strawberry.type(description="Degrees beyond the limit of the law that the sanitary plan of a kitchen tolerates.")
class TemperatureTolerance:
    category: ProductCategory = strawberry.field(description="Of which products.")
    celsius: Decimal = strawberry.field(description="Degrees; goods are then accepted with a reserve only.")


@strawberry.type(description="The temperature at which the law lets a category of products be delivered.")
class TemperatureLimit:
    rule: strawberry.ID = strawberry.field(description="Id of the rule, e.g. `HYG-T-HACHE`.")
    category: ProductCategory = strawberry.field(description="Of which products.")
    french_name: str = strawberry.field(description="The category, in French.")
    celsius: Decimal | None = strawberry.field(
        description="°C; null when there is none, or when the producer states it and it is not known."
    )
    at_least: bool = strawberry.field(description="Whether it is a minimum (hot dishes) instead of a maximum.")
    stated_by_producer: bool = strawberry.field(
        description="Whether the limit is the producer's: the law leaves it to them, or theirs is stricter."
    )
    brief_excess: Decimal | None = strawberry.field(description="Degrees tolerated briefly at the surface.")


@documented
async def receptions_of_order(order: strawberry.Parent[Order], info: Ask) -> list[Reception]:
    """What was found on arrival, pass by pass, corrections included (a handful)."""
    rows = await info.context.loader(ReceptionsByOrderId).load(order.row.id)
    return [show_reception(row) for row in rows]


@documented
async def temperature_tolerances(kitchen: strawberry.Parent[Kitchen], info: Ask) -> list[TemperatureTolerance]:
    """What its sanitary plan tolerates beyond the law, by category; categories that are not named tolerate nothing."""
    rows = await info.context.loader(TolerancesByKitchenId).load(kitchen.row_id)
    return [shown(TemperatureTolerance, row) for row in rows]


receptions_of_order.name = "receptions"
OF_ORDER = (receptions_of_order,)


def show_reception(row: models.Reception) -> Reception:
    """A reception as GraphQL shows it."""
    return shown(Reception, row, row=row)


def show_limit(row: Temperature, stated: Decimal | None = None) -> TemperatureLimit:
    """A temperature of the law as GraphQL shows it, or what a producer ``stated`` when that rules."""
    return TemperatureLimit(
        rule=strawberry.ID(row.id),
        category=row.category,
        french_name=row.french_name,
        celsius=row.limit(stated),
        at_least=row.bound == "at_least",
        stated_by_producer=row.bound == "stated" or row.limit(stated) != row.celsius,
        brief_excess=row.brief_excess,
    )


@strawberry.type
class Query:
    @documented
    async def receptions(
        self,
        info: Ask,
        kitchen: OfKitchen = None,
        supplier: OfSupplier = None,
        first_day: FirstDay = None,
        last_day: LastDay = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Reception]:
        """Receptions you may read, the latest first: a seller those of their own deliveries."""
        statement = receptions(
            info.context.viewer, uai=kitchen, supplier=supplier, first_day=first_day, last_day=last_day
        )
        return await page(info.context, statement, NEWEST_RECEPTIONS, show_reception, first, after)

    @documented
    async def reception(
        self, info: Ask, reception_id: Annotated[strawberry.ID, strawberry.argument(name="id", description="Its id.")]
    ) -> Reception | None:
        """The reception of this id; null when there is none or you may not read it."""
        row = await info.context.loader(ReceptionById).load(row_number(reception_id, "réception"))
        return None if row is None else show_reception(row)

    @documented
    async def temperature_limits(
        self,
        info: Ask,
        on: Annotated[date | None, strawberry.argument(description="Law of this day; today by default.")] = None,
    ) -> list[TemperatureLimit]:
        """Temperatures of the law in force on a day, one per category: a tablet keeps them to work without network."""
        _ = info.context.viewer
        day = on or today()
        return [show_limit(row) for rows in temperatures().values() for row in rows if row.in_force(day)]
