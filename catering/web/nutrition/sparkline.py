"""The small line of a cell: what it was month after month and, dashed, where the year is projected to end."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

WIDTH, HEIGHT = 66, 18  # legal-number: size of a drawing
"""Whole pixels, and whole steps between months: what many cells share is sent once, compressed."""
EDGE, MONTHS = 1, 12


def sparkline(
    begins: str | None, trend: Sequence[str | None], end: str | None = None, bound: str | None = None
) -> Mapping[str, Any] | None:
    """The paths of the lines of a trend; None when there is nothing to join.

    Args:
        begins: first day of the first month of the trend; None for none.
        trend: a value per month from then on, None in a month without.
        end: the value projected at the end of the year; None for none. With it the months are those of a civil year.
        bound: what is asked; None for none.
    """
    return _drawn(begins, tuple(trend), end, bound)


@lru_cache(maxsize=4_096)
def _drawn(
    begins: str | None, trend: tuple[str | None, ...], end: str | None, bound: str | None
) -> Mapping[str, Any] | None:
    known = [(months_on, float(value)) for months_on, value in enumerate(trend) if value is not None]
    heights = [value for _, value in known] + [float(each) for each in (end, bound) if each is not None]
    if len(known) + (end is not None) < 2:
        return None
    low, span = min(heights), (max(heights) - min(heights)) or 1.0

    def y_of(value: float) -> int:
        return round(HEIGHT - EDGE - (value - low) / span * (HEIGHT - 2 * EDGE))

    first = date.fromisoformat(begins).month - 1 if begins else 0
    across = [first + months_on for months_on, _ in known] if end is not None else range(len(known))
    step = WIDTH / (MONTHS - 1 if end is not None else len(known) - 1)
    points = [(round(x * step), y_of(value)) for x, (_, value) in zip(across, known, strict=True)]
    ahead = [*points[-1:], (WIDTH, y_of(float(end)))] if end is not None else []
    return {
        "line": _joined(points),
        "ahead": _joined(ahead),
        "bound": None if bound is None else y_of(float(bound)),
        "width": WIDTH,
        "height": HEIGHT,
    }


def _joined(points: Sequence[tuple[int, int]]) -> str:
    """A path: the first point, then each step to the next."""
    if not points:
        return ""
    steps = " ".join(f"{x - before} {y - above}" for (before, above), (x, y) in pairwise(points))
    return f"M{points[0][0]} {points[0][1]}l{steps}" if steps else ""
