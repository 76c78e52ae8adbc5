"""A plan of two kitchens over five weeks, made once; tests work on copies."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from catering.db import Database
from catering.people.viewer import demo_viewer
from catering.planning.jobs import run_plan
from catering.planning.models import PlanRun, RunStatus
from catering.planning.service import RunWish, ScenarioWish, describe_scenario, queue_run
from optimizer import Plan, Problem

KITCHENS = ("0620004T", "0620014D")
WISH = ScenarioWish("2026-27", KITCHENS, weeks=5)
QUICK = RunWish(Decimal(30), seed=7, workers=1)


async def queue(database: Database, wish: ScenarioWish = WISH) -> PlanRun:
    """A queued run of a small scenario."""
    async with database.unit_of_work() as session:
        scenario = await describe_scenario(session, demo_viewer(), wish)
        return await queue_run(session, demo_viewer(), scenario, QUICK)


@pytest.fixture(scope="session")
def planned_files(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `catering.db` (one run that is done), `problem/` and `plan/`: copy it, never write it."""
    folder = tmp_path_factory.mktemp("planned")
    shutil.copy(demo_file, folder / "catering.db")

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{folder}/catering.db")
        run = await queue(database)
        outcome = await run_plan(database, run.id, problem_folder=folder / "problem")
        await database.dispose()
        assert outcome.status is RunStatus.DONE
        assert outcome.plan is not None
        outcome.plan.to_folder(folder / "plan")

    asyncio.run(make())
    return folder


@pytest.fixture
async def planned(planned_files: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with one plan, of this test's own. Its run has the number 1."""
    shutil.copy(planned_files / "catering.db", tmp_path / "planned.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/planned.db")
    yield database
    await database.dispose()


@pytest.fixture(scope="session")
def plan(planned_files: Path) -> Plan:
    """The plan of `planned`, as its folder states it."""
    return Plan.from_folder(planned_files / "plan")


@pytest.fixture(scope="session")
def problem(planned_files: Path) -> Problem:
    """The problem of `planned`, as its folder states it."""
    return Problem.from_folder(planned_files / "problem")
