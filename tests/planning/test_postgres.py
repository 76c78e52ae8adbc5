"""The scaled set-up on the real PostgreSQL server: same tables, same seeds, same problem, same plan."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, inspect, select

from catering.attendance.models import ForecastBasis
from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.migrate import downgrade, upgrade
from catering.people.viewer import demo_viewer
from catering.planning.baskets import _rows
from catering.planning.facts import PLANNER
from catering.planning.foreseeing import forecast_days, foresee
from catering.planning.jobs import run_plan
from catering.planning.leaving import Foreseen, foresee_week
from catering.planning.models import CoversSource, PlannedMeal, PlanRun, RuleStanding, RunStatus, SourcedLine
from catering.planning.problem import build_problem
from catering.planning.queries import lines, needs
from catering.planning.service import ScenarioWish
from catering.recipes.models import Dish
from catering.seeding import load
from catering.tables import all_tables
from optimizer import Plan
from tests.lints.sources import ROOT
from tests.planning.conftest import KITCHENS, queue
from tests.planning.test_portions_since import MONDAY, change
from tests.servers import empty

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")


@pytest.fixture
async def postgres(server: str) -> AsyncIterator[Database]:
    """A database without any table."""
    database = Database(server)
    async with database.engine.begin() as connection:
        await empty(connection)
    yield database
    await database.dispose()


def drift(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection), all_tables()))


async def test_the_migrations_make_what_the_models_describe_and_can_be_taken_back(postgres: Database) -> None:
    await upgrade(postgres)
    async with postgres.engine.connect() as connection:
        assert await connection.run_sync(drift) == []
    await downgrade(postgres)
    async with postgres.engine.connect() as connection:
        left = await connection.run_sync(lambda of: inspect(of).get_table_names())
    assert left == ["alembic_version"]


async def test_the_same_seeds_make_the_same_problem_and_keep_the_same_plan(postgres: Database, plan: Plan) -> None:
    """The plan made from SQLite answers the problem read from PostgreSQL: the check would refuse it otherwise."""
    await upgrade(postgres)
    assert (await load(postgres, ROOT / "seeds")).changes > 0
    assert (await load(postgres, ROOT / "seeds")).changes == 0
    run = await queue(postgres)
    outcome = await run_plan(postgres, run.id, solver=lambda *_, **__: plan)
    assert outcome.status is RunStatus.DONE
    async with postgres.reading() as session:
        stored = await session.get_one(PlanRun, run.id)
        assert stored.problem_sha256 == plan.summary.problem_sha256
        assert stored.cost == await session.scalar(select(func.sum(SourcedLine.amount))) == plan.summary.cost_eur
        assert await session.scalar(select(func.count()).select_from(PlannedMeal)) == len(plan.menus)
        held = await session.scalar(select(func.count()).where(RuleStanding.holds))
        assert held == sum(result.holds for result in plan.summary.rules)
        totals = (await session.execute(needs(lines(demo_viewer(), run.id)))).all()
    assert sum(row.grams for row in totals) == sum(line.grams for line in plan.sourcing)
    await foresees(postgres, run.id)
    await plans_for_forecasts(postgres)


async def foresees(postgres: Database, run_id: int) -> None:
    """A smaller portion takes less, in the statement that reads menus, staples and portions at once."""
    runs = [SimpleNamespace(id=run_id, first_day=MONDAY, last_day=MONDAY + timedelta(days=6))]

    async def week() -> Foreseen:
        async with postgres.reading() as session:
            kitchen = (await session.scalars(select(Kitchen.id).where(Kitchen.uai == KITCHENS[0]))).one()
            return await foresee_week(partial(_rows, session), demo_viewer(), runs, kitchen, MONDAY, MONDAY)

    before = await week()
    assert not any(before.more_g.values())
    async with postgres.unit_of_work() as session:
        own = select(PlannedMeal.dish_id).join(Kitchen, Kitchen.id == PlannedMeal.kitchen_id)
        served = own.where(Kitchen.uai == KITCHENS[0], PlannedMeal.day == MONDAY).order_by(PlannedMeal.slot)
        dish = await session.get_one(Dish, (await session.scalars(served)).first())
        session.add(change(MONDAY, dish.served_g // 2, dish=dish.id))
    after = await week()
    needed = [sum(each.needed_g for each in week.left.values()) for week in (before, after)]
    assert needed[1] - needed[0] == sum(after.more_g.values()) < 0


async def plans_for_forecasts(postgres: Database) -> None:
    """Without covers counted every day is what is announced, and says so."""
    run = await queue(postgres, ScenarioWish("2026-27", KITCHENS, weeks=1, covers=CoversSource.FORECAST))
    made_on = date(2026, 9, 1)
    await foresee(postgres, PLANNER, run.scenario_id, made_on)
    async with postgres.reading() as session:
        (told,) = await forecast_days(session, PLANNER, run.scenario_id)
        problem = await build_problem(session, run.scenario_id)
    assert (told.basis, told.days) == (
        ForecastBasis.ANNOUNCED,
        sum(day.date > made_on for day in problem.service_days),
    )
