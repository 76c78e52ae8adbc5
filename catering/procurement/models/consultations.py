"""Tables of the consultations: the need as published, who was told, what was asked, and the log of it all."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catering.append_only import append_only
from catering.columns import one_of
from catering.db import Amount, Base, Instant
from catering.procurement.vocabulary import ConsultationStatus, EventKind, LotStatus


class Consultation(Base):
    """A need, in lots, put to every registered supplier that matches, below the first threshold."""

    __tablename__ = "consultations"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="order"),
        CheckConstraint("perimeter_km > 0", name="perimeter"),
        CheckConstraint(
            "status = 'draft' OR (published_at IS NOT NULL AND deadline > published_at)", name="published_has_deadline"
        ),
        # The seal: no row can say that offers were opened before their deadline (CCP-42).
        CheckConstraint("opened_at IS NULL OR opened_at >= deadline", name="sealed_until_deadline"),
        CheckConstraint("(status IN ('awarded', 'without_result')) = (reason IS NOT NULL)", name="decided_has_reason"),
        CheckConstraint("status <> 'awarded' OR opened_at IS NOT NULL", name="awarded_was_opened"),
        Index(None, "status", "deadline"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), index=True)
    """The buyer, or the coordinator of a groupement de commandes."""
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[ConsultationStatus] = mapped_column(one_of(ConsultationStatus), default=ConsultationStatus.DRAFT)
    first_day: Mapped[date]
    last_day: Mapped[date]
    """Last day of delivery, included."""
    delivery: Mapped[str] = mapped_column(String(300))
    """Where and when to deliver, in words."""
    perimeter_km: Mapped[int | None]
    """Narrows the sending only, never who may answer nor how offers are scored (CCP-41)."""
    created_at: Mapped[Instant]
    created_by: Mapped[str] = mapped_column(String(120))
    published_at: Mapped[Instant | None]
    deadline: Mapped[Instant | None]
    opened_at: Mapped[Instant | None]
    opened_by: Mapped[str | None] = mapped_column(String(120))
    decided_at: Mapped[Instant | None]
    """When its last lot was decided."""
    decided_by: Mapped[str | None] = mapped_column(String(120))
    reason: Mapped[str | None] = mapped_column(Text)
    """The reasons of its lots, once all of them are decided."""
    log_length: Mapped[int] = mapped_column(default=0)
    log_head: Mapped[str] = mapped_column(String(64), default="")
    """Hash of the last event; empty before the first."""

    lots: Mapped[list["ConsultationLot"]] = relationship(
        lazy="raise", order_by="ConsultationLot.number", passive_deletes=True
    )
    lines: Mapped[list["ConsultationLine"]] = relationship(
        lazy="raise", order_by="ConsultationLine.position", passive_deletes=True
    )
    criteria: Mapped[list["ConsultationCriterion"]] = relationship(
        lazy="raise", order_by="ConsultationCriterion.position", passive_deletes=True
    )


class ConsultationLot(Base):
    """A part of a consultation that is answered and decided by itself: products of one famille homogène (CCP-30)."""

    __tablename__ = "consultation_lots"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("estimated_amount > 0", name="estimated"),
        CheckConstraint("(status = 'waiting') = (reason IS NULL)", name="decided_has_reason"),
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="decided_has_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    number: Mapped[int]
    """From 1."""
    title: Mapped[str] = mapped_column(String(200))
    family: Mapped[str] = mapped_column(String(10), index=True)
    """Code of ``catering/rules/procurement/families.csv``."""
    estimated_amount: Mapped[Amount]
    """What the buyer expects to pay excl. tax, before any offer; never shown to suppliers."""
    status: Mapped[LotStatus] = mapped_column(one_of(LotStatus), default=LotStatus.WAITING)
    decided_at: Mapped[Instant | None]
    decided_by: Mapped[str | None] = mapped_column(String(120))
    reason: Mapped[str | None] = mapped_column(Text)
    """Why this choice, or why none: written by the buyer."""

    lines: Mapped[list["ConsultationLine"]] = relationship(
        lazy="raise", order_by="ConsultationLine.position", passive_deletes=True
    )


class ConsultationLine(Base):
    """One product wanted, how much of it, for which collège."""

    __tablename__ = "consultation_lines"
    __table_args__ = (
        UniqueConstraint("consultation_id", "position"),
        CheckConstraint("quantity_g > 0", name="quantity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("consultation_lots.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    """Rank in the consultation, from 1."""
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), index=True)
    """Where it is delivered and who pays."""
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"), index=True)
    product: Mapped[str] = mapped_column(String(200))
    """What is wanted, in words: variety, label or equivalent, presentation."""
    quantity_g: Mapped[int]


class ConsultationCriterion(Base):
    """A criterion by which the offers are compared, and its weight in percent. Rows are only ever added."""

    __tablename__ = "consultation_criteria"
    __table_args__ = (CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Code of ``catering/rules/procurement/criteria.csv``."""
    position: Mapped[int]
    weight: Mapped[int]


class ConsultationInvite(Base):
    """A supplier to whom a consultation was sent; all at the same instant. Rows are only ever added."""

    __tablename__ = "consultation_invites"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"), primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), primary_key=True, index=True)
    sent_at: Mapped[Instant]


class ConsultationQuestion(Base):
    """A question of a supplier; the answer is read by all suppliers at once, without the name of who asked."""

    __tablename__ = "consultation_questions"
    __table_args__ = (CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"), index=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    asked_at: Mapped[Instant]
    question: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[Instant | None]
    answered_by: Mapped[str | None] = mapped_column(String(120))
    answer: Mapped[str | None] = mapped_column(Text)


class ConsultationEvent(Base):
    """One line of the log of a consultation; its hash covers the line before. Rows are only ever added."""

    __tablename__ = "consultation_events"
    __table_args__ = (CheckConstraint("seq > 0", name="seq"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    """Rank in the log, from 1, without gaps."""
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))
    kind: Mapped[EventKind] = mapped_column(one_of(EventKind))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the hash before and of this line (``chain.py``)."""


append_only(ConsultationCriterion)
append_only(ConsultationInvite)
append_only(ConsultationEvent)
