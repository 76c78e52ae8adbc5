"""Pourquoi pas moi ? Each product in the plan in use, month by month, and what would bring it in."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

from catering.web.asked import Asked
from catering.web.pages import Action, Page

WHY_NOT = "/fournisseur/{supplier}/pourquoi"
WEEKS = 9
ONE_STEP = Decimal("0.05")  # legal-number: € per kg, the step in which prices are told
"""Half of one is not looked into."""


def _variables(asked: Asked) -> dict[str, Any]:
    """Nine weeks from the Monday of the address."""
    return {"id": asked.text("supplier"), "firstWeek": asked.monday().isoformat(), "weeks": WEEKS}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The months of each product, those of one product one after the other."""
    months = [each | {"cut": _cut(each["entry"])} for each in answer["whyNot"]["months"] if each["offer"]]
    grouped = groupby(months, key=lambda each: each["offer"]["id"])
    return {"monday": asked.monday(), "products": [list(of) for _, of in grouped], "one_step": ONE_STEP}


def _cut(entry: Any) -> Decimal | None:
    """€ per kg by which the price would have to fall."""
    if entry is None or entry["entersAtEurPerKg"] is None:
        return None
    return Decimal(entry["priceEurPerKg"]) - Decimal(entry["entersAtEurPerKg"])


PAGES: tuple[Page, ...] = (
    Page("producer/why_not", WHY_NOT, "Pourquoi pas moi ?", "producer/WhyNot", _variables, "whyNot", _shows),
)
ACTIONS: tuple[Action, ...] = ()
