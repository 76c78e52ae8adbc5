"""Remove a passkey of one's own."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.people import refusals
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.passkeys import remove
from catering.refusal import Refusal


@strawberry.type(description="The passkey signs nobody in any more.")
class PasskeyRemoved:
    passkey_id: strawberry.ID = strawberry.field(description="Number it had.")


RemovePasskeyResult: TypeAlias = Annotated[
    PasskeyRemoved | refusals.UnknownCredential | NotAllowed | KeyRefused,
    strawberry.union("RemovePasskeyResult", description="The passkey that is gone, or why it is not."),
]


@documented
async def remove_passkey(
    info: Ask,
    passkey_id: Annotated[strawberry.ID, strawberry.argument(description="Number of the passkey.")],
    idempotency_key: IdempotencyKey,
) -> RemovePasskeyResult:
    """Remove a passkey of yours, e.g. of a device you lost; in person only."""
    viewer, number = info.context.viewer, row_number(passkey_id, "clé d'accès")

    async def write(session: AsyncSession) -> str:
        await remove(session, viewer, number)
        return str(number)

    try:
        gone = await once(info.context, asked("removePasskey", idempotency_key, passkey_id), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return PasskeyRemoved(passkey_id=strawberry.ID(gone))
