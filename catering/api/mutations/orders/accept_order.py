"""Accept an order, whole or in part."""

from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.orders import refusals
from catering.api.mutations.orders.changing_order import OrderId, OrderMoved, Packs, by_position, change_order
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.orders.models import Order
from catering.orders.service import accept
from catering.people.viewer import Viewer
from catering.refusal import Refusal

AcceptOrderResult: TypeAlias = Annotated[
    OrderMoved
    | refusals.UnknownOrder
    | refusals.WrongState
    | refusals.UnknownLine
    | refusals.BadQuantity
    | refusals.NothingAccepted
    | refusals.NotHygienic
    | NotAllowed
    | KeyRefused,
    strawberry.union("AcceptOrderResult", description="The accepted order, or why it is not."),
]


@documented
async def accept_order(
    info: Ask,
    order_id: OrderId,
    packs: Packs,
    idempotency_key: IdempotencyKey,
) -> AcceptOrderResult:
    """Take an order, whole or with fewer packs on some lines; replacements of the rest are proposed in the basket of
    the kitchen. Only its supplier may."""

    async def change(session: AsyncSession, viewer: Viewer, number: int, now: datetime) -> Order:
        return await accept(session, viewer, number, by_position(packs), now)

    try:
        return await change_order(info, "acceptOrder", idempotency_key, order_id, by_position(packs), change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
