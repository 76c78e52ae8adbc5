"""Who delivers, where to and what, for types of several files."""

from typing import Annotated, TypeAlias

import strawberry

from catering.graph.request import Ask
from catering.kitchens.graph import DeliveryPlace
from catering.market.graph import Supplier, show_supplier
from catering.market.loaders import SupplierById
from catering.orders.graph.orders import Order, place_of, show_order
from catering.orders.loaders import OrderById
from catering.recipes.graph import Ingredient, show_ingredient
from catering.recipes.loaders import IngredientById

OfSupplier: TypeAlias = Annotated[strawberry.ID | None, strawberry.argument(description="Only of this supplier (id).")]
OfKitchen: TypeAlias = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only of this kitchen (UAI), one that you may read.")
]


async def supplier_of(info: Ask, supplier_id: int) -> Supplier | None:
    """A supplier by its row; None when the viewer may not read it."""
    row = await info.context.loader(SupplierById).load(supplier_id)
    return None if row is None else show_supplier(row)


async def order_of(info: Ask, order_id: int) -> Order | None:
    """An order by its row; None when the viewer may not read it."""
    row = await info.context.loader(OrderById).load(order_id)
    return None if row is None else show_order(row)


async def ingredient_of(info: Ask, ingredient_id: int) -> Ingredient | None:
    """An ingredient by its row."""
    row = await info.context.loader(IngredientById).load(ingredient_id)
    return None if row is None else show_ingredient(row)


__all__ = [
    "DeliveryPlace", "OfKitchen", "OfSupplier", "Order", "Supplier",
    "ingredient_of", "order_of", "place_of", "supplier_of",
]  # fmt: skip
