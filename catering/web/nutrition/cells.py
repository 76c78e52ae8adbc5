"""How a cell of the grid is shown: its mark, its value with the bound, in words."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from catering.web import wording

MARKS = {"HELD": "ok", "WATCHED": "watch", "MISSED": "missed", "NO_DATA": "unknown"}
NOTHING = "—"


def shown(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """The cell with its mark, value and bound in words."""
    bound = cell["least"] if cell["least"] is not None else cell["most"]
    side = "au moins" if cell["least"] is not None else "au plus"
    told = f"{side} {amount(bound, cell['unit'])}" if bound is not None else ""
    return dict(cell) | {
        "mark": MARKS[cell["status"]],
        "told": amount(cell["value"], cell["unit"]),
        "bound": "" if cell["unit"] == "DONE" else told,
    }


@lru_cache(maxsize=4_096)
def amount(value: str | None, unit: str) -> str:
    """A value in its unit, in words."""
    if value is None:
        return NOTHING
    if unit == "PERCENT":
        return wording.points(value)
    if unit == "EUR":
        return wording.euros(value)
    if unit == "DONE":
        return "fait" if float(value) else "à faire"
    return wording.number(value)
