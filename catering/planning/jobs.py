"""The job behind a plan: a function of a run's id. What differs between set-ups is only who calls it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path

from sqlalchemy import select

from catering import moment
from catering.db import Database
from catering.figures import euros
from catering.kitchens.calendar import CalendarUnknownError
from catering.planning.facts import PLANNER
from catering.planning.foreseeing import foresee
from catering.planning.holding import BUILDING, STOPPED, Superseded, claim, held, hold, next_queued
from catering.planning.learnt import keep_portions
from catering.planning.machines import NoMachinesError
from catering.planning.models import PlanRun, RunStatus
from catering.planning.problem import build_problem
from catering.planning.resuming import copy_past, resumption_of
from catering.planning.storing import store_conflicts, store_plan, store_rules, store_sums
from catering.planning.supposing import work_on_supposition
from catering.progress import Report, silent
from catering.recipes.rules import UnknownIngredientError
from catering.rules import UnknownRuleError
from optimizer import Cancelled, Conflict, Infeasible, Plan, Problem, Progress, solve, verify
from optimizer.faults import BadFolder, Fault

log = logging.getLogger(__name__)

SECONDS_BETWEEN_SAVES = 0.5
INFEASIBLE = "Aucun plan ne respecte toutes les règles à la fois. Règles en conflit :"
CHECKING = "Vérification indépendante"
FAULTS_SHOWN = 10
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended. ``plan`` is None when it did not get that far."""

    run_id: int
    status: RunStatus
    plan: Plan | None = None


class Unsound(Exception):  # noqa: N818 - named as the other refusals
    """The optimizer made a plan that the independent check does not accept: a defect of ours, never stored."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        shown = "\n".join(f"- {fault}" for fault in faults[:FAULTS_SHOWN])
        super().__init__(f"Le plan calculé ne passe pas la vérification ({len(faults)} fautes).\n{shown}")


class Watch:
    """Between the thread that solves and the loop that saves: the last progress, and whether to stop."""

    def __init__(self, report: Report) -> None:
        self.latest: Progress | None = None
        self.stop = False
        self.planned = False
        """There is a plan: it is kept, so stopping has nothing more to stop."""
        self._report = report

    def __call__(self, progress: Progress) -> None:
        """What the optimizer calls after each step.

        Raises:
            Cancelled: somebody asked for the run to stop; the optimizer then returns its best plan if it has one.
        """
        self.latest = progress
        self._report(progress.phase, progress.done, progress.total, figures(progress))
        if self.stop and not self.planned:
            raise Cancelled


def figures(progress: Progress) -> str:
    """Best cost and proven bound, in French."""
    amounts = (("coût", progress.best_cost), ("borne", progress.bound))
    return ", ".join(f"{name} {whole_euros(amount)}" for name, amount in amounts if amount is not None)


def whole_euros(amount: Decimal) -> str:
    """An amount in whole euros."""
    return euros(Decimal(round(amount)))


async def run_plan(
    database: Database,
    run_id: int,
    *,
    report: Report = silent,
    problem_folder: Path | None = None,
    solver: Callable[..., Plan] = solve,
) -> Outcome:
    """Run a queued run to its end and store its plan; whatever happens, the run's row says how it ended.

    Args:
        database: where the run is.
        run_id: which run; one that somebody else has started or stopped is left alone.
        report: is told every step.
        problem_folder: where to leave the problem folder, for an outside check.
        solver: the optimizer.
    """
    async with database.unit_of_work() as session:
        run = await claim(session, run_id)
    if run is None:
        return Outcome(run_id, await _status(database, run_id))
    return await run_claimed(database, run, report=report, problem_folder=problem_folder, solver=solver)


async def run_claimed(
    database: Database,
    run: PlanRun,
    *,
    report: Report = silent,
    problem_folder: Path | None = None,
    solver: Callable[..., Plan] = solve,
) -> Outcome:
    """As `run_plan`, for a run that has been claimed."""
    run_id = run.id
    watch = Watch(report)
    plan: Plan | None = None
    try:
        async with _saving(database, run, watch):
            problem = await _problem(database, run, watch, problem_folder)
            plan = await _solve(run, problem, watch, solver)
            watch.planned = True
            await _check(problem, plan, watch)
        # Nothing else writes from here: the plan takes the one write lock of SQLite until it is whole.
        async with database.unit_of_work() as session:
            await hold(session, run)
            await store_plan(session, run_id, plan, report)
            if (resumption := await resumption_of(session, PLANNER, run.scenario_id)) is not None:
                await copy_past(session, PLANNER, run_id, resumption)
            await store_sums(session, run_id)
        return Outcome(run_id, RunStatus.DONE, plan)
    except Superseded:
        return Outcome(run_id, await _status(database, run_id))
    except BaseException as fault:
        watch.stop = True
        ending = ending_of(fault)
        await asyncio.shield(_end(database, run, ending))
        if ending.crash:
            raise
        return Outcome(run_id, ending.status, plan)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run without a plan ended, in French; a crash is also raised again."""

    status: RunStatus
    error: str
    conflicts: Sequence[Conflict] = ()
    crash: bool = False


def ending_of(fault: BaseException) -> Ending:
    """What a fault means for the run."""
    match fault:
        case Cancelled():
            return Ending(RunStatus.CANCELLED, STOPPED)
        case asyncio.CancelledError() | KeyboardInterrupt():
            return Ending(RunStatus.CANCELLED, STOPPED, crash=True)
        case Infeasible():
            return Ending(RunStatus.FAILED, INFEASIBLE, tuple(fault.conflicts))
        case (
            Unsound()
            | BadFolder()
            | CalendarUnknownError()
            | UnknownRuleError()
            | UnknownIngredientError()
            | NoMachinesError()
        ):
            return Ending(RunStatus.FAILED, str(fault))
        case _:
            return Ending(RunStatus.FAILED, f"Panne du calcul ({type(fault).__name__}) : {fault}", crash=True)


async def work_through_queue(
    database: Database,
    *,
    report: Report = silent,
    solver: Callable[..., Plan] = solve,
    idle_seconds: float = 2.0,
    stop: asyncio.Event | None = None,
) -> None:
    """Run queued plans, then what is supposed of them, one after the other, until asked to stop or for ever.

    Asked to stop, it finishes its look at the queue: a statement that is cut off leaves its connection to nobody.
    """
    stop = stop or asyncio.Event()
    while not stop.is_set():
        run_id = await next_queued(database)
        # Plans first: a kitchen waits for them, and what is supposed takes a minute at most.
        if run_id is None and await work_on_supposition(database):
            continue
        if run_id is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), idle_seconds)
            continue
        try:
            await run_plan(database, run_id, report=report, solver=solver)
        except Exception:
            # The run's row already says why; the next run deserves its chance.
            log.exception("run %s crashed", run_id)


async def _status(database: Database, run_id: int) -> RunStatus:
    async with database.reading() as session:
        status: RunStatus = (await session.scalars(select(PlanRun.status).where(PlanRun.id == run_id))).one()
        return status


async def _problem(database: Database, run: PlanRun, watch: Watch, folder: Path | None) -> Problem:
    watch(Progress(BUILDING, 0, 1, None, None))
    await foresee(database, PLANNER, run.scenario_id, moment.today())
    async with database.reading() as session:
        problem = await build_problem(session, run.scenario_id, folder)
    async with database.unit_of_work() as session:
        await hold(session, run)
        await store_rules(session, run.id, problem.rules)
        await keep_portions(session, PLANNER, run)
    watch(Progress(BUILDING, 1, 1, None, None))
    return problem


async def _solve(run: PlanRun, problem: Problem, watch: Watch, solver: Callable[..., Plan]) -> Plan:
    limit = float(run.time_limit_seconds)
    work = partial(solver, problem, workers=run.workers, progress=watch, time_limit=limit, seed=run.seed)
    return await asyncio.to_thread(work)


async def _check(problem: Problem, plan: Plan, watch: Watch) -> None:
    """Nothing is stored that the independent check does not accept.

    Raises:
        Unsound: with every fault found.
    """
    summary = plan.summary
    steps = partial(Progress, CHECKING, total=1, best_cost=summary.objective_eur, bound=summary.lower_bound_eur)
    watch(steps(done=0))
    faults = await asyncio.to_thread(verify, problem, plan)
    if faults:
        raise Unsound(faults)
    watch(steps(done=1))


@asynccontextmanager
async def _saving(database: Database, run: PlanRun, watch: Watch) -> AsyncIterator[None]:
    """Keep the run's row in step with the optimizer for as long as the block runs."""
    over = asyncio.Event()

    async def loop() -> None:
        while not over.is_set():
            await _save(database, run, watch)
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), SECONDS_BETWEEN_SAVES)

    saver = asyncio.create_task(loop())
    try:
        yield
    finally:
        # The loop ends by itself: cancelling it in the middle of a statement would leave a connection in doubt.
        over.set()
        await asyncio.shield(saver)


async def _save(database: Database, run: PlanRun, watch: Watch) -> None:
    values: dict[str, object] = {"heartbeat_at": moment.now()}
    if (latest := watch.latest) is not None:
        values |= {"phase": latest.phase, "done_steps": latest.done, "total_steps": latest.total}
        values |= {"best_cost": to_cent(latest.best_cost), "lower_bound": to_cent(latest.bound)}
    async with database.unit_of_work() as session:
        asked = (await session.execute(held(run).values(**values).returning(PlanRun.cancel_asked_at))).one_or_none()
    # Without a row somebody else has taken the run up, or it has ended: to go on computing serves nobody.
    watch.stop |= asked is None or asked.cancel_asked_at is not None


def to_cent(amount: Decimal | None) -> Decimal | None:
    """An amount of the optimizer as the tables keep it."""
    return None if amount is None else amount.quantize(CENT, ROUND_HALF_UP)


async def _end(database: Database, run: PlanRun, ending: Ending) -> None:
    ended = held(run).values(status=ending.status, error=ending.error, ended_at=moment.now())
    async with database.unit_of_work() as session:
        if await session.scalar(ended.returning(PlanRun.id)) is not None:
            await store_conflicts(session, run.id, ending.conflicts)
