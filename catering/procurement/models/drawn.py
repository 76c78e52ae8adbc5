"""Table of what was ordered on contracts and awards: both are drawn on by one statement."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKeyConstraint, String, func, literal, select
from sqlalchemy.orm import Mapped, mapped_column

from catering.db import Amount, Base

WHOSE = (
    "(contract_id IS NOT NULL AND lot_id IS NULL AND name = 'contract ' || contract_id) OR "
    "(contract_id IS NULL AND lot_id IS NOT NULL AND name = 'lot ' || lot_id)"
)


class DrawnAmount(Base):
    """What was ordered on a contract, or on the award of a lot, up to its maximum. The first order makes the row."""

    __tablename__ = "drawn_amounts"
    __table_args__ = (
        # The maximum follows that of the contract: an avenant changes both at once, and meets the check below.
        ForeignKeyConstraint(["contract_id", "most"], ["contracts.id", "contracts.max_amount"], onupdate="CASCADE"),
        ForeignKeyConstraint(["lot_id", "most"], ["consultation_awards.lot_id", "consultation_awards.amount"]),
        CheckConstraint(WHOSE, name="whose"),
        # A sum that would pass the maximum is refused by the database too, whoever writes it.
        CheckConstraint("ordered >= 0 AND ordered <= most", name="max"),
    )

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    """``contract 12`` or ``lot 7``, by row ids: one key for both, which an INSERT can name ON CONFLICT."""
    contract_id: Mapped[int | None] = mapped_column(index=True)
    lot_id: Mapped[int | None] = mapped_column(index=True)
    most: Mapped[Amount]
    """Most that may be ordered, excl. tax: the maximum of the contract, the amount of the award."""
    ordered: Mapped[Amount]
    """Ordered so far, excl. tax."""


def drawn(whose: ColumnElement[bool]) -> ColumnElement[Decimal]:
    """What was ordered on the row that ``whose`` joins; nothing while nobody has ordered on it."""
    amount = select(DrawnAmount.ordered).where(whose).correlate_except(DrawnAmount).scalar_subquery()
    return func.coalesce(amount, literal(Decimal("0.00"), DrawnAmount.ordered.type))
