"""Compare an invoice again."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.receiving import refusals
from catering.api.mutations.receiving.changing import InvoiceId, keep_invoice
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.receiving import models
from catering.receiving.graph.invoices import Invoice
from catering.receiving.service.invoice import match
from catering.refusal import Refusal


@strawberry.type(description="Compared again: matched, or disputed with each difference named.")
class InvoiceMatched:
    invoice: Invoice = strawberry.field(description="The invoice as it stands.")


MatchInvoiceResult: TypeAlias = Annotated[
    InvoiceMatched | refusals.UnknownInvoice | NotAllowed | KeyRefused,
    strawberry.union("MatchInvoiceResult", description="The invoice, or why nothing is changed."),
]


@documented
async def match_invoice(info: Ask, invoice_id: InvoiceId, idempotency_key: IdempotencyKey) -> MatchInvoiceResult:
    """Compare an invoice again, after a credit note or a corrected reception; only the gestionnaire may."""
    number = row_number(invoice_id, "facture")

    async def write(session: AsyncSession, viewer: Viewer) -> models.Invoice:
        return await match(session, viewer, number)

    try:
        invoice = await keep_invoice(info.context, "matchInvoice", idempotency_key, invoice_id, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return InvoiceMatched(invoice=invoice)
