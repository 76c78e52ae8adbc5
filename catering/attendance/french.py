"""Why a forecast says what it says, in French."""

from collections.abc import Sequence
from datetime import date

from catering.attendance.models import AttendanceEventKind
from catering.attendance.rules.newsvendor import Costs

WEEKDAYS = ("lundis", "mardis", "mercredis", "jeudis", "vendredis", "samedis", "dimanches")
EVENTS = {
    AttendanceEventKind.TRIP: "sortie",
    AttendanceEventKind.EXAM: "examen",
    AttendanceEventKind.STRIKE: "grève",
    AttendanceEventKind.OTHER: "événement",
}
COLUMNS = {
    "monday": "lundi", "tuesday": "mardi", "wednesday": "mercredi", "thursday": "jeudi",
    "last day before holidays": "dernier jour avant les vacances",
    "week before holidays": "semaine avant les vacances",
    "first day after holidays": "retour de vacances", "week after holidays": "semaine après les vacances",
    "eve of a public holiday": "veille de jour férié", "day after a public holiday": "lendemain de jour férié",
    "week of a public holiday": "semaine d'un jour férié", "season (sine)": "saison", "season (cosine)": "saison",
    "september": "septembre", "june": "juin", "july": "juillet", "last week": "semaine dernière",
    "four weeks ago": "il y a quatre semaines", "twelve weeks": "douze dernières semaines",
    "latest days": "derniers jours", "same day last year": "même jour l'an dernier",
    "announcement": "annonce de la cuisine", "menu": "sorte de plat", "dish": "plat du jour",
    "vegetarian": "jour sans viande ni poisson", "liked": "goût du plat, d'après les pesées",
}  # fmt: skip
"""Of each column that a forecast looks at."""


def usual(day: date, base: float, announced: int | None) -> str:
    """What is usual on such a day."""
    told = f", l'annonce de {announced} comprise" if announced is not None else ""
    return f"Habituel des derniers {WEEKDAYS[day.weekday()]}{told} : {base:.0f} couverts."


def moved(parts: Sequence[tuple[str, float]]) -> list[str]:
    """What moved the forecast from it."""
    return [
        f"{COLUMNS[name].capitalize()} : {share:+.1%}.".replace(".", ",", 1).replace("%", " %") for name, share in parts
    ]


def too_short(announced: int) -> str:
    """Why an announcement stands for a forecast."""
    return (
        f"Historique trop court pour prévoir : les {announced} couverts annoncés par la cuisine, sans intervalle. "
        "Compter chaque jour les couverts servis."
    )


def event(kind: AttendanceEventKind, difference: int) -> str:
    """What an announced event changes."""
    more = "de plus" if difference > 0 else "de moins"
    return f"{EVENTS[kind].capitalize()} : {abs(difference)} couverts {more}."


def decided(costs: Costs) -> str:
    """Why so many are to be prepared."""
    missing, wasted = (f"{each:.2f} €".replace(".", ",") for each in (costs.missing, costs.wasted))
    return (
        f"Assez de couverts {costs.level:.0%} des jours : un repas manquant compte {missing} (GAS-SOL-MANQUANT), "
        f"un repas jeté {wasted} (GAS-SOL-EXCEDENT)."
    ).replace("%", " %")


def _percent(share: float) -> str:
    return f"{share:+.1%}".replace(".", ",").replace("%", " %")
