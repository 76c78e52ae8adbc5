"""Reject an invoice: it stays readable with its reason, counts for nothing, and its number is free again.

What it had settled is as it was before: requests for credits wait again, the purchases it was written into have no
invoice or that of another one, and a credit note for what it billed no longer agrees with the books.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from catering.orders.models import OrderLine
from catering.orders.queries import order_lines_visible_to
from catering.people.viewer import Viewer
from catering.receiving import refusals
from catering.receiving.models import CreditRequest, Invoice, InvoiceLine, ReceptionLine
from catering.receiving.queries import reception_lines_visible_to
from catering.receiving.queries_invoices import counted_lines, credit_requests, invoices
from catering.receiving.rules.billing import Billed
from catering.receiving.rules.checks import LONGEST_TEXT
from catering.receiving.service.books import read_books, unsettle, write_into_purchases
from catering.receiving.service.filing import happen
from catering.receiving.service.invoice import compare, lines_of, open_invoice
from catering.receiving.service.requesting import turn
from catering.receiving.vocabulary import CreditState, InvoiceKind, InvoiceState
from catering.spelling import tidy, unfit

WHY_NOT = {InvoiceState.APPROVED: "elle est bonne à payer", InvoiceState.REJECTED: "elle l'est déjà"}
APPROVED_CREDIT = "un avoir approuvé porte sur ce qu'elle facture"


async def reject(session: AsyncSession, viewer: Viewer, invoice_id: int, reason: str) -> Invoice:
    """Send an invoice or a credit note back: mistyped, entered twice, not for this collège. Its supplier reads why.

    The number of statements depends on how many other invoices bill the same goods, not on the lines.

    Raises:
        refusals.Refusal: there is none, it is good for payment or rejected already, an approved credit note rests on
            it, no reason is given, or the viewer is not the gestionnaire of its kitchen.
    """
    invoice, lines = await open_invoice(session, viewer, invoice_id)
    if (why := unfit(reason, LONGEST_TEXT)) is not None:
        raise refusals.InvalidInvoice(
            f"Le motif du rejet {why} : dire au fournisseur en quelques mots ce qui est faux."
        )
    if invoice.state in WHY_NOT:
        raise refusals.NotRejectable(invoice.number, WHY_NOT[invoice.state])
    await happen(session, viewer, invoice, InvoiceState.REJECTED, reason=tidy(reason))
    ordered = await _lines_of_its_orders(session, viewer, lines)
    await unsettle(session, viewer, invoice, {line.id for line in ordered})
    await _doubt_credit_notes(session, viewer, invoice, ordered)
    await _reopen(session, viewer, ordered)
    await _write_others(session, viewer, {line.id for line in ordered})
    return invoice


async def _lines_of_its_orders(session: AsyncSession, viewer: Viewer, lines: Sequence[Billed]) -> Sequence[OrderLine]:
    """All lines of the orders that an invoice bills: what it left out, it settled too."""
    billed = {line.order_line_id for line in lines if line.order_line_id is not None}
    named = order_lines_visible_to(viewer).where(OrderLine.id.in_(billed)).with_only_columns(OrderLine.order_id)
    whole = order_lines_visible_to(viewer).where(OrderLine.order_id.in_(named))
    return (await session.scalars(whole.order_by(OrderLine.id))).all()


async def _doubt_credit_notes(
    session: AsyncSession, viewer: Viewer, rejected: Invoice, ordered: Sequence[OrderLine]
) -> None:
    """Compare again the credit notes that give back what nobody bills any more.

    Raises:
        refusals.NotRejectable: one of them is approved.
    """
    if not (given_back := await _below_zero(session, viewer, ordered)):
        return
    naming = counted_lines(viewer, given_back).with_only_columns(InvoiceLine.invoice_id)
    notes = invoices(viewer, state=InvoiceState.MATCHED).where(
        Invoice.kind == InvoiceKind.CREDIT_NOTE, Invoice.id.in_(naming)
    )
    locked = (await session.scalars(notes.order_by(Invoice.id).with_for_update(of=Invoice))).all()
    lines = await lines_of(session, viewer, [note.id for note in locked])
    for note in locked:
        await compare(session, viewer, note, lines[note.id])
    if await _below_zero(session, viewer, ordered):
        raise refusals.NotRejectable(rejected.number, APPROVED_CREDIT)


async def _below_zero(session: AsyncSession, viewer: Viewer, ordered: Sequence[OrderLine]) -> set[int]:
    """Order lines of which more is credited than billed."""
    books = await read_books(session, viewer, ordered)
    return {line_id for line_id, (_, said) in books.items() if said.invoiced_g < 0}


async def _reopen(session: AsyncSession, viewer: Viewer, ordered: Sequence[OrderLine]) -> None:
    """Let requests for credits wait again that were settled because the invoice left out what was refused.

    Not that of a line that was corrected since: the line in its place has its own.
    """
    books = await read_books(session, viewer, ordered)
    billed = {line.order_id for line in ordered if books[line.id][1].invoiced_g}
    unbilled = {line.id for line in ordered if line.order_id not in billed}
    corrected = reception_lines_visible_to(viewer).where(ReceptionLine.corrects_id.is_not(None))
    left_out = credit_requests(viewer, order_line_ids=unbilled, state=CreditState.NOT_INVOICED).where(
        CreditRequest.reception_line_id.not_in(corrected.with_only_columns(ReceptionLine.corrects_id))
    )
    settled = await session.scalars(left_out.order_by(CreditRequest.id).with_for_update(of=CreditRequest))
    await turn(session, viewer, settled.all(), CreditState.ASKED)


async def _write_others(session: AsyncSession, viewer: Viewer, ordered: Collection[int]) -> None:
    """Write into the purchases that have lost their invoice the first one that bills them too."""
    billing: dict[Invoice, set[int]] = defaultdict(set)
    counted = counted_lines(viewer, ordered).with_only_columns(Invoice, InvoiceLine.order_line_id)
    for invoice, order_line_id in await session.execute(counted.order_by(Invoice.id)):
        if order_line_id is not None:
            billing[invoice].add(order_line_id)
    for invoice, line_ids in billing.items():
        await write_into_purchases(session, viewer, invoice, line_ids)
