"""Tables of the kitchens and of the school calendar."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catering.columns import one_of
from catering.db import Base, Quantity, UnitPrice


class PriorityEducation(StrEnum):
    """Priority education network the collège belongs to."""

    REP = "REP"
    REP_PLUS = "REP+"


UAI_LENGTH, FINESS_LENGTH = 8, 9


class Kitchen(Base):
    """A collège that cooks lunch on site, or an establishment of care that weighs what it throws away."""

    __tablename__ = "kitchens"
    __table_args__ = (
        CheckConstraint(f"length(uai) IN ({UAI_LENGTH}, {FINESS_LENGTH})", name="uai_length"),
        CheckConstraint("siren IS NULL OR length(siren) = 9", name="siren_length"),
        CheckConstraint("length(insee) = 5", name="insee_length"),
        CheckConstraint("pupils > 0", name="pupils"),
        CheckConstraint("budget_eur_per_meal > 0", name="budget"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uai: Mapped[str] = mapped_column(String(FINESS_LENGTH), unique=True)
    """What it is known by: the UAI of a collège, else the FINESS of an establishment of care."""
    name: Mapped[str] = mapped_column(String(200))
    siren: Mapped[str | None] = mapped_column(String(9))
    address: Mapped[str] = mapped_column(String(200))
    postcode: Mapped[str] = mapped_column(String(5))
    commune: Mapped[str] = mapped_column(String(100))
    insee: Mapped[str] = mapped_column(String(5))
    epci: Mapped[str] = mapped_column(String(120), index=True)
    """Name of the group of communes."""
    lat: Mapped[Quantity]
    lon: Mapped[Quantity]
    pupils: Mapped[int]
    """Enrolled; residents of an establishment of care."""
    priority_education: Mapped[PriorityEducation | None] = mapped_column(one_of(PriorityEducation))
    budget_eur_per_meal: Mapped[UnitPrice]
    """Food budget of one meal, excl. tax."""
    made_by: Mapped[str | None] = mapped_column(String(120))
    """Who registered it through the platform; none for those of the seeds."""

    covers: Mapped[list["KitchenCovers"]] = relationship(
        lazy="raise", order_by="KitchenCovers.weekday", passive_deletes=True
    )
    closures: Mapped[list["KitchenClosure"]] = relationship(
        lazy="raise", order_by="KitchenClosure.day", passive_deletes=True
    )

    @property
    def finess(self) -> str | None:
        """Its FINESS; None for a collège."""
        return self.uai if len(self.uai) == FINESS_LENGTH else None

    @property
    def known_by(self) -> str:
        """The name of its number: UAI or FINESS."""
        return "UAI" if self.finess is None else "FINESS"


class KitchenCovers(Base):
    """Lunches planned on one weekday; a weekday without a row is not served."""

    __tablename__ = "kitchen_covers"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 4", name="weekday"),
        CheckConstraint("covers > 0", name="covers"),
    )

    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id", ondelete="CASCADE"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    """Monday is 0."""
    covers: Mapped[int]


class KitchenClosure(Base):
    """A day on which one kitchen does not serve although the school calendar is open."""

    __tablename__ = "kitchen_closures"

    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(200))


class Bridge(Base):
    """A school day off that is neither a public holiday nor inside a school holiday."""

    __tablename__ = "bridges"
    __table_args__ = (CheckConstraint("zone IN ('A', 'B', 'C')", name="zone"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    zone: Mapped[str] = mapped_column(String(1), primary_key=True)
    label: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(300))


class SchoolYear(Base):
    """First and last day of class of the pupils; both are school days."""

    __tablename__ = "school_years"
    __table_args__ = (CheckConstraint("first_day < last_day", name="order"),)

    school_year: Mapped[str] = mapped_column(String(7), primary_key=True)
    """As ``2026-27``."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    source: Mapped[str] = mapped_column(String(300))
