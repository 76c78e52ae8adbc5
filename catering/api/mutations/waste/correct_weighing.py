"""Take a weighing back, and put another in its place."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.waste import refusals
from catering.api.mutations.waste.entering import WeighingInput, Why, plain
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.refusal import Refusal
from catering.waste.graph.weighings import Weighing, show_weighing
from catering.waste.loaders import WeighingById
from catering.waste.service.weighing import take_back


@strawberry.type(description="Taken back by its opposite row; both stay.")
class WeighingCorrected:
    weighing: Weighing = strawberry.field(description="What takes its place; without one, the opposite row.")


CorrectWeighingResult: TypeAlias = Annotated[
    WeighingCorrected
    | refusals.UnknownWeighing
    | refusals.AlreadyTakenBack
    | refusals.InvalidWeighing
    | refusals.ConfirmationNeeded
    | refusals.MoreThanServed
    | refusals.EntryKeyUsed
    | NotAllowed
    | KeyRefused,
    strawberry.union("CorrectWeighingResult", description="The new row, or why nothing is changed."),
]


@documented
async def correct_weighing(
    info: Ask,
    weighing_id: Annotated[strawberry.ID, strawberry.argument(description="Number of the weighing.")],
    why: Why,
    idempotency_key: IdempotencyKey,
    instead: Annotated[
        WeighingInput | None, strawberry.argument(description="What was really weighed; null when nothing was.")
    ] = None,
) -> CorrectWeighingResult:
    """Take a weighing back by an opposite row, and keep what was really weighed."""
    request = info.context
    viewer = request.viewer
    number = row_number(str(weighing_id), "pesée")

    async def write(session: AsyncSession) -> str:
        kept = await take_back(session, viewer, number, why, None if instead is None else plain(instead))
        return str(kept.id)

    try:
        given = [number, why, None if instead is None else str(plain(instead))]
        kept = await once(request, asked("correctWeighing", idempotency_key, given), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.loader(WeighingById).load(int(kept))
    assert row is not None, "who corrects a weighing may read it"
    return WeighingCorrected(weighing=show_weighing(row))
