"""Besoins à venir: what the published plan buys of a supplier, week by week, and what kitchens near still lack."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from catering.web.asked import Asked
from catering.web.pages import Action, Page
from catering.web.producer.places import NEEDS
from catering.web.wording import day_of

THREE_WEEKS = timedelta(days=21)
BEFORE = timedelta(days=6)
"""Deliveries for a week fall from the Tuesday before to its Monday."""


def _variables(asked: Asked) -> dict[str, Any]:
    """Four weeks from the Monday of the address."""
    monday = asked.monday()
    last = monday + THREE_WEEKS
    return {
        "id": asked.text("supplier"),
        "firstWeek": monday.isoformat(),
        "lastWeek": last.isoformat(),
        "firstDay": (monday - BEFORE).isoformat(),
        "lastDay": last.isoformat(),
        "after": asked.text("apres") or None,
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Each week's needs with what is ordered of them; None while there is no plan."""
    sales, harvest = answer["supplier"]["sales"], answer["supplier"]["harvest"]
    nodes = [each | _standing(each, harvest) for each in sales["nodes"]] if sales else []
    weeks = groupby(sorted(nodes, key=itemgetter("week")), key=itemgetter("week"))
    return {
        "monday": asked.monday(),
        "near": [(week, list(needs)) for week, needs in groupby(answer["nearbyNeeds"], key=itemgetter("week"))],
        "planned": sales is not None,
        "weeks": [(week, list(needs)) for week, needs in weeks],
        "more": sales["pageInfo"] if sales else {"hasNextPage": False},
    }


def _standing(need: Any, harvest: list[Any]) -> dict[str, int]:
    week, offer = day_of(need["week"]), need["offer"] and need["offer"]["id"]
    ordered = sum(
        int(line["grams"])
        for line in harvest
        if line["offer"] and line["offer"]["id"] == offer and week - BEFORE <= day_of(line["day"]) <= week
    )
    return {"needed": int(need["grams"]), "ordered": ordered, "left": max(0, int(need["grams"]) - ordered)}


PAGES: tuple[Page, ...] = (
    Page("producer/needs", NEEDS, "Besoins à venir", "producer/ComingNeeds", _variables, "supplier", _shows),
)
ACTIONS: tuple[Action, ...] = ()
