"""Say that an order has left."""

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
from catering.orders.service import ship
from catering.people.viewer import Viewer
from catering.refusal import Refusal

ShipOrderResult: TypeAlias = Annotated[
    OrderMoved | refusals.UnknownOrder | refusals.WrongState | refusals.NotHygienic | NotAllowed | KeyRefused,
    strawberry.union("ShipOrderResult", description="The order on its way, or why it is not."),
]


@documented
async def ship_order(
    info: Ask,
    order_id: OrderId,
    idempotency_key: IdempotencyKey,
) -> ShipOrderResult:
    """Say that an order has left; from now on nobody cancels it. Only its supplier may."""

    async def change(session: AsyncSession, viewer: Viewer, number: int, now: datetime) -> Order:
        return await ship(session, viewer, number, now)

    try:
        return await change_order(info, "shipOrder", idempotency_key, order_id, None, change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
