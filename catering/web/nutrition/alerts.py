"""À redresser: what does not hold, what can still be cured first, and what cannot any more apart."""

from collections.abc import Mapping
from typing import Any

from catering.web.asked import Asked
from catering.web.nutrition.cells import shown
from catering.web.nutrition.grid import year_of
from catering.web.pages import Page

PATH = "/nutrition/alertes"
ROWS = 50


def _variables(asked: Asked) -> dict[str, Any]:
    return {"year": year_of(asked), "epci": asked.text("epci") or None, "first": ROWS}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    found = answer["complianceAlerts"]
    return {
        "year": year_of(asked),
        "epci": asked.text("epci"),
        "curable": [each | {"cell": shown(each["cell"])} for each in found["curable"]],
        "lost": [each | {"cell": shown(each["cell"])} for each in found["lost"]],
        "counts": {"curable": found["curableCount"], "lost": found["lostCount"]},
        "rows": ROWS,
    }


PAGES: tuple[Page, ...] = (
    Page("nutrition/alerts", PATH, "À redresser", "nutrition/ComplianceAlerts", _variables, shows=_shows),
)
