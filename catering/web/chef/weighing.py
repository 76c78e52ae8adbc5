"""Peser: one bin in three gestures; what was weighed that day stands beside, and is corrected there."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from catering import moment
from catering.figures import short
from catering.moment import paris_day
from catering.recipes.vocabulary import Slot
from catering.waste.vocabulary import FoodGroup, Part, Service, Stage, WasteCause
from catering.web.asked import GRAMS_PER_KG, Asked, BadFields, Fault, gathered
from catering.web.chef.services import services_of
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.wording import day_without_year
from catering.web.words import WORDS

PATH = "/cuisine/{uai}/pesee"
OF_ONE = tuple(each.name for each in FoodGroup if each is not FoodGroup.MIXED)
"""Families of a bin that holds one alone."""
TAKEN_BACK = "annuler"
"""Value of the button that takes a weighing back and puts nothing in its place."""


def _variables(asked: Asked) -> dict[str, Any]:
    return {"uai": asked.text("uai"), "day": asked.day("jour").isoformat()}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The day's dishes in the order of the tray, what was weighed of it, and the bin that is being corrected."""
    slots = [slot.name for slot in Slot]
    choices = [choice for menu in answer["kitchen"]["menus"] for choice in menu["choices"] if choice["dish"]]
    nodes = answer["weighings"]["nodes"]
    kept = [each for each in nodes if each["reverses"] is None and not each["takenBack"]]
    correcting = next((_typed(each) for each in kept if each["id"] == _corrected_id(asked)), None)
    return {
        "day": asked.day("jour"),
        "today": moment.today(),
        "services": services_of(answer["wasteFile"]),
        "dishes": {
            choice["dish"]["id"]: choice["dish"]["name"]
            for choice in sorted(choices, key=lambda choice: slots.index(choice["slot"]))
        },
        "kept": kept,
        "last_tare": _last_tare(kept),
        "total": sum(each["netG"] for each in kept),
        "undone": _undone(nodes),
        "correcting": correcting,
        "families": _families(correcting),
    }


def _last_tare(kept: Sequence[Mapping[str, Any]]) -> str:
    """The empty bin of the latest weighing of the day, as a field holds it; the bins of a kitchen are few, and a tare
    that is typed each time is forgotten."""
    latest = max(kept, key=lambda each: int(each["id"]), default=None)
    return "" if latest is None or not latest["tareG"] else _typed(latest)["tare"]


def _families(correcting: Any) -> dict[str, str]:
    """Families that a bin may be of; « mélangé » is what it is when none is said, and stands beside « mangeable »."""
    said = correcting and correcting["foodGroup"]
    return {name: word for name, word in WORDS["FoodGroup"].items() if name in (said, *OF_ONE)}


def _corrected_id(asked: Asked) -> str:
    """The weighing that the address, or the form sent, corrects."""
    return asked.path.get("pesee") or asked.text("corriger")


def _typed(weighing: Any) -> dict[str, Any]:
    """A weighing as one types it."""
    return {**weighing, "poids": _kilograms(weighing["grossG"]), "tare": _kilograms(weighing["tareG"])}


def _kilograms(grams: int) -> str:
    return short(Decimal(grams) / GRAMS_PER_KG)


def _undone(nodes: Sequence[Any]) -> list[dict[str, Any]]:
    """Weighings that were taken back, each with why; they stay readable."""
    known = {each["id"]: each for each in nodes}
    opposites = [each for each in nodes if each["reverses"] is not None]
    return [
        {**opposite, "netG": -opposite["netG"], "dish": known.get(opposite["reverses"], opposite)["dish"]}
        for opposite in opposites
    ]


def _weighed(asked: Asked) -> dict[str, Any]:
    """One bin. All its fields are read before it is refused."""
    return {"kitchen": asked.text("uai"), "entries": [_entry(asked)], "idempotencyKey": asked.text("cle")}


def _entry(asked: Asked) -> dict[str, Any]:
    """What was on the scale."""
    readers: dict[str, Callable[[], Any]] = {
        "day": lambda: _day(asked).isoformat(),
        "service": lambda: _service(asked),
        "stage": lambda: asked.word("etape", Stage, "Choisir d'où vient ce qui est jeté.").name,
        "part": lambda: asked.word("part", Part, "Choisir si c'est mangeable, non mangeable ou mélangé.").name,
        "grossG": lambda: asked.grams("poids", "Poids"),
        "tareG": lambda: asked.grams("tare", "Poids du bac vide") if asked.optional("tare") else 0,
        "cause": lambda: _cause(asked) if asked.optional("cause") else None,
        "foodGroup": lambda: (
            asked.word("famille", FoodGroup, "Choisir une famille.").name if asked.optional("famille") else None
        ),
    }
    return {
        "key": asked.text("bac"),
        "notedAt": asked.noted_at().isoformat(),
        "dish": asked.text("plat") or None,
        "confirmed": asked.optional("confirme"),
        **gathered(readers),
    }


def _day(asked: Asked) -> date:
    """Of which day the bin is.

    A page opened on that day for that day and still open the day after would note today's bins for yesterday without
    anybody seeing it: it is asked instead.

    Raises:
        BadFields: nobody said it.
    """
    if asked.optional("jour_sur"):
        return asked.day("jour_sur")
    day, noted = asked.day("jour"), paris_day(asked.noted_at())
    if asked.text("ouvert") == day.isoformat() and day < noted:
        raise BadFields(
            Fault(
                "jour_sur", f"Cette page est ouverte depuis le {day_without_year(day)} : dire de quel jour est ce bac."
            )
        )
    return day


def _service(asked: Asked) -> str:
    """Which meal; lunch where the kitchen has no other."""
    return asked.word("service", Service, "Choisir le repas.").name if asked.optional("service") else Service.LUNCH.name


def _cause(asked: Asked) -> str:
    return asked.word("cause", WasteCause, "Choisir une cause.").name


def _corrected(asked: Asked) -> dict[str, Any]:
    """A weighing taken back with its reason, and what was really on the scale, if anything was."""
    readers: dict[str, Callable[[], Any]] = {
        "why": lambda: asked.needed("pourquoi", "Dire pourquoi en quelques mots, par exemple « mauvais bac ».")
    }
    if asked.text("quoi") != TAKEN_BACK:
        readers["instead"] = lambda: _entry(asked)
    return {"weighingId": asked.text("pesee"), **gathered(readers), "idempotencyKey": asked.text("cle")}


def _at(asked: Asked) -> str:
    """The day of the bin, with the meal that is being weighed."""
    service = f"&service={_service(asked)}" if asked.optional("service") else ""
    return f"{PATH.format(uai=asked.text('uai'))}?jour={_day(asked)}{service}"


DOUBTS = {"ConfirmationNeeded": "confirme", "MoreThanServed": "confirme", "InvalidWeighing": "poids"}
PAGES: tuple[Page, ...] = (Page("chef/weighing", PATH, "Peser", "chef/BinsOfDay", _variables, "kitchen", _shows),)
ACTIONS: tuple[Action, ...] = (
    Action(
        "chef/weigh",
        PATH,
        "chef/RecordWeighings",
        _weighed,
        done="WeighingsRecorded",
        leads=lambda _result, asked: with_message(_at(asked), "pese"),
        page="chef/weighing",
        blames=DOUBTS,
    ),
    Action(
        "chef/correct_weighing",
        f"{PATH}/{{pesee}}/correction",
        "chef/CorrectWeighing",
        _corrected,
        done="WeighingCorrected",
        leads=lambda _result, asked: with_message(_at(asked), "pesee-corrigee"),
        page="chef/weighing",
        blames=DOUBTS,
    ),
)
