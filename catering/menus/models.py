"""Tables of the menus of kitchens and of what the nutrition check found of them."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catering.append_only import append_only
from catering.columns import one_of
from catering.db import Base, Instant, Quantity
from catering.recipes.models import Dish
from catering.recipes.vocabulary import Slot
from catering.rules.meals import Standing

CLUSTERED = {"sqlite_with_rowid": False}
"""Rows are stored in the order of their key: a kitchen's year, or a year's grid, is read in one place."""


class MenuSource(StrEnum):
    """Who put a dish on a menu."""

    PLAN = "plan"
    """The published plan; a newer plan may take its place as long as the day is to come."""
    KITCHEN = "kitchen"
    """The kitchen: no plan changes it."""


class MenuDish(Base):
    """One dish on the menu of a kitchen's day: the only one of its component, or one of several choices."""

    __tablename__ = "menu_dishes"
    __table_args__ = (
        CheckConstraint("rank >= 1", name="rank"),
        CheckConstraint("covers >= 0", name="covers"),
        CheckConstraint("served_covers IS NULL OR served_covers >= 0", name="served_covers"),
        CLUSTERED,
    )

    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[Slot] = mapped_column(one_of(Slot), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1 for the first choice, and for the only one."""
    dish_id: Mapped[int] = mapped_column(ForeignKey("dishes.id"))
    covers: Mapped[int]
    """Portions planned."""
    served_covers: Mapped[int | None] = mapped_column(default=None)
    """Portions served; no value until somebody says so."""
    source: Mapped[MenuSource] = mapped_column(one_of(MenuSource))
    planned_dish_id: Mapped[int | None] = mapped_column(ForeignKey("dishes.id"))
    """What the plan had in its place; no value when the plan had nothing there."""
    changed_at: Mapped[Instant | None] = mapped_column(default=None)
    """When the kitchen last changed it; no value for what the plan says."""

    dish: Mapped[Dish] = relationship(lazy="raise", foreign_keys=[dish_id])


class NutritionResult(Base):
    """How one criterion stands over one block (or week) of a kitchen's school year, stored when its menus change."""

    __tablename__ = "nutrition_results"
    __table_args__ = (
        CheckConstraint("first <= last", name="period"),
        CheckConstraint("sure <= possible", name="counts"),
        CheckConstraint("windows_broken <= windows", name="windows"),
        Index(None, "kitchen_id"),
        CLUSTERED,
    )

    school_year: Mapped[str] = mapped_column(ForeignKey("school_years.school_year"), primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(60), primary_key=True)
    first: Mapped[date] = mapped_column(primary_key=True)
    """First day of service of the block or week."""
    last: Mapped[date]
    meals: Mapped[int]
    sure: Mapped[Quantity]
    possible: Mapped[Quantity]
    minimum: Mapped[int | None]
    maximum: Mapped[int | None]
    outside: Mapped[Quantity]
    """How far the sure count is outside of the bounds; 0 within."""
    standing: Mapped[Standing] = mapped_column(one_of(Standing))
    windows: Mapped[int]
    """Sliding windows that start in the block."""
    windows_broken: Mapped[int]


class ProteinPlan(Base):
    """A plan pluriannuel de diversification des protéines (L230-5-4, VEG-10); what its kitchen tells last stands."""

    __tablename__ = "protein_plans"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="order"), Index(None, "kitchen_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    first_day: Mapped[date]
    """From which it holds: the day it was adopted."""
    last_day: Mapped[date]
    """Last day of its years, included."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), index=True)
    """The plan itself; no value while nobody joined it."""
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))

    def holds(self, on: date) -> bool:
        """Whether a day is one of its own."""
        return self.first_day <= on <= self.last_day


append_only(ProteinPlan)
