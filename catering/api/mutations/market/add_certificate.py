"""Add the certificate behind a label."""

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
from catering.market.certifying import CertificateWish
from catering.market.graph import Supplier
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.input(description="A certificate, as its document states it.")
class CertificateInput:
    label: strawberry.ID = strawberry.field(description="Code of the law tables, e.g. `BIO`.")
    certifier: str = strawberry.field(description="Who certifies; for organic farming the code `FR-BIO-nn`.")
    number: str = strawberry.field(description="Number of the certificate.")
    valid_from: date = strawberry.field(description="First day, included.")
    valid_to: date = strawberry.field(description="Last day, included.")
    document: strawberry.ID = strawberry.field(description="Number of the file that shows it (PDF or image).")
    conversion_since: date | None = strawberry.field(
        default=None,
        description="Of a conversion: the day it began; left out, it is counted from the first day of the certificate.",
    )
    agricultural_ingredients: int | None = strawberry.field(
        default=None, description="Of a conversion: agricultural ingredients of each product; raw ones have one."
    )
    equivalent_to: strawberry.ID | None = strawberry.field(
        default=None, description="Of a product equivalent to a sign (`EQUIVALENTS`): code of that sign."
    )


@strawberry.type(description="Offers may now be sold under its label.")
class CertificateAdded:
    supplier: Supplier = strawberry.field(description="The supplier, as it stands now.")


AddCertificateResult: TypeAlias = Annotated[
    CertificateAdded
    | refusals.UnknownSupplier
    | refusals.InvalidCertificate
    | refusals.UnknownDocument
    | NotAllowed
    | KeyRefused,
    strawberry.union("AddCertificateResult", description="The supplier with its certificate, or why it is not taken."),
]


@documented
async def add_certificate(
    info: Ask,
    supplier: OfSupplier,
    certificate: Annotated[
        CertificateInput, strawberry.argument(description="What it certifies, and the file that shows it.")
    ],
    idempotency_key: IdempotencyKey,
) -> AddCertificateResult:
    """Add a certificate; one that has ended, an organic one without the code of its control body, or one that
    leaves out what its label depends on, is refused."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        wish = CertificateWish(
            **{**vars(certificate), "document": row_number(certificate.document, "document")},
        )
        await certifying.add_certificate(session, viewer, supplier, wish)
        return supplier

    try:
        slug = await write_once(info.context, "addCertificate", idempotency_key, [supplier, vars(certificate)], write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return CertificateAdded(supplier=await supplier_now(info.context, slug))
