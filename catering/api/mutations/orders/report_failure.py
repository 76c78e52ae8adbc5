"""Report that a supplier can deliver nothing on a day."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.orders.changing_order import Reason, said
from catering.api.mutations.orders.refusals import DayOver, InvalidReason
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market.supplying import LONGEST_REASON
from catering.moment import now
from catering.orders.graph.orders import Order, show_order
from catering.orders.queries import fallen
from catering.orders.service import fail_day
from catering.refusal import Refusal


@strawberry.type(description="The orders of the day have fallen; replacements stand in the baskets of the kitchens.")
class FailureReported:
    orders: list[Order] = strawberry.field(description="Every order of that supplier and day that has fallen.")


ReportFailureResult: TypeAlias = Annotated[
    FailureReported | DayOver | InvalidReason | NotAllowed | KeyRefused,
    strawberry.union("ReportFailureResult", description="The orders that fell, or why none did."),
]


@documented
async def report_failure(
    info: Ask,
    supplier: Annotated[strawberry.ID, strawberry.argument(description="Id of the supplier.")],
    day: Annotated[date, strawberry.argument(description="Delivery day.")],
    reason: Reason,
    idempotency_key: IdempotencyKey,
) -> ReportFailureResult:
    """Say that nothing can be delivered on a day: every order of it falls, and the next best offers are proposed in the
    baskets of the kitchens, and nothing more is sold for that day: it is a pause, which the supplier may take back. The
    reason has at most 200 characters. Only the supplier may."""
    request = info.context
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        await fail_day(session, viewer, str(supplier), day, said(reason, LONGEST_REASON), now())
        return str(supplier)

    try:
        await once(request, asked("reportFailure", idempotency_key, [supplier, day, reason]), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    rows = await request.objects(fallen(viewer, str(supplier), day))
    return FailureReported(orders=[show_order(row) for row in rows])
