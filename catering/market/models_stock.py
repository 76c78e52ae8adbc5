"""Table of the stock of the market: what of an offer may still be ordered in a week."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from catering.db import Base


class OfferWeek(Base):
    """What an offer can deliver for the meals of one week, and how much of it is ordered. Grams.

    A row is made from the capacities when the offer is first ordered for the week; from then on the row decides.
    """

    __tablename__ = "offer_weeks"
    __table_args__ = (
        CheckConstraint("reserved_g >= 0", name="reserved"),
        CheckConstraint("available_g IS NULL OR reserved_g <= available_g", name="never_oversold"),
        {"sqlite_with_rowid": False},
    )

    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    """Its Monday, as planning counts capacities: the week whose meals the goods are for."""
    available_g: Mapped[int | None] = mapped_column(BigInteger)
    """No value means unlimited."""
    reserved_g: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """Sum of what the orders that still stand take."""
