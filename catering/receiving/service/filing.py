"""Keep an invoice and what happens to it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import insert_missing
from catering.moment import now
from catering.people.viewer import Viewer
from catering.receiving import refusals
from catering.receiving.models import Invoice, InvoiceEvent, InvoiceLine, InvoiceSequence
from catering.receiving.queries_invoices import invoices
from catering.receiving.rules.billing import NOTHING, Billed, Difference
from catering.receiving.vocabulary import InvoiceKind, InvoiceState

LONGEST_NUMBER = 40


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
    """Store an invoice or, when its sum is negative, a credit note; the total is the sum of its lines."""
    amount = sum((line.amount for line in lines), NOTHING)
    invoice = Invoice(
        supplier_id=supplier_id,
        kitchen_id=kitchen_id,
        kind=InvoiceKind.CREDIT_NOTE if amount < 0 else InvoiceKind.INVOICE,
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
) -> Invoice:
    """Bring an invoice into a state, with the event that says who did and what was found."""
    invoice.state, invoice.last_seq = state, invoice.last_seq + 1
    data = {
        "differences": [
            {
                "kind": each.kind.value,
                "position": each.position,
                "product": each.product,
                "expected": str(each.expected),
                "stated": str(each.stated),
            }
            for each in found
        ]
    }
    session.add(
        InvoiceEvent(
            invoice_id=invoice.id,
            seq=invoice.last_seq,
            at=now(),
            actor=viewer.actor,
            state=state,
            data=data if found else {},
        )
    )
    await session.flush()
    return invoice


async def free_number(session: AsyncSession, viewer: Viewer, supplier_id: int, year: int, number: str | None) -> str:
    """The supplier's own number, or the next one of its series of the year, without a gap.

    Raises:
        refusals.Refusal: the number is used already, or is no number.
    """
    if number is None:
        this = {"supplier_id": supplier_id, "year": year}
        await session.execute(insert_missing(session, InvoiceSequence).values(**this, last=0))
        following = update(InvoiceSequence).filter_by(**this).values(last=InvoiceSequence.last + 1)
        last = (await session.scalars(following.returning(InvoiceSequence.last))).one()
        return f"P{year}-{last:05d}"
    if not 1 <= len(number.strip()) <= LONGEST_NUMBER:
        raise refusals.InvalidInvoice(f"Le numéro de facture compte de 1 à {LONGEST_NUMBER} caractères.")
    taken = await session.scalar(invoices(viewer, number=number.strip(), supplier_id=supplier_id))
    if taken is not None:
        raise refusals.InvoiceNumberTaken(number.strip())
    return number.strip()
