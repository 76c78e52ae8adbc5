"""Table of what makes the products of a lot count for EGAlim: how the lot was judged."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from catering.append_only import append_only
from catering.db import Base, Instant, Quantity


class LotQuality(Base):
    """The criteria by which a lot of a contract was awarded, by the sign that they prove (EGA-17, EGA-18)."""

    __tablename__ = "contract_lot_qualities"
    __table_args__ = (CheckConstraint("weight_pct > 0 AND direct_weight_pct > 0 AND mark_pct >= 0", name="positive"),)

    lot_id: Mapped[int] = mapped_column(ForeignKey("contract_lots.id"), primary_key=True)
    sign: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Code of ``catering/rules/egalim/labels.csv``: EXTERNALITES or PERFORMANCE."""
    weight_pct: Mapped[Quantity]
    """Of the environmental criterion in the marks."""
    direct_weight_pct: Mapped[Quantity | None]
    """Of the criterion of direct supply; only of PERFORMANCE."""
    mark_pct: Mapped[Quantity | None]
    """Of the best mark, at the environmental criterion; only of EXTERNALITES."""
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    """Règlement de la consultation with the marks: whoever reads a purchase that it proves may read it."""
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))


append_only(LotQuality)
