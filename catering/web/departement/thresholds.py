"""Seuils de procédure: needs that come near a threshold of public procurement, or have reached one."""

from collections.abc import Mapping
from typing import Any

from catering.web.asked import Asked
from catering.web.pages import Action, Page

PATH = "/departement/seuils"
ROWS = 100
ORDER = ("REACHED", "NEAR", "FAR")
MARKS = {"REACHED": "missed", "NEAR": "watch", "FAR": "ok"}


def _variables(asked: Asked) -> dict[str, Any]:
    return {"on": asked.day("jour").isoformat() if asked.optional("jour") else None, "first": ROWS}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Each need with the thresholds that are near or reached, the highest first, and its mark."""
    needs = [each | _nearest(each) for each in answer["thresholdAlerts"]]
    counts = {level: sum(each["level"] == level for each in needs) for level in ORDER}
    return {"needs": needs, "counts": counts, "day": asked.day("jour"), "full": len(needs) == ROWS, "rows": ROWS}


def _nearest(need: Any) -> dict[str, Any]:
    """What the need must be looked at for: the worst level, and the greatest threshold that stands there."""
    close = [each for each in need["thresholds"] if each["level"] != "FAR"]
    level = next((level for level in ORDER if any(each["level"] == level for each in close)), "FAR")
    return {"close": close, "level": level, "mark": MARKS[level]}


PAGES: tuple[Page, ...] = (
    Page(
        "departement/thresholds",
        PATH,
        "Seuils de procédure",
        "administrator/ThresholdAlerts",
        _variables,
        shows=_shows,
    ),
)
ACTIONS: tuple[Action, ...] = ()
