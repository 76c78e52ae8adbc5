"""Weeks and blocks: how a kitchen's service days are cut for the rules, and how bounds shrink with a partial block."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

HORIZON = "horizon"
"""Name of the period of the rules that look at the whole horizon of a kitchen."""

CENT = Decimal("0.01")


@lru_cache(maxsize=4096)
def week_of(day: dt.date) -> dt.date:
    """The Monday that names the week of ``day``."""
    return day - dt.timedelta(days=day.weekday())


def round_cent(amount: Decimal) -> Decimal:
    """Euros rounded half-up to the cent; lines are rounded first and added afterwards."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


class Bounds(NamedTuple):
    """Number of meals a block must (``minimum``) and may (``maximum``) have; ``None`` = no bound on that side."""

    minimum: int | None
    maximum: int | None


def scaled_bounds(minimum: int | None, maximum: int | None, meals: int, window: int) -> Bounds:
    """Bounds of a block of ``meals`` out of ``window`` meals: floor(min·meals/window) and ceil(max·meals/window)."""
    low = None if minimum is None else minimum * meals // window
    high = None if maximum is None else -(-maximum * meals // window)
    return Bounds(low, high)


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """One lunch of one kitchen: ``covers`` diners served on ``date``."""

    kitchen: str
    date: dt.date
    covers: int

    @property
    def week(self) -> dt.date:
        return week_of(self.date)


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive service days of one kitchen, at most ``window`` of them; the last block may be shorter."""

    days: tuple[ServiceDay, ...]
    window: int

    @property
    def kitchen(self) -> str:
        return self.days[0].kitchen

    @property
    def period(self) -> str:
        """``first date/last date``, the name of the block in plans."""
        return f"{self.days[0].date}/{self.days[-1].date}"

    @property
    def meals(self) -> int:
        return len(self.days)

    def bounds(self, minimum: int | None, maximum: int | None) -> Bounds:
        """The bounds of a rule for a whole block, scaled to this one."""
        return scaled_bounds(minimum, maximum, self.meals, self.window)


def cut_blocks(days: Sequence[ServiceDay], window: int, before: int = 0) -> Iterator[Block]:
    """Cut one kitchen's sorted service days into consecutive blocks of ``window`` meals, the last maybe partial.

    ``before`` = meals served before the first day: blocks are counted from there, so that the first may be partial too.
    """
    start, end = 0, window - before % window
    while start < len(days):
        yield Block(tuple(days[start:end]), window)
        start, end = end, end + window
