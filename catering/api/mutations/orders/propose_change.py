"""Propose fewer packs or another delivery day."""

from datetime import date, datetime
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.orders import refusals
from catering.api.mutations.orders.changing_order import (
    OrderId,
    OrderMoved,
    Packs,
    Reason,
    by_position,
    change_order,
    said,
)
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.orders.models import Order
from catering.orders.service import propose_change as propose
from catering.people.viewer import Viewer
from catering.refusal import Refusal

ProposeChangeResult: TypeAlias = Annotated[
    OrderMoved
    | refusals.UnknownOrder
    | refusals.WrongState
    | refusals.UnknownLine
    | refusals.BadQuantity
    | refusals.NothingAccepted
    | refusals.NotADeliveryDay
    | refusals.InvalidReason
    | refusals.TooFar
    | refusals.TooLate
    | refusals.NotProven
    | refusals.NotForSale
    | refusals.SupplierAway
    | refusals.NotHygienic
    | NotAllowed
    | KeyRefused,
    strawberry.union("ProposeChangeResult", description="The order with the proposal, or why it is refused."),
]


@documented
async def propose_change(
    info: Ask,
    order_id: OrderId,
    packs: Packs,
    reason: Reason,
    idempotency_key: IdempotencyKey,
    day: Annotated[date | None, strawberry.argument(description="Delivery day proposed; by default the same.")] = None,
) -> ProposeChangeResult:
    """Propose fewer packs or another delivery day, which passes the checks of a basket that is sent; nothing changes
    before the kitchen agrees. Only its supplier may."""

    async def change(session: AsyncSession, viewer: Viewer, number: int, now: datetime) -> Order:
        return await propose(session, viewer, number, by_position(packs), day, said(reason), now)

    try:
        given = [by_position(packs), said(reason), day]
        return await change_order(info, "proposeChange", idempotency_key, order_id, given, change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
