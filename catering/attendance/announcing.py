"""Say beforehand that a day will be unlike the others, and take it back."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from catering.attendance import french
from catering.attendance.models import AttendanceEvent, AttendanceEventKind
from catering.attendance.queries import events_visible_to, standing_events
from catering.attendance.refusals import EventConfirmationNeeded, InvalidAttendanceEvent, NotAllowed
from catering.kitchens.models import Kitchen
from catering.moment import now, today
from catering.people.viewer import Viewer
from catering.waste import refusals as of_waste
from catering.waste.queries import covers
from catering.waste.service.counting import MOST_COVERS
from catering.waste.service.ground import LONGEST_TEXT, changed, days_served, own_kitchen, plain_or_none
from catering.waste.vocabulary import Service

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
    *,
    confirmed: bool = False,
) -> AttendanceEvent:
    """Say that some days will see ``difference`` covers more (below 0: fewer) than usual, each of them.

    Raises:
        catering.refusal.Refusal: not the viewer's kitchen, days past or without service, no difference, more absent
            than usual covers, or a doubt that nobody confirmed.
    """
    kitchen = await _own(session, viewer, uai, lock=True)
    _require(first, last, difference)
    days = await days_served(session, viewer, kitchen, first, last)
    if not days:
        raise InvalidAttendanceEvent(
            f"Du {first:%d/%m/%Y} au {last:%d/%m/%Y}, aucun jour de service : vérifier les dates."
        )
    noted = await _noted(session, viewer, kitchen, first, last)
    usual = max((each for each in (*days.values(), *noted.values()) if each is not None), default=None)
    if usual is not None and -difference > usual:
        raise InvalidAttendanceEvent(f"{-difference} absents pour {usual} couverts habituels : vérifier le nombre.")
    if not confirmed:
        await _require_no_doubt(session, viewer, kitchen, kind, first, last)
        _require_likely(difference, usual, noted)
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


async def _own(session: AsyncSession, viewer: Viewer, uai: str, *, lock: bool = False) -> Kitchen:
    try:
        return await own_kitchen(session, viewer, uai, lock=lock)
    except of_waste.NotAllowed as refused:
        raise NotAllowed from refused


async def _noted(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, first: date, last: date
) -> dict[date, int | None]:
    """Lunches that the kitchen has noted as planned."""
    asked = covers(viewer, kitchen_ids=[kitchen.id], first=first, last=last, service=Service.LUNCH)
    return {row.day: row.planned for row in await session.scalars(asked) if row.planned is not None}


async def _require_no_doubt(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, kind: AttendanceEventKind, first: date, last: date
) -> None:
    """Ask about an event that somebody announced before: told by two people, it would count twice."""
    same = standing_events(viewer, first, last).where(
        AttendanceEvent.kitchen_id == kitchen.id, AttendanceEvent.kind == kind
    )
    before: AttendanceEvent | None = await session.scalar(same.order_by(AttendanceEvent.id).limit(1))
    if before is not None:
        raise EventConfirmationNeeded(
            f"Déjà annoncé par {before.made_by}, du {before.first_day:%d/%m/%Y} au {before.last_day:%d/%m/%Y} : "
            f"{french.event(before.kind, before.difference)} Les deux s'ajouteraient."
        )


def _require_likely(difference: int, usual: int | None, noted: Mapping[date, int | None]) -> None:
    if usual is not None and difference > usual:
        raise EventConfirmationNeeded(f"{difference} invités pour {usual} couverts habituels.")
    if noted:
        day, many = min(noted.items())
        raise EventConfirmationNeeded(
            f"Le {day:%d/%m/%Y}, {many} couverts prévus sont déjà notés : ils valent pour toute la journée, "
            "l'événement n'y changerait rien. Corriger les couverts prévus (Effectifs) s'ils ne le comprennent pas."
        )


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
