"""Tables of the scenarios, of their runs and of the plans the runs made."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catering.attendance.models import CoversForecast
from catering.columns import one_of
from catering.db import Amount, Base, Instant, Quantity, UnitPrice
from catering.planning.models_aims import ScenarioAim as ScenarioAim
from catering.planning.models_supposed import PlanSupposition as PlanSupposition
from catering.planning.run_status import RunStatus as RunStatus
from catering.recipes.vocabulary import Slot

CLUSTERED = {"sqlite_with_rowid": False}
"""The rows are stored in the order of their key: a kitchen's week is read in one place, and no second index is kept."""


class CoversSource(StrEnum):
    """Whose covers a scenario plans for."""

    CALENDAR = "calendar"
    """Those the kitchens plan for each weekday."""
    FORECAST = "forecast"
    """Those forecast on the day of its first run, as many as balance a missing meal against a wasted one."""


class PlanScenario(Base):
    """What is to be planned: a school year or part of it, for some kitchens."""

    __tablename__ = "plan_scenarios"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    school_year: Mapped[str] = mapped_column(ForeignKey("school_years.school_year"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    """Last day that may be served; both ends are included."""
    created_at: Mapped[Instant]
    created_by: Mapped[str] = mapped_column(String(120))

    kitchens: Mapped[list["ScenarioKitchen"]] = relationship(lazy="raise", passive_deletes=True)
    every_meal: Mapped[list["ScenarioStaple"]] = relationship(lazy="raise", passive_deletes=True)
    aims: Mapped[list["ScenarioAim"]] = relationship(lazy="raise", passive_deletes=True)
    runs: Mapped[list["PlanRun"]] = relationship(lazy="raise", order_by="PlanRun.id", back_populates="scenario")


class ScenarioKitchen(Base):
    """One kitchen that a scenario plans."""

    __tablename__ = "plan_scenario_kitchens"

    scenario_id: Mapped[int] = mapped_column(ForeignKey("plan_scenarios.id", ondelete="CASCADE"), primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)


class ScenarioStaple(Base):
    """What every cover takes besides the dishes: bread."""

    __tablename__ = "plan_scenario_staples"
    __table_args__ = (CheckConstraint("grams > 0", name="grams"),)

    scenario_id: Mapped[int] = mapped_column(ForeignKey("plan_scenarios.id", ondelete="CASCADE"), primary_key=True)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"), primary_key=True)
    grams: Mapped[int]
    """Raw as bought, per cover."""


class ScenarioLesson(Base):
    """The lesson from weighings by which a scenario prices waste; a scenario without one prices none."""

    __tablename__ = "plan_scenario_lessons"

    scenario_id: Mapped[int] = mapped_column(ForeignKey("plan_scenarios.id", ondelete="CASCADE"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("waste_lessons.id"))


class ScenarioForecast(Base):
    """A scenario that plans for the covers forecast, not for those of the calendar; a scenario without one does not."""

    __tablename__ = "plan_scenario_forecasts"

    scenario_id: Mapped[int] = mapped_column(ForeignKey("plan_scenarios.id", ondelete="CASCADE"), primary_key=True)
    made_on: Mapped[date | None]
    """Day of its forecasts; no value until its first run made them."""


class ScenarioCovers(Base):
    """The forecast that a kitchen's day of a scenario is planned for; days without one keep the calendar's covers."""

    __tablename__ = "plan_scenario_covers"
    __table_args__ = (CLUSTERED,)

    scenario_id: Mapped[int] = mapped_column(ForeignKey("plan_scenarios.id", ondelete="CASCADE"), primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    forecast_id: Mapped[int] = mapped_column(ForeignKey("covers_forecasts.id"))

    forecast: Mapped[CoversForecast] = relationship(lazy="raise")


class RunPortion(Base):
    """A changed portion that a run planned with: those in force on the first day of its scenario."""

    __tablename__ = "plan_run_portions"

    run_id: Mapped[int] = mapped_column(ForeignKey("plan_runs.id", ondelete="CASCADE"), primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("portion_changes.id"), primary_key=True)


class PlanRun(Base):
    """One attempt of the optimizer on a scenario, its progress and, once done, what its plan is worth."""

    __tablename__ = "plan_runs"
    __table_args__ = (
        CheckConstraint("status <> 'done' OR (cost IS NOT NULL AND ended_at IS NOT NULL)", name="done_has_a_plan"),
        CheckConstraint("published_at IS NULL OR status = 'done'", name="only_a_plan_is_published"),
        CheckConstraint("withdrawn_at IS NULL OR published_at IS NOT NULL", name="withdrawn_was_published"),
        CheckConstraint("done_steps >= 0 AND total_steps >= 0", name="steps"),
        Index(None, "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("plan_scenarios.id"), index=True)
    status: Mapped[RunStatus] = mapped_column(one_of(RunStatus), default=RunStatus.QUEUED)
    time_limit_seconds: Mapped[Quantity]
    workers: Mapped[int | None]
    """Processes of the optimizer; no value means one per available core."""
    seed: Mapped[int]
    queued_at: Mapped[Instant]
    started_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    heartbeat_at: Mapped[Instant | None]
    """Last sign of life of the process that runs it."""
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many processes have taken it up: one that dies leaves it to the next."""
    cancel_asked_at: Mapped[Instant | None]

    phase: Mapped[str] = mapped_column(String(120), default="En attente")
    """What the run is doing, in French."""
    done_steps: Mapped[int] = mapped_column(default=0)
    total_steps: Mapped[int] = mapped_column(default=0)
    """Steps of the phase; 0 means unknown."""
    best_cost: Mapped[Amount | None]
    """Objective of the best plan found so far."""
    lower_bound: Mapped[Amount | None]
    """No plan can cost less: proven so far."""
    error: Mapped[str | None] = mapped_column(Text)
    """Why the run failed, in French."""

    cost: Mapped[Amount | None]
    """Sum of all purchases of the plan, excl. tax."""
    penalty: Mapped[Amount | None]
    """Price of the soft rules not met."""
    waste: Mapped[Amount | None]
    """What the objective counts for food that comes back; no value for plans made before it was kept."""
    objective: Mapped[Amount | None]
    gap: Mapped[Quantity | None]
    """(objective - lower bound) / objective."""
    meals: Mapped[int | None]
    seconds: Mapped[Quantity | None]
    peak_memory_mb: Mapped[int | None]
    solver: Mapped[str | None] = mapped_column(String(80))
    problem_sha256: Mapped[str | None] = mapped_column(String(64))
    indicators: Mapped[dict[str, str | None] | None] = mapped_column(JSON)
    """What its plan is worth in the three orientations (``optimizer.goals``), exact numbers as text."""

    published_at: Mapped[Instant | None]
    published_by: Mapped[str | None] = mapped_column(String(120))
    withdrawn_at: Mapped[Instant | None]
    """When another plan took its place."""

    scenario: Mapped[PlanScenario] = relationship(lazy="raise", back_populates="runs")
    rules: Mapped[list["PlanRule"]] = relationship(lazy="raise", order_by="PlanRule.rule", passive_deletes=True)
    conflicts: Mapped[list["PlanConflict"]] = relationship(
        lazy="raise", order_by="PlanConflict.rank", passive_deletes=True
    )

    @property
    def in_use(self) -> bool:
        """Whether this is the published plan that no other has replaced."""
        return self.published_at is not None and self.withdrawn_at is None

    @property
    def measured_gap(self) -> Decimal | None:
        """Share of the best cost that is not yet proven necessary; None before both ends are known."""
        if self.gap is not None:
            return self.gap
        if not self.best_cost or self.lower_bound is None:
            return None
        return ((self.best_cost - self.lower_bound) / self.best_cost).quantize(Decimal("0.000001"))


def _run_key() -> Mapped[int]:
    return mapped_column(ForeignKey("plan_runs.id", ondelete="CASCADE"), primary_key=True)


class PlanRule(Base):
    """One rule as it was stated to the optimizer, kept because the law may change after the plan."""

    __tablename__ = "plan_rules"

    run_id: Mapped[int] = _run_key()
    rule: Mapped[str] = mapped_column(String(60), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(300))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The rule as in ``rules.json`` of the problem folder."""


class PlanConflict(Base):
    """One of the rules that cannot hold together, found when no plan exists."""

    __tablename__ = "plan_conflicts"

    run_id: Mapped[int] = _run_key()
    rank: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(60))
    kitchen: Mapped[str] = mapped_column(String(9))
    """UAI; empty when the rule binds several kitchens."""
    period: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))


class PlannedMeal(Base):
    """The dish of one slot, one day, in one kitchen, and its covers."""

    __tablename__ = "planned_meals"
    __table_args__ = (CheckConstraint("covers > 0", name="covers"), CLUSTERED)

    run_id: Mapped[int] = _run_key()
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[Slot] = mapped_column(one_of(Slot), primary_key=True)
    dish_id: Mapped[int] = mapped_column(ForeignKey("dishes.id"))
    covers: Mapped[int]


class SourcedLine(Base):
    """What one kitchen buys of one offer for one week."""

    __tablename__ = "sourced_lines"
    __table_args__ = (
        CheckConstraint("grams > 0", name="grams"),
        Index(None, "run_id", "offer_id", "week"),
        Index(None, "run_id", "ingredient_id", "week"),
        CLUSTERED,
    )

    run_id: Mapped[int] = _run_key()
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    """Its Monday."""
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), primary_key=True)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"))
    grams: Mapped[int]
    amount: Mapped[Amount]
    """Excl. tax, delivery included."""


class PlannedPurchase(Base):
    """What one kitchen buys of one ingredient from one supplier over the whole plan: its lines, added up.

    Written with the plan and whenever a swap changes it, so that pages need not add up some hundred thousand lines.
    """

    __tablename__ = "planned_purchases"
    __table_args__ = (CheckConstraint("grams > 0", name="grams"), CLUSTERED)

    run_id: Mapped[int] = _run_key()
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), primary_key=True)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"), primary_key=True)
    grams: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[Amount]
    """Excl. tax, delivery included."""


class PlannedDrop(Base):
    """One delivery of one supplier at one kitchen."""

    __tablename__ = "planned_drops"
    __table_args__ = (
        CheckConstraint("grams > 0", name="grams"),
        Index(None, "run_id", "supplier_id", "day"),
        CLUSTERED,
    )

    run_id: Mapped[int] = _run_key()
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), primary_key=True)
    grams: Mapped[int]
    amount: Mapped[Amount]


class RuleStanding(Base):
    """How one rule stands in a plan, for one kitchen and period. No value means nothing to measure."""

    __tablename__ = "rule_standings"
    __table_args__ = (Index(None, "run_id", "holds"), CLUSTERED)

    run_id: Mapped[int] = _run_key()
    rule: Mapped[str] = mapped_column(String(60), primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Block ``first/last date``, week (its Monday), civil year or ``horizon``."""
    value: Mapped[Quantity | None]
    minimum: Mapped[Quantity | None]
    maximum: Mapped[Quantity | None]
    holds: Mapped[bool]


class KitchenStanding(Base):
    """What a plan costs one kitchen."""

    __tablename__ = "kitchen_standings"
    __table_args__ = (CLUSTERED,)

    run_id: Mapped[int] = _run_key()
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    cost: Mapped[Amount]
    meals: Mapped[int]
    cost_per_meal: Mapped[UnitPrice]


class KitchenRatio(Base):
    """Share of one kitchen's purchases of a civil year that a ratio rule counts; no value for a share of nothing."""

    __tablename__ = "kitchen_ratios"
    __table_args__ = (CLUSTERED,)

    run_id: Mapped[int] = _run_key()
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(60), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    share: Mapped[Quantity | None]


class PlanSwap(Base):
    """A dish that took the place of another one in a plan in use, with the week bought again.

    The plan's own rows follow; what they were stays here, and in the trace.
    """

    __tablename__ = "plan_swaps"
    __table_args__ = (CheckConstraint("old_dish_id <> new_dish_id", name="other_dish"), Index(None, "run_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("plan_runs.id", ondelete="CASCADE"))
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    day: Mapped[date]
    slot: Mapped[Slot] = mapped_column(one_of(Slot))
    old_dish_id: Mapped[int] = mapped_column(ForeignKey("dishes.id"))
    new_dish_id: Mapped[int] = mapped_column(ForeignKey("dishes.id"))
    old_cost: Mapped[Amount]
    """Of the week's purchases, excl. tax, delivery included."""
    new_cost: Mapped[Amount]
    old_co2e_kg: Mapped[Quantity]
    """Of the week's purchases whose footprint is known."""
    new_co2e_kg: Mapped[Quantity]
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Rules that stand otherwise: rule, period, old and new value, bounds, whether it held and holds."""
    old_lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What the week bought before: offer (slug) and grams."""
    made_at: Mapped[Instant]
    made_by: Mapped[str] = mapped_column(String(120))


class PlanResumption(Base):
    """A scenario that makes a plan again from a Monday on; what lies before is the former run's."""

    __tablename__ = "plan_resumptions"
    __table_args__ = (CheckConstraint("moved_eur >= 0", name="moved_eur"),)

    scenario_id: Mapped[int] = mapped_column(ForeignKey("plan_scenarios.id", ondelete="CASCADE"), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("plan_runs.id"), index=True)
    from_day: Mapped[date]
    moved_eur: Mapped[UnitPrice]
    """€ per cover that serving a dish which the former plan does not serve in that week counts in the objective."""
