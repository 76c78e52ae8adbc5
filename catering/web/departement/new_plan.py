"""Nouveau plan: which kitchens, which weeks, how long the search may take; each knob in plain words."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.departement import follow, knobs, plans
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.wording import day

PATH = f"{plans.PATH}/nouveau"
ALL, SOME, NAMED = "toutes", "nombre", "choisies"
KITCHENS = {ALL: "Toutes", SOME: "Un certain nombre, pour un essai", NAMED: "Celles que je nomme"}
COVERS = {
    "CALENDAR": "Ceux du calendrier de chaque cuisine",
    "FORECAST": "Ceux prévus d'après les couverts comptés, où il y en a assez",
}
WITHOUT = "non"
"""No lesson: the plan prices nothing of what comes back."""
MOST_KITCHENS, MOST_WEEKS = 1_000, 53  # legal-number: bounds of what may be typed, not of the law
DAYS = {"firstDay": "du", "lastDay": "au"}
SECONDS, MOST_MINUTES = 60, 240  # legal-number: the four hours that a search may take
LARGEST_SEED = 2**31 - 1


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The school years, the newest first, and the choices of kitchens."""
    years = [each["schoolYear"] for each in answer["schoolYears"]]
    return {
        "years": {year: year for year in sorted(years, reverse=True)},
        "kitchens": KITCHENS,
        "covers": COVERS,
        "lessons": _lessons(answer["wasteLesson"]),
        "budget": knobs.BUDGET,
        "floors": knobs.FLOORS,
        "weights": knobs.WEIGHTS,
        "opened": any(asked.optional(each.field) for each in knobs.KNOBS.values()),
        "path": PATH,
    }


def _lessons(latest: Mapping[str, Any] | None) -> Mapping[str, str]:
    """The choices of a lesson, the latest first; none while none was drawn."""
    if latest is None:
        return {}
    period = f"du {day(latest['firstDay'])} au {day(latest['lastDay'])}"
    judged = (
        f"{latest['judged']} plat{'s' if latest['judged'] > 1 else ''} assez pesé{'s' if latest['judged'] > 1 else ''}"
    )
    return {str(latest["id"]): f"Oui : bilan n° {latest['id']}, {period}, {judged}", WITHOUT: "Non"}


def _started(asked: Asked) -> dict[str, Any]:
    """The scenario; every field is read before it is refused."""
    readers: dict[str, Callable[[], Any]] = {
        "schoolYear": lambda: asked.needed("annee", "Année scolaire : en choisir une."),
        "covers": lambda: _covers(asked),
        "seed": lambda: asked.whole("graine", "Graine", most=LARGEST_SEED) if asked.optional("graine") else 0,
    }
    if asked.optional("semaines"):
        readers["weeks"] = lambda: asked.whole("semaines", "Semaines", least=1, most=MOST_WEEKS)
    if asked.optional("minutes"):
        readers["timeLimitSeconds"] = lambda: SECONDS * asked.whole("minutes", "Minutes", least=1, most=MOST_MINUTES)
    match asked.text("cuisines"):
        case "nombre":
            readers["kitchenCount"] = lambda: asked.whole("combien", "Nombre de cuisines", least=1, most=MOST_KITCHENS)
        case "choisies":
            readers["kitchens"] = lambda: _named(asked)
    if asked.text("bilan") not in ("", WITHOUT):
        readers["lesson"] = lambda: str(asked.whole("bilan", "Bilan", least=1))
    for name, field in DAYS.items():
        if asked.optional(field):
            readers[name] = partial(_day, asked, field)
    turned = knobs.readers(asked)
    read = gathered({**readers, **turned})
    aims = [{"kind": kind, "value": f"{read.pop(kind):f}"} for kind in turned]
    return {"scenario": {**read, "aims": aims}, "idempotencyKey": asked.text("cle")}


def _day(asked: Asked, field: str) -> str:
    return asked.day(field).isoformat()


def _covers(asked: Asked) -> str:
    chosen = asked.text("couverts") or "CALENDAR"
    if chosen not in COVERS:
        raise BadFields(Fault("couverts", "Couverts : choisir le calendrier ou la prévision."))
    return chosen


def _named(asked: Asked) -> list[str]:
    codes = list(dict.fromkeys(asked.text("uais").upper().replace(",", " ").replace(";", " ").split()))
    if not codes:
        raise BadFields(Fault("uais", "Cuisines : écrire au moins un code UAI, par exemple 0620001A."))
    return codes


PAGES: tuple[Page, ...] = (
    Page("departement/new_plan", PATH, "Nouveau plan", "administrator/PlanChoices", lambda _asked: {}, shows=_shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "departement/start_plan",
        PATH,
        "administrator/StartPlan",
        _started,
        done="PlanStarted",
        leads=lambda result, _asked: with_message(follow.PATH.format(run=result["run"]["id"]), "plan-lance"),
        page="departement/new_plan",
        blames={
            "UnknownSchoolYear": "annee",
            "UnknownKitchens": "uais",
            "NothingToServe": "semaines",
            "TooMany": "cuisines",
            "BadDates": "du",
            "UnknownLesson": "bilan",
        },
    ),
)
