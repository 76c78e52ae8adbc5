"""A worker that is killed with SIGKILL at any point of a run leaves it to the next, and one whole plan is stored."""

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from catering.db import Database
from catering.planning import holding
from catering.planning.holding import next_queued
from catering.planning.jobs import run_plan
from catering.planning.models import PlannedMeal, PlanRule, PlanRun, RunStatus, SourcedLine
from optimizer import Plan
from tests.lints.sources import ROOT
from tests.planning.conftest import queue


async def row(database: Database, run_id: int) -> PlanRun:
    async with database.reading() as session:
        return await session.get_one(PlanRun, run_id)


@pytest.mark.parametrize("moment", ["build_problem", "keep_portions", "solve", "verify", "store_sums"])
async def test_a_worker_killed_with_a_run_leaves_it_to_the_next(
    moment: str, demo: Database, plan: Plan, planned_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued = await queue(demo)
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.planning.dying_worker", demo.url, planned_files / "plan", moment, cwd=ROOT
    )
    assert await worker.wait() == -signal.SIGKILL
    left = await row(demo, queued.id)
    assert (left.status, left.attempts) == (RunStatus.RUNNING, 1)
    assert left.phase, "what it was doing is still told"
    assert await next_queued(demo) is None, "it may still live"

    monkeypatch.setattr(holding, "SILENT_FOR", timedelta(0))
    assert await next_queued(demo) == queued.id
    outcome = await run_plan(demo, queued.id, solver=lambda *_, **__: plan)
    assert outcome.status is RunStatus.DONE
    ended = await row(demo, queued.id)
    assert (ended.attempts, ended.cost, ended.error) == (2, plan.summary.cost_eur, None)
    async with demo.reading() as session:
        for table, wished in ((PlannedMeal, len(plan.menus)), (SourcedLine, len(plan.sourcing))):
            assert await session.scalar(select(func.count()).select_from(table)) == wished
        rules = select(func.count(), func.count(PlanRule.rule.distinct())).where(PlanRule.run_id == queued.id)
        stated, distinct = (await session.execute(rules)).one()
    assert stated == distinct > 0
    assert await next_queued(demo) is None
