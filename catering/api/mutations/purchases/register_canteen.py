"""Tell under which SIRET and number ma-cantine knows a kitchen."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market.writing import number_or_none, write_once
from catering.api.mutations.purchases import refusals
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.purchases.registering import register
from catering.refusal import Refusal


@strawberry.type(description="How ma-cantine knows the kitchen.")
class CanteenRegistered:
    uai: strawberry.ID = strawberry.field(description="The kitchen.")
    siret: strawberry.ID = strawberry.field(description="14 digits.")
    cantine_id: strawberry.ID | None = strawberry.field(description="Its number on ma-cantine; null when unknown.")


RegisterCanteenResult: TypeAlias = Annotated[
    CanteenRegistered | refusals.CanteenRefused | NotAllowed | KeyRefused,
    strawberry.union("RegisterCanteenResult", description="What was written down, or why nothing was."),
]


@documented
async def register_canteen(
    info: Ask,
    uai: Annotated[strawberry.ID, strawberry.argument(description="The kitchen.")],
    siret: Annotated[strawberry.ID, strawberry.argument(description="Its SIRET, 14 digits.")],
    idempotency_key: IdempotencyKey,
    cantine_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="Its number on ma-cantine; null when unknown.")
    ] = None,
) -> RegisterCanteenResult:
    """Tell under which SIRET and number ma-cantine knows a kitchen: exports bear them, imports are found by them."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        number = number_or_none(cantine_id, "cantineId")
        return await register(session, viewer, uai, siret, number)

    try:
        made = await write_once(info.context, "registerCanteen", idempotency_key, [uai, siret, cantine_id], write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return CanteenRegistered(uai=uai, siret=strawberry.ID(made), cantine_id=cantine_id)
