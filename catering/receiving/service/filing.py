"""Keep an invoice and what happens to it."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from catering.db import insert_missing
from catering.moment import now
from catering.orders.sold import BUYER
from catering.people.viewer import Viewer
from catering.receiving import refusals
from catering.receiving.models import Invoice, InvoiceEvent, InvoiceLine, InvoiceSequence
from catering.receiving.queries_invoices import invoice_lines_visible_to, invoices
from catering.receiving.rules.billing import NOTHING, Billed, Difference, gives_back
from catering.receiving.vocabulary import InvoiceKind, InvoiceState
from catering.spelling import tidy, unfit

LONGEST_NUMBER = 40
GIVEN = re.compile(r"P[0-9]{4}-[0-9]{5,}", re.IGNORECASE)
"""The form of the numbers that the platform gives."""


async def file(
    session: AsyncSession,
    viewer: Viewer,
    *,
    supplier_id: int,
    kitchen_id: int,
    number: str,
    issued_on: date,
    lines: Sequence[Billed],
    stated_total: Decimal | None = None,
    document_id: int | None = None,
) -> Invoice:
    """Store an invoice or, when its sum is negative, a credit note, with the numbers of the invoices it gives back of;
    the total is the sum of its lines."""
    amount, grams = sum((line.amount for line in lines), NOTHING), sum(line.grams for line in lines)
    back = gives_back(amount, grams)
    invoice = Invoice(
        supplier_id=supplier_id,
        kitchen_id=kitchen_id,
        kind=InvoiceKind.CREDIT_NOTE if back else InvoiceKind.INVOICE,
        corrects=await _corrected(session, supplier_id, lines) if back else [],
        number=number,
        issued_on=issued_on,
        state=InvoiceState.RECEIVED,
        last_seq=1,
        amount_excl_tax=amount,
        vat=sum((line.vat for line in lines), NOTHING),
        stated_total=stated_total,
        document_id=document_id,
        lines=[
            InvoiceLine(
                position=position,
                order_line_id=line.order_line_id,
                product=line.product,
                grams=line.grams,
                amount_excl_tax=line.amount,
                vat_pct=line.vat_pct,
                vat=line.vat,
            )
            for position, line in enumerate(lines, start=1)
        ],
        events=[InvoiceEvent(seq=1, at=now(), actor=viewer.actor, state=InvoiceState.RECEIVED, data={})],
    )
    session.add(invoice)
    await session.flush()
    return invoice


async def happen(
    session: AsyncSession,
    viewer: Viewer,
    invoice: Invoice,
    state: InvoiceState,
    found: Sequence[Difference] = (),
    *,
    reason: str | None = None,
) -> Invoice:
    """Bring an invoice into a state, with the event that says who did, what was found or why."""
    invoice.state, invoice.last_seq = state, invoice.last_seq + 1
    session.add(
        InvoiceEvent(
            invoice_id=invoice.id,
            seq=invoice.last_seq,
            at=now(),
            actor=viewer.actor,
            state=state,
            data=_told(found) if reason is None else {"reason": reason},
        )
    )
    await session.flush()
    return invoice


def _told(found: Sequence[Difference]) -> dict[str, Any]:
    """Differences as an event keeps them."""
    differences = [
        {
            "kind": each.kind.value,
            "position": each.position,
            "product": each.product,
            "expected": str(each.expected),
            "stated": str(each.stated),
        }
        for each in found
    ]
    return {"differences": differences} if differences else {}


async def _corrected(session: AsyncSession, supplier_id: int, lines: Sequence[Billed]) -> list[str]:
    """Numbers of the standing invoices that billed some order lines, in order of their date."""
    ids = {line.order_line_id for line in lines if line.order_line_id is not None}
    billed = invoice_lines_visible_to(BUYER).where(InvoiceLine.order_line_id.in_(ids))
    of_them = invoices(BUYER, supplier_id=supplier_id, standing=True).where(
        Invoice.kind == InvoiceKind.INVOICE, Invoice.id.in_(billed.with_only_columns(InvoiceLine.invoice_id))
    )
    return [row.number for row in await session.scalars(of_them.order_by(Invoice.issued_on, Invoice.id))]


async def free_number(
    session: AsyncSession, supplier_id: int, issued_on: date, number: str | None, *, kitchen_id: int
) -> str:
    """The supplier's own number, or the next one of its series of the year: without a gap, and never dated before the
    one that was given last (CGI, annexe II, art. 242 nonies A).

    Of an invoice to another kitchen than ``kitchen_id`` nothing but its number is told.

    Raises:
        refusals.Refusal: the number is used already, is no number, or looks like one that the platform gives; one that
            the platform gave last is of a later day.
    """
    if number is None:
        return await _next_number(session, supplier_id, issued_on)
    if (why := unfit(number, LONGEST_NUMBER)) is not None:
        raise refusals.InvalidInvoice(f"Le numéro de facture {why} : le relire sur la facture.")
    if GIVEN.fullmatch(tidy(number)):
        raise refusals.InvalidInvoice(
            f"Le numéro {tidy(number)} est de ceux que la plateforme donne : la facture y est déjà, ou le numéro est à "
            "relire."
        )
    if (known := await _known(session, supplier_id, tidy(number))) is not None:
        told = (known.issued_on, known.amount_excl_tax + known.vat) if known.kitchen_id == kitchen_id else None
        raise refusals.InvoiceNumberTaken(tidy(number), told)
    return tidy(number)


async def _next_number(session: AsyncSession, supplier_id: int, issued_on: date) -> str:
    """The next number of the series; one that a paper invoice has taken, from before its form was refused, is passed
    over."""
    year = issued_on.year
    this = {"supplier_id": supplier_id, "year": year}
    await session.execute(insert_missing(session, InvoiceSequence).values(**this, last=0))
    other = aliased(InvoiceSequence)
    later = exists().where(other.supplier_id == supplier_id, other.last_day > issued_on)
    following = (
        update(InvoiceSequence)
        .where(InvoiceSequence.supplier_id == supplier_id, InvoiceSequence.year == year, ~later)
        .values(last=InvoiceSequence.last + 1, last_day=issued_on)
        .returning(InvoiceSequence.last)
        .execution_options(synchronize_session=False)
    )
    while True:
        last = await session.scalar(following)
        if last is None:
            raise await _not_in_time(session, supplier_id, issued_on)
        number = f"P{year}-{last:05d}"
        if await _known(session, supplier_id, number) is None:
            return number


async def _not_in_time(session: AsyncSession, supplier_id: int, issued_on: date) -> refusals.InvalidInvoice:
    """Why the day of an invoice comes too early in its series."""
    later = invoices(BUYER, supplier_id=supplier_id).where(Invoice.issued_on > issued_on, Invoice.number.like("P%"))
    newest_first = await session.scalars(later.order_by(Invoice.issued_on.desc(), Invoice.id.desc()))
    last = next((each for each in newest_first if GIVEN.fullmatch(each.number)), None)
    named = "la dernière" if last is None else f"{last.number}, du {last.issued_on:%d/%m/%Y}"
    return refusals.InvalidInvoice(
        f"Les factures numérotées par la plateforme se suivent dans le temps : dater celle-ci au plus tôt comme {named}"
        ", ou donner un numéro de votre propre série."
    )


async def _known(session: AsyncSession, supplier_id: int, number: str) -> Invoice | None:
    """The invoice of the supplier that has this number, to whichever kitchen: a supplier uses a number once."""
    found: Invoice | None = await session.scalar(invoices(BUYER, number=number, supplier_id=supplier_id, standing=True))
    return found
