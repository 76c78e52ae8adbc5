"""Hand part of a lot over to another kitchen."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.receiving import refusals
from catering.api.mutations.receiving.changing import Grams, LotId, move_lot
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.receiving.graph.stock import StockLot
from catering.receiving.service.stock import transfer
from catering.refusal import Refusal


@strawberry.type(description="Handed over: out of one kitchen, into the other.")
class StockTransferred:
    lot: StockLot = strawberry.field(description="The lot as it stands.")


TransferStockResult: TypeAlias = Annotated[
    StockTransferred
    | refusals.UnknownLot
    | refusals.UnknownPlace
    | refusals.NotEnoughStock
    | refusals.ExpiredLot
    | refusals.InvalidMove
    | NotAllowed
    | KeyRefused,
    strawberry.union("TransferStockResult", description="The lot, or why nothing is handed over."),
]


@documented
async def transfer_stock(
    info: Ask,
    lot_id: LotId,
    to_kitchen: Annotated[strawberry.ID, strawberry.argument(description="UAI of the kitchen that gets it.")],
    grams: Grams,
    day: Annotated[date, strawberry.argument(description="When it happened.")],
    idempotency_key: IdempotencyKey,
) -> TransferStockResult:
    """Hand part of a lot over to another kitchen that you buy for; it keeps its number and date there."""

    async def write(session: AsyncSession, viewer: Viewer) -> None:
        await transfer(session, viewer, row_number(lot_id, "lot"), str(to_kitchen), grams, day)

    try:
        given = [to_kitchen, grams, day]
        lot = await move_lot(info.context, "transferStock", idempotency_key, lot_id, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return StockTransferred(lot=lot)
