"""Tables of the prices that some kitchens pay instead of the offer's own."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from catering.db import Base, Instant, UnitPrice


class PriceList(Base):
    """Prices of one supplier for a group of kitchens, agreed between them or in a contract, between two dates."""

    __tablename__ = "price_lists"
    __table_args__ = (CheckConstraint("valid_from <= valid_to", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    contract: Mapped[str | None] = mapped_column(String(80))
    """Number of the contract that states these prices; none for a price agreed with a group of buyers."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """Last day, included."""
    made_by: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[Instant]


class PriceListKitchen(Base):
    """A kitchen that pays the prices of a list."""

    __tablename__ = "price_list_kitchens"

    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_lists.id", ondelete="CASCADE"), primary_key=True)
    uai: Mapped[str] = mapped_column(
        String(9), ForeignKey("kitchens.uai", ondelete="CASCADE"), primary_key=True, index=True
    )
    """Of the kitchen: a buyer is known by the UAI of their kitchens, whatever room asks."""


class PriceListLine(Base):
    """The price of a pack of one offer in a list, from a day on; the next line of that offer ends it."""

    __tablename__ = "price_list_lines"
    __table_args__ = (CheckConstraint("price_eur_per_pack > 0", name="price"),)

    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_lists.id", ondelete="CASCADE"), primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True, index=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    price_eur_per_pack: Mapped[UnitPrice]
