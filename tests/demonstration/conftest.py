"""A demonstration of four collèges and the first seven weeks of the year, told on a day of its fifth week."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.orm import joinedload

from catering.db import Database
from catering.demonstration.telling import tell
from catering.moment import PARIS, Clock, shown_at
from catering.people.viewer import demo_viewer
from catering.planning.jobs import run_plan
from catering.planning.models import PlanRun, RunStatus
from catering.planning.queries import published
from catering.planning.service import RunWish, ScenarioWish, describe_scenario, publish, queue_run

YEAR = "2026-27"
PRESENT = datetime(2026, 10, 1, 10, tzinfo=PARIS)
"""A Thursday; the holidays begin on the 17th."""


async def story_of(database: Database) -> list[str]:
    """Tell the trade of the plan in use."""
    async with database.unit_of_work() as session:
        statement = published(demo_viewer(), YEAR).options(joinedload(PlanRun.scenario))
        return await tell(session, (await session.scalars(statement)).one())


async def _plan(database: Database) -> None:
    async with database.unit_of_work() as session:
        scenario = await describe_scenario(session, demo_viewer(), ScenarioWish(YEAR, 4, 7))
        run = await queue_run(session, demo_viewer(), scenario, RunWish(Decimal(20), seed=7, workers=1))
    outcome = await run_plan(database, run.id)
    assert outcome.status is RunStatus.DONE
    async with database.unit_of_work() as session:
        await publish(session, demo_viewer(), run.id)


@pytest.fixture(scope="session")
def planned_file(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration Département with the plan in use, nothing told: copy it, never write it."""
    file = tmp_path_factory.mktemp("planned") / "catering.db"
    shutil.copy(demo_file, file)

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{file}")
        await _plan(database)
        await database.dispose()

    asyncio.run(make())
    return file


@pytest.fixture(scope="session")
def told_file(planned_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with its trade told: copy it, never write it."""
    file = tmp_path_factory.mktemp("told") / "catering.db"
    shutil.copy(planned_file, file)

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{file}")
        await story_of(database)
        await database.dispose()

    with shown_at(PRESENT):
        asyncio.run(make())
    return file


@pytest.fixture(autouse=True)
def _present(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which the trade is told."""
    monkeypatch.setattr(Clock, "fixed", PRESENT)


@pytest.fixture
async def planned(planned_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """The plan without its trade, in a database of this test's own."""
    async for database in _copied(planned_file, tmp_path / "planned.db"):
        yield database


@pytest.fixture
async def told(told_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """The plan with its trade, in a database of this test's own."""
    async for database in _copied(told_file, tmp_path / "told.db"):
        yield database


async def _copied(file: Path, to: Path) -> AsyncIterator[Database]:
    shutil.copy(file, to)
    database = Database(f"sqlite+aiosqlite:///{to}")
    yield database
    await database.dispose()
