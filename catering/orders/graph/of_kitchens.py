"""What the orders add to kitchens: basket, orders, standing orders."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from catering.graph.arguments import Monday, SomeMonday, a_monday
from catering.graph.documented import documented
from catering.graph.errors import BadArgumentError
from catering.graph.paging import DEFAULT_ROWS, After, First, Page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import Weekday
from catering.kitchens.graph import Kitchen
from catering.market.graph import Offer, show_offer
from catering.market.loaders import OfferById
from catering.orders import models
from catering.orders.graph.baskets import Basket, basket_of
from catering.orders.graph.orders import Day, Order, States, SupplierAway, page_of_orders
from catering.orders.loaders import OrdersWanted
from catering.orders.loaders_of_standing import FillsByStandingId, StandingByKitchenId
from catering.orders.vocabulary import StandingOutcome

strawberry.enum(StandingOutcome, description="What became of a day of a standing order.")
MOST_OUTCOMES = 100


@strawberry.type(description="What became of a day that a standing order asked for.")
class StandingDay:
    day: date = strawberry.field(description="Of the delivery.")
    outcome: StandingOutcome = strawberry.field(description="Put into the basket, or why sending would refuse it.")
    message: str | None = strawberry.field(description="Why and what to do, in French; null when it is in the basket.")
    at: datetime = strawberry.field(description="When that was found.")


@strawberry.type(description="So many packs of an offer on the same weekdays, without asking again.")
class StandingOrder:
    row: strawberry.Private[models.StandingOrder]
    packs: int = strawberry.field(description="Packs of each delivery.")
    first_day: date = strawberry.field(description="First day, included.")
    last_day: date = strawberry.field(description="Last day, included.")
    created_at: datetime = strawberry.field(description="When it was stated.")
    created_by: str = strawberry.field(description="By whom.")
    ended_at: datetime | None = strawberry.field(description="When somebody stopped it; null while it goes on.")

    @documented
    def id(self) -> strawberry.ID:
        """Number of the row."""
        return strawberry.ID(str(self.row.id))

    @documented
    def weekdays(self) -> list[Weekday]:
        """Days of delivery, Monday first; not in school holidays."""
        return [Weekday(day) for day in sorted(self.row.weekdays)]

    @documented
    async def days(
        self,
        info: Ask,
        first: Annotated[
            int, strawberry.argument(description=f"How many, 1 to {MOST_OUTCOMES}; more is refused (BAD_ARGUMENT).")
        ] = 10,
    ) -> list[StandingDay]:
        """What became of its days, the last one first."""
        if not 1 <= first <= MOST_OUTCOMES:
            raise BadArgumentError(f"first vaut {first} : demander de 1 à {MOST_OUTCOMES} jours.")
        found = await info.context.loader(FillsByStandingId).load(self.row.id)
        return [shown(StandingDay, each) for each in found[:first]]

    @documented
    async def offer(self, info: Ask) -> Offer | None:
        """What is bought; null when you may not read it."""
        row = await info.context.loader(OfferById).load(self.row.offer_id)
        return None if row is None else show_offer(row)


def show_standing(row: models.StandingOrder) -> StandingOrder:
    """A standing order as GraphQL shows it."""
    return shown(StandingOrder, row, row=row)


@documented
async def basket(kitchen: strawberry.Parent[Kitchen], info: Ask, week: Monday) -> Basket:
    """What this kitchen is about to order for a week; empty when nobody has filled it yet."""
    return await basket_of(info, kitchen.row_id, a_monday(week))


@documented
async def orders(
    kitchen: strawberry.Parent[Kitchen],
    info: Ask,
    week: SomeMonday = None,
    day: Day = None,
    states: States = None,
    supplier_away: SupplierAway = False,
    first: First = DEFAULT_ROWS,
    after: After = None,
) -> Page[Order]:
    """Orders of this kitchen, the last delivery day first."""
    chosen = None if states is None else frozenset(states)
    monday = week and a_monday(week)
    wanted = OrdersWanted(kitchen_id=kitchen.row_id, week=monday, day=day, states=chosen, supplier_away=supplier_away)
    return await page_of_orders(info, wanted, first, after)


@documented
async def standing_orders(kitchen: strawberry.Parent[Kitchen], info: Ask) -> list[StandingOrder]:
    """Its standing orders, oldest first, those that were stopped too (a handful)."""
    return [show_standing(row) for row in await info.context.loader(StandingByKitchenId).load(kitchen.row_id)]


OF_KITCHEN = (basket, orders, standing_orders)
"""Fields that the orders add to kitchens."""
