"""Take goods for the menu of a day."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.receiving import refusals
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.kitchens.graph import Kitchen, show_kitchen
from catering.kitchens.queries import kitchens
from catering.receiving.service.stock import Used, use
from catering.refusal import Refusal


@strawberry.input(description="Grams of an ingredient taken for a lunch.")
class UsedInput:
    ingredient: strawberry.ID = strawberry.field(description="The ingredient (id).")
    grams: int = strawberry.field(description="Grams, at least 1.")
    lot_id: strawberry.ID | None = strawberry.field(
        default=None, description="From this lot; by default from the lots that expire first."
    )


@strawberry.type(description="Taken, first expired first out unless a lot was named.")
class StockUsed:
    kitchen: Kitchen = strawberry.field(description="The kitchen; see `stock`.")


UseStockResult: TypeAlias = Annotated[
    StockUsed
    | refusals.NotEnoughStock
    | refusals.UnknownLot
    | refusals.ExpiredLot
    | refusals.InvalidMove
    | refusals.UnknownPlace
    | NotAllowed
    | KeyRefused,
    strawberry.union("UseStockResult", description="The kitchen and its stock, or why nothing is taken."),
]


@documented
async def use_stock(
    info: Ask,
    kitchen: Annotated[strawberry.ID, strawberry.argument(description="UAI of a kitchen you buy for.")],
    menu_day: Annotated[date, strawberry.argument(description="The lunch it is for.")],
    used: Annotated[list[UsedInput], strawberry.argument(description="What is taken; all of it or nothing.")],
    idempotency_key: IdempotencyKey,
) -> UseStockResult:
    """Take goods for the menu of a day; nothing past its DLC on that day is taken."""
    request = info.context
    viewer = request.viewer
    taken = [
        Used(str(each.ingredient), each.grams, None if each.lot_id is None else row_number(each.lot_id, "lot"))
        for each in used
    ]

    async def write(session: AsyncSession) -> str:
        await use(session, viewer, str(kitchen), menu_day, taken)
        return str(kitchen)

    try:
        given = [kitchen, menu_day, [vars(each) for each in used]]
        uai = await once(request, asked("useStock", idempotency_key, given), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.one(kitchens(viewer, uais=[uai]))
    assert row is not None, "who takes from a kitchen may read it"
    return StockUsed(kitchen=show_kitchen(row))
