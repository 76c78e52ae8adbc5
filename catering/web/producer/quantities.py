"""Toutes les quantités: what each product delivers in four weeks, product by product, said by one form."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from catering import moment
from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.producer.places import QUANTITIES, at
from catering.web.producer.products import ONE_DAY, ONE_WEEK
from catering.web.wording import day_of

KG = "kg-"
"""Begins the name of a field: the number of the week and the offer follow."""
SHOWN_BEFORE = "avant-"
"""Begins the name of the hidden field that says what a field showed."""
SHOWN = 4
"""Weeks side by side: as many as a phone shows two by two, and as a farm knows beforehand."""


def _variables(asked: Asked) -> dict[str, Any]:
    asked.monday()
    return {"id": asked.text("supplier"), "after": asked.text("apres") or None}


def _mondays(asked: Asked) -> list[date]:
    return [asked.monday() + number * ONE_WEEK for number in range(SHOWN)]


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Each product on sale with what is stated for the Monday of each week, as stock counts it."""
    today, mondays = moment.today().isoformat(), _mondays(asked)
    offers = answer["supplier"]["offers"]
    return {
        "mondays": mondays,
        "later": mondays[-1] + ONE_WEEK,
        "earlier": mondays[0] - SHOWN * ONE_WEEK,
        "products": [
            offer | {"weeks": [_stated(offer["capacities"], monday) for monday in mondays]}
            for offer in offers["nodes"]
            if offer["validTo"] is None or offer["validTo"] >= today
        ],
        "more": offers["pageInfo"],
    }


def _stated(capacities: list[Any], monday: date) -> Any:
    """Grams of a week as the API writes them, "0" when nothing is sold, None without limit."""
    holds = (each for each in capacities if day_of(each["validFrom"]) <= monday <= day_of(each["validTo"]))
    return next((each["gramsPerWeek"] for each in holds), "0")


def _typed(asked: Asked) -> dict[str, Any]:
    """The quantities changed; a field left empty changes nothing.

    Nor does one that still says what the page showed: another tab, or another person of the farm, may have changed it.
    """
    typed = (name for name in asked.form if name.startswith(KG) and asked.optional(name))
    names = [name for name in typed if asked.text(name) != asked.text(SHOWN_BEFORE + name)]
    if not names:
        raise BadFields(Fault(None, "Aucune quantité n'a changé : en écrire au moins une."))
    grams = gathered({name: partial(asked.grams, name, "Quantité par semaine") for name in names})
    return {
        "supplier": asked.text("supplier"),
        "capacities": [_capacity(asked, name, grams[name]) for name in names],
        "idempotencyKey": asked.text("cle"),
    }


def _capacity(asked: Asked, name: str, grams: int) -> dict[str, str]:
    number, _, offer = name.removeprefix(KG).partition("-")
    weeks = _mondays(asked)
    if not (number.isdecimal() and int(number) < len(weeks)):
        raise BadFields(Fault(None, "La page a changé : la recharger, puis écrire de nouveau les quantités."))
    monday = weeks[int(number)]
    last = monday + ONE_WEEK - ONE_DAY
    return {
        "offer": offer, "firstDay": monday.isoformat(), "lastDay": last.isoformat(), "gramsPerWeek": str(grams),
    }  # fmt: skip


PAGES: tuple[Page, ...] = (
    Page(
        "producer/quantities", QUANTITIES, "Toutes les quantités", "producer/MyProducts", _variables, "supplier", _shows
    ),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "producer/state_quantities",
        QUANTITIES,
        "producer/StateCapacities",
        _typed,
        done="CapacitiesStated",
        leads=lambda _result, asked: with_message(f"{at(QUANTITIES, asked)}?semaine={asked.monday()}", "quantites"),
        page="producer/quantities",
    ),
)
