"""Put a notice away that one has read."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.people.refusals import UnknownNotice
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.moment import now
from catering.people.putting_away import put_away
from catering.refusal import Refusal


@strawberry.type(description="The notice is shown to you no more, until what it says changes.")
class NoticePutAway:
    notice: strawberry.ID = strawberry.field(description="What names it.")


PutAwayNoticeResult: TypeAlias = Annotated[
    NoticePutAway | UnknownNotice | NotAllowed | KeyRefused,
    strawberry.union("PutAwayNoticeResult", description="The notice put away, or why it is still shown."),
]


@documented
async def put_away_notice(
    info: Ask,
    notice: Annotated[
        strawberry.ID, strawberry.argument(description="What names it on its page: letters, digits, _ . : and -.")
    ],
    idempotency_key: IdempotencyKey,
) -> PutAwayNoticeResult:
    """Say that you have read a notice of a page: it is shown to you again once what it says has changed. In person
    only."""
    viewer = info.context.viewer

    async def write(session: AsyncSession) -> str:
        await put_away(session, viewer, str(notice), now())
        return str(notice)

    try:
        return NoticePutAway(
            notice=strawberry.ID(await once(info.context, asked("putAwayNotice", idempotency_key, str(notice)), write))
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
