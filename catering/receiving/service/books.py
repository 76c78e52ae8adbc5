"""What the books say of order lines, and what an invoice settles in them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from catering.orders.models import OrderLine
from catering.people.viewer import Viewer
from catering.purchases.service import take_back_invoice, write_invoice
from catering.receiving.models import CreditRequest, Invoice, InvoiceLine, ReceptionLine
from catering.receiving.queries import reception_lines_visible_to
from catering.receiving.queries_invoices import counted_lines, credit_requests
from catering.receiving.rules.billing import NOTHING, Billed, Books
from catering.receiving.service.requesting import ask_again, turn
from catering.receiving.vocabulary import CreditState, InvoiceKind


async def read_books(
    session: AsyncSession, viewer: Viewer, lines: Collection[OrderLine], *, but: int | None = None
) -> dict[int, tuple[str, Books]]:
    """What the books say of order lines, all invoices but one included; two statements whatever their number."""
    ids = {line.id for line in lines}
    added = reception_lines_visible_to(viewer).where(ReceptionLine.order_line_id.in_(ids))
    accepted = dict(
        (
            await session.execute(
                added.with_only_columns(ReceptionLine.order_line_id, func.sum(ReceptionLine.added_g)).group_by(
                    ReceptionLine.order_line_id
                )
            )
        )
        .tuples()
        .all()
    )
    billed = counted_lines(viewer, ids)
    if but is not None:
        billed = billed.where(InvoiceLine.invoice_id != but)
    sums = (func.sum(InvoiceLine.grams), func.sum(InvoiceLine.amount_excl_tax))
    rows = await session.execute(
        billed.with_only_columns(InvoiceLine.order_line_id, *sums).group_by(InvoiceLine.order_line_id)
    )
    invoiced = {line_id: (int(grams), amount) for line_id, grams, amount in rows}
    return {
        line.id: (
            line.product,
            Books(line, int(accepted.get(line.id, 0)), *invoiced.get(line.id, (0, NOTHING))),
        )
        for line in lines
    }


async def settle(
    session: AsyncSession,
    viewer: Viewer,
    invoice: Invoice,
    lines: Collection[Billed],
    books: Mapping[int, Books],
) -> None:
    """Answer the open requests for credits of what was just billed, and write the invoice into the purchases.

    An invoice that leaves out what was refused: nothing is to be credited. A credit note is the credit of the lines it
    names. Where too much stays invoiced, the request stays open.

    Args:
        session: of the caller's transaction.
        viewer: on whose behalf.
        invoice: just stored.
        lines: of the invoice.
        books: of all lines of the orders it bills, as they stood before it.
    """
    billed = Counter[int]()
    for line in lines:
        if line.order_line_id is not None:
            billed[line.order_line_id] += line.grams
    asked = credit_requests(viewer, order_line_ids=books, state=CreditState.ASKED)
    waiting = await session.scalars(asked.with_for_update(of=CreditRequest))
    met = [each for each in waiting if books[each.order_line_id].left_g >= billed[each.order_line_id]]
    named = billed if invoice.kind is InvoiceKind.CREDIT_NOTE else ()
    granted = [each for each in met if each.order_line_id in named]
    await turn(session, viewer, granted, CreditState.GRANTED, credit_note_id=invoice.id)
    await turn(session, viewer, [each for each in met if each not in granted], CreditState.NOT_INVOICED)
    await write_into_purchases(session, viewer, invoice, billed)
    await session.flush()


async def unsettle(session: AsyncSession, viewer: Viewer, invoice: Invoice, order_line_ids: Collection[int]) -> None:
    """Undo what an invoice settled of some order lines: its credits are asked again, the purchases are without it.

    Of a line that was corrected since, what the line in force refuses is asked. What it settled by leaving something
    out is left: another invoice may leave it out too.
    """
    given = credit_requests(viewer, order_line_ids=order_line_ids).where(CreditRequest.credit_note_id == invoice.id)
    locked = await session.scalars(given.order_by(CreditRequest.id).with_for_update(of=CreditRequest))
    await ask_again(session, viewer, locked.all())
    received = await _received(session, viewer, order_line_ids)
    await take_back_invoice(session, received, invoice.number, invoice.issued_on)


async def write_into_purchases(
    session: AsyncSession, viewer: Viewer, invoice: Invoice, order_line_ids: Collection[int]
) -> None:
    """Write an invoice into the purchases of the order lines it bills.

    A purchase that has its invoice keeps it: a credit note is written into the corrections that it gives back.
    """
    received = await _received(session, viewer, order_line_ids)
    await write_invoice(session, received, invoice.number, invoice.issued_on)


async def _received(session: AsyncSession, viewer: Viewer, order_line_ids: Collection[int]) -> Sequence[int]:
    of_lines = reception_lines_visible_to(viewer).where(ReceptionLine.order_line_id.in_(order_line_ids))
    return (await session.scalars(of_lines.with_only_columns(ReceptionLine.id))).all()
