"""Note what was thrown away."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.receiving import refusals
from catering.api.mutations.receiving.changing import Grams, LotId, Why, move_lot
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.receiving.graph.stock import StockLot
from catering.receiving.service.stock import lose
from catering.refusal import Refusal


@strawberry.type(description="Noted: the lot has less.")
class LossRecorded:
    lot: StockLot = strawberry.field(description="The lot as it stands.")


RecordLossResult: TypeAlias = Annotated[
    LossRecorded | refusals.UnknownLot | refusals.NotEnoughStock | refusals.InvalidMove | NotAllowed | KeyRefused,
    strawberry.union("RecordLossResult", description="The lot, or why nothing is noted."),
]


@documented
async def record_loss(
    info: Ask,
    lot_id: LotId,
    grams: Grams,
    day: Annotated[date, strawberry.argument(description="When it happened.")],
    why: Why,
    idempotency_key: IdempotencyKey,
) -> RecordLossResult:
    """Note what of a lot was thrown away, and why."""

    async def write(session: AsyncSession, viewer: Viewer) -> None:
        await lose(session, viewer, row_number(lot_id, "lot"), grams, day, why)

    try:
        given = [grams, day, why]
        lot = await move_lot(info.context, "recordLoss", idempotency_key, lot_id, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return LossRecorded(lot=lot)
