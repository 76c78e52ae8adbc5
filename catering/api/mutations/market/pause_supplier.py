"""Deliver nothing for some days."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market import refusals
from catering.api.mutations.market.writing import OfSupplier, supplier_now, write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market import supplying
from catering.market.graph import Supplier
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(
    description="Nothing can be ordered for these days; its `orders(supplierAway: true)` are still to be settled."
)
class SupplierPaused:
    supplier: Supplier = strawberry.field(description="The supplier, as it stands now.")


PauseSupplierResult: TypeAlias = Annotated[
    SupplierPaused | refusals.UnknownSupplier | refusals.InvalidSupply | NotAllowed | KeyRefused,
    strawberry.union("PauseSupplierResult", description="The supplier with its pause, or why there is none."),
]


@documented
async def pause_supplier(
    info: Ask,
    supplier: OfSupplier,
    first_day: Annotated[date, strawberry.argument(description="First day without deliveries.")],
    last_day: Annotated[date, strawberry.argument(description="Last one.")],
    reason: Annotated[str, strawberry.argument(description="In French, a few words.")],
    idempotency_key: IdempotencyKey,
) -> PauseSupplierResult:
    """Deliver nothing between two days: holidays, works, illness. Orders sent before stand until their supplier reports
    a failure or proposes another day; the stock of the weeks is untouched."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        await supplying.pause(session, viewer, supplier, first_day, last_day, reason)
        return supplier

    try:
        slug = await write_once(
            info.context, "pauseSupplier", idempotency_key, [supplier, first_day, last_day, reason], write
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return SupplierPaused(supplier=await supplier_now(info.context, slug))
