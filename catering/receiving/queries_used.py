"""What everybody who eats may read of the goods of a kitchen: countries of animals and allergens, nothing else of them.

Told to the public (ORI-01 to ORI-04, ALL-01), thus to whoever asks.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from catering.orders.models import Order, OrderLine
from catering.orders.queries import GIVEN_UP
from catering.people.viewer import Viewer
from catering.receiving.models import ReceptionLine, StockLot, StockMove
from catering.recipes.models import Ingredient


def goods_used_visible_to(
    viewer: Viewer | None, kitchen_id: int, first: date, last: date
) -> Sequence[Select[*tuple[Any, ...]]]:
    """Goods used for lunches between two days: those that the kitchen received, then those another one handed on to it.

    Columns: day, slug of the ingredient, allergens (``market.allergens_told``), born_in, reared_in, slaughtered_in.
    """
    del viewer
    of_lunch = (StockLot.kitchen_id == kitchen_id, StockMove.menu_day.between(first, last))
    arrived, handed_out, handed_in = aliased(StockMove), aliased(StockMove), aliased(StockMove)
    used = (
        select(
            StockMove.menu_day, Ingredient.slug, OrderLine.allergens,
            OrderLine.born_in, OrderLine.reared_in, OrderLine.slaughtered_in,
        )
        .distinct()
        .select_from(StockMove)
        .join(StockLot, StockLot.id == StockMove.lot_id)
        .join(Ingredient, Ingredient.id == StockLot.ingredient_id)
        .where(*of_lunch)
    )  # fmt: skip
    own = used.join(arrived, and_(arrived.lot_id == StockLot.id, arrived.reception_line_id.is_not(None)))
    handed_on = (
        used.join(handed_in, and_(handed_in.lot_id == StockLot.id, handed_in.grams > 0))
        .join(handed_out, and_(handed_out.transfer == handed_in.transfer, handed_out.grams < 0))
        .join(arrived, and_(arrived.lot_id == handed_out.lot_id, arrived.reception_line_id.is_not(None)))
    )
    return [_of_order(each, arrived.reception_line_id) for each in (own, handed_on)]


def goods_ordered_visible_to(
    viewer: Viewer | None, kitchen_id: int, first: date, last: date
) -> Select[*tuple[Any, ...]]:
    """Goods on order for the weeks of some days, of which an allergen is stated: week, slug, allergens."""
    del viewer
    return (
        select(Order.week, Ingredient.slug, OrderLine.allergens)
        .distinct()
        .select_from(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Ingredient, Ingredient.id == OrderLine.ingredient_id)
        .where(
            Order.kitchen_id == kitchen_id,
            Order.week.between(first - timedelta(days=first.weekday()), last),
            Order.state.not_in(GIVEN_UP),
            OrderLine.packs > 0,
            OrderLine.allergens.is_not(None),
        )
    )


def goods_at_hand_visible_to(viewer: Viewer | None, kitchen_id: int) -> Select[*tuple[Any, ...]]:
    """Goods on the shelves of which an allergen is stated: slug, allergens."""
    del viewer
    there = (
        select(Ingredient.slug, OrderLine.allergens)
        .distinct()
        .select_from(StockLot)
        .join(Ingredient, Ingredient.id == StockLot.ingredient_id)
        .join(StockMove, and_(StockMove.lot_id == StockLot.id, StockMove.reception_line_id.is_not(None)))
        .where(StockLot.kitchen_id == kitchen_id, StockLot.on_hand_g > 0, OrderLine.allergens.is_not(None))
    )
    return _of_order(there, StockMove.reception_line_id)


def _of_order(statement: Select[*tuple[Any, ...]], reception_line_id: Any) -> Select[*tuple[Any, ...]]:
    """With the lines of the orders by which the goods came."""
    return statement.join(ReceptionLine, ReceptionLine.id == reception_line_id).join(
        OrderLine, OrderLine.id == ReceptionLine.order_line_id
    )
