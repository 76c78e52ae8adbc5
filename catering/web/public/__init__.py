"""Pages for everybody, without an account."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any

from catering.web.asked import Asked
from catering.web.pages import Action, Page
from catering.web.wording import day_of

ENOUGH = 32
"""Days after the first of a month that surely fall into the next one."""


def _variables(asked: Asked) -> dict[str, Any]:
    return {"uai": asked.text("uai"), "day": asked.day("mois").isoformat()}


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """The days of the month by week, and the months beside it."""
    month = answer["dinersMonth"]
    first = day_of(month["firstDay"])
    weeks = groupby(month["days"], key=lambda day: day_of(day["date"]).isocalendar().week)
    return {
        "first": first,
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": (first + timedelta(days=ENOUGH)).replace(day=1),
        "weeks": [list(days) for _, days in weeks],
    }


PAGES: tuple[Page, ...] = (
    Page(
        "public/month",
        "/colleges/{uai}/menus",
        "Menus du mois",
        "public/DinersMonth",
        _variables,
        "dinersMonth",
        _shows,
        public=True,
    ),
)
ACTIONS: tuple[Action, ...] = ()
