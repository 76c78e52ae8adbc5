"""What could take the place of a dish of the plan, with what each would change in cost, rates, rules and CO2e."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from catering.recipes.vocabulary import Slot
from catering.web.asked import Asked
from catering.web.messages import with_message
from catering.web.pages import Action, Page

PATH = "/cuisine/{uai}/semaine/remplacer"
FIRST_SHOWN = 12
"""Candidates that a tablet shows before « tous les autres »."""


def _place(asked: Asked) -> dict[str, Any]:
    slot = asked.word("composante", Slot, "Choisir dans la semaine le plat à remplacer.")
    return {"kitchen": asked.text("uai"), "day": asked.day("jour").isoformat(), "slot": slot.name}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Lawful candidates, the first of them apart; then those that break a rule, then those nobody can deliver."""
    candidates = [_told(each) for each in answer["swapCandidates"]["candidates"] if each["dish"]]
    lawful = [each for each in candidates if each["lawful"]]
    others = [each for each in candidates if not each["lawful"]]
    return {
        "back": week_of(asked),
        "first": lawful[:FIRST_SHOWN],
        "more": lawful[FIRST_SHOWN:],
        "breaking": [each for each in others if not each["missing"]],
        "missing": [each for each in others if each["missing"]],
    }


def _told(candidate: Any) -> dict[str, Any]:
    shares = [each | {"holds": Decimal(each["share"]) >= Decimal(each["minimum"])} for each in candidate["shares"]]
    rules = [each | {"mark": _mark(each)} for each in candidate["rules"]]
    shown: dict[str, Any] = candidate | {"shares": shares, "rules": rules}
    return shown


def _mark(move: Any) -> str:
    """How a rule fares: kept, lost, won back, or broken before and after."""
    if move["holds"]:
        return "ok" if move["held"] else "won"
    return "lost" if move["held"] else "missed"


def week_of(asked: Asked) -> str:
    """The address of the week that shows the day."""
    return f"/cuisine/{asked.text('uai')}/semaine?semaine={asked.monday('jour')}"


def _swapped(asked: Asked) -> dict[str, Any]:
    return {
        **_place(asked),
        "instead": asked.text("present"),
        "dish": asked.needed("plat", "Choisir un plat."),
        "idempotencyKey": asked.text("cle"),
    }


PAGES: tuple[Page, ...] = (
    Page("chef/swap", PATH, "Remplacer un plat", "chef/SwapCandidates", _place, "swapCandidates", _shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "chef/swap_dish",
        PATH,
        "chef/SwapDish",
        _swapped,
        done="DishSwapped",
        leads=lambda _result, asked: with_message(week_of(asked), "plat-remplace"),
        page="chef/swap",
    ),
)
