"""Tables of campaigns, covers of a service, and weighings: weighings are only ever added."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catering.columns import one_of
from catering.db import Base, Instant
from catering.waste.vocabulary import FoodGroup, Part, Service, Stage, WasteCause

LONGEST_KEY = 64


class WeighingCampaign(Base):
    """Days on which one kitchen weighs everything. What is weighed on them is its result; campaigns never overlap."""

    __tablename__ = "weighing_campaigns"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="order"),
        UniqueConstraint("kitchen_id", "first_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    note: Mapped[str | None] = mapped_column(String(300))
    made_at: Mapped[Instant | None]
    made_by: Mapped[str | None] = mapped_column(String(120))
    """Who planned it; none for the demonstration."""


class ServiceCovers(Base):
    """Covers of one service of one kitchen (GAS-14); a number that nobody said is unknown, never zero."""

    __tablename__ = "service_covers"
    __table_args__ = (
        UniqueConstraint("kitchen_id", "day", "service"),
        CheckConstraint("planned >= 0 AND prepared >= 0 AND served >= 0", name="covers"),
        CheckConstraint("served <= prepared", name="served"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    day: Mapped[date]
    service: Mapped[Service] = mapped_column(one_of(Service))
    planned: Mapped[int | None]
    planned_on: Mapped[date | None]
    """Day on which the covers planned that stand were said; none for those said before it was written down."""
    prepared: Mapped[int | None]
    served: Mapped[int | None]
    confirmed: Mapped[bool] = mapped_column(default=False)
    """With these covers the day is past what is usual per cover, or they are far above the calendar; the kitchen said
    that it is so."""
    simulated: Mapped[bool] = mapped_column(default=False)
    """Who came was drawn for the demonstration: nobody counted it."""
    made_by: Mapped[str | None] = mapped_column(String(120))
    """Who counted last; what it was before is in the trace. None for the demonstration."""


class Weighing(Base):
    """One bin on the scale, or the opposite row that takes it back.

    ``entry_key`` is made by the tablet: the same entry sent again, by whomever, is the same row. Sums over rows are
    always right: a row and its opposite add up to nothing.
    """

    __tablename__ = "weighings"
    __table_args__ = (
        UniqueConstraint("kitchen_id", "entry_key"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("net_g = gross_g - tare_g", name="net"),
        CheckConstraint("reverses_id IS NOT NULL OR (tare_g >= 0 AND net_g >= 0 AND gross_g > 0)", name="mass"),
        CheckConstraint("reverses_id IS NULL OR (tare_g <= 0 AND net_g <= 0 AND gross_g < 0)", name="opposite"),
        CheckConstraint("stage <> 'preparation' OR part <> 'unsorted'", name="preparation_is_sorted"),
        Index(None, "kitchen_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    entry_key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    day: Mapped[date]
    service: Mapped[Service] = mapped_column(one_of(Service))
    stage: Mapped[Stage] = mapped_column(one_of(Stage))
    part: Mapped[Part] = mapped_column(one_of(Part))
    gross_g: Mapped[int]
    tare_g: Mapped[int]
    net_g: Mapped[int]
    dish_id: Mapped[int | None] = mapped_column(ForeignKey("dishes.id"), index=True)
    food_group: Mapped[FoodGroup | None] = mapped_column(one_of(FoodGroup))
    cause: Mapped[WasteCause | None] = mapped_column(one_of(WasteCause))
    confirmed: Mapped[bool] = mapped_column(default=False)
    """Weighed more per cover than is usual, and the kitchen said that it is so."""
    note: Mapped[str | None] = mapped_column(String(300))
    noted_at: Mapped[Instant | None]
    """When the tablet noted it, maybe long before it could send it; none for the demonstration."""
    made_at: Mapped[Instant | None]
    made_by: Mapped[str | None] = mapped_column(String(120))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("weighings.id"))
    """The row that this one takes back."""
