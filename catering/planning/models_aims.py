"""Table of what scenarios ask of their plans beside the law and the lowest cost (decision 0135)."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from catering.columns import one_of
from catering.db import Base, UnitPrice


class AimKind(StrEnum):
    """One thing that a plan may be asked."""

    CO2E = "co2e_kg"
    """Weight: euros counted for a kilogram of CO2e of what is bought."""
    TRANSPORT = "ton_km"
    """Weight: euros counted for a ton carried one kilometre."""
    ORGANIC = "not_bio_eur"
    """Weight: euros counted for each euro spent on what is not organic."""
    PRODUCERS = "not_producer_eur"
    """Weight: euros counted for each euro that no producer of the area receives."""
    SHORT_CHAIN = "long_chain_eur"
    """Weight: euros counted for each euro that passes through more than one intermediary."""
    PRODUCER_SHARE = "producer_share"
    """Floor: the share of purchases from producers of the area, per kitchen and civil year."""
    SHORT_CHAIN_SHARE = "short_chain_share"
    """Floor: the share of purchases with one intermediary at most."""
    ORGANIC_SHARE = "bio_share"
    """Floor: the share of organic purchases, where it asks more than the law."""
    CO2E_CEILING = "co2e_kg_per_meal"
    """Ceiling: kg CO2e that a meal may cost, the mean of all kitchens of the plan over its days."""
    TRANSPORT_CEILING = "kg_km_per_meal"
    """Ceiling: kilograms × kilometres carried for a meal, likewise."""
    BUDGET = "budget"
    """The budget of each kitchen, as a multiple of its own."""


class ScenarioAim(Base):
    """One thing that a scenario asks; what is not asked has no row."""

    __tablename__ = "plan_scenario_aims"
    __table_args__ = (CheckConstraint("value > 0", name="value"),)

    scenario_id: Mapped[int] = mapped_column(ForeignKey("plan_scenarios.id", ondelete="CASCADE"), primary_key=True)
    aim: Mapped[AimKind] = mapped_column(one_of(AimKind), primary_key=True)
    value: Mapped[UnitPrice]
