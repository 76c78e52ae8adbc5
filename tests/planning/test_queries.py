"""Everybody reads their part of a plan, of published plans only, and nothing of anybody else."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.planning import queries
from catering.planning.models import PlanRun, RunStatus, SourcedLine
from catering.planning.service import publish
from catering.recipes.models import Ingredient
from optimizer import Plan, Problem
from tests.planning.conftest import KITCHENS, queue

CHEF = Viewer("Chef", Role.CHEF, kitchens=frozenset({KITCHENS[0]}))
DEPARTEMENT = demo_viewer()
WEEK = date(2026, 9, 7)


@pytest.fixture
async def draft(planned: Database) -> AsyncIterator[AsyncSession]:
    async with planned.reading() as session:
        yield session


@pytest.fixture
async def session(planned: Database) -> AsyncIterator[AsyncSession]:
    """The plan published."""
    async with planned.unit_of_work() as session:
        await publish(session, DEPARTEMENT, 1)
    async with planned.reading() as session:
        yield session


@pytest.fixture
def producer(plan: Plan, problem: Problem) -> Viewer:
    """The one that sells most often in the plan."""
    sellers = [problem.offers[line.offer].supplier for line in plan.sourcing]
    return Viewer("Producteur", Role.PRODUCER, suppliers=frozenset({max(sorted(set(sellers)), key=sellers.count)}))


async def number(session: AsyncSession, statement: Any) -> int:
    return await session.scalar(select(func.count()).select_from(statement.subquery())) or 0


READS = (
    queries.meals_visible_to,
    queries.lines_visible_to,
    queries.drops_visible_to,
    queries.rule_standings_visible_to,
    queries.kitchen_standings_visible_to,
    queries.kitchen_ratios_visible_to,
)


@pytest.mark.parametrize("read", READS)
async def test_a_draft_is_for_the_departement_alone(draft: AsyncSession, read: Any, producer: Viewer) -> None:
    assert await number(draft, read(DEPARTEMENT)) > 0
    for viewer in (CHEF, producer):
        assert await number(draft, read(viewer)) == 0
        assert await number(draft, queries.runs_visible_to(viewer)) == 0


@pytest.mark.parametrize("read", READS)
async def test_a_chef_reads_their_own_kitchen_only(session: AsyncSession, read: Any) -> None:
    mine = await session.scalar(select(Kitchen.id).where(Kitchen.uai == KITCHENS[0]))
    kitchens = {row.kitchen_id for row in await session.scalars(read(CHEF))}
    assert kitchens == {mine}


async def test_a_producer_reads_what_is_bought_from_them_and_no_menu(
    session: AsyncSession, producer: Viewer, plan: Plan, problem: Problem
) -> None:
    (slug,) = producer.suppliers
    own = {offer for offer, of in problem.offers.items() if of.supplier == slug}
    expected = sum(line.grams for line in plan.sourcing if line.offer in own)
    lines = (await session.scalars(queries.lines_visible_to(producer))).all()
    assert sum(line.grams for line in lines) == expected > 0
    drops = (await session.scalars(queries.drops_visible_to(producer))).all()
    assert sum(drop.grams for drop in drops) == expected
    for read in (queries.meals_visible_to, queries.rule_standings_visible_to, queries.kitchen_standings_visible_to):
        assert await number(session, read(producer)) == 0


async def test_a_week_of_menus_is_five_dishes_a_day_in_order(session: AsyncSession) -> None:
    kitchen = await session.scalar(select(Kitchen.id).where(Kitchen.uai == KITCHENS[1]))
    week = queries.meals(DEPARTEMENT, 1, kitchen_ids=[kitchen or 0], week=WEEK).order_by(*queries.MEAL_KEY)
    meals = (await session.scalars(week)).all()
    assert [meal.day.isoformat() for meal in meals[::5]] == ["2026-09-07", "2026-09-08", "2026-09-10", "2026-09-11"]
    assert len({meal.slot for meal in meals}) == 5
    assert len(meals) == 20
    some = queries.meals(DEPARTEMENT, 1, first=date(2026, 9, 8), last=date(2026, 9, 8))
    assert {meal.day for meal in await session.scalars(some)} == {date(2026, 9, 8)}
    assert {meal.kitchen_id for meal in await session.scalars(some)} == {1, 2}


async def test_needs_add_up_to_what_is_bought(session: AsyncSession, plan: Plan) -> None:
    bread = await session.scalar(select(Ingredient.id).where(Ingredient.slug == "pain"))
    found = (await session.execute(queries.needs(queries.lines(DEPARTEMENT, 1, weeks=[WEEK])))).all()
    bought = [line for line in plan.sourcing if line.week == WEEK]
    assert sum(row.amount for row in found) == sum((line.amount_excl_tax for line in bought), Decimal(0))
    (grams,) = [row.grams for row in found if row.ingredient_id == bread]
    assert grams == sum(line.grams for line in bought if line.ingredient == "pain")
    only = queries.needs(queries.lines(DEPARTEMENT, 1, ingredient_ids=[bread or 0]))
    assert {row.ingredient_id for row in await session.execute(only)} == {bread}


async def test_runs_are_found_by_status_and_school_year(planned: Database) -> None:
    waiting = await queue(planned)
    async with planned.reading() as session:
        done = await session.scalars(queries.runs(DEPARTEMENT, status=RunStatus.DONE))
        assert [run.id for run in done] == [1]
        assert (await session.scalars(queries.runs(DEPARTEMENT, school_year="2025-26"))).all() == []
        found = (await session.scalars(queries.runs(DEPARTEMENT, school_year="2026-27").order_by(PlanRun.id))).all()
        assert [run.id for run in found] == [1, waiting.id]
        assert await number(session, queries.scenarios_visible_to(CHEF)) == 0
        assert await number(session, queries.scenarios_visible_to(DEPARTEMENT)) == 2


async def test_no_purchase_is_read_twice(session: AsyncSession) -> None:
    """The condition on offers must not multiply the lines."""
    assert await number(session, queries.lines(DEPARTEMENT, 1)) == await session.scalar(
        select(func.count()).select_from(SourcedLine)
    )
