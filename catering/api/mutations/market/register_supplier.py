"""Register a supplier, wherever it is."""

from dataclasses import replace
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market import refusals
from catering.api.mutations.market.supplier_input import (
    SupplierIdentityInput,
    SupplierTermsInput,
    identity_of,
    terms_of,
)
from catering.api.mutations.market.writing import supplier_now, write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask, Request
from catering.market.graph import Supplier
from catering.market.registering import register
from catering.people.service import give_registered_supplier
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="The supplier is registered; a seller's account may sell in its name from now on.")
class SupplierRegistered:
    supplier: Supplier = strawberry.field(description="The supplier, as registered.")


RegisterSupplierResult: TypeAlias = Annotated[
    SupplierRegistered
    | refusals.SiretRefused
    | refusals.AlreadyRegistered
    | refusals.InvalidSupplier
    | NotAllowed
    | KeyRefused,
    strawberry.union("RegisterSupplierResult", description="The supplier, or why it is not registered."),
]


@documented
async def register_supplier(
    info: Ask,
    identity: Annotated[SupplierIdentityInput, strawberry.argument(description="Who it is and where.")],
    terms: Annotated[SupplierTermsInput, strawberry.argument(description="On which terms it delivers.")],
    idempotency_key: IdempotencyKey,
) -> RegisterSupplierResult:
    """Register a supplier; open to any operator, wherever it is: distance is no condition (CCP-40)."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        slug = (await register(session, viewer, identity_of(identity), terms_of(terms))).slug
        if viewer.sells:
            await give_registered_supplier(session, viewer, slug)
        return slug

    try:
        slug = await write_once(info.context, "registerSupplier", idempotency_key, [vars(identity), vars(terms)], write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    _act_as(info.context, slug)
    return SupplierRegistered(supplier=await supplier_now(info.context, slug))


def _act_as(request: Request, slug: str) -> None:
    """Who was identified before the registration sells as the new supplier in the rest of this answer too."""
    if request.viewer.sells:
        request.signed_in = replace(request.viewer, suppliers=request.viewer.suppliers | {slug})
