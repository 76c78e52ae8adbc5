"""À redresser: what does not hold, what can still be cured first, and what cannot any more apart."""

from collections.abc import Mapping
from typing import Any

from catering.compliance.columns import grid_rules
from catering.compliance.files import title_of
from catering.web.asked import Asked
from catering.web.nutrition.cells import shown
from catering.web.nutrition.grid import named, year_of
from catering.web.pages import Page

PATH = "/nutrition/alertes"
ROWS = 50


def _rule(asked: Asked) -> str:
    """The rule asked for; empty for all."""
    rule = asked.text("regle")
    return rule if rule in grid_rules() else ""


def _variables(asked: Asked) -> dict[str, Any]:
    rule = _rule(asked)
    return {
        "year": year_of(asked),
        "epci": asked.text("epci") or None,
        "rules": [rule] if rule else None,
        "first": ROWS,
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    found = answer["complianceAlerts"]
    return {
        "year": year_of(asked),
        "epci": asked.text("epci"),
        "places": named(answer["intercommunalities"]),
        "rule": _rule(asked),
        "rules": {rule: f"{rule} · {title_of(rule)}" for rule in grid_rules()},
        "curable": [each | {"cell": shown(each["cell"])} for each in found["curable"]],
        "lost": [each | {"cell": shown(each["cell"])} for each in found["lost"]],
        "counts": {"curable": found["curableCount"], "lost": found["lostCount"]},
        "rows": ROWS,
    }


PAGES: tuple[Page, ...] = (
    Page("nutrition/alerts", PATH, "À redresser", "nutrition/ComplianceAlerts", _variables, shows=_shows),
)
