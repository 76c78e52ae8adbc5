"""What all kitchens together need and have ordered of an ingredient: to be added up over kitchens, sellers and prices.

A producer may know how much leek the kitchens in reach will cook, as a notice of purchase would say it; never which
kitchen buys it, of whom or at which price. Hence these selects give sums per ingredient and week, and nothing else; to
who sells, only those of `FEWEST` kitchens or more.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Select, cast, func, select

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Offer
from catering.market.queries import offers
from catering.orders.models import Order, OrderLine
from catering.orders.queries import GIVEN_UP, order_lines_visible_to
from catering.people.viewer import Viewer
from catering.planning.models import PlanRun, SourcedLine
from catering.planning.queries import lines_visible_to, runs_visible_to

FEWEST = 3  # legal-number: kitchens in a sum that tells of none of them
ONE = 1


def places_visible_to(viewer: Viewer) -> Select[Kitchen]:
    """Kitchens whose needs a viewer may add up: all for who sells, their own for who buys."""
    return select(Kitchen) if viewer.sells else kitchens_visible_to(viewer)


def demand_visible_to(viewer: Viewer) -> Select[SourcedLine]:
    """Planned purchases a viewer may add up: of every seller in the plans they may read for who sells."""
    if not viewer.sells:
        return lines_visible_to(viewer)
    return select(SourcedLine).where(SourcedLine.run_id.in_(runs_visible_to(viewer).with_only_columns(PlanRun.id)))


def ordered_visible_to(viewer: Viewer) -> Select[OrderLine]:
    """Lines of orders a viewer may add up: those to every seller for who sells."""
    return select(OrderLine) if viewer.sells else order_lines_visible_to(viewer)


def places(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    """Where these kitchens are: ``id, lat, lon``."""
    return places_visible_to(viewer).with_only_columns(Kitchen.id, Kitchen.lat, Kitchen.lon)


def needed(
    viewer: Viewer, run_id: int, kitchen_ids: Collection[int], supplier: str, first: date, last: date
) -> Select[*tuple[Any, ...]]:
    """Grams that a plan buys for some kitchens and weeks of what a supplier sells: ``ingredient_id, week, grams``."""
    key = (SourcedLine.ingredient_id, SourcedLine.week)
    return (
        demand_visible_to(viewer)
        .where(
            SourcedLine.run_id == run_id,
            SourcedLine.kitchen_id.in_(kitchen_ids),
            SourcedLine.week.between(first, last),
            SourcedLine.ingredient_id.in_(_sold(viewer, supplier)),
        )
        .with_only_columns(*key, func.sum(SourcedLine.grams).label("grams"))
        .group_by(*key)
        .having(func.count(SourcedLine.kitchen_id.distinct()) >= (FEWEST if viewer.sells else ONE))
    )


def ordered(
    viewer: Viewer, kitchen_ids: Collection[int], supplier: str, first: date, last: date
) -> Select[*tuple[Any, ...]]:
    """Grams that these kitchens have ordered of anybody, of orders that stand: the same columns."""
    key = (OrderLine.ingredient_id, Order.week)
    return (
        ordered_visible_to(viewer)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.kitchen_id.in_(kitchen_ids),
            Order.week.between(first, last),
            Order.state.not_in(GIVEN_UP),
            OrderLine.ingredient_id.in_(_sold(viewer, supplier)),
        )
        .with_only_columns(*key, func.sum(cast(OrderLine.packs, BigInteger) * OrderLine.pack_g).label("grams"))
        .group_by(*key)
    )


def _sold(viewer: Viewer, supplier: str) -> Select[*tuple[int]]:
    return offers(viewer, supplier=supplier).with_only_columns(Offer.ingredient_id)
