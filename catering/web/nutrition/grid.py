"""La grille: every collège against every rule, one year, with what a cell was month after month."""

from collections.abc import Mapping, Sequence
from typing import Any

from catering import moment
from catering.web.asked import Asked
from catering.web.nutrition.cells import shown
from catering.web.pages import Page

PATH = "/nutrition/grille"
KINDS = ("EGALIM", "EGALIM_PROJECTED", "NUTRITION", "PROCUREMENT", "WASTE")
FIRST_YEAR = 2022
WIDTH, HEIGHT = 48.0, 14.0
"""Of the line of a trend, in pixels."""


def year_of(asked: Asked) -> int:
    """The civil year asked for; the present one by default."""
    if not asked.optional("annee"):
        return moment.today().year
    return asked.whole("annee", "Année", least=FIRST_YEAR, most=moment.today().year + 1)


def _variables(asked: Asked) -> dict[str, Any]:
    kind = asked.text("regles")
    return {
        "year": year_of(asked),
        "epci": asked.text("epci") or None,
        "kinds": [kind] if kind in KINDS else ["EGALIM"],
        "statuses": None,
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    grid = answer["complianceGrid"]
    rows = [_row(each, grid["rules"]) for each in grid["rows"]]
    return {
        "year": grid["year"],
        "kind": asked.text("regles") if asked.text("regles") in KINDS else "EGALIM",
        "rules": grid["rules"],
        "rows": rows,
        "epci": asked.text("epci"),
        "places": sorted({each["kitchen"]["epci"] for each in grid["rows"] if each["kitchen"]["epci"]}),
        "counts": {
            mark: sum(cell is not None and cell["mark"] == mark for row in rows for cell in row["cells"])
            for mark in ("ok", "watch", "missed", "unknown")
        },
    }


def _row(row: Any, rules: Sequence[Any]) -> Mapping[str, Any]:
    """The cells of a collège in the order of the rules; the worst of several for one rule."""
    by_rule: dict[str, Any] = {}
    order = ("missed", "watch", "ok", "unknown")
    for each in row["cells"]:
        cell = dict(shown(each)) | {"line": line_of(each["trend"])}
        there = by_rule.get(cell["rule"])
        if there is None or order.index(cell["mark"]) < order.index(there["mark"]):
            by_rule[cell["rule"]] = cell
    return {"kitchen": row["kitchen"], "cells": [by_rule.get(rule["rule"]) for rule in rules]}


def line_of(trend: Sequence[Any]) -> str:
    """Points of an SVG line through the values of the months; empty below two."""
    values = [float(each) for each in trend if each is not None]
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    span, step = (high - low) or 1.0, WIDTH / (len(values) - 1)
    return " ".join(
        f"{rank * step:.1f},{HEIGHT - 1 - (value - low) / span * (HEIGHT - 2):.1f}" for rank, value in enumerate(values)
    )


PAGES: tuple[Page, ...] = (
    Page("nutrition/grid", PATH, "La grille", "nutrition/ComplianceGrid", _variables, shows=_shows),
)
