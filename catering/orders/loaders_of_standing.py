"""Loads of standing orders and of what became of their days."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from catering.graph.loading import ManyByKey
from catering.orders.models import StandingFill, StandingOrder
from catering.orders.queries import standing_fills_visible_to, standing_orders_visible_to


class StandingByKitchenId(ManyByKey[int, StandingOrder]):
    """Standing orders of kitchens: a handful each."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The kitchen."""
        return StandingOrder.kitchen_id

    def statement(self) -> Select[StandingOrder]:
        """All visible standing orders, oldest first."""
        return standing_orders_visible_to(self.request.viewer).order_by(StandingOrder.kitchen_id, StandingOrder.id)


class FillsByStandingId(ManyByKey[int, StandingFill]):
    """What became of the days of standing orders: a hundred a year each."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The standing order."""
        return StandingFill.standing_order_id

    def statement(self) -> Select[StandingFill]:
        """All visible days, the last one first."""
        visible = standing_fills_visible_to(self.request.viewer)
        return visible.order_by(StandingFill.standing_order_id, StandingFill.day.desc())
