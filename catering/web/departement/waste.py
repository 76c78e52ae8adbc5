"""Gaspillage: what is thrown away per cover, with its picture and its table."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from catering import moment
from catering.waste.graph.views import WasteViewBy
from catering.waste.vocabulary import KitchenKind
from catering.web.asked import Asked
from catering.web.pages import Action, Page

PATH = "/departement/gaspillage"
ROWS = 25
ONE_YEAR = timedelta(days=364)
BY = {each.name for each in WasteViewBy}


def _by(asked: Asked) -> str:
    asked_for = asked.text("par")
    return asked_for if asked_for in BY else WasteViewBy.EPCI.name


def _days(asked: Asked) -> tuple[date, date]:
    """First and last day: a year that ends today by default."""
    last = asked.day("au", moment.today())
    return asked.day("du", last - ONE_YEAR), last


def _kind(asked: Asked) -> str | None:
    return asked.text("genre") if asked.text("genre") in KitchenKind.__members__ else None


def _variables(asked: Asked) -> dict[str, Any]:
    first, last = _days(asked)
    return {
        "by": _by(asked),
        "firstDay": first.isoformat(),
        "lastDay": last.isoformat(),
        "epci": asked.text("epci") or None,
        "kind": _kind(asked),
        "first": ROWS,
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """What was asked for, as the form shows it."""
    first, last = _days(asked)
    places = {name: name for name in answer["intercommunalities"]}
    chosen = {"by": _by(asked), "epci": asked.text("epci"), "places": places, "kind": _kind(asked) or ""}
    return chosen | {"first": first, "last": last}


PAGES: tuple[Page, ...] = (
    Page("departement/waste", PATH, "Gaspillage", "administrator/WasteView", _variables, shows=_shows),
)
ACTIONS: tuple[Action, ...] = ()
