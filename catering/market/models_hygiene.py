"""Table of what allows a supplier to sell products of animals to canteens."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catering.columns import one_of
from catering.db import Base


class PermitKind(StrEnum):
    """What a permit allows (HYG-01 to HYG-04)."""

    APPROVAL = "approval"
    """Agrément sanitaire: the oval mark; no limit of distance or quantity."""
    DEROGATION = "derogation"
    """Declared dérogation: near kitchens, capped quantities, some products excluded."""
    PACKING_CENTRE = "packing_centre"
    """Approved centre through which its eggs pass."""


class HygienePermit(Base):
    """A supplier's right to sell products of animals to canteens, between two dates."""

    __tablename__ = "hygiene_permits"
    __table_args__ = (
        # One that is withdrawn from its first day on never allowed anything.
        CheckConstraint("valid_from <= valid_to OR withdrawn_from IS NOT NULL", name="order"),
        CheckConstraint(
            "(withdrawn_from IS NULL) = (withdrawn_reason IS NULL) AND valid_to < withdrawn_from", name="withdrawn"
        ),
        CheckConstraint("max_km > 0", name="max_km"),
        UniqueConstraint("supplier_id", "kind", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id", ondelete="CASCADE"), index=True)
    kind: Mapped[PermitKind] = mapped_column(one_of(PermitKind))
    number: Mapped[str] = mapped_column(String(40))
    """Approval number inside the oval mark, or number of the receipt of the declaration."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """Last day, included; an approval has no end until it is withdrawn."""
    withdrawn_from: Mapped[date | None]
    """First day on which it allows nothing any more, when the administration ended it: its holder cannot bring it
    back."""
    withdrawn_reason: Mapped[str | None] = mapped_column(String(200))
    max_km: Mapped[int | None]
    """Kilometres as the crow flies that the prefect granted beyond the common distance of a dérogation."""
    large_share: Mapped[bool] = mapped_column(default=False)
    """Whether more of the production than the law's small share is sold this way: the lower caps then hold."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), index=True)
    made_by: Mapped[str | None] = mapped_column(String(120))
    """Who entered it; none for reference data."""
