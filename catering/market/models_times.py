"""Tables of when a supplier sells: the months of a product's year, and holidays."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from catering.db import Base


class StandingAvailability(Base):
    """What an offer can deliver in each week of a month, year after year: the template that fills its capacities."""

    __tablename__ = "standing_availabilities"
    __table_args__ = (
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        CheckConstraint("grams_per_week > 0", name="grams"),
    )

    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    """A week belongs to the month of its Monday."""
    grams_per_week: Mapped[int | None] = mapped_column(BigInteger)
    """No value means unlimited; a month without a row is not sold."""


class SupplierPause(Base):
    """Days on which a supplier delivers nothing: holidays, works, illness."""

    __tablename__ = "supplier_pauses"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[str] = mapped_column(String(120))
