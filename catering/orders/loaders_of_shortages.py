"""Loads of what kitchens miss for one operation."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import or_

from catering.graph.loading import Loader
from catering.market.models import Supplier
from catering.orders.loaders import KitchenWeek
from catering.orders.models import Order, Shortage
from catering.orders.queries import shortages_visible_to
from catering.recipes.models import Ingredient


class Lost(NamedTuple):
    """A shortage with the order that it falls out of, who does not bring it, and the ingredient."""

    shortage: Shortage
    order: Order
    supplier: str
    slug: str
    name: str


class LostByKitchenWeek(Loader[KitchenWeek, Sequence[Lost]]):
    """What suppliers do not bring to kitchens and nobody else could be proposed for."""

    async def fetch(self, keys: list[KitchenWeek]) -> Mapping[KitchenWeek, Sequence[Lost]]:
        """Shortages by kitchen and week, in their order: one statement."""
        wanted = or_(*((Shortage.kitchen_id == key.kitchen_id) & (Shortage.week == key.week) for key in keys))
        statement = (
            shortages_visible_to(self.request.viewer)
            .where(wanted)
            .join(Order, Order.id == Shortage.order_id)
            .join(Supplier, Supplier.id == Order.supplier_id)
            .join(Ingredient, Ingredient.id == Shortage.ingredient_id)
            .with_only_columns(Shortage, Order, Supplier.name, Ingredient.slug, Ingredient.name)
            .order_by(Shortage.id)
        )
        found: dict[KitchenWeek, list[Lost]] = defaultdict(list)
        for row in await self.request.rows(statement):
            found[KitchenWeek(row[0].kitchen_id, row[0].week)].append(Lost(*row))
        return found

    def missing(self, key: KitchenWeek) -> Sequence[Lost]:
        """Nothing is missing."""
        del key
        return ()
