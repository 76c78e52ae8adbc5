"""What planning adds to a delivery of a basket: the round that kitchens near each other share, and what it lacks."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import strawberry
from sqlalchemy import func

from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.request import Ask
from catering.kitchens.models import Kitchen
from catering.orders.graph.basket_drops import BasketDrop
from catering.orders.models import Order
from catering.orders.queries import GIVEN_UP, orders_visible_to
from catering.orders.sold import BUYER
from catering.planning.sharing import planned_stops, sharers

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Stop:
    """One delivery of a basket: a supplier (row id) at a kitchen on a day, bought for a week."""

    kitchen: Kitchen
    week: date
    supplier_id: int
    day: date


@dataclass(frozen=True, slots=True)
class Round:
    """Kitchens near one that the plan shares a delivery with, how many have ordered, and what all have ordered in €."""

    near: int
    ordered: int
    amount: Decimal


class RoundByStop(Loader[Stop, Round | None]):
    """The rounds of deliveries; None where the plan in use shares none."""

    async def fetch(self, keys: list[Stop]) -> Mapping[Stop, Round | None]:
        """Two statements for each week asked for, one week as a rule."""
        found: dict[Stop, Round | None] = {}
        for week in {key.week for key in keys}:
            found |= await self._of_week(week, [key for key in keys if key.week == week])
        return found

    async def _of_week(self, week: date, keys: list[Stop]) -> Mapping[Stop, Round | None]:
        suppliers, days = {key.supplier_id for key in keys}, {key.day for key in keys}
        standing = (
            orders_visible_to(BUYER)
            .where(Order.supplier_id.in_(suppliers), Order.day.in_(days), Order.state.not_in(GIVEN_UP))
            .with_only_columns(Order.supplier_id, Order.day, Order.kitchen_id, func.sum(Order.amount))
            .group_by(Order.supplier_id, Order.day, Order.kitchen_id)
        )
        stops: dict[tuple[int, date], dict[int, tuple[Decimal, Decimal]]] = defaultdict(dict)
        async with self.request.of_everybody() as session:
            for row in await session.execute(planned_stops(self.request.viewer, week, suppliers, days)):
                supplier, day, kitchen, lat, lon = row
                stops[supplier, day][kitchen] = lat, lon
            ordered = {tuple(row)[:3]: row[3] for row in await session.execute(standing)}
        return {key: _round(key, stops[key.supplier_id, key.day], ordered) for key in keys}

    def missing(self, key: Stop) -> Round | None:
        """No round."""
        del key
        return None


def _round(
    stop: Stop, stops: Mapping[int, tuple[Decimal, Decimal]], ordered: Mapping[tuple[object, ...], Decimal]
) -> Round | None:
    near = sharers(stop.kitchen, stops)
    if not near:
        return None
    sums = {each: ordered.get((stop.supplier_id, stop.day, each)) for each in (*near, stop.kitchen.id)}
    amount = sum((each for each in sums.values() if each is not None), NOTHING)
    return Round(len(near), sum(sums[each] is not None for each in near), amount)


@strawberry.type(description="The round of a supplier that the plan in use has near kitchens share on a day.")
class SharedRound:
    near_kitchens: int = strawberry.field(description="Other kitchens, 10 km away at most, that it comes to.")
    ordered_kitchens: int = strawberry.field(description="Those of them that have ordered already.")
    missing_eur: Decimal = strawberry.field(
        description="€ excl. tax that lack to the supplier's minimum once this basket is sent; standing orders of the "
        "others count. It may be sent nevertheless: the others may still order."
    )


@documented
async def shared_round(drop: strawberry.Parent[BasketDrop], info: Ask) -> SharedRound | None:
    """The round it is a part of; null when it is worth the supplier's whole minimum alone, or when the plan shares no
    round with near kitchens on that day: it must then reach the supplier's `minDropEur`."""
    if not drop.shared:
        return None
    held = drop.held[0]
    stop = Stop(held.sold.kitchen, held.sold.week, held.sold.supplier.id, drop.day)
    found = await info.context.loader(RoundByStop).load(stop)
    if found is None:
        return None
    lacks = held.sold.supplier.min_drop_eur - found.amount - drop.amount_eur
    return SharedRound(near_kitchens=found.near, ordered_kitchens=found.ordered, missing_eur=max(lacks, NOTHING))


OF_BASKET_DROP = (shared_round,)
