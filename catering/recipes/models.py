"""Tables of the ingredients and of the dishes (fiches techniques)."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catering.append_only import append_only
from catering.columns import MONTHS, one_of
from catering.db import Base, Instant, Quantity
from catering.recipes.rules import NUTRIENTS
from catering.recipes.vocabulary import Allergen, Family, Frying, IngredientKind, Slot, Technique

ANY_MONTH = "months BETWEEN 1 AND 4095"


class Ingredient(Base):
    """A food as it is bought. A nutrient or a CO2e without value is unknown, never zero."""

    __tablename__ = "ingredients"
    __table_args__ = (
        CheckConstraint("edible_pct > 0", name="edible"),
        CheckConstraint("keeping_days >= 0", name="keeping"),
        CheckConstraint(ANY_MONTH, name="months"),
        CheckConstraint("co2e_kg_per_kg >= 0", name="co2e"),
        CheckConstraint("co2e_transport_kg_per_kg >= 0", name="co2e_transport"),
        *(CheckConstraint(f"{nutrient} >= 0", name=nutrient) for nutrient in NUTRIENTS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    family: Mapped[Family] = mapped_column(one_of(Family))
    kind: Mapped[IngredientKind] = mapped_column(one_of(IngredientKind), index=True)
    ciqual_code: Mapped[str | None] = mapped_column(String(12))
    ciqual_name: Mapped[str | None] = mapped_column(String(200))
    kcal: Mapped[Quantity | None]
    protein_g: Mapped[Quantity | None]
    fat_g: Mapped[Quantity | None]
    saturates_g: Mapped[Quantity | None]
    carbs_g: Mapped[Quantity | None]
    sugars_g: Mapped[Quantity | None]
    fibre_g: Mapped[Quantity | None]
    salt_g: Mapped[Quantity | None]
    calcium_mg: Mapped[Quantity | None]
    iron_mg: Mapped[Quantity | None]
    edible_pct: Mapped[Quantity]
    """Share of the bought weight left after trimming, in percent."""
    animal_flesh: Mapped[bool | None]
    """Whether it comes from a killed animal; it then makes a dish non vegetarian."""
    minced: Mapped[bool]
    frying: Mapped[Frying | None] = mapped_column(one_of(Frying))
    months: Mapped[frozenset[int]] = mapped_column(MONTHS)
    """Months of its season in the north of France; all twelve when it has none."""
    keeping_days: Mapped[int | None]
    """Days between delivery and use."""
    agribalyse_code: Mapped[str | None] = mapped_column(String(20))
    co2e_kg_per_kg: Mapped[Quantity | None]
    """Agribalyse without its transport step, kg CO2e per kg."""
    co2e_transport_kg_per_kg: Mapped[Quantity | None]
    source: Mapped[str] = mapped_column(String(300))

    allergens: Mapped[list["IngredientAllergen"]] = relationship(
        lazy="raise", order_by="IngredientAllergen.allergen", passive_deletes=True
    )


class IngredientAllergen(Base):
    """One allergen that an ingredient contains."""

    __tablename__ = "ingredient_allergens"

    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id", ondelete="CASCADE"), primary_key=True)
    allergen: Mapped[Allergen] = mapped_column(one_of(Allergen), primary_key=True, index=True)


class Dish(Base):
    """A fiche technique: what one cover of a collégien takes and how it is cooked."""

    __tablename__ = "dishes"
    __table_args__ = (
        CheckConstraint("served_g > 0", name="served"),
        CheckConstraint("prep_minutes_per_100 >= 0", name="prep"),
        CheckConstraint(ANY_MONTH, name="months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    slot: Mapped[Slot] = mapped_column(one_of(Slot), index=True)
    technique: Mapped[Technique] = mapped_column(one_of(Technique))
    served_g: Mapped[int]
    """Weight of one cover as served."""
    months: Mapped[frozenset[int]] = mapped_column(MONTHS)
    """Months when it may be on the menu."""
    equipment: Mapped[str | None] = mapped_column(String(200))
    prep_minutes_per_100: Mapped[int | None]
    """Minutes of work for 100 covers."""
    regional: Mapped[str | None] = mapped_column(String(160))
    """The regional product it honours."""
    steps: Mapped[str] = mapped_column(String(2000))

    lines: Mapped[list["DishLine"]] = relationship(
        lazy="raise", order_by="DishLine.position", back_populates="dish", passive_deletes=True
    )


class DishLine(Base):
    """Grams of one ingredient in one cover, raw as bought."""

    __tablename__ = "dish_lines"
    __table_args__ = (
        CheckConstraint("grams > 0", name="grams"),
        CheckConstraint("position > 0", name="position"),
    )

    dish_id: Mapped[int] = mapped_column(ForeignKey("dishes.id", ondelete="CASCADE"), primary_key=True)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"), primary_key=True, index=True)
    position: Mapped[int]
    """Rank in the fiche, from 1."""
    grams: Mapped[int]

    dish: Mapped[Dish] = relationship(lazy="raise", back_populates="lines")
    ingredient: Mapped[Ingredient] = relationship(lazy="raise")


class PortionChange(Base):
    """Another portion of a dish, decided by somebody, from a day on; the fiche keeps the portion it was written for.

    A row never changes but for its end: taking it back ends it, and what was planned before keeps its portions.
    """

    __tablename__ = "portion_changes"
    __table_args__ = (
        CheckConstraint("served_g > 0 AND before_g > 0 AND served_g <> before_g", name="portion"),
        CheckConstraint("valid_to IS NULL OR ended_at IS NOT NULL", name="ended_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dish_id: Mapped[int] = mapped_column(ForeignKey("dishes.id"), index=True)
    kitchen_id: Mapped[int | None] = mapped_column(ForeignKey("kitchens.id"), index=True)
    """Where it holds, before any that holds everywhere; no value is every kitchen."""
    before_g: Mapped[int]
    """Grams served of one cover by the fiche."""
    served_g: Mapped[int]
    """Grams served of one cover while it holds."""
    least_g: Mapped[int]
    most_g: Mapped[int]
    """Bounds of the grammage on the day of the decision."""
    grammage: Mapped[str] = mapped_column(String(60))
    """Row of the table of grammages that the bounds come from."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """Last day it holds; may lie before the first day, when it was taken back before it began."""
    reason: Mapped[str] = mapped_column(String(300))
    evidence: Mapped[str] = mapped_column(String(300))
    """What was known of the dish: share that comes back, interval, weighings, lesson."""
    decided_at: Mapped[Instant]
    decided_by: Mapped[str] = mapped_column(String(120))
    ended_at: Mapped[Instant | None]
    ended_by: Mapped[str | None] = mapped_column(String(120))


append_only(PortionChange, but=("valid_to", "ended_at", "ended_by"))
