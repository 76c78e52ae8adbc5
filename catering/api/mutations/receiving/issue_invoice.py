"""Bill what a kitchen accepted."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.orders.refusals import UnknownOrder
from catering.api.mutations.receiving import refusals
from catering.api.mutations.receiving.changing import keep_invoice
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.receiving import models
from catering.receiving.graph.invoices import Invoice
from catering.receiving.service.invoice import issue
from catering.refusal import Refusal


@strawberry.type(description="Issued: a line per order line, as accepted; a credit note when too much was billed.")
class InvoiceIssued:
    invoice: Invoice = strawberry.field(description="The invoice, compared with orders and receptions.")


IssueInvoiceResult: TypeAlias = Annotated[
    InvoiceIssued
    | UnknownOrder
    | refusals.NothingToInvoice
    | refusals.InvoiceNumberTaken
    | refusals.InvalidInvoice
    | NotAllowed
    | KeyRefused,
    strawberry.union("IssueInvoiceResult", description="The invoice, or why there is none."),
]


@documented
async def issue_invoice(
    info: Ask,
    order_ids: Annotated[
        list[strawberry.ID], strawberry.argument(description="Orders of one kitchen, delivered by you.")
    ],
    issued_on: Annotated[date, strawberry.argument(description="Date of the invoice, today or before.")],
    idempotency_key: IdempotencyKey,
    number: Annotated[
        str | None, strawberry.argument(description="Your own number, at most 40 characters; ours follow each other.")
    ] = None,
) -> IssueInvoiceResult:
    """Bill what was accepted of some orders and nobody has billed yet; only their supplier may."""
    ids = [row_number(each, "commande") for each in order_ids]

    async def write(session: AsyncSession, viewer: Viewer) -> models.Invoice:
        return await issue(session, viewer, ids, issued_on, number)

    try:
        given = [ids, issued_on, number]
        invoice = await keep_invoice(info.context, "issueInvoice", idempotency_key, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return InvoiceIssued(invoice=invoice)
