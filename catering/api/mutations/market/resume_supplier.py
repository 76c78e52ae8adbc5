"""Deliver after all on days that were announced without deliveries."""

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
from catering.market import supplying
from catering.market.graph import Supplier
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="These days can be ordered for again.")
class SupplierResumed:
    supplier: Supplier = strawberry.field(description="The supplier, as it stands now.")


ResumeSupplierResult: TypeAlias = Annotated[
    SupplierResumed | refusals.UnknownSupplier | refusals.InvalidSupply | NotAllowed | KeyRefused,
    strawberry.union("ResumeSupplierResult", description="The supplier without its pause, or why it stays."),
]


@documented
async def resume_supplier(
    info: Ask,
    supplier: OfSupplier,
    pause: Annotated[strawberry.ID, strawberry.argument(description="Number of the pause.")],
    idempotency_key: IdempotencyKey,
) -> ResumeSupplierResult:
    """Take a pause back."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        await supplying.resume(session, viewer, supplier, row_number(pause, "pause"))
        return supplier

    try:
        slug = await write_once(info.context, "resumeSupplier", idempotency_key, [supplier, pause], write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return SupplierResumed(supplier=await supplier_now(info.context, slug))
