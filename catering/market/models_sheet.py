"""Tables and words of a product sheet: how it is sold, what it contains, how it looks."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from catering.columns import one_of
from catering.db import Base
from catering.rules.allergens import Allergen


class SaleUnit(StrEnum):
    """What is counted in a pack."""

    KG = "kg"
    PIECE = "piece"
    LITRE = "litre"
    BUNCH = "bunch"


class DateKind(StrEnum):
    """Which date a product bears."""

    DLC = "dlc"
    """Date limite de consommation: never served after it."""
    DDM = "ddm"
    """Date de durabilité minimale: may be served after it, once looked at."""
    NONE = "none"
    """Bears no date: fresh fruit and vegetables."""


class OfferAllergen(Base):
    """An allergen that the supplier states of one product."""

    __tablename__ = "offer_allergens"

    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True)
    allergen: Mapped[Allergen] = mapped_column(one_of(Allergen), primary_key=True)
    traces: Mapped[bool] = mapped_column(default=False)
    """Only "may contain": voluntary information, kept apart from what the product contains (ALL-05)."""


class OfferPhoto(Base):
    """A photograph of a product."""

    __tablename__ = "offer_photos"
    __table_args__ = (CheckConstraint("position > 0", name="position"),)

    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True, index=True)
    position: Mapped[int]
    """Rank on the sheet, from 1."""
