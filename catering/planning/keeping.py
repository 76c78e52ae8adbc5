"""How long before its use what keeps may be delivered (decision 0225), and what a plan leaves in the store: grams."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import accumulate

STORED_DAYS = 60  # legal-number: days that dry, tinned and frozen goods keep, fresh ones do not
MOST_WEEKS_AHEAD = 4  # legal-number: weeks, what the store of a collège has room for
"""Goods that keep may come a month before their use: a sack lasts several weeks, a cold room does not grow."""
WEEK = timedelta(weeks=1)


def weeks_ahead(keeping_days: int | None) -> int:
    """Weeks before the week of its use in which goods may come; 0: they come for their own week.

    A delivery may come six days before the Monday of its week, and is used until the end of another.
    """
    if keeping_days is None or keeping_days < STORED_DAYS:
        return 0
    return min(MOST_WEEKS_AHEAD, keeping_days // 7 - 2)


def from_store(needs: Mapping[date, int], bought: Mapping[date, int], monday: date) -> tuple[int, int]:
    """What a plan takes of the store for a week, and what it leaves there for the weeks after it, in grams.

    ``needs`` and ``bought`` by week, over the weeks for which goods are stored. The store that the plan counts on is
    the least with which no week lacks anything when each buys what the plan has it buy.
    """
    lacks = [needs.get(week, 0) - bought.get(week, 0) for week in _weeks(monday)]
    held = max(0, *accumulate(lacks))
    own = max(0, lacks[0])
    return own, held - own


def _weeks(monday: date) -> Iterable[date]:
    return [monday + n * WEEK for n in range(MOST_WEEKS_AHEAD + 1)]
