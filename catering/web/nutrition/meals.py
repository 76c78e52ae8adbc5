"""Les 20 repas: every criterion of a school year block by block; one of them open down to its dishes."""

from collections.abc import Mapping, Sequence
from typing import Any

from catering import moment
from catering.kitchens.models import FINESS_LENGTH
from catering.menus.trays import school_year_of
from catering.web.asked import Asked
from catering.web.pages import Page
from catering.web.standing import MARKS, counted, worst

PATH = "/cuisine/{uai}/vingt-repas"


def _school_year(asked: Asked) -> str:
    return asked.text("annee") or school_year_of(moment.today())


def _variables(asked: Asked) -> dict[str, Any]:
    rule = asked.text("critere")
    return {
        "uai": asked.text("uai"),
        "schoolYear": _school_year(asked),
        "rule": rule or None,
        "open": bool(rule),
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """A row per criterion with how many blocks hold, worst first; the blocks of the one that is open."""
    check = answer["kitchen"]["nutritionCheck"]
    criteria = _criteria(check["findings"]) if check else []
    opened = check.get("opened", []) if check else []
    return {
        "care": len(answer["kitchen"]["uai"]) == FINESS_LENGTH,
        "school_year": _school_year(asked),
        "years": _years_around(),
        "check": check,
        "criteria": criteria,
        "counts": counted([each["mark"] for each in criteria]),
        "rule": asked.text("critere"),
        "blocks": [_marked(each) for each in opened],
    }


def _years_around() -> dict[str, str]:
    """School years to choose from: the present one, the one before and the next."""
    first = int(school_year_of(moment.today())[:4])
    years = [f"{year}-{(year + 1) % 100:02d}" for year in (first - 1, first, first + 1)]
    return {year: year for year in years}


def _marked(finding: Any) -> dict[str, Any]:
    return {**finding, "mark": MARKS[finding["standing"]]}


def _criteria(findings: Sequence[Any]) -> list[dict[str, Any]]:
    by_rule: dict[str, list[Any]] = {}
    for each in findings:
        by_rule.setdefault(each["rule"], []).append(_marked(each))
    rows = [
        {
            "rule": rule,
            "title": those[0]["title"],
            "mark": worst([each["mark"] for each in those]),
            "counts": counted([each["mark"] for each in those]),
            "blocks": len(those),
        }
        for rule, those in by_rule.items()
    ]
    return sorted(rows, key=lambda each: (("missed", "watch", "unknown", "ok").index(each["mark"]), each["rule"]))


PAGES: tuple[Page, ...] = (
    Page("nutrition/meals", PATH, "Les 20 repas", "nutrition/TwentyMeals", _variables, "kitchen", _shows),
)
