"""Portions: what weighings propose for each dish, deciding it, and what changed after it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from catering import moment
from catering.web.asked import Asked, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page

PATH = "/nutrition/portions"
COMPARED = f"{PATH}/{{plat}}"
ROWS = 50
MOST_GRAMS = 2_000  # legal-number: what the field of a portion may hold
MOST_DAYS, SOON = 366, timedelta(days=7)
TWO_MONTHS = 60


def _shows(answer: Any, _asked: Asked) -> Mapping[str, Any]:
    """The day from which a portion may change, and which changes are still to be taken back."""
    today = moment.today()
    changes = [
        each | {"open": each["validTo"] is None or each["validTo"] > today.isoformat()}
        for each in answer["portionChanges"]
    ]
    return {"soon": today + SOON, "today": today, "changes": changes}


def _decided(asked: Asked) -> dict[str, Any]:
    """The fields of a row bear the dish's id: what is wrong is told in its row, and what was typed stays there."""
    dish = asked.text("plat")
    start, why, grams = f"des-{dish}", f"raison-{dish}", f"grammes-{dish}"

    def first_day() -> str:
        asked.needed(start, "À partir du : donner une date à venir.")
        return asked.day(start).isoformat()

    readers: dict[str, Callable[[], Any]] = {
        "servedG": lambda: asked.whole(grams, "Grammes servis", least=1, most=MOST_GRAMS),
        "validFrom": first_day,
        "reason": lambda: asked.needed(why, "Dire pourquoi : la raison est gardée avec la décision."),
    }
    place = asked.text(f"cuisine-{dish}") or None
    return {"dish": dish, "kitchen": place, **gathered(readers), "idempotencyKey": asked.text("cle")}


def _taken_back(asked: Asked) -> dict[str, Any]:
    change = asked.text("change")
    last, why = f"fin-{change}", f"pourquoi-{change}"

    def last_day() -> str:
        asked.needed(last, "Dernier jour : donner une date.")
        return asked.day(last).isoformat()

    readers = {"lastDay": last_day, "why": lambda: asked.needed(why, "Dire pourquoi : la raison est gardée.")}
    return {"changeId": change, **gathered(readers), "idempotencyKey": asked.text("cle")}


def _compared(asked: Asked) -> dict[str, Any]:
    days = asked.whole("jours", "Jours", least=1, most=MOST_DAYS) if asked.optional("jours") else TWO_MONTHS
    return {"dish": asked.text("plat"), "on": asked.day("le").isoformat(), "days": days}


PAGES: tuple[Page, ...] = (
    Page("nutrition/portions", PATH, "Portions", "nutrition/PortionProposals", lambda _: {"first": ROWS}, shows=_shows),
    Page(
        "nutrition/comparison",
        COMPARED,
        "Avant et après",
        "nutrition/PortionComparison",
        _compared,
        "portionComparison",
        lambda _answer, asked: {"on": asked.day("le"), "days_of": asked.text("jours") or str(TWO_MONTHS)},
    ),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "nutrition/decide_portion",
        f"{PATH}/{{plat}}/decision",
        "nutrition/DecidePortion",
        _decided,
        done="PortionDecided",
        leads=lambda _result, _asked: with_message(PATH, "portion"),
        page="nutrition/portions",
        blames={"InvalidPortion": "grammes-{plat}"},
    ),
    Action(
        "nutrition/take_back_portion",
        f"{PATH}/changements/{{change}}/retour",
        "nutrition/TakeBackPortion",
        _taken_back,
        done="PortionTakenBack",
        leads=lambda _result, _asked: with_message(PATH, "portion-rendue"),
        page="nutrition/portions",
        blames={"InvalidPortion": "fin-{change}"},
    ),
)
