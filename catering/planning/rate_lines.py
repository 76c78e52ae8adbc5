"""The orders and the planned purchases of one kitchen behind a rate at 31 December, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import case
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.calendar import week_of
from catering.market.models import Offer
from catering.orders.models import Order, OrderLine
from catering.people.viewer import Viewer
from catering.planning.kinds_of_offers import KIND, facts_asked, sign_of, with_kind
from catering.planning.models import SourcedLine
from catering.planning.projecting import PROVEN, ageing_week, coming_lines, still_planned
from catering.recipes.models import Ingredient
from catering.rules import law
from catering.rules.egalim_year import cents_of, rates_of_cells


class Ahead(StrEnum):
    """Where a purchase to come is written."""

    ORDER = "order"
    """Sent to its supplier and not yet received."""
    PLAN = "plan"
    """Of a published plan, in a week for which the kitchen has not ordered the ingredient."""


@dataclass(frozen=True, slots=True)
class LineAhead:
    """So many grams of an offer that a kitchen will receive in the value of a rate.

    ``cents`` excl. tax, delivery included; of an order what is left to arrive. ``sign``: the one it would count by.
    """

    source: Ahead
    week: date
    """Monday of its delivery."""
    day: date | None
    """Of the delivery; None of a plan, which knows the week."""
    order_id: int | None
    offer_id: int
    ingredient_id: int
    grams: int
    cents: int
    sign: str
    counts: bool


async def lines_ahead(
    session: AsyncSession, viewer: Viewer, year: int, rule: str, today: date, *, kitchen_id: int
) -> list[LineAhead]:
    """What ``rates_to_come`` adds up for one kitchen and rate, by week, orders first: two statements.

    Args:
        session: of the read.
        viewer: who asks.
        year: civil year.
        rule: id of the rate.
        today: what lies before it is bought or lost.
        kitchen_id: the kitchen.
    """
    found = [
        *await _ordered(session, viewer, year, rule, kitchen_id),
        *await _planned(session, viewer, year, rule, today, kitchen_id),
    ]
    return sorted(found, key=_place)


def _place(line: LineAhead) -> tuple[date, str, int, int, int, int]:
    """By week, orders first, the dearest before; no two lines alike, so that every reading lists them the same."""
    return line.week, line.source.value, -line.cents, line.offer_id, line.order_id or 0, line.grams


async def _ordered(session: AsyncSession, viewer: Viewer, year: int, rule: str, kitchen_id: int) -> list[LineAhead]:
    judged, rates_of = partial(sign_of, law()), rates_of_cells(year)
    coming = coming_lines(viewer, year, [kitchen_id]).join(Offer, Offer.id == OrderLine.offer_id)
    asked = with_kind(coming).add_columns(Order.id, OrderLine.ingredient_id)

    def read() -> Iterator[LineAhead]:
        for _, day, offer, label, grams, received, amount, family, kind, country, *facts, order, good in rows:
            left = max(grams - received, 0)
            sign = judged(family, kind, country, label, day, day, *facts)
            if left and rule in (rates := rates_of(family, sign)):
                cents = cents_of(amount) * left // grams
                yield LineAhead(Ahead.ORDER, week_of(day), day, order, offer, good, left, cents, sign, rates[rule])

    rows = (await session.execute(asked)).all()
    return list(read())


async def _planned(
    session: AsyncSession, viewer: Viewer, year: int, rule: str, today: date, kitchen_id: int
) -> list[LineAhead]:
    judged, rates_of, last_day = partial(sign_of, law()), rates_of_cells(year), date(year, 12, 31)
    plans: Any = still_planned(viewer, year, today, [kitchen_id])
    asked = plans.join(Ingredient, Ingredient.id == SourcedLine.ingredient_id).with_only_columns(
        SourcedLine.week, SourcedLine.offer_id, SourcedLine.ingredient_id, SourcedLine.grams, SourcedLine.amount,
        *KIND, case((PROVEN, Offer.label)), ageing_week(), *facts_asked(),
    )  # fmt: skip

    def read() -> Iterator[LineAhead]:
        for week, offer, good, grams, amount, family, kind, country, label, ageing, *facts in rows:
            sign = judged(family, kind, country, label, last_day, ageing or last_day, *facts)
            if rule in (rates := rates_of(family, sign)):
                yield LineAhead(Ahead.PLAN, week, None, None, offer, good, grams, cents_of(amount), sign, rates[rule])

    rows = (await session.execute(asked)).all()
    return list(read())
