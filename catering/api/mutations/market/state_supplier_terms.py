"""Change on which terms a supplier delivers."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market import refusals
from catering.api.mutations.market.supplier_input import SupplierTermsInput, terms_of
from catering.api.mutations.market.writing import OfSupplier, supplier_now, write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market.graph import Supplier
from catering.market.registering import state_terms
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="The terms hold from now on.")
class SupplierTermsStated:
    supplier: Supplier = strawberry.field(description="The supplier, with its terms.")


StateSupplierTermsResult: TypeAlias = Annotated[
    SupplierTermsStated | refusals.UnknownSupplier | refusals.InvalidSupplier | NotAllowed | KeyRefused,
    strawberry.union("StateSupplierTermsResult", description="The supplier, or why its terms stay as they were."),
]


@documented
async def state_supplier_terms(
    info: Ask,
    supplier: OfSupplier,
    terms: Annotated[SupplierTermsInput, strawberry.argument(description="All of them: they replace those before.")],
    idempotency_key: IdempotencyKey,
) -> StateSupplierTermsResult:
    """Change on which days and terms you deliver; when VAT starts or ceases to be due, your offers follow."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        return (await state_terms(session, viewer, supplier, terms_of(terms))).slug

    try:
        slug = await write_once(info.context, "stateSupplierTerms", idempotency_key, [supplier, vars(terms)], write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return SupplierTermsStated(supplier=await supplier_now(info.context, slug))
