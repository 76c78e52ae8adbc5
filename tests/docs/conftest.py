"""A plan of one kitchen and one week, and a client that asks as the handbook does."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from catering.api import Caller, schema
from catering.db import Database
from catering.people.viewer import demo_viewer
from catering.planning.jobs import run_plan
from catering.planning.models import PlanRun, RunStatus
from catering.planning.service import RunWish, ScenarioWish, describe_scenario, queue_run
from catering.settings import Settings
from optimizer import Plan


@pytest.fixture(scope="session")
def handbook_files(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `catering.db` (its run 1 planned a week of one kitchen) and `plan/`: copy it, never write it."""
    folder = tmp_path_factory.mktemp("handbook")
    shutil.copy(demo_file, folder / "catering.db")

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{folder}/catering.db")
        async with database.unit_of_work() as session:
            scenario = await describe_scenario(session, demo_viewer(), ScenarioWish("2026-27", ("0620004T",), weeks=1))
            run = await queue_run(session, demo_viewer(), scenario, RunWish(Decimal(10), seed=7, workers=1))
        outcome = await run_plan(database, run.id)
        async with database.reading() as session:
            why = await session.scalar(select(PlanRun.error))
        await database.dispose()
        assert outcome.status is RunStatus.DONE, why
        assert outcome.plan is not None
        outcome.plan.to_folder(folder / "plan")

    asyncio.run(make())
    return folder


@pytest.fixture
def handbook_plan(handbook_files: Path) -> Plan:
    """The plan, as its folder states it."""
    return Plan.from_folder(handbook_files / "plan")


@pytest.fixture
async def planned_week(handbook_files: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with the plan, of this test's own."""
    shutil.copy(handbook_files / "catering.db", tmp_path / "handbook.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/handbook.db")
    yield database
    await database.dispose()


async def ask(database: Database, text: str, variables: dict[str, Any]) -> dict[str, Any]:
    """What the schema answers the demo identity, as a client reads it, without where errors stand."""
    result = await schema.execute(
        text, variable_values=variables, context_value=Caller(database, demo_viewer(), Settings())
    )
    errors = [
        {key: value for key, value in error.formatted.items() if key != "locations"} for error in result.errors or ()
    ]
    told: dict[str, Any] = json.loads(json.dumps({"data": result.data} | ({"errors": errors} if errors else {})))
    return told
