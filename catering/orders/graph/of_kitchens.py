"""What the orders add to kitchens: basket, orders, standing orders."""

from datetime import date, datetime

import strawberry

from catering.graph.arguments import Monday, SomeMonday, a_monday
from catering.graph.documented import documented
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
from catering.orders.loaders import OrdersWanted, StandingByKitchenId


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
