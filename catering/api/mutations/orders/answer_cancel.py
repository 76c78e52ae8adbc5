"""Answer a kitchen that asks to cancel after the cut-off."""

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
from catering.orders.service import answer_cancel as answer
from catering.people.viewer import Viewer
from catering.refusal import Refusal

AnswerCancelResult: TypeAlias = Annotated[
    OrderMoved | refusals.UnknownOrder | refusals.WrongState | NotAllowed | KeyRefused,
    strawberry.union("AnswerCancelResult", description="The order afterwards, or why the answer is refused."),
]


@documented
async def answer_cancel(
    info: Ask,
    order_id: OrderId,
    agreed: Annotated[bool, strawberry.argument(description="Whether you agree.")],
    idempotency_key: IdempotencyKey,
) -> AnswerCancelResult:
    """Agree to cancel an order after its cut-off, or decline: then it stands. Only its supplier may."""

    async def change(session: AsyncSession, viewer: Viewer, number: int, now: datetime) -> Order:
        return await answer(session, viewer, number, agreed, now)

    try:
        return await change_order(info, "answerCancel", idempotency_key, order_id, agreed, change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
