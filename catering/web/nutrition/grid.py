"""La grille: every collège against every rule, one year, with what a cell was month after month."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from catering import moment
from catering.menus.trays import school_year_of
from catering.web.asked import Asked
from catering.web.nutrition.cells import shown
from catering.web.nutrition.sparkline import sparkline
from catering.web.pages import Page
from catering.web.standing import counted

PATH = "/nutrition/grille"
KINDS = ("EGALIM", "EGALIM_PROJECTED", "NUTRITION", "PROCUREMENT", "WASTE")
STATUSES = ("MISSED", "WATCHED", "HELD", "NO_DATA")
FIRST_YEAR = 2022


def year_of(asked: Asked) -> int:
    """The civil year asked for; the present one by default."""
    if not asked.optional("annee"):
        return moment.today().year
    return asked.whole("annee", "Année", least=FIRST_YEAR, most=moment.today().year + 1)


def kind_of(asked: Asked) -> str:
    """The kind of cells asked for; the rates so far by default."""
    kind = asked.text("regles")
    return kind if kind in KINDS else "EGALIM"


def _variables(asked: Asked) -> dict[str, Any]:
    kind, status, rule = kind_of(asked), asked.text("etat"), asked.text("regle")
    return {
        "year": year_of(asked),
        "epci": asked.text("epci") or None,
        # A rate so far is shown with where its year is projected to end.
        "kinds": ["EGALIM", "EGALIM_PROJECTED"] if kind == "EGALIM" else [kind],
        "rules": [rule] if rule else None,
        "statuses": [status] if status in STATUSES else None,
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    grid, kind, year = answer["complianceGrid"], kind_of(asked), year_of(asked)
    rows = [row for each in grid["rows"] if any((row := _row(each, grid["rules"], kind, year))["cells"])]
    filters = {"regles": kind, "annee": str(year), "epci": asked.text("epci"), "etat": asked.text("etat")}
    return {
        "year": grid["year"],
        "kind": kind,
        "rules": grid["rules"],
        "rows": rows,
        "epci": asked.text("epci"),
        "rule": asked.text("regle"),
        "state": asked.text("etat"),
        "here": f"{PATH}?{urlencode({name: value for name, value in filters.items() if value})}",
        "places": named(answer["intercommunalities"]),
        "counts": counted([cell["mark"] for row in rows for cell in row["cells"] if cell is not None]),
    }


def named(names: Sequence[str]) -> Mapping[str, str]:
    """Names as the choices of a field."""
    return {name: name for name in names}


def _row(row: Any, rules: Sequence[Any], kind: str, year: int) -> Mapping[str, Any]:
    """The cells of a collège in the order of the rules, the rates with where their year is projected to end."""
    ahead = {each["rule"]: each for each in row["cells"] if each["kind"] == "EGALIM_PROJECTED"}
    by_rule = {
        each["rule"]: _cell(each, ahead.get(each["rule"]) if kind == "EGALIM" else None, row["kitchen"]["uai"], year)
        for each in row["cells"]
        if each["kind"] == kind
    }
    return {
        "kitchen": row["kitchen"],
        "restsOn": row["restsOn"],
        "cells": [by_rule.get(rule["rule"]) for rule in rules],
    }


def _cell(cell: Any, end: Any, uai: str, year: int) -> dict[str, Any]:
    drawn = sparkline(cell["trendFrom"], cell["trend"], end and end["value"], cell["least"] if end else None)
    told = shown(cell)
    return {
        **told,
        "spark": drawn,
        "end": end and {**shown(end), "opens": opened(end, uai, year)},
        "opens": opened(told, uai, year),
    }


def opened(cell: Mapping[str, Any], uai: str, year: int) -> str:
    """The page that shows what is behind a cell."""
    kitchen = f"/cuisine/{uai}"
    if cell["kind"] == "NUTRITION" and cell["unit"] != "DONE":
        begun = date.fromisoformat(cell["firstDay"])
        return f"{kitchen}/vingt-repas?annee={school_year_of(begun)}&critere={cell['rule']}#critere"
    if cell["kind"] == "EGALIM":
        return f"{kitchen}/taux/{cell['rule']}?annee={year}"
    if cell["kind"] == "EGALIM_PROJECTED":
        return f"{kitchen}/taux/{cell['rule']}/fin-d-annee?annee={year}"
    return f"{kitchen}/conformite?annee={year}"


PAGES: tuple[Page, ...] = (
    Page("nutrition/grid", PATH, "La grille", "nutrition/ComplianceGrid", _variables, shows=_shows),
)
