"""Correct what was noted of a lot."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market.refusals import UnknownDocument
from catering.api.mutations.receiving import refusals
from catering.api.mutations.receiving.changing import Why, keep_reception
from catering.api.mutations.receiving.noting import NotedLotInput, plain
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.receiving import models
from catering.receiving.graph.receptions import Reception
from catering.receiving.service.receive import Noted, correct
from catering.refusal import Refusal


@strawberry.type(description="Corrected: the first note stays readable, the books take the difference.")
class ReceptionCorrected:
    reception: Reception = strawberry.field(description="The correction, a reception of its own.")


CorrectReceptionResult: TypeAlias = Annotated[
    ReceptionCorrected
    | refusals.UnknownReceptionLine
    | refusals.AlreadyCorrected
    | refusals.InvalidReception
    | refusals.MoreThanOrdered
    | refusals.BeyondContract
    | refusals.MustBeRefused
    | refusals.ReserveNeeded
    | refusals.TemperatureNotMeasured
    | refusals.UseByNotRead
    | refusals.NotEnoughStock
    | UnknownDocument
    | NotAllowed
    | KeyRefused,
    strawberry.union("CorrectReceptionResult", description="The correction, or why there is none."),
]


@documented
async def correct_reception(
    info: Ask,
    line_id: Annotated[strawberry.ID, strawberry.argument(description="The reception line to replace (`id`).")],
    noted: Annotated[NotedLotInput, strawberry.argument(description="The lot as it should have been noted, whole.")],
    why: Why,
    idempotency_key: IdempotencyKey,
) -> CorrectReceptionResult:
    """Replace what was noted of a lot by a new note; a line is replaced once, then its correction may be."""
    number = row_number(line_id, "ligne de réception")

    async def write(session: AsyncSession, viewer: Viewer) -> models.Reception:
        return await correct(session, viewer, number, Noted(**plain(noted)), why)

    try:
        given = [line_id, vars(noted), why]
        kept = await keep_reception(info.context, "correctReception", idempotency_key, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return ReceptionCorrected(reception=kept)
