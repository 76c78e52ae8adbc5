"""Say that nothing of an order came."""

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
from catering.orders.service import not_delivered
from catering.people.viewer import Viewer
from catering.refusal import Refusal

ReportNotDeliveredResult: TypeAlias = Annotated[
    OrderMoved | refusals.UnknownOrder | refusals.WrongState | refusals.InvalidReason | NotAllowed | KeyRefused,
    strawberry.union("ReportNotDeliveredResult", description="The order afterwards, or why it stands."),
]


@documented
async def report_not_delivered(
    info: Ask,
    order_id: OrderId,
    reason: Reason,
    idempotency_key: IdempotencyKey,
) -> ReportNotDeliveredResult:
    """Say that nothing of an order came on its day: it counts for nothing any more, and what could replace it is
    proposed in the basket. Only the kitchen may, from the day of the delivery on and before anything is received."""

    async def change(session: AsyncSession, viewer: Viewer, number: int, now: datetime) -> Order:
        return await not_delivered(session, viewer, number, said(reason), now)

    try:
        return await change_order(info, "reportNotDelivered", idempotency_key, order_id, said(reason), change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
