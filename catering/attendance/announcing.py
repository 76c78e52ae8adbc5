"""Say beforehand that a day will be unlike the others, and take it back."""

from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from catering.attendance.models import AttendanceEvent, AttendanceEventKind
from catering.attendance.queries import events_visible_to
from catering.attendance.refusals import InvalidAttendanceEvent, NotAllowed
from catering.kitchens.models import Kitchen
from catering.moment import now, today
from catering.people.viewer import Viewer
from catering.waste import refusals as of_waste
from catering.waste.service.counting import MOST_COVERS
from catering.waste.service.ground import LONGEST_TEXT, changed, days_served, own_kitchen, plain_or_none

FARTHEST = timedelta(days=400)
LONGEST = timedelta(days=92)


async def announce(
    session: AsyncSession,
    viewer: Viewer,
    uai: str,
    kind: AttendanceEventKind,
    first: date,
    last: date,
    difference: int,
    note: str | None = None,
) -> AttendanceEvent:
    """Say that some days will see ``difference`` covers more (below 0: fewer) than usual, each of them.

    Raises:
        catering.refusal.Refusal: not the viewer's kitchen, days past or without service, or no difference.
    """
    kitchen = await _own(session, viewer, uai)
    _require(first, last, difference)
    if not await days_served(session, viewer, kitchen, first, last):
        raise InvalidAttendanceEvent(
            f"Du {first:%d/%m/%Y} au {last:%d/%m/%Y}, aucun jour de service : vérifier les dates."
        )
    row = AttendanceEvent(
        kitchen_id=kitchen.id,
        kind=kind,
        first_day=first,
        last_day=last,
        difference=difference,
        note=plain_or_none(note, "La remarque", LONGEST_TEXT, InvalidAttendanceEvent),
        made_at=now(),
        made_by=viewer.actor,
    )
    session.add(row)
    await session.flush()
    after = {"kind": kind, "first_day": first, "last_day": last, "difference": difference}
    session.add(changed(viewer, AttendanceEvent.__tablename__, str(row.id), None, after))
    return row


async def _own(session: AsyncSession, viewer: Viewer, uai: str) -> Kitchen:
    try:
        return await own_kitchen(session, viewer, uai)
    except of_waste.NotAllowed as refused:
        raise NotAllowed from refused


def _require(first: date, last: date, difference: int) -> None:
    if not today() <= first <= last <= first + LONGEST or first - today() > FARTHEST:
        raise InvalidAttendanceEvent(
            f"Du {first:%d/%m/%Y} au {last:%d/%m/%Y} : un événement s'annonce à partir d'aujourd'hui, pour "
            f"{LONGEST.days} jours au plus, à moins de {FARTHEST.days} jours d'ici."
        )
    if difference == 0 or abs(difference) > MOST_COVERS:
        raise InvalidAttendanceEvent(
            f"{difference} couverts d'écart : donner un nombre négatif pour des absents, positif pour des invités, "
            f"{MOST_COVERS} au plus."
        )


async def withdraw(session: AsyncSession, viewer: Viewer, number: int) -> AttendanceEvent:
    """Take an event back; withdrawing it again changes nothing.

    Raises:
        catering.refusal.Refusal: it is not of a kitchen the viewer cooks for.
    """
    statement = events_visible_to(viewer).where(AttendanceEvent.id == number)
    row: AttendanceEvent | None = await session.scalar(statement.with_for_update(of=AttendanceEvent))
    if not viewer.buys:
        raise NotAllowed
    if row is None:
        raise InvalidAttendanceEvent(f"Aucun événement n'a le numéro {number} dans vos cuisines : relire la liste.")
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by = now(), viewer.actor
        before, after = {"withdrawn": False}, {"withdrawn": True}
        session.add(changed(viewer, AttendanceEvent.__tablename__, str(row.id), before, after))
        await session.flush()
    return row
