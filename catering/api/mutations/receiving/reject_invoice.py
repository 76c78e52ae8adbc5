"""Send an invoice back."""

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
from catering.receiving.service.rejecting import reject
from catering.refusal import Refusal


@strawberry.type(description="Sent back: it counts for nothing, its number is free again, its supplier reads why.")
class InvoiceRejected:
    invoice: Invoice = strawberry.field(description="The invoice as it stands.")


RejectInvoiceResult: TypeAlias = Annotated[
    InvoiceRejected
    | refusals.UnknownInvoice
    | refusals.NotRejectable
    | refusals.InvalidInvoice
    | NotAllowed
    | KeyRefused,
    strawberry.union("RejectInvoiceResult", description="The invoice, or why nothing is changed."),
]


@documented
async def reject_invoice(
    info: Ask,
    invoice_id: InvoiceId,
    reason: Annotated[
        str, strawberry.argument(description="What is wrong, for the supplier to read: 300 characters at most.")
    ],
    idempotency_key: IdempotencyKey,
) -> RejectInvoiceResult:
    """Send back an invoice or a credit note that is mistyped, entered twice or not this kitchen's; never one that is
    approved. Only the gestionnaire may."""
    number = row_number(invoice_id, "facture")

    async def write(session: AsyncSession, viewer: Viewer) -> models.Invoice:
        return await reject(session, viewer, number, reason)

    try:
        invoice = await keep_invoice(info.context, "rejectInvoice", idempotency_key, [invoice_id, reason], write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return InvoiceRejected(invoice=invoice)
