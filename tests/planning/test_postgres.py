"""The scaled set-up on the real PostgreSQL server: same tables, same seeds, same problem, same plan."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, inspect, select

from catering.db import Database
from catering.migrate import downgrade, upgrade
from catering.people.viewer import demo_viewer
from catering.planning.jobs import run_plan
from catering.planning.models import PlannedMeal, PlanRun, RuleStanding, RunStatus, SourcedLine
from catering.planning.queries import lines, needs
from catering.seeding import load
from catering.tables import all_tables
from optimizer import Plan
from tests.lints.sources import ROOT
from tests.planning.conftest import queue
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
