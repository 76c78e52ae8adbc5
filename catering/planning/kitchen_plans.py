"""One kitchen of a plan in use, as the optimizer looks at it: menus, purchases, what the others buy in a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, func
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.calendar import week_of
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.market.models import Offer
from catering.people.viewer import Viewer
from catering.planning.facts import PLANNER
from catering.planning.leaving import run_of, runs_in_use
from catering.planning.models import PlannedMeal, PlanResumption, PlanRun, PlanScenario, ScenarioKitchen, SourcedLine
from catering.planning.queries import lines, meals, runs
from catering.planning.queries_of_runs import scenario_kitchens_visible_to
from catering.recipes.models import Dish, Ingredient
from optimizer.plan import MenuLine, SourcingLine
from optimizer.swapping import KitchenPlan


@dataclass(frozen=True, slots=True)
class PlanInUse:
    """The run by which a kitchen's week is bought."""

    run_id: int
    scenario_id: int
    kitchen: Kitchen
    week: date
    from_day: date
    """The first day that the run planned: what lies before is a former plan's."""


async def plan_in_use(session: AsyncSession, viewer: Viewer, uai: str, day: date, today: date) -> PlanInUse | None:
    """The run by which a day of a visible kitchen is bought; None when there is none. Three statements."""
    kitchen: Kitchen | None = await session.scalar(kitchens(viewer, uais=[uai]))
    if kitchen is None:
        return None

    async def read(statement: Any) -> Sequence[Any]:
        return (await session.execute(statement)).all()

    week = week_of(day)
    run_id = run_of(await runs_in_use(read, viewer, week, today), day)
    if run_id is None:
        return None
    first = func.coalesce(PlanResumption.from_day, PlanScenario.first_day, type_=Date)
    asked = (
        runs(viewer, ids=[run_id])
        .join(PlanScenario, PlanScenario.id == PlanRun.scenario_id)
        .outerjoin(PlanResumption, PlanResumption.scenario_id == PlanScenario.id)
    )
    scenario_id, from_day = (await session.execute(asked.with_only_columns(PlanScenario.id, first))).one()
    return PlanInUse(run_id, scenario_id, kitchen, week, from_day)


async def kitchen_plan(session: AsyncSession, viewer: Viewer, of: PlanInUse) -> KitchenPlan:
    """The kitchen's menus and purchases over the whole plan, and what the others buy in the week. Three statements."""
    own = [of.kitchen.id]
    eaten = meals(viewer, of.run_id, kitchen_ids=own, first=of.from_day).join(Dish, Dish.id == PlannedMeal.dish_id)
    served = await session.execute(
        eaten.with_only_columns(PlannedMeal.day, PlannedMeal.slot, Dish.slug, PlannedMeal.covers)
    )
    bought = (
        lines(viewer, of.run_id, kitchen_ids=own)
        .where(SourcedLine.week >= week_of(of.from_day))
        .join(Offer, Offer.id == SourcedLine.offer_id)
        .join(Ingredient, Ingredient.id == SourcedLine.ingredient_id)
        .with_only_columns(SourcedLine.week, Ingredient.slug, Offer.slug, SourcedLine.grams, SourcedLine.amount)
    )
    uai = of.kitchen.uai
    return KitchenPlan(
        uai,
        tuple(sorted(MenuLine(uai, day, slot.value, dish, covers) for day, slot, dish, covers in served)),
        tuple(sorted(SourcingLine(uai, *row) for row in await session.execute(bought))),
        await _taken(session, of),
    )


async def _taken(session: AsyncSession, of: PlanInUse) -> dict[str, int]:
    """Grams of each offer that the other kitchens buy in the week: how many, never who.

    The kitchens are named because the rows lie by kitchen and week: each week is then found without reading the year.
    """
    planned = (
        scenario_kitchens_visible_to(PLANNER)
        .where(ScenarioKitchen.scenario_id == of.scenario_id, ScenarioKitchen.kitchen_id != of.kitchen.id)
        .with_only_columns(ScenarioKitchen.kitchen_id)
    )
    others = (await session.scalars(planned)).all()
    sold = (
        lines(PLANNER, of.run_id, kitchen_ids=others, weeks=[of.week])
        .join(Offer, Offer.id == SourcedLine.offer_id)
        .with_only_columns(Offer.slug, func.sum(SourcedLine.grams))
        .group_by(Offer.slug)
    )
    return {offer: int(grams) for offer, grams in await session.execute(sold)}
