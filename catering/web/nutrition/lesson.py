"""Ce que les pesées apprennent: how each dish is accepted and how sure that is, and learning anew from a period."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from catering import moment
from catering.web.asked import Asked, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page

PATH = "/nutrition/pesees"
ROWS = 60
YESTERDAY = timedelta(days=1)
ONE_YEAR = timedelta(days=365)


def _variables(asked: Asked) -> dict[str, Any]:
    return {"number": asked.text("bilan") or None, "first": ROWS}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """Dishes that are judged apart from those that were not weighed enough; the period that would be learnt now."""
    lesson = answer["wasteLesson"]
    dishes = lesson["dishes"] if lesson else []
    last = moment.today() - YESTERDAY
    return {
        "known": [each for each in dishes if each["standing"] == "KNOWN"],
        "others": [each for each in dishes if each["standing"] != "KNOWN"],
        "first": last - ONE_YEAR,
        "last": last,
    }


def _drawn(asked: Asked) -> dict[str, Any]:
    read = gathered({"firstDay": lambda: _day(asked, "du"), "lastDay": lambda: _day(asked, "au")})
    return {**read, "idempotencyKey": asked.text("cle")}


def _day(asked: Asked, name: str) -> str:
    asked.needed(name, "Donner une date.")
    return asked.day(name).isoformat()


PAGES: tuple[Page, ...] = (
    Page("nutrition/lesson", PATH, "Ce que les pesées apprennent", "nutrition/WasteLesson", _variables, shows=_shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "nutrition/draw_lesson",
        PATH,
        "nutrition/DrawWasteLesson",
        _drawn,
        done="WasteLessonDrawn",
        leads=lambda _result, _asked: with_message(PATH, "bilan-pesees"),
        page="nutrition/lesson",
        blames={"InvalidLesson": "du"},
    ),
)
