"""A fiche technique scaled to covers, at the portion of the kitchen that cooks it, made to be printed."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from catering.web.asked import Asked, BadFields
from catering.web.pages import Action, Page

ONE = 1
MOST_COVERS = 20_000
DEFAULT = 100


def covers_of(asked: Asked) -> int:
    """The covers of the address; a hundred when it names none that can be used."""
    try:
        return asked.whole("couverts", "Couverts", least=ONE, most=MOST_COVERS)
    except BadFields:
        return DEFAULT


def _variables(asked: Asked) -> dict[str, Any]:
    on = asked.day("jour")
    monday = on - timedelta(days=on.weekday())
    kitchen = asked.text("cuisine") or None
    return {"id": asked.text("dish"), "on": on.isoformat(), "week": monday.isoformat(), "kitchen": kitchen}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Quantities for all covers, steps apart, what it costs; of the fiche where the kitchen is not the reader's."""
    covers = covers_of(asked)
    dish = answer["dish"]["servedIn"] or answer["dish"]
    cost = dish["cost"]
    return {
        "dish": dish,
        "changed": dish["servedG"] != answer["dish"]["servedG"],
        "kitchen": asked.text("cuisine"),
        "covers": covers,
        "on": asked.day("jour"),
        "quantities": [line | {"total": int(Decimal(str(line["grams"])) * covers)} for line in dish["lines"]],
        "total": cost and cost["highestEur"] and Decimal(cost["highestEur"]) * covers,
    }


PAGES: tuple[Page, ...] = (
    Page("chef/dish", "/plats/{dish}", "Fiche technique", "public/DishSheet", _variables, "dish", _shows),
)
ACTIONS: tuple[Action, ...] = ()
