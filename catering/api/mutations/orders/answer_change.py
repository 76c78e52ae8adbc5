"""Answer a change that the supplier proposes."""

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
from catering.orders.service import answer_change as answer
from catering.people.viewer import Viewer
from catering.refusal import Refusal

AnswerChangeResult: TypeAlias = Annotated[
    OrderMoved
    | refusals.UnknownOrder
    | refusals.WrongState
    | refusals.ProposalReplaced
    | refusals.NotADeliveryDay
    | refusals.TooFar
    | refusals.TooLate
    | refusals.NotProven
    | refusals.NotForSale
    | refusals.SupplierAway
    | refusals.NotHygienic
    | NotAllowed
    | KeyRefused,
    strawberry.union("AnswerChangeResult", description="The order afterwards, or why the answer is refused."),
]


@documented
async def answer_change(
    info: Ask,
    order_id: OrderId,
    seen: Annotated[int, strawberry.argument(description="`seq` of the proposal that you answer.")],
    agreed: Annotated[bool, strawberry.argument(description="Whether you agree.")],
    idempotency_key: IdempotencyKey,
) -> AnswerChangeResult:
    """Agree to the change that the supplier proposes, or decline: then the order stands as before. One that was
    replaced since is refused; another delivery day is checked again as when a basket is sent. Only the kitchen may."""

    async def change(session: AsyncSession, viewer: Viewer, number: int, now: datetime) -> Order:
        return await answer(session, viewer, number, seen, agreed, now)

    try:
        return await change_order(info, "answerChange", idempotency_key, order_id, [seen, agreed], change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
