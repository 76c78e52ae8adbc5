"""Stop a standing order."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.orders import refusals
from catering.api.mutations.orders.start_standing_order import StandingOrderSaved
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.moment import now
from catering.orders.graph.of_kitchens import show_standing
from catering.orders.queries import standing_orders
from catering.orders.standing import stop
from catering.refusal import Refusal

StopStandingOrderResult: TypeAlias = Annotated[
    StandingOrderSaved | refusals.UnknownLine | NotAllowed | KeyRefused,
    strawberry.union("StopStandingOrderResult", description="The stopped standing order, or why it goes on."),
]


@documented
async def stop_standing_order(
    info: Ask,
    standing_order_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the standing order.")],
    idempotency_key: IdempotencyKey,
) -> StopStandingOrderResult:
    """Stop a standing order; what it has put into baskets stays there. Only the kitchen may."""
    request, number = info.context, row_number(standing_order_id, "commande permanente")
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        return str((await stop(session, viewer, number, now())).id)

    try:
        await once(request, asked("stopStandingOrder", idempotency_key, standing_order_id), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.one(standing_orders(viewer, [number]))
    assert row is not None, "who stops a standing order may read it"
    return StandingOrderSaved(standing_order=show_standing(row))
