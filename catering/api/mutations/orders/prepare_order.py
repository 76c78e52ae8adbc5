"""Say that an order is prepared."""

from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.orders import refusals
from catering.api.mutations.orders.changing_order import OrderId, OrderMoved, change_order
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.orders.models import Order
from catering.orders.service import prepare
from catering.people.viewer import Viewer
from catering.refusal import Refusal

PrepareOrderResult: TypeAlias = Annotated[
    OrderMoved | refusals.UnknownOrder | refusals.WrongState | NotAllowed | KeyRefused,
    strawberry.union("PrepareOrderResult", description="The prepared order, or why it is not."),
]


@documented
async def prepare_order(
    info: Ask,
    order_id: OrderId,
    idempotency_key: IdempotencyKey,
) -> PrepareOrderResult:
    """Say that an order is harvested and packed. Only its supplier may."""

    async def change(session: AsyncSession, viewer: Viewer, number: int, now: datetime) -> Order:
        return await prepare(session, viewer, number, now)

    try:
        return await change_order(info, "prepareOrder", idempotency_key, order_id, None, change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
