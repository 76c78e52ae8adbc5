"""Prices that follow an index: the clause, the revised price, the day from which it holds (CCP-33)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from catering.procurement.vocabulary import RevisionRhythm

PRICE_STEP = Decimal("0.0001")
DAYS_A_WEEK = 7
MONTHS_A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Clause:
    """P = P0 × (fixed + (1 - fixed) × I / I0): the share ``fixed_share`` of the price does not move."""

    index: str
    base_index: Decimal
    fixed_share: Decimal
    rhythm: RevisionRhythm


@dataclass(frozen=True, slots=True)
class Revised:
    """A price in €/kg excl. tax that holds from a day on."""

    effective_from: date
    price: Decimal


def revised_price(base: Decimal, clause: Clause, index: Decimal) -> Decimal:
    """The price in €/kg excl. tax for a value of the index, rounded half-up to four decimals.

    There is no ceiling and no floor (butoir, sauvegarde): the guide advises against them.
    """
    moving = 1 - clause.fixed_share
    return (base * (clause.fixed_share + moving * index / clause.base_index)).quantize(PRICE_STEP, ROUND_HALF_UP)


def effective_from(day: date, rhythm: RevisionRhythm) -> date:
    """First day on or after ``day`` at which a price of this rhythm changes: a Monday, a month, a quarter."""
    if rhythm is RevisionRhythm.WEEKLY:
        return day + timedelta(days=-day.weekday() % DAYS_A_WEEK)
    step = 1 if rhythm is RevisionRhythm.MONTHLY else MONTHS_A_QUARTER
    if day.day == 1 and (day.month - 1) % step == 0:
        return day
    year, month = divmod(day.year * 12 + day.month - 1, 12)
    ahead = (month // step + 1) * step
    return date(year + ahead // 12, ahead % 12 + 1, 1)


def revision_on(revisions: Iterable[Revised], day: date) -> Revised | None:
    """The revision in force on a day: the last one that holds then, in the order given for equal days."""
    found = None
    for each in revisions:
        if each.effective_from <= day and (found is None or found.effective_from <= each.effective_from):
            found = each
    return found


def price_on(base: Decimal, revisions: Iterable[Revised], day: date) -> Decimal:
    """The price in force on a day, €/kg excl. tax: that of the revision in force, else the base price."""
    revised = revision_on(revisions, day)
    return base if revised is None else revised.price
