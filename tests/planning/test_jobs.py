"""A run ends in one of few ways, says which and why, and leaves either a whole plan or none."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update

from catering.db import Database
from catering.people.viewer import demo_viewer
from catering.planning import jobs
from catering.planning.holding import MOST_ATTEMPTS, claim, next_queued
from catering.planning.jobs import Outcome, run_claimed, run_plan, work_through_queue
from catering.planning.models import (
    KitchenRatio,
    KitchenStanding,
    PlanConflict,
    PlannedDrop,
    PlannedMeal,
    PlannedPurchase,
    PlanRule,
    PlanRun,
    RuleStanding,
    RunStatus,
    SourcedLine,
)
from catering.planning.service import ask_cancel
from catering.rules import planning_rules
from optimizer import Cancelled, Conflict, Infeasible, Plan, Problem, Progress
from tests.planning.conftest import queue

PLAN_TABLES = (PlannedMeal, SourcedLine, PlannedPurchase, PlannedDrop, RuleStanding, KitchenStanding, KitchenRatio)


async def rows(database: Database, table: Any) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def row(database: Database, run_id: int) -> PlanRun:
    async with database.reading() as session:
        return await session.get_one(PlanRun, run_id)


def instead(work: Callable[..., Plan]) -> Callable[..., Plan]:
    """A solver that ignores the problem."""
    return lambda _problem, **options: work(**options)


async def ran(database: Database, solver: Callable[..., Plan]) -> tuple[Outcome, PlanRun]:
    queued = await queue(database)
    outcome = await run_plan(database, queued.id, solver=solver)
    return outcome, await row(database, queued.id)


async def nothing_stored(database: Database) -> bool:
    return not any([await rows(database, table) for table in PLAN_TABLES])


async def test_a_plan_is_stored_line_by_line(planned: Database, plan: Plan) -> None:
    assert await rows(planned, PlannedMeal) == len(plan.menus) == 2 * 19 * 5
    assert await rows(planned, SourcedLine) == len(plan.sourcing)
    assert await rows(planned, PlannedDrop) == len(plan.drops)
    assert await rows(planned, RuleStanding) == len(plan.summary.rules)
    async with planned.reading() as session:
        assert await session.scalar(select(func.sum(SourcedLine.amount))) == plan.summary.cost_eur
        assert await session.scalar(select(func.sum(PlannedPurchase.amount))) == plan.summary.cost_eur
        assert await session.scalar(select(func.sum(PlannedDrop.amount))) == plan.summary.cost_eur
        assert await session.scalar(select(func.sum(KitchenStanding.cost))) == plan.summary.cost_eur
        grams = await session.scalar(select(func.sum(SourcedLine.grams)))
        shares = await session.scalar(select(func.count()).where(KitchenRatio.rule == "EGA-01"))
    assert grams == sum(line.grams for line in plan.sourcing)
    assert shares == 2


async def test_the_run_says_what_the_plan_is_worth(planned: Database, plan: Plan, problem: Problem) -> None:
    run = await row(planned, 1)
    assert (run.status, run.phase) == (RunStatus.DONE, "Plan enregistré")
    assert (run.cost, run.lower_bound, run.gap) == (
        plan.summary.cost_eur,
        plan.summary.lower_bound_eur,
        plan.summary.gap,
    )
    assert run.problem_sha256 == problem.sha256
    assert run.meals == problem.meals


async def test_the_rules_are_kept_as_they_were_stated(planned: Database) -> None:
    stated = {rule["id"]: rule for rule in planning_rules(datetime(2026, 9, 1, tzinfo=UTC).date())}
    async with planned.reading() as session:
        kept = {rule.rule: rule for rule in await session.scalars(select(PlanRule))}
    assert set(kept) == set(stated)
    assert Decimal(kept["EGA-01"].definition["min_share"]) == Decimal(stated["EGA-01"]["min_share"])
    assert isinstance(kept["EGA-01"].definition["min_share"], str)
    assert kept["NUT-01"].title == stated["NUT-01"]["title"]


async def test_a_run_is_never_run_twice(planned: Database) -> None:
    def never(**_: Any) -> Plan:
        raise AssertionError("solved again")

    assert (await run_plan(planned, 1, solver=instead(never))).status is RunStatus.DONE


async def test_of_two_workers_only_one_gets_a_run(demo: Database) -> None:
    queued = await queue(demo)

    async def worker() -> PlanRun | None:
        async with demo.unit_of_work() as session:
            return await jobs.claim(session, queued.id)

    claims = await asyncio.gather(*(worker() for _ in range(5)))
    assert len([claim for claim in claims if claim is not None]) == 1


async def test_rules_in_conflict_are_stored_by_id_kitchen_and_period(demo: Database) -> None:
    conflicts = [
        Conflict("NUT-08", "Poisson", "0620004T", "2026-09-01/2026-10-02"),
        Conflict("VEG-01", "Menu végétarien", "0620004T", "2026-09-01/2026-10-02"),
    ]

    def stuck(**_: Any) -> Plan:
        raise Infeasible(conflicts)

    outcome, run = await ran(demo, instead(stuck))
    assert outcome == Outcome(run.id, RunStatus.FAILED)
    assert run.status is RunStatus.FAILED
    assert "Règles en conflit" in (run.error or "")
    async with demo.reading() as session:
        stored = (await session.scalars(select(PlanConflict).order_by(PlanConflict.rank))).all()
    assert [(each.rule, each.kitchen, each.period) for each in stored] == [
        ("NUT-08", "0620004T", "2026-09-01/2026-10-02"),
        ("VEG-01", "0620004T", "2026-09-01/2026-10-02"),
    ]
    assert await nothing_stored(demo)


async def test_a_crash_is_told_in_the_run_and_raised(demo: Database) -> None:
    def crash(**_: Any) -> Plan:
        raise MemoryError("12 Go")

    with pytest.raises(MemoryError):
        await ran(demo, instead(crash))
    run = await row(demo, 1)
    assert run.status is RunStatus.FAILED
    assert "MemoryError" in (run.error or "")
    assert run.ended_at is not None


async def test_a_catalogue_that_cannot_be_planned_is_told_in_the_run(demo: Database, monkeypatch: Any) -> None:
    broken = [{"id": "X", "kind": "count", "title": "t", "source": "s", "soft_price": None, "window": 20, "max": 1}]
    monkeypatch.setattr("catering.planning.problem.planning_rules", lambda _: broken)
    _, run = await ran(demo, instead(lambda **_: pytest.fail("solved")))
    assert run.status is RunStatus.FAILED
    assert "rules.json" in (run.error or "")


async def test_a_plan_the_independent_check_refuses_is_not_stored(demo: Database, plan: Plan) -> None:
    """The grams of one purchase are changed: what is bought is more than the menus need."""
    line = plan.sourcing[0]
    damaged = replace(plan, sourcing=(replace(line, grams=line.grams + 1), *plan.sourcing[1:]))
    outcome, run = await ran(demo, instead(lambda **_: damaged))
    assert (outcome.status, outcome.plan) == (RunStatus.FAILED, damaged)
    assert "KEEPING" in (run.error or "") or "DEMAND" in (run.error or "")
    assert await nothing_stored(demo)


async def test_a_plan_that_cannot_be_stored_whole_is_not_stored_at_all(
    demo: Database, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last purchase names an offer that left the database while the plan was made."""
    monkeypatch.setattr(jobs, "verify", lambda *_: [])
    gone = replace(plan, sourcing=(*plan.sourcing[:-1], replace(plan.sourcing[-1], offer="gone")))
    with pytest.raises(KeyError):
        await ran(demo, instead(lambda **_: gone))
    assert await nothing_stored(demo)
    assert (await row(demo, 1)).status is RunStatus.FAILED


async def test_progress_can_be_read_while_the_run_works_and_the_run_can_be_stopped(demo: Database) -> None:
    def endless(progress: Callable[[Progress], None], **_: Any) -> Plan:
        for step in range(2_000):
            progress(Progress("Menus", step, 2_000, Decimal("1000.004"), Decimal("900")))
            time.sleep(0.01)
        raise AssertionError("nobody stopped the run")

    queued = await queue(demo)
    working = asyncio.create_task(run_plan(demo, queued.id, solver=instead(endless)))
    while (seen := await row(demo, queued.id)).phase != "Menus":
        await asyncio.sleep(0.05)
    assert seen.status is RunStatus.RUNNING
    assert (seen.best_cost, seen.lower_bound, seen.measured_gap) == (
        Decimal("1000.00"),
        Decimal("900.00"),
        Decimal("0.100000"),
    )
    assert seen.total_steps == 2_000
    async with demo.unit_of_work() as session:
        await ask_cancel(session, demo_viewer(), queued.id)
    outcome = await working
    assert outcome.status is RunStatus.CANCELLED
    assert (await row(demo, queued.id)).status is RunStatus.CANCELLED
    assert await nothing_stored(demo)


async def test_a_run_that_is_stopped_keeps_the_best_plan_it_has(demo: Database, plan: Plan) -> None:
    """The optimizer answers a cancellation with its best plan; checking and storing it are not stopped again."""

    def stopped(progress: Callable[[Progress], None], **_: Any) -> Plan:
        try:
            while True:
                progress(Progress("Amélioration 1", 1, 2, Decimal(1000), Decimal(900)))
                time.sleep(0.01)
        except Cancelled:
            return plan

    queued = await queue(demo)
    working = asyncio.create_task(run_plan(demo, queued.id, solver=instead(stopped)))
    while (await row(demo, queued.id)).phase != "Amélioration 1":
        await asyncio.sleep(0.05)
    async with demo.unit_of_work() as session:
        await ask_cancel(session, demo_viewer(), queued.id)
    assert (await working).status is RunStatus.DONE
    kept = await row(demo, queued.id)
    assert kept.status is RunStatus.DONE
    assert kept.cancel_asked_at is not None
    assert kept.cost == plan.summary.cost_eur


async def test_a_worker_runs_what_waits_and_survives_a_crash(demo: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []

    async def crash(_: Database, run_id: int, **__: Any) -> None:
        async with demo.unit_of_work() as session:
            await session.execute(update(PlanRun).where(PlanRun.id == run_id).values(status=RunStatus.FAILED))
        # Only now: the test stops the worker once both have ended, and must not cut a commit short.
        ended.append(run_id)
        raise RuntimeError("solver gone")

    monkeypatch.setattr(jobs, "run_plan", crash)
    first, second = await queue(demo), await queue(demo)
    worker = asyncio.create_task(work_through_queue(demo, idle_seconds=0.01))
    while len(ended) < 2:
        await asyncio.sleep(0.01)
    worker.cancel()
    assert ended == [first.id, second.id]
    assert await next_queued(demo) is None


async def silence(database: Database, run_id: int, minutes: int, **given: Any) -> None:
    """A run that somebody took up, and that has given no sign of life for so long."""
    values = {"status": RunStatus.RUNNING, "heartbeat_at": datetime.now(UTC) - timedelta(minutes=minutes)} | given
    async with database.unit_of_work() as session:
        await session.execute(update(PlanRun).where(PlanRun.id == run_id).values(**values))


async def test_a_run_whose_process_died_waits_again_and_a_live_one_does_not(demo: Database) -> None:
    lost, live = await queue(demo), await queue(demo)
    await silence(demo, lost.id, 10, attempts=1)
    await silence(demo, live.id, 0, attempts=1)
    assert await next_queued(demo) == lost.id
    assert (await row(demo, lost.id)).status is RunStatus.QUEUED
    assert (await row(demo, live.id)).status is RunStatus.RUNNING


async def test_a_run_that_dies_each_time_is_given_up(demo: Database) -> None:
    """What kills each process that takes it up would kill every worker, one after the other, for ever."""
    queued = await queue(demo)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert await next_queued(demo) == queued.id
        async with demo.unit_of_work() as session:
            taken = await claim(session, queued.id)
            assert taken is not None
            assert taken.attempts == attempt
        await silence(demo, queued.id, 10)
    assert await next_queued(demo) is None
    ended = await row(demo, queued.id)
    assert ended.status is RunStatus.FAILED
    assert "3 fois" in str(ended.error)


async def test_a_run_that_was_to_stop_when_its_process_died_has_stopped(demo: Database) -> None:
    queued = await queue(demo)
    await silence(demo, queued.id, 10, attempts=1, cancel_asked_at=datetime.now(UTC))
    assert await next_queued(demo) is None
    assert (await row(demo, queued.id)).status is RunStatus.CANCELLED


async def test_a_process_that_was_only_slow_keeps_nothing(demo: Database, plan: Plan) -> None:
    """It computed while another took the run up: one plan is stored, that of who holds the run."""
    queued = await queue(demo)
    async with demo.unit_of_work() as session:
        slow = await claim(session, queued.id)
    assert slow is not None
    await silence(demo, queued.id, 10)
    assert await next_queued(demo) == queued.id
    async with demo.unit_of_work() as session:
        second = await claim(session, queued.id)
    assert second is not None
    outcome = await run_claimed(demo, slow, solver=instead(lambda **_: plan))
    assert outcome.status is RunStatus.RUNNING
    assert await nothing_stored(demo)
    assert (await run_claimed(demo, second, solver=instead(lambda **_: plan))).status is RunStatus.DONE
    assert await rows(demo, PlannedMeal) == len(plan.menus)
