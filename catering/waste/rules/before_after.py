"""What came back of a dish before and after a day, with the doubt of both sides.

A kitchen is compared with itself: one that weighed more often before than after would otherwise make a difference out
of being unlike the others. Kitchens weigh by n·m / (n + m), n and m being their weighings before and after.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from statistics import fmean, variance

from catering.waste.rules.estimate import TENTH, student

LEAST = 2  # legal-number: two figures are needed for a spread


@dataclass(frozen=True, slots=True)
class PlateDay:
    """What came back of a dish weighed by itself: grams per cover, one kitchen and day."""

    kitchen_id: int
    day: date
    grams: float


@dataclass(frozen=True, slots=True)
class Side:
    """Weighings of one side; no interval from fewer than two."""

    weighings: int
    kitchens: int
    mean: Decimal | None
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """After minus before, in grams per cover. ``sure``: the interval of the difference holds no zero.

    Kitchens that weighed on one side only are left out of the difference: they would compare kitchens, not portions.
    """

    before: Side
    after: Side
    difference: Decimal | None
    low: Decimal | None
    high: Decimal | None
    kitchens: int
    sure: bool


def compare(found: Iterable[PlateDay], on: date) -> Comparison:
    """Weighings before a day against those of that day and after it."""
    rows = list(found)
    before, after = [row for row in rows if row.day < on], [row for row in rows if row.day >= on]
    pairs = _pairs(before, after)
    gap = _gap(pairs)
    half = _half(pairs)
    ends = None if gap is None or half is None else (gap - half, gap + half)
    return Comparison(
        _side(before), _side(after), _tenth(gap), _tenth(ends and ends[0]), _tenth(ends and ends[1]), len(pairs),
        ends is not None and (ends[0] > 0 or ends[1] < 0),
    )  # fmt: skip


Pair = tuple[Sequence[float], Sequence[float]]
"""Grams per cover of one kitchen, before and after."""


def _pairs(before: Iterable[PlateDay], after: Iterable[PlateDay]) -> list[Pair]:
    """The kitchens that weighed on both sides."""
    sides: tuple[dict[int, list[float]], dict[int, list[float]]] = (defaultdict(list), defaultdict(list))
    for side, rows in zip(sides, (before, after), strict=True):
        for row in rows:
            side[row.kitchen_id].append(row.grams)
    return [(sides[0][kitchen], sides[1][kitchen]) for kitchen in sorted(sides[0].keys() & sides[1].keys())]


def _weight(pair: Pair) -> float:
    n, m = len(pair[0]), len(pair[1])
    return n * m / (n + m)


def _gap(pairs: Sequence[Pair]) -> float | None:
    """Mean of what each kitchen changed by, weighted."""
    if not pairs:
        return None
    changes = sum(_weight(pair) * (fmean(pair[1]) - fmean(pair[0])) for pair in pairs)
    return changes / sum(_weight(pair) for pair in pairs)


def _side(rows: Sequence[PlateDay]) -> Side:
    values = [row.grams for row in rows]
    if not values:
        return Side(0, 0, None, None, None)
    mean, half = fmean(values), None
    if len(values) >= LEAST:
        half = student(len(values) - 1) * sqrt(variance(values) / len(values))
    ends = None if half is None else (max(0.0, mean - half), mean + half)
    kitchens = len({row.kitchen_id for row in rows})
    return Side(len(values), kitchens, _tenth(mean), _tenth(ends and ends[0]), _tenth(ends and ends[1]))


def _half(pairs: Sequence[Pair]) -> float | None:
    """Half of the interval: days of one kitchen and side are what is drawn, their spread is common to all.

    None from a single weighing of a side, and where no kitchen weighed twice on one. The error of the weighted mean is
    spread ÷ √(Σ weights), Student's degrees are the weighings less two per kitchen. That kitchens change differently is
    not in it: it tells of the kitchens that weighed.
    """
    sides = [side for pair in pairs for side in pair]
    degrees = sum(len(side) - 1 for side in sides)
    if not degrees or min(sum(len(pair[side]) for pair in pairs) for side in (0, 1)) < LEAST:
        return None
    spread = sum((value - fmean(side)) ** 2 for side in sides for value in side) / degrees
    return student(degrees) * sqrt(spread / sum(_weight(pair) for pair in pairs))


def _tenth(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(TENTH, ROUND_HALF_UP)
