"""What the projection of left-overs reads: menus and stored goods of the plans in use, the stock, its moves and orders.

Six statements, those of the plans included, whatever the weeks, menus, lots and orders.
"""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Select, func, select, union_all

from catering.kitchens.calendar import week_of
from catering.orders.models import Order, OrderLine
from catering.orders.queries import GIVEN_UP, order_lines_visible_to
from catering.orders.sold import BUYER
from catering.orders.vocabulary import OrderState
from catering.people.viewer import Viewer
from catering.planning.keeping import MOST_WEEKS_AHEAD, STORED_DAYS, WEEK, from_store
from catering.planning.left_overs import TO_SUNDAY, Batch, Larder, LeftOver
from catering.planning.models import PlannedMeal, PlanRun, PlanScenario, ScenarioStaple, SourcedLine
from catering.planning.portions_since import (
    Line,
    lines_from,
    lines_of_meals,
    more_than_planned,
    no_dish,
    taken_by_day,
)
from catering.planning.queries import lines_visible_to, meals_visible_to, runs_visible_to, staples_visible_to
from catering.receiving.models import StockLot, StockMove
from catering.receiving.queries_stock import lots, moves_visible_to
from catering.receiving.vocabulary import MoveKind
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients_visible_to

Read: TypeAlias = Callable[[Select[*tuple[Any, ...]]], Awaitable[Sequence[Any]]]
"""Runs a statement: its rows."""
Uses: TypeAlias = Mapping[int, Counter[date]]
"""Grams by ingredient (row id) and day."""


async def runs_in_use(read: Read, viewer: Viewer, monday: date, today: date) -> Sequence[Any]:
    """Plans in use from today to a week, the newest first: rows of their number, first and last day."""
    return await read(
        runs_visible_to(viewer)
        .join(PlanScenario, PlanScenario.id == PlanRun.scenario_id)
        .where(
            PlanRun.published_at.is_not(None),
            PlanRun.withdrawn_at.is_(None),
            PlanScenario.first_day <= monday + TO_SUNDAY,
            PlanScenario.last_day >= min(today, monday) - TO_SUNDAY,
        )
        .order_by(PlanRun.published_at.desc())
        .with_only_columns(PlanRun.id, PlanScenario.first_day, PlanScenario.last_day)
    )


def run_of(runs: Sequence[Any], day: date) -> int | None:
    """The run by which the week of a day is bought: the newest that covers it."""
    monday = day - timedelta(days=day.weekday())
    return next((run.id for run in runs if run.first_day <= monday + TO_SUNDAY and run.last_day >= monday), None)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is left for a week, and what its menus take beyond what the plan bought, by ingredient (row id)."""

    left: Mapping[int, LeftOver]
    more_g: Mapping[int, int]
    """Portions changed since the plan; below 0 where less is taken."""
    stored_g: Mapping[int, int]
    """What the plan takes of earlier purchases for the week: it counts on that besides what it buys for it."""


async def left_overs(
    read: Read, viewer: Viewer, runs: Sequence[Any], kitchen_id: int, monday: date, today: date
) -> Mapping[int, LeftOver]:
    """What a kitchen will have left for a week, by ingredient (row id): see `foresee_week`."""
    return (await foresee_week(read, viewer, runs, kitchen_id, monday, today)).left


async def foresee_week(
    read: Read, viewer: Viewer, runs: Sequence[Any], kitchen_id: int, monday: date, today: date
) -> Foreseen:
    """What a kitchen will have left for a week, and what its menus take beyond what the plan bought.

    Args:
        read: runs a statement.
        viewer: who may read the kitchen.
        runs: rows of ``runs_in_use``.
        kitchen_id: row id.
        monday: of the week.
        today: where the collèges are.
    """
    first = min(today, monday)
    planned = await _planned(read, viewer, runs, kitchen_id, first, monday + MOST_WEEKS_AHEAD * WEEK + TO_SUNDAY)
    stored = await _stored(read, viewer, run_of(runs, monday), kitchen_id, monday, planned)
    lines = [line for line in planned if line.day <= monday + TO_SUNDAY]
    uses = taken_by_day(lines)
    served = await _served(read, viewer, kitchen_id, first, monday + TO_SUNDAY)
    batches = await _shelves(read, viewer, kitchen_id)
    kept = Counter(await _orders(read, kitchen_id, monday, today, batches))
    kept.update({ingredient: later for ingredient, (_, later) in stored.items()})
    ahead = {
        ingredient: {day: max(grams - served[ingredient][day], 0) for day, grams in days.items() if day >= today}
        for ingredient, days in uses.items()
    }
    of_week = {
        ingredient: sum(min(grams, served[ingredient][day]) for day, grams in days.items() if day >= monday)
        for ingredient, days in uses.items()
    }
    own = [line for line in lines if line.day >= monday]
    return Foreseen(
        Larder(batches, ahead, kept, of_week).left_overs(monday),
        more_than_planned(own),
        {ingredient: now for ingredient, (now, _) in stored.items()},
    )


async def _stored(
    read: Read, viewer: Viewer, run_id: int | None, kitchen_id: int, monday: date, planned: Sequence[Line]
) -> Mapping[int, tuple[int, int]]:
    """What the plan takes of the store for the week, and keeps there for those after it, by ingredient that keeps."""
    lines = lines_of_plan(viewer, -1 if run_id is None else run_id, kitchen_id, monday).subquery()
    keeping = (
        ingredients_visible_to(viewer)
        .outerjoin(lines, lines.c.ingredient_id == Ingredient.id)
        .where(Ingredient.keeping_days >= STORED_DAYS)
        .with_only_columns(Ingredient.id, lines.c.week, lines.c.grams)
    )
    bought: dict[int, Counter[date]] = defaultdict(Counter)
    for ingredient, week, grams in await read(keeping):
        bought[ingredient][week or monday] += int(grams or 0)
    needs: dict[int, Counter[date]] = defaultdict(Counter)
    for line in planned:
        if line.run_id == run_id and line.ingredient_id in bought:
            needs[line.ingredient_id][week_of(line.day)] += line.taken_g - line.more_g
    return {
        ingredient: from_store(needs[ingredient], bought[ingredient], monday) for ingredient in needs.keys() & bought
    }


def lines_of_plan(viewer: Viewer, run_id: int, kitchen_id: int, monday: date) -> Select[int, date, int]:
    """Grams of each ingredient that a plan buys for a kitchen in a week and in those for which goods are stored."""
    last = monday + MOST_WEEKS_AHEAD * WEEK
    return (
        lines_visible_to(viewer)
        .where(SourcedLine.run_id == run_id, SourcedLine.kitchen_id == kitchen_id)
        .where(SourcedLine.week.between(monday, last))
        .with_only_columns(SourcedLine.ingredient_id, SourcedLine.week, func.sum(SourcedLine.grams).label("grams"))
        .group_by(SourcedLine.ingredient_id, SourcedLine.week)
    )


async def _planned(
    read: Read, viewer: Viewer, runs: Sequence[Any], kitchen_id: int, first: date, last: date
) -> Sequence[Line]:
    """What the menus take: of every week those of the plan by which it is bought."""
    if not runs:
        return []
    meals = _meals(viewer, kitchen_id, [run.id for run in runs], first, last)
    rows = await read(select(union_all(lines_of_meals(meals, kitchen_id), _staples(viewer, meals)).subquery()))
    return lines_from((row for row in rows if row.run_id == run_of(runs, row.day)), kitchen_id)


def _staples(viewer: Viewer, meals: Select[PlannedMeal]) -> Select[*tuple[Any, ...]]:
    """Bread and the like, once per cover."""
    key = PlannedMeal.run_id, PlannedMeal.day
    served = (
        meals.with_only_columns(*key, func.max(PlannedMeal.covers).label("covers")).group_by(*key).subquery("served")
    )
    return (
        staples_visible_to(viewer)
        .join(PlanRun, PlanRun.scenario_id == ScenarioStaple.scenario_id)
        .join(served, served.c.run_id == PlanRun.id)
        .with_only_columns(
            served.c.run_id,
            served.c.day,
            ScenarioStaple.ingredient_id,
            ScenarioStaple.grams,
            served.c.covers,
            *no_dish(),
        )
    )


def _meals(viewer: Viewer, kitchen_id: int, run_ids: Sequence[int], first: date, last: date) -> Select[PlannedMeal]:
    return meals_visible_to(viewer).where(
        PlannedMeal.run_id.in_(run_ids), PlannedMeal.kitchen_id == kitchen_id, PlannedMeal.day.between(first, last)
    )


async def _served(read: Read, viewer: Viewer, kitchen_id: int, first: date, last: date) -> Mapping[int, Counter[date]]:
    """What was taken from the shelves already for the menus of some days."""
    key = StockLot.ingredient_id, StockMove.menu_day
    statement = (
        moves_visible_to(viewer)
        .join(StockLot, StockLot.id == StockMove.lot_id)
        .where(StockLot.kitchen_id == kitchen_id, StockMove.kind == MoveKind.USE)
        .where(StockMove.menu_day.between(first, last))
        .with_only_columns(*key, -func.sum(StockMove.grams))
        .group_by(*key)
    )
    found: dict[int, Counter[date]] = defaultdict(Counter)
    for ingredient, day, grams in await read(statement):
        found[ingredient][day] += int(grams)
    return found


async def _shelves(read: Read, viewer: Viewer, kitchen_id: int) -> dict[int, list[Batch]]:
    there = lots(viewer, on_hand=True).where(StockLot.kitchen_id == kitchen_id)
    found: dict[int, list[Batch]] = defaultdict(list)
    for ingredient, grams, until in await read(
        there.with_only_columns(StockLot.ingredient_id, StockLot.on_hand_g, StockLot.expires_on)
    ):
        found[ingredient].append(Batch(grams, until=until))
    return found


async def _orders(
    read: Read, kitchen_id: int, monday: date, today: date, batches: dict[int, list[Batch]]
) -> Mapping[int, int]:
    """Put what earlier weeks are still to receive beside the shelves; what was received for later weeks already.

    A delivery whose day has passed is not counted on before it is checked in.
    """
    statement = (
        order_lines_visible_to(BUYER)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.kitchen_id == kitchen_id, Order.state.not_in(GIVEN_UP), Order.week != monday)
        .where((Order.week > monday) | ((Order.day >= today) & (Order.state != OrderState.RECEIVED)))
        .with_only_columns(OrderLine, Order.week)
    )
    kept: Counter[int] = Counter()
    for line, week in await read(statement):
        if week > monday:
            kept[line.ingredient_id] += line.received_g or 0
        elif (grams := line.grams - (line.received_g or 0)) > 0:
            batches[line.ingredient_id].append(Batch(grams, since=week, to_receive=True))
    return kept
