"""Announce days unlike the others."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.attendance.refusals import EventConfirmationNeeded, InvalidAttendanceEvent
from catering.api.mutations.waste.entering import ActingFor
from catering.api.mutations.waste.refusals import UnknownKitchen
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.attendance import models
from catering.attendance.announcing import announce
from catering.attendance.graph import AttendanceEvent, show_event
from catering.attendance.models import AttendanceEventKind
from catering.attendance.queries import events_visible_to
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.refusal import Refusal


@strawberry.type(description="Announced: the covers shown have it in at once, the next daily forecast rests on it.")
class AttendanceEventAnnounced:
    event: AttendanceEvent = strawberry.field(description="The event.")


AnnounceAttendanceEventResult: TypeAlias = Annotated[
    AttendanceEventAnnounced
    | UnknownKitchen
    | InvalidAttendanceEvent
    | EventConfirmationNeeded
    | NotAllowed
    | KeyRefused,
    strawberry.union("AnnounceAttendanceEventResult", description="The event, or why it is not kept."),
]


@documented
async def announce_attendance_event(
    info: Ask,
    kitchen: ActingFor,
    kind: Annotated[AttendanceEventKind, strawberry.argument(description="Why.")],
    first_day: Annotated[date, strawberry.argument(description="First day, today or later.")],
    last_day: Annotated[date, strawberry.argument(description="Last day, included; at most 92 days later.")],
    difference: Annotated[
        int, strawberry.argument(description="Covers of each day against an ordinary one; negative: fewer.")
    ],
    idempotency_key: IdempotencyKey,
    note: Annotated[str | None, strawberry.argument(description="At most 300 characters.")] = None,
    confirmed: Annotated[
        bool, strawberry.argument(description="The same kind stands on one of the days, or the number is unusual: yes.")
    ] = False,
) -> AnnounceAttendanceEventResult:
    """Announce a trip, an exam, a strike: how many covers more or fewer on each of its days."""
    request = info.context
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        row = await announce(
            session, viewer, str(kitchen), kind, first_day, last_day, difference, note, confirmed=confirmed
        )
        return str(row.id)

    given = [kitchen, kind, first_day, last_day, difference, note, confirmed]
    try:
        number = await once(request, asked("announceAttendanceEvent", idempotency_key, given), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    found = await request.one(events_visible_to(viewer).where(models.AttendanceEvent.id == int(number)))
    assert found is not None, "who announces events may read them"
    return AttendanceEventAnnounced(event=show_event(found))
