"""Issue, enter, match and approve invoices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from catering.documents.models import PROOFS
from catering.market.models import Supplier
from catering.market.owning import own_document
from catering.market.queries import suppliers
from catering.moment import paris_day, today
from catering.orders import refusals as refusals_of_orders
from catering.orders.life import lock_orders
from catering.orders.models import Order, OrderLine
from catering.orders.queries import order_lines_visible_to
from catering.people.viewer import Role, Viewer
from catering.receiving import refusals
from catering.receiving.models import Invoice, InvoiceLine, Reception
from catering.receiving.queries import receptions
from catering.receiving.queries_invoices import invoice_lines_visible_to, invoices
from catering.receiving.rules.billing import Billed, Books, Difference, differences, to_bill, to_give_back
from catering.receiving.service.books import read_books, settle, unsettle
from catering.receiving.service.filing import file, free_number, happen
from catering.receiving.service.stock import own_kitchen
from catering.receiving.service.twins import require_new
from catering.receiving.vocabulary import InvoiceKind, InvoiceState

MOST_LINES = 400
MOST_EUROS = Decimal(1_000_000)
"""Of one line: more is a slip."""
FRENCH = {
    InvoiceState.RECEIVED: "reçue, pas encore rapprochée",
    InvoiceState.DISPUTED: "contestée",
    InvoiceState.APPROVED: "déjà approuvée",
    InvoiceState.MATCHED: "rapprochée",
    InvoiceState.REJECTED: "rejetée",
}
OLDEST = timedelta(days=366)
"""A paper invoice is at most so old: beyond, the year is mistyped."""
SETTLED = (InvoiceState.APPROVED, InvoiceState.REJECTED)
"""Nothing more is compared of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A line as printed. ``order_id`` and ``position`` say which order line it bills; none when nobody ordered it."""

    order_id: int | None = None
    position: int | None = None
    product: str
    grams: int
    amount: Decimal
    vat_pct: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An invoice or credit note that came outside the platform, as printed. A credit note has negative figures."""

    uai: str
    supplier: str
    number: str
    issued_on: date
    lines: Sequence[PaperLine]
    stated_total: Decimal
    document_id: int | None = None


async def issue(
    session: AsyncSession, viewer: Viewer, order_ids: Sequence[int], issued_on: date, number: str | None = None
) -> Invoice:
    """Bill what a kitchen accepted of some orders and nobody has billed yet; when there is nothing of that, give back.

    Never both on one paper: what is to be given back waits until nothing else is to be billed, or for ``give_back``.
    Without a number of the supplier's own, the next one of its series is given.

    Raises:
        refusals.Refusal: not the viewer's orders, orders of several kitchens, or nothing to bill.
    """
    ordered, books = await _delivered(session, viewer, order_ids, issued_on)
    return await _issue(session, viewer, ordered[0], to_bill(books) or to_give_back(books), books, issued_on, number)


async def give_back(session: AsyncSession, viewer: Viewer, order_id: int, issued_on: date) -> Invoice:
    """A credit note for what is billed of an order and not accepted, whatever else of it is still to be billed.

    Raises:
        refusals.Refusal: not the viewer's order, or nothing to give back.
    """
    (order,), books = await _delivered(session, viewer, [order_id], issued_on)
    return await _issue(session, viewer, order, to_give_back(books), books, issued_on, None)


async def _delivered(
    session: AsyncSession, viewer: Viewer, order_ids: Sequence[int], issued_on: date
) -> tuple[Sequence[Order], Mapping[int, tuple[str, Books]]]:
    """Orders of one supplier and kitchen, locked, and what the books say of their lines."""
    ordered = await lock_orders(session, viewer, _some(order_ids))
    if missing := sorted(set(order_ids) - {order.id for order in ordered}):
        raise refusals_of_orders.UnknownOrder(str(missing[0]))
    if not viewer.sells:
        raise refusals.OnlyTheSupplier
    _require_one_pair(ordered)
    _require_day(issued_on, await _first_reception(session, viewer, [order.id for order in ordered]))
    return ordered, await read_books(session, viewer, [line for order in ordered for line in order.lines])


async def _issue(
    session: AsyncSession,
    viewer: Viewer,
    order: Order,
    lines: Sequence[Billed],
    books: Mapping[int, tuple[str, Books]],
    issued_on: date,
    number: str | None,
) -> Invoice:
    if not lines:
        raise refusals.NothingToInvoice
    supplier_id, kitchen_id = order.supplier_id, order.kitchen_id
    invoice = await file(
        session,
        viewer,
        supplier_id=supplier_id,
        kitchen_id=kitchen_id,
        number=await free_number(session, supplier_id, issued_on, number, kitchen_id=kitchen_id),
        issued_on=issued_on,
        lines=lines,
    )
    return await _compare_first(session, viewer, invoice, lines, books)


async def enter(session: AsyncSession, viewer: Viewer, paper: Paper) -> Invoice:
    """Enter an invoice as printed and compare it with what was ordered and accepted.

    Raises:
        refusals.Refusal: not the viewer's kitchen, a number used before, a paper that is there already, or figures that
            cannot be.
    """
    kitchen = await own_kitchen(session, viewer, paper.uai)
    _require_bursar(viewer)
    supplier: Supplier | None = await session.scalar(suppliers(viewer, slugs=[paper.supplier]))
    if supplier is None:
        raise refusals.InvalidInvoice(f"Aucun fournisseur « {paper.supplier} ». Reprendre son identifiant.")
    _require_figures(paper)
    printed = await own_document(session, viewer, paper.document_id, PROOFS, "un PDF ou une image")
    ordered = await _ordered(session, viewer, paper, kitchen.id, supplier.id)
    # A printed invoice often bears the day on which the goods left: only the order comes before it for certain.
    sent = [paris_day(order.sent_at) for order in ordered.values()]
    _require_day(paper.issued_on, min(sent, default=today() - OLDEST))
    lines = [
        Billed(_line_id(each, ordered), each.product, each.grams, each.amount, each.vat_pct, each.vat)
        for each in paper.lines
    ]
    books = await read_books(session, viewer, [line for order in ordered.values() for line in order.lines])
    number = await free_number(session, supplier.id, paper.issued_on, paper.number, kitchen_id=kitchen.id)
    said = {line_id: of_line for line_id, (_, of_line) in books.items()}
    await require_new(session, viewer, supplier.id, paper.issued_on, lines, said)
    invoice = await file(
        session,
        viewer,
        supplier_id=supplier.id,
        kitchen_id=kitchen.id,
        number=number,
        issued_on=paper.issued_on,
        lines=lines,
        stated_total=paper.stated_total,
        document_id=printed,
    )
    return await _compare_first(session, viewer, invoice, lines, books)


async def match(session: AsyncSession, viewer: Viewer, invoice_id: int) -> Invoice:
    """Compare an invoice again, after a credit note or a corrected reception; one approved or rejected stays as it is.

    Raises:
        refusals.Refusal: there is none, or the viewer is not the gestionnaire of its kitchen.
    """
    invoice, lines = await open_invoice(session, viewer, invoice_id)
    if invoice.state in SETTLED:
        return invoice
    return await compare(session, viewer, invoice, lines)


async def approve(session: AsyncSession, viewer: Viewer, invoice_id: int) -> Invoice:
    """Declare an invoice good for payment, if it still says what was ordered and accepted.

    Raises:
        refusals.Refusal: there is none, it does not agree, it is approved already, or the viewer may not.
    """
    invoice, lines = await open_invoice(session, viewer, invoice_id)
    if invoice.state is not InvoiceState.MATCHED:
        raise refusals.NotApprovable(invoice.number, FRENCH[invoice.state])
    if differences(lines, await _books_of(session, viewer, invoice, lines), invoice.stated_total):
        raise refusals.NotApprovable(invoice.number, "devenue inexacte depuis son rapprochement")
    return await happen(session, viewer, invoice, InvoiceState.APPROVED)


async def _compare_first(
    session: AsyncSession,
    viewer: Viewer,
    invoice: Invoice,
    lines: Sequence[Billed],
    books: Mapping[int, tuple[str, Books]],
) -> Invoice:
    """Compare a new invoice with the books as they stood before it, and settle what it settles."""
    said = {line_id: of_line for line_id, (_, of_line) in books.items()}
    found = differences(lines, said, invoice.stated_total)
    if invoice.kind is InvoiceKind.INVOICE or not found:
        await settle(session, viewer, invoice, lines, said)
    return await _judged(session, viewer, invoice, found)


async def compare(session: AsyncSession, viewer: Viewer, invoice: Invoice, lines: Sequence[Billed]) -> Invoice:
    """Compare a locked invoice with the books as they stand without it; a credit note gives back when it agrees."""
    said = await _books_of(session, viewer, invoice, lines)
    found = differences(lines, said, invoice.stated_total)
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        await (unsettle(session, viewer, invoice, said) if found else settle(session, viewer, invoice, lines, said))
    return await _judged(session, viewer, invoice, found)


async def _judged(session: AsyncSession, viewer: Viewer, invoice: Invoice, found: Sequence[Difference]) -> Invoice:
    state = InvoiceState.DISPUTED if found else InvoiceState.MATCHED
    return await happen(session, viewer, invoice, state, found)


async def _books_of(
    session: AsyncSession, viewer: Viewer, invoice: Invoice, lines: Sequence[Billed]
) -> Mapping[int, Books]:
    """What the books say of the order lines that an invoice bills, everything but it included."""
    ids = {line.order_line_id for line in lines if line.order_line_id is not None}
    named = (await session.scalars(order_lines_visible_to(viewer).where(OrderLine.id.in_(ids)))).all()
    books = await read_books(session, viewer, named, but=invoice.id)
    return {line_id: said for line_id, (_, said) in books.items()}


async def open_invoice(session: AsyncSession, viewer: Viewer, invoice_id: int) -> tuple[Invoice, Sequence[Billed]]:
    """An invoice, locked, with its lines; the orders it bills are locked before it, as everywhere.

    Raises:
        refusals.Refusal: there is none, or the viewer is not the gestionnaire of its kitchen.
    """
    seen: Invoice | None = await session.scalar(invoices(viewer, ids=[invoice_id]))
    if seen is None:
        raise refusals.UnknownInvoice(invoice_id)
    _require_bursar(viewer)
    lines = (await lines_of(session, viewer, [invoice_id]))[invoice_id]
    await _lock_orders_of(session, viewer, lines)
    locked = invoices(viewer, ids=[invoice_id]).with_for_update(of=Invoice)
    return (await session.scalars(locked.execution_options(populate_existing=True))).one(), lines


async def lines_of(
    session: AsyncSession, viewer: Viewer, invoice_ids: Collection[int]
) -> Mapping[int, Sequence[Billed]]:
    """The lines of some invoices, in order, by invoice: one statement."""
    of_them = invoice_lines_visible_to(viewer).where(InvoiceLine.invoice_id.in_(invoice_ids))
    found: dict[int, list[Billed]] = {each: [] for each in invoice_ids}
    for row in await session.scalars(of_them.order_by(InvoiceLine.invoice_id, InvoiceLine.position)):
        found[row.invoice_id].append(
            Billed(row.order_line_id, row.product, row.grams, row.amount_excl_tax, row.vat_pct, row.vat)
        )
    return found


async def _lock_orders_of(session: AsyncSession, viewer: Viewer, lines: Sequence[Billed]) -> None:
    ids = {line.order_line_id for line in lines if line.order_line_id is not None}
    named = order_lines_visible_to(viewer).where(OrderLine.id.in_(ids)).with_only_columns(OrderLine.order_id)
    await lock_orders(session, viewer, sorted(set(await session.scalars(named))))


async def _ordered(
    session: AsyncSession, viewer: Viewer, paper: Paper, kitchen_id: int, supplier_id: int
) -> dict[int, Order]:
    """The orders that a paper invoice names, locked, by row id."""
    ids = sorted({line.order_id for line in paper.lines if line.order_id is not None})
    found = {order.id: order for order in await lock_orders(session, viewer, ids)}
    if missing := sorted(set(ids) - set(found)):
        raise refusals_of_orders.UnknownOrder(str(missing[0]))
    if any((order.kitchen_id, order.supplier_id) != (kitchen_id, supplier_id) for order in found.values()):
        raise refusals.InvalidInvoice("Une ligne nomme la commande d'une autre cuisine ou d'un autre fournisseur.")
    return found


def _line_id(stated: PaperLine, ordered: Mapping[int, Order]) -> int | None:
    """Row id of the order line that a printed line bills."""
    if stated.order_id is None:
        return None
    order = ordered[stated.order_id]
    if stated.position is None:
        raise refusals.InvalidInvoice(f"Dire quelle ligne de la commande {order.number} est facturée (position).")
    for line in order.lines:
        if line.position == stated.position:
            return line.id
    raise refusals_of_orders.UnknownLine(f"ligne {stated.position} de la commande {order.number}")


def _some(order_ids: Sequence[int]) -> Sequence[int]:
    if not order_ids:
        raise refusals.InvalidInvoice("Nommer une commande au moins.")
    return sorted(set(order_ids))


def _require_one_pair(ordered: Sequence[Order]) -> None:
    if len({(order.kitchen_id, order.supplier_id) for order in ordered}) > 1:
        raise refusals.InvalidInvoice("Une facture va d'un fournisseur à un collège : en faire une par collège.")


async def _first_reception(session: AsyncSession, viewer: Viewer, order_ids: Collection[int]) -> date:
    """Day on which the first goods of some orders arrived; today when none has."""
    days = receptions(viewer, order_ids=order_ids).with_only_columns(func.min(Reception.day))
    first: date | None = await session.scalar(days)
    return first or today()


def _require_day(issued_on: date, first: date) -> None:
    if issued_on > today():
        raise refusals.InvalidInvoice("La facture est datée dans l'avenir : vérifier sa date.")
    if issued_on < first:
        raise refusals.InvalidInvoice(
            f"La facture ne peut être datée d'avant le {first:%d/%m/%Y}, où commence ce qu'elle facture : vérifier sa "
            "date."
        )


def _require_bursar(viewer: Viewer) -> None:
    if viewer.role is not Role.GESTIONNAIRE:
        raise refusals.OnlyTheBursar


def _require_figures(paper: Paper) -> None:
    if not 1 <= len(paper.lines) <= MOST_LINES:
        raise refusals.InvalidInvoice(f"Donner de 1 à {MOST_LINES} lignes.")
    figures = [figure for line in paper.lines for figure in (line.amount, line.vat)] + [paper.stated_total]
    if not all(figure.is_finite() and abs(figure) <= MOST_EUROS and figure == round(figure, 2) for figure in figures):
        raise refusals.InvalidInvoice(
            "Un montant est hors bornes ou plus fin que le centime : le relire sur la facture."
        )
    rates = [line.vat_pct for line in paper.lines]
    if not all(rate.is_finite() and 0 <= rate <= 100 and rate == round(rate, 2) for rate in rates):
        raise refusals.InvalidInvoice("Un taux de TVA est un pourcentage, de 0 à 100, au centième.")
    _require_signs(paper.lines)


def _require_signs(lines: Sequence[PaperLine]) -> None:
    """An invoice asks for goods and money, a credit note gives both back: no line does one and not the other."""
    for line in lines:
        signs = _signs(line.grams, line.amount, line.vat)
        if len(signs) > 1:
            raise refusals.InvalidInvoice(
                f"« {line.product} » : les grammes, le montant et la TVA d'une ligne sont tous positifs (facture) ou "
                "tous négatifs (avoir) : relire la ligne."
            )
        if not signs:
            raise refusals.InvalidInvoice(f"« {line.product} » ne facture rien : ôter la ligne ou relire ses chiffres.")
    if len(_signs(*(figure for line in lines for figure in (line.grams, line.amount)))) > 1:
        raise refusals.InvalidInvoice(
            "Des lignes positives et négatives : entrer la facture et l'avoir l'un après l'autre."
        )


def _signs(*figures: Decimal | int) -> set[bool]:
    """Whether some figures are above zero, below, or both; zero is neither."""
    return {figure > 0 for figure in figures if figure}
