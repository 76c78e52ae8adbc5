"""Why a forecast says what it says, in French."""

from collections.abc import Sequence
from datetime import date

from catering.attendance.models import AttendanceEventKind
from catering.attendance.rules.newsvendor import Costs
from catering.figures import CENT, euros

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


SIMULATED = (
    "Appris en partie d'effectifs passés simulés, tirés pour la démonstration : personne n'est venu ces jours-là. "
    "Ne pas cuisiner d'après ce nombre."
)
"""Said of every forecast that learned from invented days."""


def usual(day: date, base: float, announced: int | None) -> str:
    """What is usual on such a day; ``announced`` where it rests on the covers that the kitchen noted."""
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
    return f"{EVENTS[kind].capitalize()} : {covers(difference)}."


def covers(difference: int) -> str:
    """A difference in words."""
    return f"{abs(difference)} couverts {'de plus' if difference > 0 else 'de moins'}"


def within(kind: AttendanceEventKind, difference: int) -> str:
    """An event of a day whose covers the kitchen noted: they are its word on the whole day."""
    return f"Déjà dans les couverts notés pour ce jour : {EVENTS[kind]}, {covers(difference)}."


def noted(announced: int) -> str:
    """Why the covers that the kitchen noted stand as they are."""
    return (
        f"Couverts notés par la cuisine pour ce jour : {announced}. Ils valent pour toute la journée, sans "
        "intervalle : trop peu de jours notés pour savoir ce qu'ils valent."
    )


def noted_since(announced: int) -> str:
    """Covers that the kitchen noted once the forecast was made."""
    return f"Noté depuis la prévision par la cuisine : {announced} couverts prévus, qui valent pour toute la journée."


def announced_since(kind: AttendanceEventKind, difference: int) -> str:
    """An event announced once the forecast was made."""
    return f"Annoncé depuis la prévision : {EVENTS[kind]}, {covers(difference)}."


def withdrawn_since(kind: AttendanceEventKind, difference: int) -> str:
    """An event taken back once the forecast was made."""
    return f"Annonce retirée depuis la prévision : {EVENTS[kind]}, {covers(difference)}."


def decided(costs: Costs) -> str:
    """Why so many are to be prepared."""
    missing, wasted = (euros(each.quantize(CENT)) for each in (costs.missing, costs.wasted))
    return (
        f"Assez de couverts {costs.level:.0%} des jours : un repas manquant compte {missing} (GAS-SOL-MANQUANT), "
        f"un repas jeté {wasted} (GAS-SOL-EXCEDENT)."
    ).replace("%", " %")
