"""What a viewer may read of credits and invoices: a buyer those of their kitchens, a seller their own."""

from collections.abc import Collection

from sqlalchemy import Select, select

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Supplier
from catering.market.queries import suppliers_visible_to
from catering.people.viewer import Viewer
from catering.receiving.models import CreditRequest, Invoice, InvoiceEvent, InvoiceLine
from catering.receiving.vocabulary import CreditState, InvoiceKind, InvoiceState

INVOICE_KEY = (Invoice.issued_on, Invoice.id)
"""Order in which invoices are paged."""
AGREED = (InvoiceState.MATCHED, InvoiceState.APPROVED)
"""Of a credit note: it says what the books say."""
CREDIT_KEY = (CreditRequest.id,)
"""Order in which requests for credits are paged."""


def invoices_visible_to(viewer: Viewer) -> Select[Invoice]:
    """Invoices a viewer may read; a seller never those of another one."""
    statement = select(Invoice)
    if viewer.sees_everything:
        return statement
    if viewer.sells:
        return statement.where(Invoice.supplier_id.in_(suppliers_visible_to(viewer).with_only_columns(Supplier.id)))
    return statement.where(Invoice.kitchen_id.in_(kitchens_visible_to(viewer).with_only_columns(Kitchen.id)))


def invoice_papers_visible_to(viewer: Viewer) -> Select[int]:
    """Numbers of the papers of the invoices a viewer may read."""
    return invoices_visible_to(viewer).with_only_columns(Invoice.document_id)


def invoice_lines_visible_to(viewer: Viewer) -> Select[InvoiceLine]:
    """Lines of the invoices a viewer may read."""
    return select(InvoiceLine).where(
        InvoiceLine.invoice_id.in_(invoices_visible_to(viewer).with_only_columns(Invoice.id))
    )


def counted_lines(viewer: Viewer, order_line_ids: Collection[int]) -> Select[InvoiceLine]:
    """Visible lines that count as billed of some order lines.

    A rejected invoice counts for nothing. One that asks for money counts until it is rejected, whatever is wrong with
    it: nothing is billed twice. A credit note gives back once it agrees with the books (decision 0075).
    """
    return (
        invoice_lines_visible_to(viewer)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(InvoiceLine.order_line_id.in_(order_line_ids), Invoice.state != InvoiceState.REJECTED)
        .where((Invoice.kind == InvoiceKind.INVOICE) | Invoice.state.in_(AGREED))
    )


def invoice_events_visible_to(viewer: Viewer) -> Select[InvoiceEvent]:
    """Events of the invoices a viewer may read."""
    return select(InvoiceEvent).where(
        InvoiceEvent.invoice_id.in_(invoices_visible_to(viewer).with_only_columns(Invoice.id))
    )


def credits_visible_to(viewer: Viewer) -> Select[CreditRequest]:
    """Requests for credits a viewer may read: a seller those addressed to them."""
    statement = select(CreditRequest)
    if viewer.sees_everything:
        return statement
    if viewer.sells:
        own = suppliers_visible_to(viewer).with_only_columns(Supplier.id)
        return statement.where(CreditRequest.supplier_id.in_(own))
    return statement.where(CreditRequest.kitchen_id.in_(kitchens_visible_to(viewer).with_only_columns(Kitchen.id)))


def invoices(
    viewer: Viewer,
    *,
    ids: Collection[int] | None = None,
    uai: str | None = None,
    state: InvoiceState | None = None,
    number: str | None = None,
    supplier_id: int | None = None,
    standing: bool = False,
) -> Select[Invoice]:
    """Visible invoices that meet every condition given; ``standing``: not those that were rejected."""
    statement = invoices_visible_to(viewer)
    if ids is not None:
        statement = statement.where(Invoice.id.in_(ids))
    if uai is not None:
        of = kitchens_visible_to(viewer).where(Kitchen.uai == uai).with_only_columns(Kitchen.id)
        statement = statement.where(Invoice.kitchen_id.in_(of))
    if state is not None:
        statement = statement.where(Invoice.state == state)
    if number is not None:
        statement = statement.where(Invoice.number == number)
    if supplier_id is not None:
        statement = statement.where(Invoice.supplier_id == supplier_id)
    if standing:
        statement = statement.where(Invoice.state != InvoiceState.REJECTED)
    return statement


def credit_requests(
    viewer: Viewer,
    *,
    ids: Collection[int] | None = None,
    order_line_ids: Collection[int] | None = None,
    state: CreditState | None = None,
) -> Select[CreditRequest]:
    """Visible requests for credits that meet every condition given."""
    statement = credits_visible_to(viewer)
    if ids is not None:
        statement = statement.where(CreditRequest.id.in_(ids))
    if order_line_ids is not None:
        statement = statement.where(CreditRequest.order_line_id.in_(order_line_ids))
    if state is not None:
        statement = statement.where(CreditRequest.state == state)
    return statement
