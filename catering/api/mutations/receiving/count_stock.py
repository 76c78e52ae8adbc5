"""Say how much of a lot is really there."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.receiving import refusals
from catering.api.mutations.receiving.changing import LotId, Why, move_lot
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.receiving.graph.stock import StockLot
from catering.receiving.service.stock import count
from catering.refusal import Refusal


@strawberry.type(description="Counted: the lot holds what was found.")
class StockCounted:
    lot: StockLot = strawberry.field(description="The lot as it stands.")


CountStockResult: TypeAlias = Annotated[
    StockCounted | refusals.UnknownLot | refusals.InvalidMove | NotAllowed | KeyRefused,
    strawberry.union("CountStockResult", description="The lot, or why the count is not kept."),
]


@documented
async def count_stock(
    info: Ask,
    lot_id: LotId,
    counted_g: Annotated[int, strawberry.argument(description="Grams on the shelf, 0 or more.")],
    day: Annotated[date, strawberry.argument(description="When it happened.")],
    why: Why,
    idempotency_key: IdempotencyKey,
) -> CountStockResult:
    """Say how much of a lot is really on the shelf; the difference is a move like any other, with its reason."""

    async def write(session: AsyncSession, viewer: Viewer) -> None:
        await count(session, viewer, row_number(lot_id, "lot"), counted_g, day, why)

    try:
        given = [counted_g, day, why]
        lot = await move_lot(info.context, "countStock", idempotency_key, lot_id, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return StockCounted(lot=lot)
