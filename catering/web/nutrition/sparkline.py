"""The small line of a cell: what it was month after month and, dashed, where the year is projected to end."""

from collections.abc import Sequence
from datetime import date
from typing import Any

WIDTH, HEIGHT = 64.0, 18.0  # legal-number: size of a drawing
"""Pixels."""
EDGE, MONTHS = 1.0, 12


def sparkline(begins: str | None, trend: Sequence[Any], end: Any = None, bound: Any = None) -> dict[str, Any] | None:
    """Points of the lines of a trend; None when there is nothing to join.

    Args:
        begins: first day of the first month of the trend; None for none.
        trend: a value per month from then on, None in a month without.
        end: the value projected at the end of the year; None for none. With it the months are those of a civil year.
        bound: what is asked; None for none.
    """
    known = [(months_on, float(value)) for months_on, value in enumerate(trend) if value is not None]
    heights = [value for _, value in known] + [float(each) for each in (end, bound) if each is not None]
    if len(known) + (end is not None) < 2:
        return None
    low, span = min(heights), (max(heights) - min(heights)) or 1.0

    def y_of(value: float) -> float:
        return HEIGHT - EDGE - (value - low) / span * (HEIGHT - 2 * EDGE)

    first = date.fromisoformat(begins).month - 1 if begins else 0
    across = [first + months_on for months_on, _ in known] if end is not None else range(len(known))
    step = WIDTH / (MONTHS - 1 if end is not None else len(known) - 1)
    points = [(x * step, y_of(value)) for x, (_, value) in zip(across, known, strict=True)]
    ahead = [*points[-1:], (WIDTH, y_of(float(end)))] if end is not None else []
    return {
        "line": _joined(points),
        "ahead": _joined(ahead),
        "bound": None if bound is None else f"{y_of(float(bound)):.1f}",
        "width": int(WIDTH),
        "height": int(HEIGHT),
    }


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
