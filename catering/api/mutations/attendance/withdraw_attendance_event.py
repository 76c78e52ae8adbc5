"""Take an announced event back."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.attendance.refusals import InvalidAttendanceEvent
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.attendance.announcing import withdraw
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.refusal import Refusal


@strawberry.type(description="Taken back; it stays readable.")
class AttendanceEventWithdrawn:
    event_id: strawberry.ID = strawberry.field(description="Its number.")


WithdrawAttendanceEventResult: TypeAlias = Annotated[
    AttendanceEventWithdrawn | InvalidAttendanceEvent | NotAllowed | KeyRefused,
    strawberry.union("WithdrawAttendanceEventResult", description="Its number, or why nothing is changed."),
]


@documented
async def withdraw_attendance_event(
    info: Ask,
    event_id: Annotated[strawberry.ID, strawberry.argument(description="Number of the event.")],
    idempotency_key: IdempotencyKey,
) -> WithdrawAttendanceEventResult:
    """Take an announced event back; forecasts made before keep what they were told."""
    request = info.context
    viewer = request.viewer
    number = row_number(str(event_id), "événement")

    async def write(session: AsyncSession) -> str:
        return str((await withdraw(session, viewer, number)).id)

    try:
        kept = await once(request, asked("withdrawAttendanceEvent", idempotency_key, number), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return AttendanceEventWithdrawn(event_id=strawberry.ID(kept))
