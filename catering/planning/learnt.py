"""What plans take from weighings: the price of what comes back, and the portions people changed (0097, 0098)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import Date, delete, func, insert
from sqlalchemy.ext.asyncio import AsyncSession

from catering.menus.queries import portion_changes_visible_to
from catering.people.viewer import Viewer
from catering.planning.models import PlanResumption, PlanRun, PlanScenario, RunPortion, ScenarioLesson
from catering.planning.queries import scenarios_visible_to
from catering.recipes.models import Dish
from catering.recipes.portions import in_force
from catering.recipes.queries import dishes
from catering.waste.models import DishInKitchenLesson, DishLesson, KitchenLesson
from catering.waste.queries_learning import (
    cell_lessons_visible_to,
    dish_lessons_visible_to,
    kitchen_lessons_visible_to,
    lesson,
)
from catering.waste.rules.costs import waste_cost

NOTHING, ALL = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson as a plan reads it, by slug of the dish and row id of the kitchen."""

    eur_per_kg: Decimal
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    kitchens: Mapping[int, Decimal] = field(default_factory=dict)
    cells: Mapping[tuple[int, str], Decimal] = field(default_factory=dict)

    def cost(self, kitchen: int, dish: str, served_g: int) -> Decimal:
        """€ per cover of a dish at a kitchen: share of the dish, plus what the kitchen adds, plus both together."""
        share = self.shares[dish] + self.kitchens.get(kitchen, NOTHING) + self.cells.get((kitchen, dish), NOTHING)
        return waste_cost(min(ALL, max(NOTHING, share)), served_g, self.eur_per_kg)


async def lesson_of(session: AsyncSession, viewer: Viewer, scenario_id: int, slugs: Mapping[int, str]) -> Lesson | None:
    """The lesson of a scenario; None when it prices no waste. ``slugs`` names the dishes by row id."""
    number = await session.scalar(
        scenarios_visible_to(viewer)
        .join(ScenarioLesson, ScenarioLesson.scenario_id == PlanScenario.id)
        .where(PlanScenario.id == scenario_id)
        .with_only_columns(ScenarioLesson.lesson_id)
    )
    if number is None:
        return None
    drawn = (await session.scalars(lesson(viewer, number))).one()
    rows = await session.scalars(dish_lessons_visible_to(viewer).where(DishLesson.lesson_id == number))
    of_dishes = [row for row in rows if row.dish_id in slugs]
    own = {row.dish_id for row in of_dishes if _has_its_own(row)}
    of_kitchens = await session.scalars(kitchen_lessons_visible_to(viewer).where(KitchenLesson.lesson_id == number))
    of_cells = await session.scalars(cell_lessons_visible_to(viewer).where(DishInKitchenLesson.lesson_id == number))
    return Lesson(
        drawn.eur_per_kg,
        {slugs[row.dish_id]: row.share if row.dish_id in own else row.family_share or NOTHING for row in of_dishes},
        {row.kitchen_id: row.effect for row in of_kitchens},
        {(row.kitchen_id, slugs[row.dish_id]): row.effect for row in of_cells if row.dish_id in own},
    )


def _has_its_own(row: DishLesson) -> bool:
    """Whether a plan prices a dish by its own weighings: once they are enough to rank it, else it is its family
    (decision 0210). Lessons of before know no family's share: they stay what they were."""
    return row.ranked is not None or row.family_share is None


async def dish_slugs(session: AsyncSession, viewer: Viewer) -> dict[int, str]:
    """Slug of every dish by row id."""
    rows = await session.execute(dishes(viewer).with_only_columns(Dish.id, Dish.slug))
    return {row.id: row.slug for row in rows}


async def changed_portions(session: AsyncSession, viewer: Viewer, on: date, slugs: Mapping[int, str]) -> dict[str, int]:
    """Grams served of the dishes whose portion somebody changed, by slug, as it holds on a day."""
    changes = in_force(await session.scalars(portion_changes_visible_to(viewer)), on)
    return {slugs[dish]: change.served_g for dish, change in changes.items()}


async def keep_portions(session: AsyncSession, viewer: Viewer, run: PlanRun) -> None:
    """Write down the changed portions a run plans with: those in force on the first day it plans, at this attempt."""
    await session.execute(delete(RunPortion).where(RunPortion.run_id == run.id))
    first = (
        await session.scalars(
            scenarios_visible_to(viewer)
            .outerjoin(PlanResumption, PlanResumption.scenario_id == PlanScenario.id)
            .where(PlanScenario.id == run.scenario_id)
            .with_only_columns(func.coalesce(PlanResumption.from_day, PlanScenario.first_day, type_=Date))
        )
    ).one()
    changes = in_force(await session.scalars(portion_changes_visible_to(viewer)), first)
    rows = [{"run_id": run.id, "change_id": change.id} for change in changes.values()]
    if rows:
        await session.execute(insert(RunPortion), rows)
