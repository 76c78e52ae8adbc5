"""Taux au 31 décembre: what a projection rests on, down to the orders sent and the purchases the plan still makes."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from catering.web.asked import Asked
from catering.web.nutrition.cells import shown
from catering.web.nutrition.grid import year_of
from catering.web.nutrition.purchases import COUNTS
from catering.web.pages import Page

PATH = "/cuisine/{uai}/taux/{rule}/fin-d-annee"


def _variables(asked: Asked) -> dict[str, Any]:
    return {
        "uai": asked.text("uai"),
        "rule": asked.text("rule"),
        "rules": [asked.text("rule")],
        "year": year_of(asked),
        "week": asked.day("semaine").isoformat() if asked.optional("semaine") else None,
        "counts": COUNTS.get(asked.text("lignes")),
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Both cells of the rate, and the weeks with where each opens."""
    path, grid = PATH.format_map(asked.path), answer["complianceGrid"]
    cells = {cell["kind"]: shown(cell) for row in grid["rows"] for cell in row["cells"]}
    filters = {"annee": str(year_of(asked))} | ({"lignes": asked.text("lignes")} if asked.optional("lignes") else {})
    return {
        "title": next((each["title"] for each in grid["rules"]), asked.text("rule")),
        "now": cells.get("EGALIM"),
        "rests_on": next((row["restsOn"] for row in grid["rows"]), ""),
        "end": cells.get("EGALIM_PROJECTED"),
        "year": year_of(asked),
        "which": asked.text("lignes"),
        "path": path,
        "weeks": _weeks(answer["rateAhead"], f"{path}?{urlencode(filters)}"),
    }


def _weeks(ahead: Any, here: str) -> Sequence[Mapping[str, Any]]:
    return [
        {**each["sums"], "week": each["week"], "shown": each["week"] == ahead["week"],
         "opens": f"{here}&semaine={each['week']}#lignes"}
        for each in ahead["weeks"]
    ]  # fmt: skip


PAGES: tuple[Page, ...] = (
    Page("nutrition/ahead", PATH, "Taux au 31 décembre", "nutrition/RateAhead", _variables, "rateAhead", _shows),
)
