"""The small line of a cell: what it was month after month and, dashed, where the year is projected to end."""

from collections.abc import Sequence
from datetime import date
from typing import Any

WIDTH, HEIGHT = 64.0, 18.0
"""Pixels."""
EDGE, MONTHS = 1.0, 12


def sparkline(trend: Sequence[Any], end: Any = None, bound: Any = None) -> dict[str, Any] | None:
    """Points of the lines of a trend; None when there is nothing to join.

    Args:
        trend: ``month`` (its first day) and ``value``, in order.
        end: the value projected at the end of the year; None for none. With it the months are those of a civil year.
        bound: what is asked; None for none.
    """
    known = [(each["month"], float(each["value"])) for each in trend if each["value"] is not None]
    heights = [value for _, value in known] + [float(each) for each in (end, bound) if each is not None]
    if len(known) + (end is not None) < 2:
        return None
    low, span = min(heights), (max(heights) - min(heights)) or 1.0

    def y_of(value: float) -> float:
        return HEIGHT - EDGE - (value - low) / span * (HEIGHT - 2 * EDGE)

    across = [date.fromisoformat(month).month - 1 for month, _ in known] if end is not None else range(len(known))
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
