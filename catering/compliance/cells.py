"""A cell of the grid: one kitchen against one rule, whatever the room that knows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple


class CellKind(StrEnum):
    """What a cell looks at, which says how it is opened."""

    EGALIM = "egalim"
    """A rate of purchases so far."""
    EGALIM_PROJECTED = "egalim_projected"
    """The same at 31 December: bought, ordered and planned."""
    NUTRITION = "nutrition"
    """A criterion of the menus of a school year, the weekly vegetarian menu included; the plan of proteins."""
    PROCUREMENT = "procurement"
    """The largest need of twelve months against a threshold of public procurement."""
    WASTE = "waste"
    """A duty about waste and donation."""


class CellStatus(StrEnum):
    """How a cell stands."""

    HELD = "held"
    """Respecté."""
    WATCHED = "watched"
    """À surveiller: not held, or near the limit, and not lost."""
    MISSED = "missed"
    """Manqué."""
    NO_DATA = "no_data"
    """Pas de donnée: nothing to judge by."""


class CellUnit(StrEnum):
    """What a value is counted in."""

    PERCENT = "percent"
    MEALS = "meals"
    EUR = "eur"
    MEALS_PER_DAY = "meals_per_day"
    MILLILITRES_PER_YEAR = "millilitres_per_year"
    DONE = "done"
    """1 when done, 0 when not."""


OPENED_BY = {
    CellKind.EGALIM: "nutrition/RatePurchases",
    CellKind.EGALIM_PROJECTED: "nutrition/RateAhead",
    CellKind.NUTRITION: "nutrition/NutritionCheck",
    CellKind.PROCUREMENT: "chef/PurchaseNeeds",
    CellKind.WASTE: "chef/WasteDiagnostic",
}
"""The stored operation that shows the lines, the meals or the documents behind a cell of each kind."""


OPENED_WHEN_DONE = {CellKind.NUTRITION: "nutrition/KitchenSheet"}
"""The same, of a cell of something that is done or not."""


class Point(NamedTuple):
    """A value of one month; the month is its first day. A tuple: a grid has tens of thousands."""

    month: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Cure:
    """What it would take to mend a cell that does not hold.

    ``effort``: of what may still change, the part that must (0 nothing, 1 all); None when unknown.
    ``last_day``: until when; None without an end. ``told``: in French, what to do, or why it is lost.
    """

    possible: bool
    effort: Decimal | None
    last_day: date | None
    told: str


@dataclass(frozen=True, slots=True)
class GridCell:
    """One kitchen against one rule. ``first`` and ``last`` are the days it looks at.

    ``key``: of several needs of a kitchen the one that is shown (famille homogène); else empty.
    """

    kitchen_id: int
    kind: CellKind
    rule: str
    status: CellStatus
    value: Decimal | None
    least: Decimal | None
    most: Decimal | None
    unit: CellUnit
    first: date
    last: date
    key: str = ""
    rests_on: str = ""
    """Of a projection, in French: what it is made of, and what nobody knows of the rest of the year."""
    trend: Sequence[Point] = ()
    cures: Sequence[Cure] = ()


def hundredths(value: Decimal) -> Decimal:
    """Two decimals, rounded half-up."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
