"""Loads of what is ordered of one supplier for one delivery, for one operation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func

from catering.graph.loading import Loader
from catering.orders.models import Order
from catering.orders.queries import GIVEN_UP, orders_visible_to


@dataclass(frozen=True, slots=True)
class DropWanted:
    """One supplier (row id) at one kitchen (row id) on a day."""

    kitchen_id: int
    supplier_id: int
    day: date


class OrderedByDrop(Loader[DropWanted, Decimal]):
    """€ excl. tax of what kitchens have ordered for deliveries and what still stands."""

    async def fetch(self, keys: list[DropWanted]) -> Mapping[DropWanted, Decimal]:
        """The sums: one statement."""
        key = Order.kitchen_id, Order.supplier_id, Order.day
        wanted = [column.in_({getattr(each, column.key) for each in keys}) for column in key]
        statement = (
            orders_visible_to(self.request.viewer)
            .where(*wanted, Order.state.not_in(GIVEN_UP))
            .with_only_columns(*key, func.sum(Order.amount))
            .group_by(*key)
        )
        return {DropWanted(*place): amount for *place, amount in await self.request.rows(statement)}

    def missing(self, key: DropWanted) -> Decimal:
        """Nothing is ordered."""
        del key
        return Decimal("0.00")
