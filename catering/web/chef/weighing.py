"""Peser: one bin in three gestures; what was weighed today stands beside."""

from collections.abc import Mapping
from typing import Any

from catering import moment
from catering.recipes.vocabulary import Slot
from catering.waste.vocabulary import Part, Stage, WasteCause
from catering.web.asked import Asked, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page

PATH = "/cuisine/{uai}/pesee"


def _variables(asked: Asked) -> dict[str, Any]:
    return {"uai": asked.text("uai"), "day": asked.day("jour").isoformat()}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The day's dishes in the order of the tray, and what was weighed of it, taken-back weighings left out."""
    slots = [slot.name for slot in Slot]
    choices = [choice for menu in answer["kitchen"]["menus"] for choice in menu["choices"] if choice["dish"]]
    kept = [each for each in answer["weighings"]["nodes"] if each["reverses"] is None and not each["takenBack"]]
    return {
        "day": asked.day("jour"),
        "today": moment.today(),
        "dishes": {
            choice["dish"]["id"]: choice["dish"]["name"]
            for choice in sorted(choices, key=lambda choice: slots.index(choice["slot"]))
        },
        "kept": kept,
        "total": sum(each["netG"] for each in kept),
    }


def _weighed(asked: Asked) -> dict[str, Any]:
    """One bin. All its fields are read before it is refused."""
    readers = {
        "stage": lambda: asked.word("etape", Stage, "Choisir d'où vient ce qui est jeté.").name,
        "part": lambda: asked.word("part", Part, "Choisir si c'est mangeable, non mangeable ou mélangé.").name,
        "grossG": lambda: asked.grams("poids", "Poids"),
        "tareG": lambda: asked.grams("tare", "Poids du bac vide") if asked.optional("tare") else 0,
        "cause": lambda: _cause(asked) if asked.optional("cause") else None,
    }
    read = gathered(readers)
    return {
        "kitchen": asked.text("uai"),
        "entries": [
            {
                "key": asked.text("bac"),
                "day": asked.day("jour").isoformat(),
                "notedAt": asked.noted_at().isoformat(),
                "dish": asked.text("plat") or None,
                "confirmed": asked.optional("confirme"),
                **read,
            }
        ],
        "idempotencyKey": asked.text("cle"),
    }


def _cause(asked: Asked) -> str:
    return asked.word("cause", WasteCause, "Choisir une cause.").name


PAGES: tuple[Page, ...] = (Page("chef/weighing", PATH, "Peser", "chef/BinsOfDay", _variables, "kitchen", _shows),)
ACTIONS: tuple[Action, ...] = (
    Action(
        "chef/weigh",
        PATH,
        "chef/RecordWeighings",
        _weighed,
        done="WeighingsRecorded",
        leads=lambda _result, asked: with_message(
            f"{PATH.format(uai=asked.text('uai'))}?jour={asked.day('jour')}", "pese"
        ),
        page="chef/weighing",
        blames={"ConfirmationNeeded": "confirme", "MoreThanServed": "confirme", "InvalidWeighing": "poids"},
    ),
)
