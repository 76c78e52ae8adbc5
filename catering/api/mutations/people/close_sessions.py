"""Close every session of one's own account."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.moment import now
from catering.people.sessions import close_all
from catering.refusal import Refusal


@strawberry.type(description="You are signed out everywhere, here too.")
class SessionsClosed:
    closed: int = strawberry.field(description="How many sessions were open.")


CloseSessionsResult: TypeAlias = Annotated[
    SessionsClosed | NotAllowed | KeyRefused,
    strawberry.union("CloseSessionsResult", description="How many sessions ended, or why none did."),
]


@documented
async def close_sessions(info: Ask, idempotency_key: IdempotencyKey) -> CloseSessionsResult:
    """Sign out of every browser, e.g. after losing a tablet; in person only. Tokens and passkeys stay."""
    viewer = info.context.viewer

    async def write(session: AsyncSession) -> str:
        return str(await close_all(session, viewer, now()))

    try:
        closed = await once(info.context, asked("closeSessions", idempotency_key, None), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return SessionsClosed(closed=int(closed))
