"""Table of what each buyer has committed to: the live counter of each need is its sum."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from catering.append_only import append_only
from catering.columns import one_of
from catering.db import Amount, Base, Instant
from catering.procurement.vocabulary import GroundKind


class Engagement(Base):
    """An amount a collège has committed to spend in one famille homogène. Rows are only ever added.

    What is cancelled is a row of the opposite amount. An order drawn on an award is written too, uncounted: the award
    is already in the need.
    """

    __tablename__ = "engagements"
    __table_args__ = (
        # All that a need reads, in the order in which it sums: a Département's is read without touching the rows.
        Index("ix_engagements_need", "kitchen_id", "family", "contract_id", "day", "counted", "amount"),
        Index(None, "source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    family: Mapped[str] = mapped_column(String(10))
    day: Mapped[date]
    amount: Mapped[Amount]
    """Excl. tax; negative when a commitment is taken back."""
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    ground: Mapped[GroundKind] = mapped_column(one_of(GroundKind))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"), index=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultations.id"), index=True)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("consultation_lots.id"), index=True)
    """The lot whose award it is, or is drawn on."""
    grouped: Mapped[bool]
    """Bought through a groupement de commandes: counted like any other (CCP-24)."""
    counted: Mapped[bool]
    """Whether it adds to the need."""
    bare: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Drawn on an award by goods under no sign of quality: they take of the share that it did not promise under one."""
    source: Mapped[str] = mapped_column(String(80))
    """What made it: ``consultation 12``, ``order 7 line 2``."""
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))

    @property
    def purchase(self) -> str:
        """What was decided at once: the lines of an order are one purchase."""
        return self.source.partition(" line ")[0]


append_only(Engagement)
