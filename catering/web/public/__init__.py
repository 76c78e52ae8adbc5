"""Pages for everybody, without an account: what a collège serves this week and this month."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from catering import moment
from catering.spelling import folded
from catering.web.asked import Asked
from catering.web.pages import Action, Page
from catering.web.public.sayings import saying_of
from catering.web.wording import day_of

ENOUGH = 32
"""Days after the first of a month that surely fall into the next one."""
ONE_DAY, TO_SUNDAY = timedelta(days=1), timedelta(days=6)


def _colleges(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The collèges whose name or commune holds every word typed, commune after commune."""
    words = folded(asked.text("mots")).split()
    found = [each for each in answer["dinersColleges"] if _holds(f"{each['name']} {each['commune']}", words)]
    by_commune = groupby(found, key=lambda each: each["commune"])
    return {
        "words": asked.text("mots"),
        "communes": [(commune, list(those)) for commune, those in by_commune],
        "count": len(found),
    }


def _holds(name: str, words: list[str]) -> bool:
    return all(word in folded(name) for word in words)


def _month(asked: Asked) -> dict[str, Any]:
    return {"uai": asked.text("uai"), "day": asked.day("mois").isoformat()}


def _by_week(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """The days of the month by week, and the months beside it."""
    month = answer["dinersMonth"]
    first = day_of(month["firstDay"])
    after = (first + timedelta(days=ENOUGH)).replace(day=1)
    weeks = groupby(month["days"], key=lambda day: day_of(day["date"]).isocalendar().week)
    return {
        "first": first,
        "before": (first - ONE_DAY).replace(day=1),
        "after": after,
        "weeks": [list(days) for _, days in weeks],
        "open_data": _file(month["uai"], first, after - ONE_DAY),
    }


def _week(asked: Asked) -> dict[str, Any]:
    return {"uai": asked.text("uai"), "monday": asked.monday().isoformat()}


def _display(asked: Asked) -> dict[str, Any]:
    return {"uai": asked.text("uai"), "year": asked.whole("annee", "Année") if asked.optional("annee") else None}


def _of_week(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The days of the week, what to say beside them, and the file of the same days."""
    monday = asked.monday()
    return {
        "monday": monday,
        "today": moment.today().isoformat(),
        "saying": saying_of(monday),
        "open_data": _file(answer["dinersWeek"]["uai"], monday, monday + TO_SUNDAY),
    }


def _file(uai: str, first: date, last: date) -> str:
    """The menus of some days as open data, in the national schema."""
    return f"/menus/{uai}/menus-collectifs.csv?first={first}&last={last}"


PAGES: tuple[Page, ...] = (
    Page(
        "public/colleges",
        "/colleges",
        "Menus des collèges",
        "public/DinersColleges",
        lambda _asked: {},
        shows=_colleges,
        public=True,
    ),
    Page(
        "public/week",
        "/colleges/{uai}",
        "Menus de la semaine",
        "public/DinersWeek",
        _week,
        "dinersWeek",
        _of_week,
        public=True,
    ),
    Page(
        "public/display",
        "/colleges/{uai}/egalim",
        "Produits durables et de qualité",
        "public/EgalimDisplay",
        _display,
        "egalimDisplay",
        public=True,
    ),
    Page(
        "public/month",
        "/colleges/{uai}/menus",
        "Menus du mois",
        "public/DinersMonth",
        _month,
        "dinersMonth",
        _by_week,
        public=True,
    ),
)
ACTIONS: tuple[Action, ...] = ()
