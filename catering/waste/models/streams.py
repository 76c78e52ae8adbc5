"""Tables of what an establishment states of itself, and of the bio-waste and used oil that leave it."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catering.columns import one_of
from catering.db import Base, Instant, Quantity
from catering.waste.models.weighing import LONGEST_KEY
from catering.waste.vocabulary import BiowasteStream, KitchenKind, Treatment


class WasteSite(Base):
    """What a kitchen says of itself for its diagnostic; a kitchen without a row is a collège that said nothing."""

    __tablename__ = "waste_sites"
    __table_args__ = (
        CheckConstraint("meals_per_day > 0", name="meals_per_day"),
        CheckConstraint("meals_per_year > 0", name="meals_per_year"),
        CheckConstraint("(base_year IS NULL) = (base_g_per_cover IS NULL)", name="base"),
        CheckConstraint("base_g_per_cover > 0", name="base_g_per_cover"),
        CheckConstraint("oil_l_per_year >= 0", name="oil_l_per_year"),
    )

    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    kind: Mapped[KitchenKind] = mapped_column(one_of(KitchenKind))
    meals_per_day: Mapped[int | None]
    """Prepared on its busiest day, those for satellites included; none: its planned covers."""
    meals_per_year: Mapped[int | None]
    base_year: Mapped[int | None]
    """Year against which the target is measured."""
    base_g_per_cover: Mapped[Quantity | None]
    """Edible grams per cover served of that year."""
    biowaste_sorted_since: Mapped[date | None]
    collector: Mapped[str | None] = mapped_column(String(160))
    services: Mapped[list[str] | None] = mapped_column(JSON)
    """Meals it serves, each of which a complete day has weighed; none: as its kind has them."""
    many_meals_since: Mapped[date | None]
    """Since when it prepares more meals than the threshold of GAS-04."""
    oil_l_per_year: Mapped[int | None]
    """Litres of used oil that it throws away in a year, 0 when it does not fry; none: it did not say."""
    made_at: Mapped[Instant]
    made_by: Mapped[str] = mapped_column(String(120))


class BiowasteNote(Base):
    """Bio-waste or used oil that left, or the opposite row that takes a note back. Grams; millilitres of oil."""

    __tablename__ = "biowaste_notes"
    __table_args__ = (
        UniqueConstraint("kitchen_id", "entry_key"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("quantity <> 0 AND (reverses_id IS NULL) = (quantity > 0)", name="quantity"),
        Index(None, "kitchen_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    entry_key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    day: Mapped[date]
    stream: Mapped[BiowasteStream] = mapped_column(one_of(BiowasteStream))
    treatment: Mapped[Treatment] = mapped_column(one_of(Treatment))
    quantity: Mapped[int]
    """Grams of bio-waste, millilitres of used oil."""
    collector: Mapped[str | None] = mapped_column(String(160))
    slip: Mapped[str | None] = mapped_column(String(80))
    """Number of the collection slip (bordereau)."""
    made_at: Mapped[Instant]
    made_by: Mapped[str] = mapped_column(String(120))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("biowaste_notes.id"))
