"""Grams per cover with a confidence interval: the ratio of two totals, days being what is drawn (decision 0070)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from math import atan, cos, pi, sin, sqrt

TENTH = Decimal("0.1")  # legal-number: grams are shown to a tenth
LEVEL = 0.95  # legal-number: usual level of confidence, no share of the law
STEPS = 200  # legal-number: halvings of an interval
"""Halvings of a bisection: more than the precision of a float needs."""


@dataclass(frozen=True, slots=True)
class DayRatio:
    """Edible grams and covers served of one day."""

    grams: int
    covers: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """Grams per cover, to a tenth. No interval from a single day: nothing tells then how days differ."""

    value: Decimal
    low: Decimal | None
    high: Decimal | None
    days: int


def per_cover(days: Sequence[DayRatio], level: float = LEVEL) -> Estimate | None:
    """Grams per cover of some days; None without a cover.

    The value is total grams over total covers, as the protocol asks (GAS-14), so a large day weighs more. Days are the
    sampled clusters: the variance is that of the residuals ``grams - value × covers`` of the n days, and the interval
    is Student's with n - 1 degrees. It never goes below zero.
    """
    kept = [day for day in days if day.covers > 0]
    covers = sum(day.covers for day in kept)
    if not covers:
        return None
    grams = sum(day.grams for day in kept)
    exact = Decimal(grams) / covers
    value = exact.quantize(TENTH, ROUND_HALF_UP)
    if len(kept) == 1:
        return Estimate(value, None, None, 1)
    ratio = grams / covers
    residuals = sum((day.grams - ratio * day.covers) ** 2 for day in kept)
    error = sqrt(residuals * len(kept) / (len(kept) - 1)) / covers
    half = Decimal(student(len(kept) - 1, level) * error)
    low, high = max(exact - half, Decimal(0)), exact + half
    return Estimate(value, low.quantize(TENTH, ROUND_HALF_UP), high.quantize(TENTH, ROUND_HALF_UP), len(kept))


@cache
def student(degrees: int, level: float = LEVEL) -> float:
    """The t for which Student's law of so many degrees holds ``level`` between -t and t."""
    low, high = 0.0, 1e6
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, degrees) < level else (low, middle)
    return (low + high) / 2


def _within(t: float, degrees: int) -> float:
    """Probability between -t and t: the finite series for whole degrees (Abramowitz and Stegun, 26.7.3 and 26.7.4)."""
    angle = atan(t / sqrt(degrees))
    first = 2 if degrees % 2 else 1
    term, total = cos(angle) if degrees % 2 else 1.0, 0.0
    for k in range(first, degrees, 2):
        total += term
        term *= k / (k + 1) * cos(angle) ** 2
    if degrees % 2 == 0:
        return sin(angle) * total
    return 2 / pi * (angle + (sin(angle) * total if degrees > 1 else 0.0))
