"""Tables of what kitchens announce beforehand, and of the forecasts that were made."""

from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catering.append_only import append_only
from catering.columns import one_of
from catering.db import Amount, Base, Instant


class AttendanceEventKind(StrEnum):
    """Why a day is unlike the others."""

    TRIP = "trip"
    EXAM = "exam"
    STRIKE = "strike"
    OTHER = "other"


class ForecastBasis(StrEnum):
    """What a forecast rests on."""

    HISTORY = "history"
    ANNOUNCED = "announced"
    """What the kitchen notes for the day stands, or its calendar, without an interval: the history is too short, or
    says something else and nobody knows yet what the kitchen's own covers are worth."""


class AttendanceEvent(Base):
    """Days of one kitchen with more or fewer covers than usual, known beforehand. A withdrawn event stays readable."""

    __tablename__ = "attendance_events"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="order"),
        CheckConstraint("difference <> 0", name="difference"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        Index(None, "kitchen_id", "first_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    kind: Mapped[AttendanceEventKind] = mapped_column(one_of(AttendanceEventKind))
    first_day: Mapped[date]
    last_day: Mapped[date]
    difference: Mapped[int]
    """Covers of each of its days against an ordinary one: below 0 for absences."""
    note: Mapped[str | None] = mapped_column(String(300))
    made_at: Mapped[Instant]
    made_by: Mapped[str] = mapped_column(String(120))
    withdrawn_at: Mapped[Instant | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(120))


class CoversForecast(Base):
    """The lunches of one kitchen on one day, as forecast on a day before: what was known then, never changed.

    ``q10`` … ``q90`` are covers that are enough with this probability, events taken in; none without a history.
    """

    __tablename__ = "covers_forecasts"
    __table_args__ = (
        UniqueConstraint("kitchen_id", "day", "made_on"),
        CheckConstraint("made_on < day", name="beforehand"),
        CheckConstraint("expected >= 0 AND recommended >= 0", name="covers"),
        CheckConstraint("(basis = 'history') = (q50 IS NOT NULL)", name="quantiles"),
        CheckConstraint("missing_eur > 0 AND wasted_eur > 0", name="costs"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    day: Mapped[date]
    made_on: Mapped[date]
    basis: Mapped[ForecastBasis] = mapped_column(one_of(ForecastBasis))
    expected: Mapped[int]
    q10: Mapped[int | None]
    q25: Mapped[int | None]
    q50: Mapped[int | None]
    q75: Mapped[int | None]
    q90: Mapped[int | None]
    recommended: Mapped[int]
    """Covers to prepare."""
    announced: Mapped[int | None]
    """Covers the kitchen had noted for the day: its word on the whole of it, that no event shifts."""
    event_ids: Mapped[list[int] | None] = mapped_column(JSON)
    """Events known then, withdrawn ones left out; none for forecasts made before this was kept."""
    missing_eur: Mapped[Amount]
    """Cost of one meal too few that the recommendation was made with (GAS-SOL-MANQUANT)."""
    wasted_eur: Mapped[Amount]
    """Cost of one meal too many (GAS-SOL-EXCEDENT)."""
    reasons: Mapped[list[str]] = mapped_column(JSON)
    """Why, in French, as it was told then."""
    model_version: Mapped[str] = mapped_column(String(40))
    trained_from: Mapped[date | None]
    trained_to: Mapped[date | None]
    """First and last day of the covers it learned from, of all kitchens; none without a history."""


append_only(CoversForecast)
