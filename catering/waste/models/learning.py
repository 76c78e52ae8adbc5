"""Tables of what was learnt from weighings: a lesson is written once, with all that makes it again."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from catering.append_only import append_only
from catering.db import Base, Instant, Quantity

CLUSTERED = {"sqlite_with_rowid": False}
"""The rows of a lesson are read together, in the order of their key."""


class WasteLesson(Base):
    """What the weighings of a period said on the day it was drawn.

    Weighings are only ever added: those of the period with a number up to ``last_weighing_id`` are those it rests on.
    """

    __tablename__ = "waste_lessons"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    last_weighing_id: Mapped[int]
    model: Mapped[str] = mapped_column(String(40))
    """Version of the model that drew it."""
    rows: Mapped[int]
    """Dishes weighed by themselves and trays weighed whole that it rests on."""
    left_out: Mapped[int]
    """Bins of plates that could not be used: no covers, no menu, a component with several dishes, a dish that was not
    on the menu, or more of it than was served."""
    eur_per_kg: Mapped[Quantity]
    """Price of a kilogram that comes back (GAS-PRIX-KG) on the last day."""
    variances: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[Instant]
    made_by: Mapped[str] = mapped_column(String(120))


def _lesson_key() -> Mapped[int]:
    return mapped_column(ForeignKey("waste_lessons.id"), primary_key=True)


class DishLesson(Base):
    """What a lesson says of one dish in a kitchen like the others."""

    __tablename__ = "dish_lessons"
    __table_args__ = (CLUSTERED,)

    lesson_id: Mapped[int] = _lesson_key()
    dish_id: Mapped[int] = mapped_column(ForeignKey("dishes.id"), primary_key=True)
    family: Mapped[str] = mapped_column(String(60))
    share: Mapped[Quantity]
    """Share of the portion that comes back."""
    error: Mapped[Quantity]
    """Standard error of the share."""
    family_share: Mapped[Quantity | None]
    """Mean share of its family: what plans price while it was not weighed enough; none in lessons of before."""
    weight: Mapped[Quantity]
    """How much of it is its own weighings' doing, 0 to 1."""
    alone: Mapped[int]
    together: Mapped[int]
    served_g: Mapped[int]
    """Grams of a cover at the end of the period."""
    best_rank: Mapped[int | None]
    worst_rank: Mapped[int | None]
    ranked: Mapped[int | None]
    """Among how many of its component; none of the three for a dish not weighed enough."""


class KitchenLesson(Base):
    """How much more or less than the others one kitchen's trays bring back, as a share."""

    __tablename__ = "kitchen_lessons"
    __table_args__ = (CLUSTERED,)

    lesson_id: Mapped[int] = _lesson_key()
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    effect: Mapped[Quantity]


class DishInKitchenLesson(Base):
    """How one dish departs from both in one kitchen that weighed it by itself."""

    __tablename__ = "dish_in_kitchen_lessons"
    __table_args__ = (CLUSTERED,)

    lesson_id: Mapped[int] = _lesson_key()
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    dish_id: Mapped[int] = mapped_column(ForeignKey("dishes.id"), primary_key=True)
    effect: Mapped[Quantity]


for _table in (WasteLesson, DishLesson, KitchenLesson, DishInKitchenLesson):
    append_only(_table)
