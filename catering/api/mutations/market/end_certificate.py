"""Withdraw a certificate from a day on."""

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
from catering.market import certifying, models
from catering.market.graph import Certificate, Supplier, show_certificate
from catering.market.queries import certificates_visible_to
from catering.people.viewer import Viewer
from catering.purchases.service import judge_again
from catering.refusal import Refusal


@strawberry.type(description="The certificate proves nothing from that day on, and stays readable.")
class CertificateEnded:
    certificate: Certificate = strawberry.field(description="As it stands now.")
    supplier: Supplier = strawberry.field(description="Whose it is.")


EndCertificateResult: TypeAlias = Annotated[
    CertificateEnded | refusals.UnknownSupplier | refusals.InvalidCertificate | NotAllowed | KeyRefused,
    strawberry.union("EndCertificateResult", description="The certificate, or why it stays as it was."),
]


@documented
async def end_certificate(
    info: Ask,
    supplier: OfSupplier,
    certificate: Annotated[strawberry.ID, strawberry.argument(description="Stable name of the certificate.")],
    withdrawn_from: Annotated[date, strawberry.argument(description="First day on which it proves nothing any more.")],
    reason: Annotated[str, strawberry.argument(description="Why, in French, at most 200 characters.")],
    idempotency_key: IdempotencyKey,
) -> EndCertificateResult:
    """Say that a certificate is withdrawn: its offers lose their sign, purchases delivered from then on count by it no
    more, those before keep it. For its holder and for the administration."""

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        row = await certifying.end_certificate(session, viewer, supplier, certificate, withdrawn_from, reason)
        await judge_again(session, row.id, withdrawn_from)
        return row.slug

    given = [supplier, certificate, withdrawn_from, reason]
    try:
        slug = await write_once(info.context, "endCertificate", idempotency_key, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await info.context.one(certificates_visible_to(info.context.viewer).where(models.Certificate.slug == slug))
    assert row is not None, "a certificate that was just written can be read by its holder"
    return CertificateEnded(certificate=show_certificate(row), supplier=await supplier_now(info.context, supplier))
