"""Tables of what changes a signed contract: avenants and résiliation, added and never overwritten."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catering.append_only import append_only
from catering.columns import one_of
from catering.db import Amount, Base, Instant, Quantity, UnitPrice
from catering.procurement.vocabulary import ContractChangeKind


class ContractChange(Base):
    """An avenant or the résiliation of a contract, with what was before and after. Rows are only ever added."""

    __tablename__ = "contract_changes"
    __table_args__ = (
        UniqueConstraint("contract_id", "rank"),
        CheckConstraint("rank > 0", name="rank"),
        CheckConstraint("kind <> 'termination' OR end_day = day", name="termination_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    rank: Mapped[int]
    """From 1, in the order in which they were signed."""
    kind: Mapped[ContractChangeKind] = mapped_column(one_of(ContractChangeKind))
    day: Mapped[date]
    """From when its prices hold; the last day of a contract that it terminates."""
    reason: Mapped[str] = mapped_column(Text)
    before_end_day: Mapped[date]
    end_day: Mapped[date]
    before_max_amount: Mapped[Amount]
    max_amount: Mapped[Amount]
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))

    prices: Mapped[list["ContractPriceChange"]] = relationship(
        lazy="raise", order_by="ContractPriceChange.line_id", passive_deletes=True
    )


class ContractPriceChange(Base):
    """The price of a line after an avenant; its clause goes on from there. Rows are only ever added."""

    __tablename__ = "contract_price_changes"
    __table_args__ = (
        CheckConstraint("price_eur_per_kg > 0", name="price"),
        CheckConstraint("base_index > 0", name="base_index"),
    )

    change_id: Mapped[int] = mapped_column(ForeignKey("contract_changes.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("contract_lines.id"), primary_key=True, index=True)
    before_price_eur_per_kg: Mapped[UnitPrice]
    """In force on the day before."""
    price_eur_per_kg: Mapped[UnitPrice]
    base_index: Mapped[Quantity | None]
    """Value of the index in force that day, to which the new price belongs; none for a fixed price."""


append_only(ContractChange)
append_only(ContractPriceChange)
