"""Un excédent: described in a form, judged by the rules of hygiene; nothing of it is kept."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from catering import moment
from catering.rules.hygiene import ProductCategory
from catering.rules.temperatures import temperatures
from catering.waste.rules.surplus import Surplus, impossible
from catering.waste.vocabulary import SurplusKind
from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.chef.waste import PATH as WASTE
from catering.web.pages import Action, Page

PATH = f"{WASTE}/excedents"
TOMORROW = timedelta(days=1)
NEXT = timedelta(days=7)
"""A surplus keeps three days: the next service beyond a week is no use."""
YES_NO = {"non": "Non", "oui": "Oui"}
LONGEST_MINUTES = 10_000
FIELDS = {
    "kind": "kind", "made_on": "madeOn", "served_on": "servedOn", "exposed": "exposed", "traced": "traced",
    "satellite": "satellite", "cooled_minutes": "cooledMinutes", "cooled_to_c": "cooledToC",
    "stored_at_c": "storedAtC", "held_hot_c": "heldHotC", "use_by": "useBy", "reheated": "reheated",
    "category": "category", "label_c": "labelC", "prepacked": "prepacked",
}  # fmt: skip
"""Name of each fact in the operation."""


def _readers(asked: Asked) -> dict[str, Callable[[], Any]]:
    today = moment.today()
    return {
        "kind": lambda: asked.word("quoi", SurplusKind, "Choisir ce qui reste."),
        "made_on": lambda: asked.day("fabrique", today),
        "served_on": lambda: asked.day("servi", today),
        "on": lambda: asked.day("pour", today + TOMORROW),
        "exposed": lambda: _known(asked, "expose", "Dire si les convives pouvaient s'y servir."),
        "traced": lambda: _known(asked, "etiquete", "Dire s'il porte son nom et sa date."),
        "satellite": lambda: asked.optional("satellite"),
        "cooled_minutes": lambda: _whole(asked),
        "cooled_to_c": lambda: _celsius(asked, "refroidi_a", "Température en fin de refroidissement"),
        "stored_at_c": lambda: _celsius(asked, "garde_a", "Température de garde"),
        "held_hot_c": lambda: _celsius(asked, "chaud_a", "Température tenue"),
        "use_by": lambda: asked.day("dlc") if asked.optional("dlc") else None,
        "reheated": lambda: asked.text("rechauffe") == "oui" if asked.text("rechauffe") in YES_NO else None,
        "category": lambda: (
            asked.word("categorie", ProductCategory, "Choisir dans la liste.") if asked.optional("categorie") else None
        ),
        "label_c": lambda: _celsius(asked, "etiquette_a", "Température de l'étiquette"),
        "prepacked": lambda: asked.optional("portions"),
    }


def _known(asked: Asked, name: str, message: str) -> bool:
    value = asked.text(name)
    if value not in YES_NO:
        raise BadFields(Fault(name, message))
    return value == "oui"


def _whole(asked: Asked) -> int | None:
    name, label = "refroidi_en", "Minutes de refroidissement"
    return asked.whole(name, label, most=LONGEST_MINUTES) if asked.optional(name) else None


def _celsius(asked: Asked, name: str, label: str) -> Decimal | None:
    return asked.decimal(name, label) if asked.optional(name) else None


def _read(asked: Asked) -> tuple[dict[str, Any] | None, tuple[Fault, ...]]:
    """What the address describes, or what is wrong with it; neither before anything is asked."""
    if not asked.query:
        return None, ()
    try:
        read = gathered(_readers(asked))
    except BadFields as refusal:
        return None, refusal.faults
    facts = {name: value for name, value in read.items() if name != "on"}
    fault = impossible(Surplus(**facts), read["on"])
    return (read, ()) if fault is None else (None, (Fault("quoi", fault),))


def _variables(asked: Asked) -> dict[str, Any]:
    """The operation is asked about nothing until a surplus is described: its words only stand in the place of one."""
    read, _ = _read(asked)
    today = moment.today()
    given = read or {
        "kind": SurplusKind.STABLE, "made_on": today, "served_on": today, "on": today, "exposed": True, "traced": False,
    }  # fmt: skip
    surplus = {FIELDS[name]: _plain(value) for name, value in given.items() if name in FIELDS and value is not None}
    described = read is not None
    coming = {"from": (today + TOMORROW).isoformat(), "to": (today + NEXT).isoformat()}
    on = given["on"].isoformat()
    return {"kitchen": asked.text("uai"), "surplus": surplus, "on": on, "described": described, **coming}


def _plain(value: Any) -> Any:
    """A fact as variables of an operation are written."""
    if isinstance(value, SurplusKind | ProductCategory):
        return value.name
    return value if isinstance(value, bool | int) else str(value)


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """What was typed, as the form shows it again, and the temperatures that the law sorts packs by."""
    _, wrong = _read(asked)
    today = moment.today()
    return {
        "wrong": wrong,
        "typed": Asked(asked.viewer, asked.path, form={name: [value] for name, value in asked.query.items()}),
        "today": today,
        "next_service": _next_service(answer, today),
        "yes_no": YES_NO,
        "categories": {category.name: rows[-1].french_name for category, rows in temperatures().items()},
    }


def _next_service(answer: Any, today: date) -> date:
    """The next day on which the kitchen serves; tomorrow when it serves none this week."""
    days = ((answer.get("kitchen") or {}).get("serviceDays")) or []
    return min((date.fromisoformat(str(each["date"])) for each in days), default=today + TOMORROW)


PAGES: tuple[Page, ...] = (
    Page("chef/surplus", PATH, "Que faire d'un excédent", "chef/SurplusToJudge", _variables, "kitchen", _shows),
)
ACTIONS: tuple[Action, ...] = ()
