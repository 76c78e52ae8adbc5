"""What the orders add to suppliers: the orders addressed to them, what to harvest, what to pack."""

from datetime import date, timedelta
from typing import Annotated

import strawberry

from catering.graph.arguments import SomeMonday, a_monday
from catering.graph.documented import documented
from catering.graph.errors import BadDatesError
from catering.graph.paging import DEFAULT_ROWS, After, First, Page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.market.graph import Supplier
from catering.orders.graph.lists import HarvestLine, PackingPlace, show_packing
from catering.orders.graph.orders import Day, Order, States, SupplierAway, page_of_orders
from catering.orders.loaders import DaysOfSupplier, DropsOfDay, HarvestByDays, OrdersWanted, PackingByDay

LONGEST_HARVEST = timedelta(days=31)


@documented
async def orders(
    supplier: strawberry.Parent[Supplier],
    info: Ask,
    week: SomeMonday = None,
    day: Day = None,
    states: States = None,
    supplier_away: SupplierAway = False,
    first: First = DEFAULT_ROWS,
    after: After = None,
) -> Page[Order]:
    """Orders addressed to this supplier that you may read, by delivery day."""
    chosen = None if states is None else frozenset(states)
    monday = week and a_monday(week)
    wanted = OrdersWanted(supplier_id=supplier.row.id, week=monday, day=day, states=chosen, supplier_away=supplier_away)
    return await page_of_orders(info, wanted, first, after)


@documented
async def harvest(
    supplier: strawberry.Parent[Supplier],
    info: Ask,
    first_day: Annotated[date, strawberry.argument(description="First delivery day, included.")],
    last_day: Annotated[date, strawberry.argument(description="Last delivery day, included.")],
) -> list[HarvestLine]:
    """What to prepare for each delivery day, offer by offer, all kitchens together. At most 31 days apart."""
    if not timedelta() <= last_day - first_day <= LONGEST_HARVEST:
        raise BadDatesError(
            f"La période du {first_day} au {last_day} ne convient pas : "
            f"lastDay suit firstDay, de {LONGEST_HARVEST.days} jours au plus."
        )
    wanted = DaysOfSupplier(supplier.row.id, first_day, last_day)
    return [shown(HarvestLine, row, row=row) for row in await info.context.loader(HarvestByDays).load(wanted)]


@documented
async def packing(
    supplier: strawberry.Parent[Supplier],
    info: Ask,
    day: Annotated[date, strawberry.argument(description="Delivery day.")],
) -> list[PackingPlace]:
    """What to pack for a delivery day, kitchen by kitchen."""
    wanted = DropsOfDay(frozenset({supplier.row.id}), day)
    return show_packing(await info.context.loader(PackingByDay).load(wanted))


OF_SUPPLIER = (orders, harvest, packing)
"""Fields that the orders add to suppliers."""
