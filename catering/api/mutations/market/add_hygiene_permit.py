"""State what allows a supplier to sell products of animals to canteens."""

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
from catering.market.certifying import PermitWish
from catering.market.graph import Supplier
from catering.market.models import PermitKind
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.input(description="A right to sell products of animals to canteens.")
class HygienePermitInput:
    kind: PermitKind = strawberry.field(description="Approval, dérogation or packing centre.")
    number: str = strawberry.field(description="In the oval mark (`FR 62.041.001 CE`), or of the receipt.")
    valid_from: date = strawberry.field(description="First day, included.")
    valid_to: date | None = strawberry.field(default=None, description="Last day, included; null has no end.")
    max_km: int | None = strawberry.field(
        default=None, description="Distance that the prefect granted, km as the crow flies; for a dérogation only."
    )
    large_share: bool = strawberry.field(
        default=False, description="More than the small share of the production is sold this way: lower weekly caps."
    )
    document: strawberry.ID = strawberry.field(description="Number of the file that shows it (PDF or image).")


@strawberry.type(description="Products of animals may be delivered under it.")
class HygienePermitAdded:
    supplier: Supplier = strawberry.field(description="The supplier, as it stands now.")


AddHygienePermitResult: TypeAlias = Annotated[
    HygienePermitAdded
    | refusals.UnknownSupplier
    | refusals.InvalidPermit
    | refusals.UnknownDocument
    | NotAllowed
    | KeyRefused,
    strawberry.union("AddHygienePermitResult", description="The supplier with its permit, or why it is not taken."),
]


@documented
async def add_hygiene_permit(
    info: Ask,
    supplier: OfSupplier,
    permit: Annotated[HygienePermitInput, strawberry.argument(description="The right, and the file that shows it.")],
    idempotency_key: IdempotencyKey,
) -> AddHygienePermitResult:
    """State an approval, a dérogation, or the packing centre of your eggs (HYG-01 to HYG-04)."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        wish = PermitWish(**{**vars(permit), "document": row_number(permit.document, "document")})
        await certifying.add_permit(session, viewer, supplier, wish)
        return supplier

    try:
        slug = await write_once(info.context, "addHygienePermit", idempotency_key, [supplier, vars(permit)], write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return HygienePermitAdded(supplier=await supplier_now(info.context, slug))
