"""End the guided first visit of the pages."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.moment import now
from catering.people.visits import end_visit as ended
from catering.refusal import Refusal


@strawberry.type(description="The guided first visit is no longer offered to you; it stays in your account's page.")
class VisitEnded:
    first: bool = strawberry.field(description="Whether it was still offered until now.")


EndVisitResult: TypeAlias = Annotated[
    VisitEnded | NotAllowed | KeyRefused,
    strawberry.union("EndVisitResult", description="The visit ended, or why it could not be."),
]


@documented
async def end_visit(info: Ask, idempotency_key: IdempotencyKey) -> EndVisitResult:
    """Say that the guided first visit of the pages was seen, or is not wanted; in person only."""
    viewer = info.context.viewer

    async def write(session: AsyncSession) -> str:
        return str(int(await ended(session, viewer, now())))

    try:
        first = await once(info.context, asked("endVisit", idempotency_key, None), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return VisitEnded(first=first == "1")
