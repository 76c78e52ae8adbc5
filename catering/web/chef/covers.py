"""Effectifs: how many are expected and to prepare, what was announced, and how many were planned, prepared, served."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from catering import moment
from catering.attendance.models import AttendanceEventKind
from catering.waste.vocabulary import Service
from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.chef.services import serves_every_day, services_of
from catering.web.messages import with_message
from catering.web.pages import Action, Page

PATH = "/cuisine/{uai}/effectifs"
TO_SUNDAY = timedelta(days=6)
MOST_COVERS = 20_000
COUNTS = {"planned": "prevus", "prepared": "prepares", "served": "servis"}
LABELS = {"prevus": "Couverts prévus", "prepares": "Couverts préparés", "servis": "Couverts servis"}
FEWER = "moins"
SENSES = {FEWER: "De moins", "plus": "De plus"}


def _variables(asked: Asked) -> dict[str, Any]:
    monday = asked.monday()
    return {"uai": asked.text("uai"), "monday": monday.isoformat(), "sunday": (monday + TO_SUNDAY).isoformat()}


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Each day of service with its forecast and, meal by meal, what was noted of it; events that stand."""
    return {
        "monday": asked.monday(),
        "days": list(_days(answer, asked)),
        "today": moment.today().isoformat(),
        "events": [each for each in answer["kitchen"]["attendanceEvents"] if not each["withdrawn"]],
        "senses": SENSES,
    }


def _days(answer: Any, asked: Asked) -> Iterator[dict[str, Any]]:
    noted = {(each["day"], each["service"]): each for each in answer["serviceCovers"]}
    forecasts = {each["day"]: each for each in answer["kitchen"]["coversForecast"]}
    usual = {each["date"]: each["covers"] for each in answer["kitchen"]["serviceDays"]}
    days = list(usual)
    if serves_every_day(answer["wasteFile"]):
        days = [(asked.monday() + timedelta(days=each)).isoformat() for each in range(TO_SUNDAY.days + 1)]
    services = services_of(answer["wasteFile"])
    nothing = {**dict.fromkeys(COUNTS), "simulated": False}
    for day in days:
        meals = [{"service": each, "suffix": _suffix(each), **(noted.get((day, each)) or nothing)} for each in services]
        yield {"date": day, "covers": usual.get(day), "forecast": forecasts.get(day), "meals": meals}


def _suffix(service: str) -> str:
    """What the names of fields of a meal end with; lunch is the ordinary one."""
    return "" if service == Service.LUNCH.name else f"-{service}"


def _noted(asked: Asked) -> dict[str, Any]:
    day = asked.day("jour").isoformat()
    service = asked.word("service", Service, "Choisir le repas.").name if asked.optional("service") else "LUNCH"
    typed = {name: field for name, field in COUNTS.items() if asked.optional(field)}
    counts = gathered(
        {name: partial(_count, asked, field, f"{day}{_suffix(service)}") for name, field in typed.items()}
    )
    sent = {"kitchen": asked.text("uai"), "day": day, "service": service, "idempotencyKey": asked.text("cle")}
    return {**sent, "confirmed": asked.optional("confirme"), **counts}


def _count(asked: Asked, field: str, row: str) -> int:
    """A count; what is wrong with it is told in the row of its day and meal."""
    try:
        return asked.whole(field, LABELS[field], most=MOST_COVERS)
    except BadFields as refusal:
        raise BadFields(*(Fault(f"{field}-{row}", each.message) for each in refusal.faults)) from refusal


def _announced(asked: Asked) -> dict[str, Any]:
    """A trip, an exam, a strike. Its last day is its first one when none is said."""
    read = gathered(
        {
            "kind": lambda: asked.word("genre", AttendanceEventKind, "Choisir ce qui est annoncé.").name,
            "firstDay": lambda: _event_day(asked, "ev_du"),
            "lastDay": lambda: _event_day(asked, "ev_au" if asked.optional("ev_au") else "ev_du"),
            "difference": lambda: asked.whole("ecart", "Couverts d'écart", least=1, most=MOST_COVERS),
        }
    )
    if asked.text("sens", FEWER) == FEWER:
        read["difference"] = -read["difference"]
    return {
        "kitchen": asked.text("uai"),
        "note": asked.text("remarque") or None,
        "confirmed": asked.optional("ev_confirme"),
        "idempotencyKey": asked.text("cle"),
        **read,
    }


def _event_day(asked: Asked, name: str) -> str:
    asked.needed(name, "Premier jour : donner une date, à partir d'aujourd'hui.")
    return asked.day(name).isoformat()


def _withdrawn(asked: Asked) -> dict[str, Any]:
    return {"eventId": asked.text("evenement"), "idempotencyKey": asked.text("cle")}


PAGES: tuple[Page, ...] = (Page("chef/covers", PATH, "Effectifs", "chef/CoversOfWeek", _variables, "kitchen", _shows),)
ACTIONS: tuple[Action, ...] = (
    Action(
        "chef/note_covers",
        PATH,
        "chef/NoteCovers",
        _noted,
        done="CoversNoted",
        leads=lambda _result, asked: with_message(
            f"{PATH.format(uai=asked.text('uai'))}?semaine={asked.monday()}", "effectifs"
        ),
        page="chef/covers",
        blames={
            "InvalidCovers": "prevus-{jour}{suite}",
            "ConfirmationNeeded": "confirme-{jour}{suite}",
            "UnusualCovers": "confirme-{jour}{suite}",
        },
    ),
    Action(
        "chef/announce",
        f"{PATH}/evenements",
        "chef/AnnounceAttendanceEvent",
        _announced,
        done="AttendanceEventAnnounced",
        leads=lambda _result, asked: with_message(
            f"{PATH.format(uai=asked.text('uai'))}?semaine={asked.monday('ev_du')}", "evenement"
        ),
        page="chef/covers",
        blames={"InvalidAttendanceEvent": "ecart", "EventConfirmationNeeded": "ev_confirme"},
    ),
    Action(
        "chef/withdraw_event",
        f"{PATH}/evenements/{{evenement}}/retrait",
        "chef/WithdrawAttendanceEvent",
        _withdrawn,
        done="AttendanceEventWithdrawn",
        leads=lambda _result, asked: with_message(
            f"{PATH.format(uai=asked.text('uai'))}?semaine={asked.monday()}", "evenement-retire"
        ),
        page="chef/covers",
    ),
)
