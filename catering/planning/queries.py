"""What a viewer may read of the plans: a chef their kitchen, a producer their own lines, in published plans only."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, false, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from catering.db import Base
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Offer, Supplier
from catering.market.queries import offers, offers_visible_to, suppliers_visible_to
from catering.people.viewer import Viewer
from catering.planning.models import (
    KitchenRatio,
    KitchenStanding,
    PlannedDrop,
    PlannedMeal,
    PlannedPurchase,
    PlanResumption,
    PlanRun,
    PlanScenario,
    PlanSwap,
    RuleStanding,
    RunStatus,
    ScenarioStaple,
    SourcedLine,
)

Row = TypeVar("Row", bound=Base)

RUN_KEY = (PlanRun.id,)
"""Order in which runs are paged."""
MEAL_KEY = (PlannedMeal.kitchen_id, PlannedMeal.day, PlannedMeal.slot)
"""Order in which the meals of one run are paged; the rows are stored in it."""
LINE_KEY = (SourcedLine.kitchen_id, SourcedLine.week, SourcedLine.offer_id)
"""Order in which the purchases of one run are paged; the rows are stored in it."""
DROP_KEY = (PlannedDrop.kitchen_id, PlannedDrop.day, PlannedDrop.supplier_id)
"""Order in which the deliveries of one run are paged; the rows are stored in it."""
STANDING_KEY = (RuleStanding.rule, RuleStanding.kitchen_id, RuleStanding.period)
"""Order in which the rule results of one run are paged; the rows are stored in it."""
SIX_DAYS = timedelta(days=6)


def runs_visible_to(viewer: Viewer) -> Select[PlanRun]:
    """Runs a viewer may read: all for the Département and who controls, published plans for everybody else."""
    statement = select(PlanRun)
    return statement if viewer.sees_everything else statement.where(PlanRun.published_at.is_not(None))


def scenarios_visible_to(viewer: Viewer) -> Select[PlanScenario]:
    """Scenarios a viewer may read: those with a run they may read."""
    statement = select(PlanScenario)
    if viewer.sees_everything:
        return statement
    return statement.where(PlanScenario.id.in_(runs_visible_to(viewer).with_only_columns(PlanRun.scenario_id)))


def meals_visible_to(viewer: Viewer) -> Select[PlannedMeal]:
    """Planned dishes a viewer may read: those of the kitchens they may read."""
    return select(PlannedMeal).where(
        _of_visible_run(viewer, PlannedMeal.run_id), _of_visible_kitchen(viewer, PlannedMeal.kitchen_id)
    )


def staples_visible_to(viewer: Viewer) -> Select[ScenarioStaple]:
    """What every cover takes in the scenarios a viewer may read."""
    statement = select(ScenarioStaple)
    if viewer.sees_everything:
        return statement
    own = scenarios_visible_to(viewer).with_only_columns(PlanScenario.id)
    return statement.where(ScenarioStaple.scenario_id.in_(own))


def lines_visible_to(viewer: Viewer) -> Select[SourcedLine]:
    """Planned purchases a viewer may read: a chef those of their kitchen, a producer those of their own offers."""
    statement = select(SourcedLine).where(_of_visible_run(viewer, SourcedLine.run_id))
    if viewer.sells:
        return statement.where(SourcedLine.offer_id.in_(offers_visible_to(viewer).with_only_columns(Offer.id)))
    return statement.where(_of_visible_kitchen(viewer, SourcedLine.kitchen_id))


def planned_sums_visible_to(viewer: Viewer) -> Select[SourcedLine]:
    """Lines of the published plans for every kitchen, of which only sums by offer and week are shown: what is left."""
    del viewer
    in_use = select(PlanRun.id).where(PlanRun.published_at.is_not(None), PlanRun.withdrawn_at.is_(None))
    return select(SourcedLine).where(SourcedLine.run_id.in_(in_use))


def planned_purchases_visible_to(viewer: Viewer) -> Select[PlannedPurchase]:
    """Sums of planned purchases a viewer may read: a chef those of their kitchen, a producer what they sell."""
    statement = select(PlannedPurchase).where(_of_visible_run(viewer, PlannedPurchase.run_id))
    if viewer.sells:
        own = suppliers_visible_to(viewer).with_only_columns(Supplier.id)
        return statement.where(PlannedPurchase.supplier_id.in_(own))
    return statement.where(_of_visible_kitchen(viewer, PlannedPurchase.kitchen_id))


def drops_visible_to(viewer: Viewer) -> Select[PlannedDrop]:
    """Planned deliveries a viewer may read: a chef those they receive, a producer those they make."""
    statement = select(PlannedDrop).where(_of_visible_run(viewer, PlannedDrop.run_id))
    if viewer.sells:
        own = suppliers_visible_to(viewer).with_only_columns(Supplier.id)
        return statement.where(PlannedDrop.supplier_id.in_(own))
    return statement.where(_of_visible_kitchen(viewer, PlannedDrop.kitchen_id))


def rule_standings_visible_to(viewer: Viewer) -> Select[RuleStanding]:
    """Rule results a viewer may read: those of the kitchens they may read."""
    return select(RuleStanding).where(
        _of_visible_run(viewer, RuleStanding.run_id), _of_visible_kitchen(viewer, RuleStanding.kitchen_id)
    )


def kitchen_standings_visible_to(viewer: Viewer) -> Select[KitchenStanding]:
    """Costs per kitchen a viewer may read: those of the kitchens they may read."""
    return select(KitchenStanding).where(
        _of_visible_run(viewer, KitchenStanding.run_id), _of_visible_kitchen(viewer, KitchenStanding.kitchen_id)
    )


def kitchen_ratios_visible_to(viewer: Viewer) -> Select[KitchenRatio]:
    """EGAlim shares a viewer may read: those of the kitchens they may read."""
    return select(KitchenRatio).where(
        _of_visible_run(viewer, KitchenRatio.run_id), _of_visible_kitchen(viewer, KitchenRatio.kitchen_id)
    )


def runs(
    viewer: Viewer,
    *,
    ids: Collection[int] | None = None,
    status: RunStatus | None = None,
    school_year: str | None = None,
) -> Select[PlanRun]:
    """Visible runs that meet every condition given."""
    statement = runs_visible_to(viewer)
    if ids is not None:
        statement = statement.where(PlanRun.id.in_(ids))
    if status is not None:
        statement = statement.where(PlanRun.status == status)
    if school_year is not None:
        statement = statement.where(PlanRun.scenario.has(PlanScenario.school_year == school_year))
    return statement


def published(viewer: Viewer, school_year: str) -> Select[PlanRun]:
    """The plan in use for a school year: none or one row."""
    return runs(viewer, school_year=school_year).where(
        PlanRun.published_at.is_not(None), PlanRun.withdrawn_at.is_(None)
    )


def meals(
    viewer: Viewer,
    run_id: int,
    *,
    kitchen_ids: Collection[int] | None = None,
    week: date | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Select[PlannedMeal]:
    """Visible dishes of a plan; ``week`` (its Monday) or ``first`` and ``last`` (included) keep some days."""
    statement = meals_visible_to(viewer).where(PlannedMeal.run_id == run_id)
    if kitchen_ids is not None:
        statement = statement.where(PlannedMeal.kitchen_id.in_(kitchen_ids))
    if week is not None:
        statement = statement.where(PlannedMeal.day.between(week, week + SIX_DAYS))
    if first is not None:
        statement = statement.where(PlannedMeal.day >= first)
    if last is not None:
        statement = statement.where(PlannedMeal.day <= last)
    return statement


def first_meal(viewer: Viewer) -> Select[PlannedMeal]:
    """The first dish of the newest plan in use: a place to start looking from; none or one row."""
    in_use = runs_visible_to(viewer).where(PlanRun.published_at.is_not(None), PlanRun.withdrawn_at.is_(None))
    newest = in_use.with_only_columns(PlanRun.id).order_by(PlanRun.id.desc()).limit(1).scalar_subquery()
    return meals_visible_to(viewer).where(PlannedMeal.run_id == newest).order_by(*MEAL_KEY).limit(1)


def lines(
    viewer: Viewer,
    run_id: int,
    *,
    kitchen_ids: Collection[int] | None = None,
    weeks: Collection[date] | None = None,
    ingredient_ids: Collection[int] | None = None,
    supplier: str | None = None,
) -> Select[SourcedLine]:
    """Visible purchases of a plan that meet every condition given; ``supplier`` is a slug."""
    statement = lines_visible_to(viewer).where(SourcedLine.run_id == run_id)
    if kitchen_ids is not None:
        statement = statement.where(SourcedLine.kitchen_id.in_(kitchen_ids))
    if weeks is not None:
        statement = statement.where(SourcedLine.week.in_(weeks))
    if ingredient_ids is not None:
        statement = statement.where(SourcedLine.ingredient_id.in_(ingredient_ids))
    if supplier is not None:
        own = offers(viewer, supplier=supplier).with_only_columns(Offer.id)
        statement = statement.where(SourcedLine.offer_id.in_(own))
    return statement


def needs(statement: Select[SourcedLine]) -> Select[Any]:
    """Purchases added up, one row per ingredient and week: ``ingredient_id, week, grams, amount``."""
    key = (SourcedLine.ingredient_id, SourcedLine.week)
    return added_up(statement, *key).order_by(*key)


def planned_for_others(
    viewer: Viewer, kitchen_id: int, offer_ids: Collection[int], weeks: Collection[date]
) -> Select[*tuple[Any, ...]]:
    """Grams that the published plan gives to other kitchens: offer, week, grams."""
    theirs = planned_sums_visible_to(viewer).where(
        SourcedLine.kitchen_id != kitchen_id, SourcedLine.offer_id.in_(offer_ids), SourcedLine.week.in_(weeks)
    )
    key = (SourcedLine.offer_id, SourcedLine.week)
    return theirs.with_only_columns(*key, func.sum(SourcedLine.grams).label("grams")).group_by(*key)


def added_up(statement: Select[SourcedLine], *key: InstrumentedAttribute[Any]) -> Select[Any]:
    """Purchases added up by some of their columns: these, ``grams`` and ``amount``, in no order."""
    total_grams = func.sum(SourcedLine.grams).label("grams")
    total_amount = func.sum(SourcedLine.amount).label("amount")
    return statement.with_only_columns(*key, total_grams, total_amount).group_by(*key)


def _of_visible_run(viewer: Viewer, run_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    if viewer.sees_everything:
        return true()
    return run_id.in_(runs_visible_to(viewer).with_only_columns(PlanRun.id))


def _of_visible_kitchen(viewer: Viewer, kitchen_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    if viewer.sees_everything:
        return true()
    if not viewer.buys:
        return false()
    return kitchen_id.in_(kitchens_visible_to(viewer).with_only_columns(Kitchen.id))


def resumptions_visible_to(viewer: Viewer) -> Select[PlanResumption]:
    """What scenarios continue: of the scenarios a viewer may read."""
    visible = scenarios_visible_to(viewer).with_only_columns(PlanScenario.id)
    return select(PlanResumption).where(PlanResumption.scenario_id.in_(visible))


def swaps_visible_to(viewer: Viewer) -> Select[PlanSwap]:
    """Dishes swapped in the plans a viewer may read: those of the kitchens they may read."""
    return select(PlanSwap).where(
        _of_visible_run(viewer, PlanSwap.run_id), _of_visible_kitchen(viewer, PlanSwap.kitchen_id)
    )
