"""Cancel an order, or ask to."""

from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.orders import refusals
from catering.api.mutations.orders.changing_order import OrderId, OrderMoved, Reason, change_order, said
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.orders.models import Order
from catering.orders.service import cancel
from catering.people.viewer import Viewer
from catering.refusal import Refusal

CancelOrderResult: TypeAlias = Annotated[
    OrderMoved | refusals.UnknownOrder | refusals.WrongState | refusals.InvalidReason | NotAllowed | KeyRefused,
    strawberry.union("CancelOrderResult", description="The order afterwards, or why it is not cancelled."),
]


@documented
async def cancel_order(
    info: Ask,
    order_id: OrderId,
    reason: Reason,
    idempotency_key: IdempotencyKey,
) -> CancelOrderResult:
    """Cancel an order: at once before its cut-off or when its supplier has let the time to answer pass, otherwise only
    when the supplier agrees. Only the kitchen may."""

    async def change(session: AsyncSession, viewer: Viewer, number: int, now: datetime) -> Order:
        return await cancel(session, viewer, number, said(reason), now)

    try:
        return await change_order(info, "cancelOrder", idempotency_key, order_id, said(reason), change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
