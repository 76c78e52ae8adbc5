"""Papers that are in the books already: typed twice under two numbers, or typed after the platform issued them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from catering.people.viewer import Viewer
from catering.receiving import refusals
from catering.receiving.models import Invoice, InvoiceLine
from catering.receiving.queries_invoices import invoice_lines_visible_to, invoices
from catering.receiving.rules.billing import Billed, Books


async def require_new(
    session: AsyncSession,
    viewer: Viewer,
    supplier_id: int,
    issued_on: date,
    lines: Sequence[Billed],
    books: Mapping[int, Books],
) -> None:
    """Refuse a paper that bills, or gives back, the same grams of the same lines as one that stands, once too often.

    Two papers for two halves of a line are alike and both right: what tells the second typing of one paper from
    them is that the books have no room for it. A paper of nothing that was ordered is known by its day too.

    Args:
        session: of the caller's transaction; the orders that the paper names are locked.
        viewer: on whose behalf.
        supplier_id: who bills.
        issued_on: as printed.
        lines: of the paper.
        books: of the order lines, as they stand without it, by row id.

    Raises:
        refusals.InvoiceAlreadyEntered: naming the one that stands.
    """
    ordered = {line.order_line_id for line in lines if line.order_line_id is not None}
    if ordered and not any(_exceeds(line, books) for line in lines):
        return
    alike = invoices(viewer, supplier_id=supplier_id, standing=True).with_only_columns(Invoice.id)
    if ordered:
        named = invoice_lines_visible_to(viewer).where(InvoiceLine.order_line_id.in_(ordered))
        alike = alike.where(Invoice.id.in_(named.with_only_columns(InvoiceLine.invoice_id)))
    else:
        alike = alike.where(Invoice.issued_on == issued_on)
    of_them = invoice_lines_visible_to(viewer).where(InvoiceLine.invoice_id.in_(alike))
    said: dict[int, Counter[tuple[int | str, int]]] = {}
    for row in await session.scalars(of_them.order_by(InvoiceLine.invoice_id)):
        said.setdefault(row.invoice_id, Counter())[_mark(row)] += 1
    wanted = Counter(_mark(line) for line in lines)
    if twins := [invoice_id for invoice_id, marks in said.items() if marks == wanted]:
        twin: Invoice = (await session.scalars(invoices(viewer, ids=twins[:1]))).one()
        raise refusals.InvoiceAlreadyEntered(twin.number, twin.issued_on, twin.amount_excl_tax + twin.vat)


def _mark(line: Billed | InvoiceLine) -> tuple[int | str, int]:
    """What a line bills, and how much: amounts may be mistyped. Of what nobody ordered only the name tells."""
    return (line.product.casefold() if line.order_line_id is None else line.order_line_id), line.grams


def _exceeds(line: Billed, books: Mapping[int, Books]) -> bool:
    """Whether more would be billed than was accepted, or more given back than was billed."""
    if line.order_line_id is None:
        return False
    said = books[line.order_line_id]
    return said.invoiced_g + line.grams < 0 if line.grams < 0 else line.grams > said.left_g
