"""Effectifs: how many were planned, prepared and served, day by day."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from catering import moment
from catering.web.asked import Asked, BadFields, Fault, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page

PATH = "/cuisine/{uai}/effectifs"
TO_SUNDAY = timedelta(days=6)
MOST_COVERS = 20_000
COUNTS = {"planned": "prevus", "prepared": "prepares", "served": "servis"}


def _variables(asked: Asked) -> dict[str, Any]:
    monday = asked.monday()
    return {
        "uai": asked.text("uai"),
        "monday": monday.isoformat(),
        "friday": (monday + TO_SUNDAY).isoformat(),
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Each day of service with what was noted of it."""
    noted = {each["day"]: each for each in answer["serviceCovers"]}
    nothing = dict.fromkeys(COUNTS)
    days = [day | noted.get(day["date"], nothing) for day in answer["kitchen"]["serviceDays"]]
    return {"monday": asked.monday(), "days": days, "today": moment.today().isoformat()}


def _noted(asked: Asked) -> dict[str, Any]:
    day = asked.day("jour").isoformat()
    typed = {name: field for name, field in COUNTS.items() if asked.optional(field)}
    counts = gathered({name: partial(_count, asked, field, day) for name, field in typed.items()})
    sent = {"kitchen": asked.text("uai"), "day": day, "idempotencyKey": asked.text("cle")}
    return {**sent, "confirmed": asked.optional("confirme"), **counts}


def _count(asked: Asked, field: str, day: str) -> int:
    """A count; what is wrong with it is told in the row of its day."""
    try:
        return asked.whole(field, field.capitalize(), most=MOST_COVERS)
    except BadFields as refusal:
        raise BadFields(*(Fault(f"{field}-{day}", each.message) for each in refusal.faults)) from refusal


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
            "InvalidCovers": "prevus-{jour}",
            "ConfirmationNeeded": "confirme-{jour}",
            "UnusualCovers": "confirme-{jour}",
        },
    ),
)
