"""Tables of credits and invoices."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catering.append_only import append_only
from catering.columns import one_of
from catering.db import Amount, Base, Instant, Quantity
from catering.receiving.vocabulary import CreditState, InvoiceKind, InvoiceState, ReceptionReason

CLUSTERED = {"sqlite_with_rowid": False}
STANDS = f"state <> '{InvoiceState.REJECTED.value}'"
"""Which invoices count; in words of the database."""


class CreditRequest(Base):
    """What a kitchen refused, told to the supplier so that it is not paid for (demande d'avoir)."""

    __tablename__ = "credit_requests"
    __table_args__ = (
        CheckConstraint("grams > 0", name="grams"),
        CheckConstraint("amount >= 0 AND vat >= 0", name="amount"),
        CheckConstraint("(state = 'granted') = (credit_note_id IS NOT NULL)", name="granted_by_a_note"),
        CheckConstraint("state <> 'declined' OR answer IS NOT NULL", name="declined_says_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reception_line_id: Mapped[int] = mapped_column(ForeignKey("reception_lines.id"), unique=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    reason: Mapped[ReceptionReason] = mapped_column(one_of(ReceptionReason))
    grams: Mapped[int]
    amount: Mapped[Amount]
    """Excl. tax, of the grams refused at the ordered price; rounded half-up to the cent."""
    vat: Mapped[Amount]
    state: Mapped[CreditState] = mapped_column(one_of(CreditState))
    asked_at: Mapped[Instant]
    answer: Mapped[str | None] = mapped_column(String(300))
    """Of the supplier."""
    credit_note_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"), index=True)


class Invoice(Base):
    """What a supplier bills one kitchen, or gives back to it by a credit note.

    The total is the sum of its rounded lines, and nothing else. The state is that of its last event.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        Index(
            "ux_invoices_supplier_id_number",
            "supplier_id",
            "number",
            unique=True,
            sqlite_where=text(STANDS),
            postgresql_where=text(STANDS),
        ),
        # Of lines at several rates, some given back, the VAT may have the other sign: only the amount tells the kind.
        CheckConstraint("kind <> 'invoice' OR amount_excl_tax >= 0", name="invoice_asks"),
        CheckConstraint("kind <> 'credit_note' OR amount_excl_tax <= 0", name="credit_note_gives"),
        CheckConstraint("last_seq >= 1", name="last_seq"),
        Index(None, "kitchen_id", "issued_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    kind: Mapped[InvoiceKind] = mapped_column(one_of(InvoiceKind))
    number: Mapped[str] = mapped_column(String(40))
    """The supplier's; a supplier uses a number once. That of a rejected invoice is free again."""
    issued_on: Mapped[date]
    state: Mapped[InvoiceState] = mapped_column(one_of(InvoiceState))
    last_seq: Mapped[int]
    """Number of its last event."""
    amount_excl_tax: Mapped[Amount]
    vat: Mapped[Amount]
    stated_total: Mapped[Amount | None]
    """Incl. tax, as printed on an invoice that came on paper."""
    corrects: Mapped[list[str]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    """Of a credit note: numbers of the invoices that billed what it gives back, as they stood then."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), index=True)
    """The paper itself, among the documents kept: whoever reads the invoice may read it."""

    lines: Mapped[list["InvoiceLine"]] = relationship(
        lazy="raise", order_by="InvoiceLine.position", back_populates="invoice"
    )
    events: Mapped[list["InvoiceEvent"]] = relationship(
        lazy="raise", order_by="InvoiceEvent.seq", back_populates="invoice"
    )


class InvoiceLine(Base):
    """What is billed of one order line; a credit note has negative grams and amounts."""

    __tablename__ = "invoice_lines"
    __table_args__ = (CheckConstraint("vat_pct >= 0", name="vat_pct"), CLUSTERED)

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id"), index=True)
    """Empty: the supplier bills something nobody ordered."""
    product: Mapped[str] = mapped_column(String(200))
    grams: Mapped[int] = mapped_column(BigInteger)
    amount_excl_tax: Mapped[Amount]
    vat_pct: Mapped[Quantity]
    vat: Mapped[Amount]
    """Rounded half-up to the cent."""

    invoice: Mapped[Invoice] = relationship(lazy="raise", back_populates="lines")


class InvoiceEvent(Base):
    """One thing that happened to an invoice. Rows are only ever added."""

    __tablename__ = "invoice_events"
    __table_args__ = (CheckConstraint("seq >= 1", name="seq"), CLUSTERED)

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))
    state: Mapped[InvoiceState] = mapped_column(one_of(InvoiceState))
    """Into which it brought the invoice."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Differences found, each with its line, its kind, what was expected and what the invoice says; of a rejection, the
    reason."""

    invoice: Mapped[Invoice] = relationship(lazy="raise", back_populates="events")


class InvoiceSequence(Base):
    """Last number the platform gave to an invoice of a supplier in a year: numbers follow each other without a gap."""

    __tablename__ = "invoice_sequences"
    __table_args__ = (CheckConstraint("last >= 0", name="last"), CLUSTERED)

    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
    last_day: Mapped[date | None]
    """Date of the invoice that has it: the next one is not dated before."""


append_only(InvoiceLine)
append_only(InvoiceEvent)
