"""Revoke an API token: it opens nothing any more."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.people import refusals
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.moment import now
from catering.people.graph import ApiToken, show_token
from catering.people.loaders import TokenById
from catering.people.tokens import revoke_token
from catering.refusal import Refusal


@strawberry.type(description="The token opens nothing any more.")
class ApiTokenRevoked:
    token: ApiToken = strawberry.field(description="The token.")


RevokeApiTokenResult: TypeAlias = Annotated[
    ApiTokenRevoked | refusals.UnknownCredential | NotAllowed | KeyRefused,
    strawberry.union("RevokeApiTokenResult", description="The token that is over, or why it is not."),
]


@documented
async def revoke_api_token(
    info: Ask,
    token_id: Annotated[strawberry.ID, strawberry.argument(description="Number of the token.")],
    idempotency_key: IdempotencyKey,
) -> RevokeApiTokenResult:
    """End a token of yours, or anybody's for the administration of the Département; in person only."""
    viewer, number = info.context.viewer, row_number(token_id, "jeton")

    async def write(session: AsyncSession) -> str:
        return str((await revoke_token(session, viewer, number, now())).id)

    try:
        await once(info.context, asked("revokeApiToken", idempotency_key, token_id), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await info.context.loader(TokenById).load(number)
    assert row is not None, "who may end a token may read it"
    return ApiTokenRevoked(token=show_token(row))
