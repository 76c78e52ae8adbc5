"""Say on which day a permit ends."""

from datetime import date
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
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="The permit stands until that day, and stays readable.")
class HygienePermitEnded:
    supplier: Supplier = strawberry.field(description="The supplier, as it stands now.")


EndHygienePermitResult: TypeAlias = Annotated[
    HygienePermitEnded | refusals.UnknownSupplier | refusals.InvalidPermit | NotAllowed | KeyRefused,
    strawberry.union("EndHygienePermitResult", description="The supplier, or why the permit stays as it was."),
]


@documented
async def end_hygiene_permit(
    info: Ask,
    supplier: OfSupplier,
    permit: Annotated[strawberry.ID, strawberry.argument(description="Number of the permit.")],
    last_day: Annotated[date, strawberry.argument(description="Last day, included.")],
    idempotency_key: IdempotencyKey,
) -> EndHygienePermitResult:
    """Say that an approval or a dérogation ends: withdrawn, or replaced by another."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        number = row_number(permit, "permit")
        await certifying.end_permit(session, viewer, supplier, number, last_day)
        return supplier

    try:
        slug = await write_once(info.context, "endHygienePermit", idempotency_key, [supplier, permit, last_day], write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return HygienePermitEnded(supplier=await supplier_now(info.context, slug))
