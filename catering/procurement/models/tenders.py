"""Tables of the sealed offers: nobody but their supplier reads a row of them before the opening."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from catering.append_only import append_only
from catering.columns import one_of
from catering.db import Amount, Base, Instant, Quantity, UnitPrice
from catering.procurement.models.drawn import DrawnAmount, drawn
from catering.procurement.vocabulary import SetAsideGround

STANDING = text("withdrawn_at IS NULL")


class Tender(Base):
    """An offer of a supplier to a lot. Replacing it withdraws the one before, which stays written.

    Rows are only ever added; that one is withdrawn or set aside is written later, by its supplier or by the buyer.

    Its number is drawn by lot (``tendering.py``): one that counts up would tell its supplier how many others answered.
    """

    __tablename__ = "tenders"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(set_aside_reason IS NULL) = (set_aside_at IS NULL)", name="set_aside"),
        CheckConstraint("set_aside_ground IS NULL OR set_aside_reason IS NOT NULL", name="ground_has_reason"),
        # A supplier has one offer to a lot that stands, whatever races.
        Index(
            "uq_tenders_standing", "lot_id", "supplier_id", unique=True,
            sqlite_where=STANDING, postgresql_where=STANDING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("consultation_lots.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    submitted_at: Mapped[Instant]
    """By the clock of the database."""
    submitted_by: Mapped[str] = mapped_column(String(120))
    withdrawn_at: Mapped[Instant | None]
    amount: Mapped[Amount]
    """Sum of its lines excl. tax, each rounded half-up to the cent."""
    set_aside_reason: Mapped[str | None] = mapped_column(Text)
    """Why the buyer did not compare it, in words."""
    set_aside_ground: Mapped[SetAsideGround | None] = mapped_column(one_of(SetAsideGround))
    """Empty for offers that were set aside before grounds were asked for."""
    set_aside_answer: Mapped[str | None] = mapped_column(Text)
    """What its supplier said of its price, where the ground asks for that."""
    set_aside_rank: Mapped[int | None]
    """Its rank among the offers compared until then."""
    set_aside_at: Mapped[Instant | None]

    lines: Mapped[list["TenderLine"]] = relationship(lazy="raise", order_by="TenderLine.line_id", passive_deletes=True)
    facts: Mapped[list["TenderFact"]] = relationship(lazy="raise", order_by="TenderFact.code", passive_deletes=True)
    papers: Mapped[list["TenderDocument"]] = relationship(
        lazy="raise", order_by="TenderDocument.document_id", passive_deletes=True
    )


class TenderLine(Base):
    """The price offered for one line of a consultation. Rows are only ever added."""

    __tablename__ = "tender_lines"
    __table_args__ = (CheckConstraint("price_eur_per_kg > 0", name="price"),)

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id", ondelete="CASCADE"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("consultation_lines.id"), primary_key=True)
    price_eur_per_kg: Mapped[UnitPrice]


class TenderFact(Base):
    """What an offer declares for a criterion other than the price; a yes is 1, a no is 0. Rows are only ever added."""

    __tablename__ = "tender_facts"
    __table_args__ = (CheckConstraint("value >= 0", name="value"),)

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Quantity]


class TenderDocument(Base):
    """A paper that an offer brings to prove what it declares, sealed with it. Rows are only ever added."""

    __tablename__ = "tender_documents"

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id", ondelete="CASCADE"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(160))
    """As its sender called it, with the digest of its bytes: the fingerprint of the offer holds both."""
    sha256: Mapped[str] = mapped_column(String(64))


class TenderOutcome(Base):
    """What became of an offer: what its supplier is told, with the reason. Rows are only ever added."""

    __tablename__ = "tender_outcomes"
    __table_args__ = (CheckConstraint("rank > 0", name="rank"),)

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"), primary_key=True)
    won: Mapped[bool]
    rank: Mapped[int | None]
    """No value: it was not compared (set aside, or the consultation closed without result)."""
    points: Mapped[Quantity | None]
    reason: Mapped[str] = mapped_column(Text)
    informed_at: Mapped[Instant]


class ConsultationAward(Base):
    """The offer retained for a lot: orders are drawn on it up to its amount.

    Rows are only ever added.
    """

    __tablename__ = "consultation_awards"
    __table_args__ = (UniqueConstraint("lot_id", "amount"),)

    lot_id: Mapped[int] = mapped_column(ForeignKey("consultation_lots.id"), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"), unique=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    amount: Mapped[Amount]
    ordered_amount: Mapped[Decimal] = column_property(drawn(DrawnAmount.lot_id == lot_id), expire_on_flush=False)
    """Ordered so far, excl. tax; kept in ``drawn_amounts``."""
    day: Mapped[date]
    """Day of the decision."""


ASIDE = ("set_aside_reason", "set_aside_at", "set_aside_ground", "set_aside_answer", "set_aside_rank")
append_only(Tender, but=("withdrawn_at", *ASIDE))
append_only(TenderLine)
append_only(TenderFact)
append_only(TenderDocument)
append_only(TenderOutcome)
append_only(ConsultationAward)
