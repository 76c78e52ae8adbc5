"""What came back of a dish before and after a day, with the doubt of both sides."""

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
    both = {row.kitchen_id for row in before} & {row.kitchen_id for row in after}
    a = [row.grams for row in before if row.kitchen_id in both]
    b = [row.grams for row in after if row.kitchen_id in both]
    gap = fmean(b) - fmean(a) if both else None
    half = _half(a, b)
    ends = None if gap is None or half is None else (gap - half, gap + half)
    return Comparison(
        _side(before), _side(after), _tenth(gap), _tenth(ends and ends[0]), _tenth(ends and ends[1]), len(both),
        ends is not None and (ends[0] > 0 or ends[1] < 0),
    )  # fmt: skip


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


def _half(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Half of the interval of the difference of two means, variances apart (Welch), degrees of the smaller side."""
    if min(len(a), len(b)) < LEAST:
        return None
    error = sqrt(variance(a) / len(a) + variance(b) / len(b))
    return student(min(len(a), len(b)) - 1) * error


def _tenth(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(TENTH, ROUND_HALF_UP)
