"""Tables of the diagnostic, version by version, and of agreements to give food."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catering.columns import one_of
from catering.db import Base, Instant
from catering.waste.vocabulary import ActionKind, ActionStatus, Stage, WasteCause


class WasteDiagnostic(Base):
    """One version of the diagnostic and plan of action of a kitchen (GAS-02). A version never changes."""

    __tablename__ = "waste_diagnostics"
    __table_args__ = (
        UniqueConstraint("kitchen_id", "version"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("(measured_from IS NULL) = (measured_to IS NULL)", name="measured"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    version: Mapped[int]
    """From 1."""
    written_on: Mapped[date]
    pilot: Mapped[str] = mapped_column(String(160))
    """Who answers for it, by function."""
    team: Mapped[str] = mapped_column(String(300))
    situation: Mapped[str] = mapped_column(String(2000))
    """What the establishment found, in its words."""
    measured_from: Mapped[date | None]
    measured_to: Mapped[date | None]
    """Days of the weighings it rests on."""
    made_at: Mapped[Instant]
    made_by: Mapped[str] = mapped_column(String(120))

    findings: Mapped[list["WasteFinding"]] = relationship(lazy="raise", order_by="WasteFinding.position")
    actions: Mapped[list["WasteAction"]] = relationship(lazy="raise", order_by="WasteAction.position")


class WasteFinding(Base):
    """A cause that the diagnostic found."""

    __tablename__ = "waste_findings"
    __table_args__ = (CheckConstraint("position > 0", name="position"),)

    diagnostic_id: Mapped[int] = mapped_column(ForeignKey("waste_diagnostics.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[Stage | None] = mapped_column(one_of(Stage))
    """None for the whole kitchen."""
    cause: Mapped[WasteCause] = mapped_column(one_of(WasteCause))
    seen: Mapped[str] = mapped_column(String(300))


class WasteAction(Base):
    """An action of the plan: who does what by when, and where it stands."""

    __tablename__ = "waste_actions"
    __table_args__ = (
        CheckConstraint("position > 0", name="position"),
        CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name="done"),
    )

    diagnostic_id: Mapped[int] = mapped_column(ForeignKey("waste_diagnostics.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ActionKind] = mapped_column(one_of(ActionKind))
    what: Mapped[str] = mapped_column(String(300))
    who: Mapped[str] = mapped_column(String(160))
    due_on: Mapped[date]
    status: Mapped[ActionStatus] = mapped_column(one_of(ActionStatus))
    done_on: Mapped[date | None]


class DonationAgreement(Base):
    """An agreement to give food to an aid association: proposed, then maybe signed (GAS-04)."""

    __tablename__ = "donation_agreements"
    __table_args__ = (
        UniqueConstraint("kitchen_id", "association"),
        CheckConstraint("signed_on IS NULL OR signed_on >= proposed_on", name="signed"),
        CheckConstraint("ends_on IS NULL OR (signed_on IS NOT NULL AND ends_on >= signed_on)", name="ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    association: Mapped[str] = mapped_column(String(160))
    proposed_on: Mapped[date]
    signed_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    """Last day it holds; none until it is ended."""
    what: Mapped[str | None] = mapped_column(String(300))
    """What is given, and how often it is fetched."""
    authority: Mapped[str | None] = mapped_column(String(160))
    """By what it may receive food: its habilitation (number, arrêté), or that it is a CCAS or CIAS; none: unchecked."""
    made_at: Mapped[Instant]
    made_by: Mapped[str] = mapped_column(String(120))

    def stands(self, on: date) -> bool:
        """Whether it was proposed by a day and has not ended: what GAS-04 asks for."""
        return self.proposed_on <= on and (self.ends_on is None or on <= self.ends_on)

    def holds(self, on: date) -> bool:
        """Whether it is signed and in force on a day."""
        return self.signed_on is not None and self.signed_on <= on and (self.ends_on is None or on <= self.ends_on)
