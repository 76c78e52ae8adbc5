"""Weighings, covers of services and campaigns, as GraphQL shows them."""

from datetime import date, datetime
from typing import Annotated, TypeAlias

import strawberry

from catering.graph.documented import documented
from catering.graph.errors import BadDatesError
from catering.graph.paging import DEFAULT_ROWS, MOST_ROWS, After, First, Page, page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.kitchens.graph import LONGEST_PERIOD, Kitchen, KitchenById, show_kitchen
from catering.recipes.graph import Dish, show_dish
from catering.recipes.loaders import DishById
from catering.waste import models
from catering.waste.graph.words import FoodGroup, Part, Service, Stage, WasteCause
from catering.waste.loaders import NEWEST_CAMPAIGNS, NEWEST_WEIGHINGS, OppositeByWeighingId
from catering.waste.queries import campaigns, covers, weighings

KitchenUai: TypeAlias = Annotated[
    strawberry.ID, strawberry.argument(description="UAI of a kitchen that you may read, e.g. `0620004T`.")
]
OfKitchen: TypeAlias = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only of this kitchen (UAI), one that you may read.")
]
FirstDay: TypeAlias = Annotated[date, strawberry.argument(description="First day, included.")]
LastDay: TypeAlias = Annotated[
    date, strawberry.argument(description=f"Last day, included; at most {LONGEST_PERIOD.days} days after the first.")
]
HowMany: TypeAlias = Annotated[
    int, strawberry.argument(description=f"How many rows, 1 to {MOST_ROWS}; more is refused (PAGE_SIZE).")
]
OfService: TypeAlias = Annotated[
    Service | None, strawberry.argument(description="Only this meal of the day; all by default.")
]


@strawberry.type(description="One bin on the scale, or the opposite row that takes it back. Rows are only ever added.")
class Weighing:
    row: strawberry.Private[models.Weighing]
    entry_key: str = strawberry.field(description="Made by the tablet: sent again it is the same weighing.")
    day: date = strawberry.field(description="Of the service.")
    service: Service = strawberry.field(description="Which meal.")
    stage: Stage = strawberry.field(description="Where it was lost.")
    part: Part = strawberry.field(description="Edible, not, or unsorted.")
    gross_g: int = strawberry.field(description="Grams with the bin; negative on an opposite row.")
    tare_g: int = strawberry.field(description="Grams of the bin.")
    net_g: int = strawberry.field(description="Grams of food.")
    food_group: FoodGroup | None = strawberry.field(description="Family of food; null when not told.")
    cause: WasteCause | None = strawberry.field(description="Why; null when not told.")
    confirmed: bool = strawberry.field(description="Whether the kitchen confirmed an unusual weight.")
    note: str | None = strawberry.field(description="Remark, or why it was taken back.")
    noted_at: datetime | None = strawberry.field(description="When the tablet noted it; null for the demonstration.")

    @documented
    def id(self) -> strawberry.ID:
        """Number of the weighing, by which a correction names it."""
        return strawberry.ID(str(self.row.id))

    @documented
    def reverses(self) -> strawberry.ID | None:
        """The weighing that this row takes back; null for a weighing."""
        return None if self.row.reverses_id is None else strawberry.ID(str(self.row.reverses_id))

    @documented
    async def taken_back(self, info: Ask) -> bool:
        """Whether an opposite row takes it back."""
        return await info.context.loader(OppositeByWeighingId).load(self.row.id) is not None

    @documented
    async def dish(self, info: Ask) -> Dish | None:
        """What was on the scale; null when it was no single dish."""
        if self.row.dish_id is None:
            return None
        row = await info.context.loader(DishById).load(self.row.dish_id)
        return None if row is None else show_dish(row)

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """Where it was weighed."""
        return await kitchen_of(info, self.row.kitchen_id)


@strawberry.type(description="Covers of one service of one kitchen (GAS-14); null is unknown, never zero.")
class ServiceCovers:
    row: strawberry.Private[models.ServiceCovers]
    day: date = strawberry.field(description="The day.")
    service: Service = strawberry.field(description="Which meal.")
    planned: int | None = strawberry.field(
        description="Expected, trips and the like within: the kitchen's word on the whole day."
    )
    prepared: int | None = strawberry.field(description="Cooked for.")
    served: int | None = strawberry.field(description="Who ate.")
    confirmed: bool = strawberry.field(description="Whether the kitchen confirmed that the day is unusual with them.")
    simulated: bool = strawberry.field(description="Whether who ate was drawn for the demonstration: nobody counted.")

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """Where."""
        return await kitchen_of(info, self.row.kitchen_id)


@strawberry.type(description="Days on which a kitchen weighs everything; never two campaigns at once.")
class WeighingCampaign:
    row: strawberry.Private[models.WeighingCampaign]
    first_day: date = strawberry.field(description="First day, included.")
    last_day: date = strawberry.field(description="Last day, included.")
    note: str | None = strawberry.field(description="In a few words.")

    @documented
    def id(self) -> strawberry.ID:
        """Number of the campaign."""
        return strawberry.ID(str(self.row.id))

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """Who weighs."""
        return await kitchen_of(info, self.row.kitchen_id)


async def kitchen_of(info: Ask, kitchen_id: int) -> Kitchen | None:
    """A kitchen by its row; None when the viewer may not read it."""
    row = await info.context.loader(KitchenById).load(kitchen_id)
    return None if row is None else show_kitchen(row)


def show_weighing(row: models.Weighing) -> Weighing:
    """A weighing as GraphQL shows it."""
    return shown(Weighing, row, row=row)


def show_covers(row: models.ServiceCovers) -> ServiceCovers:
    """Covers of a service as GraphQL shows them."""
    return shown(ServiceCovers, row, row=row)


def show_campaign(row: models.WeighingCampaign) -> WeighingCampaign:
    """A campaign as GraphQL shows it."""
    return shown(WeighingCampaign, row, row=row)


def require_period(first_day: date, last_day: date) -> None:
    """Refuse a period that ends before it starts, or is too long.

    Raises:
        BadDatesError: it is.
    """
    if not first_day <= last_day <= first_day + LONGEST_PERIOD:
        raise BadDatesError(
            f"La période du {first_day} au {last_day} ne convient pas : "
            f"lastDay suit firstDay, de {LONGEST_PERIOD.days} jours au plus."
        )


@strawberry.type
class Query:
    @documented
    async def weighings(
        self,
        info: Ask,
        first_day: FirstDay,
        last_day: LastDay,
        kitchen: OfKitchen = None,
        service: OfService = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Weighing]:
        """Weighings you may read, opposite rows among them, the latest first."""
        require_period(first_day, last_day)
        statement = weighings(info.context.viewer, uai=kitchen, first=first_day, last=last_day, service=service)
        return await page(info.context, statement, NEWEST_WEIGHINGS, show_weighing, first, after)

    @documented
    async def service_covers(
        self, info: Ask, kitchen: KitchenUai, first_day: FirstDay, last_day: LastDay, service: OfService = None
    ) -> list[ServiceCovers]:
        """Covers of a kitchen, day by day: those that somebody counted."""
        require_period(first_day, last_day)
        statement = covers(info.context.viewer, uai=kitchen, first=first_day, last=last_day, service=service)
        in_order = statement.order_by(models.ServiceCovers.day, models.ServiceCovers.service)
        return [show_covers(row) for row in await info.context.objects(in_order)]

    @documented
    async def weighing_campaigns(
        self, info: Ask, kitchen: OfKitchen = None, first: First = DEFAULT_ROWS, after: After = None
    ) -> Page[WeighingCampaign]:
        """Campaigns you may read, the latest first."""
        statement = campaigns(info.context.viewer, uai=kitchen)
        return await page(info.context, statement, NEWEST_CAMPAIGNS, show_campaign, first, after)
