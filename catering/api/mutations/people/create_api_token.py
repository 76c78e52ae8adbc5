"""Create an API token for a program."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.people import refusals
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask, Request
from catering.moment import now
from catering.people.graph import ApiToken, show_token
from catering.people.loaders import TokenById
from catering.people.tokens import make_token
from catering.people.viewer import Scope
from catering.refusal import Refusal


@strawberry.input(description="For which program, and what it may do.")
class CreateApiTokenInput:
    name: str = strawberry.field(description="Of the program; Latin letters, 60 characters at most.")
    scopes: list[Scope] = strawberry.field(description="What it may do, within what your account may; at least one.")
    days: int = strawberry.field(description="How many days it lasts, 1 to 366.")


@strawberry.type(description="The token is made. Send it as `Authorization: Bearer <secret>`.")
class ApiTokenCreated:
    token: ApiToken = strawberry.field(description="The token, as lists show it.")
    secret: str | None = strawberry.field(
        description="The token itself. Keep it now: it is not stored, so the same key sent again gives null."
    )


CreateApiTokenResult: TypeAlias = Annotated[
    ApiTokenCreated | refusals.BadName | refusals.BadToken | NotAllowed | KeyRefused,
    strawberry.union("CreateApiTokenResult", description="The token, or why there is none."),
]


@documented
async def create_api_token(
    info: Ask,
    token: Annotated[CreateApiTokenInput, strawberry.argument(description="What is wanted.")],
    idempotency_key: IdempotencyKey,
) -> CreateApiTokenResult:
    """Make a token for a program of yours; in person only, a token cannot make tokens."""
    try:
        number, secret = await _make(info.context, token, idempotency_key)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await info.context.loader(TokenById).load(number)
    assert row is not None, "who may make a token may read it"
    return ApiTokenCreated(token=show_token(row), secret=secret)


async def _make(request: Request, wanted: CreateApiTokenInput, key: str) -> tuple[int, str | None]:
    viewer = request.viewer
    secret: str | None = None

    async def write(session: AsyncSession) -> str:
        nonlocal secret
        row, secret = await make_token(session, viewer, wanted.name, wanted.scopes, wanted.days, now())
        return str(row.id)

    number = int(await once(request, asked("createApiToken", key, wanted), write))
    return number, secret
