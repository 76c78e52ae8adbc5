"""Say on which day a permit ends."""

from datetime import date, timedelta
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market import refusals
from catering.api.mutations.market.writing import OfSupplier, supplier_now, write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market import certifying
from catering.market.graph import Supplier
from catering.moment import now
from catering.orders.graph.orders import Order, show_order
from catering.orders.permit_ending import hold_coming, note_ended
from catering.orders.permitted import without_permit
from catering.people.viewer import Viewer
from catering.refusal import Refusal

ONE_DAY = timedelta(days=1)


@strawberry.type(description="The permit stands until that day, and stays readable.")
class HygienePermitEnded:
    supplier: Supplier = strawberry.field(description="The supplier, as it stands now.")
    orders: list[Order] = strawberry.field(
        description="Orders to come whose products of animals rest on no permit any more, in order of delivery; both "
        "sides are told by mail."
    )


EndHygienePermitResult: TypeAlias = Annotated[
    HygienePermitEnded | refusals.UnknownSupplier | refusals.InvalidPermit | NotAllowed | KeyRefused,
    strawberry.union("EndHygienePermitResult", description="The supplier, or why the permit stays as it was."),
]


@documented
async def end_hygiene_permit(
    info: Ask,
    supplier: OfSupplier,
    permit: Annotated[strawberry.ID, strawberry.argument(description="Number of the permit.")],
    last_day: Annotated[
        date,
        strawberry.argument(
            description="Last day, included; for the administration, the day before its first one: it never was."
        ),
    ],
    idempotency_key: IdempotencyKey,
    reason: Annotated[
        str | None,
        strawberry.argument(description="Why, in French, at most 200 characters: the administration has to say it."),
    ] = None,
) -> EndHygienePermitResult:
    """Say that an approval or a dérogation ends: withdrawn, or replaced by another. For its holder and for the
    administration; what the administration ends is not stated again under its number."""
    request = info.context

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        number = row_number(permit, "permit")
        await hold_coming(session, viewer, supplier, last_day + ONE_DAY)
        ended = await certifying.end_permit(session, viewer, supplier, number, last_day, reason)
        if ended.trace is not None:
            await note_ended(session, viewer, ended.permit, last_day + ONE_DAY, now())
        return supplier

    try:
        given = [supplier, permit, last_day, reason]
        slug = await write_once(request, "endHygienePermit", idempotency_key, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    shown = await supplier_now(request, slug)
    async with request.reading() as session:
        left = await without_permit(session, request.viewer, shown.row.id, last_day + ONE_DAY)
    return HygienePermitEnded(supplier=shown, orders=[show_order(row) for row in left])
