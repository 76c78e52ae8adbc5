"""Who works on a run: of several workers one holds it, loses it with its life, and another takes it up.

A process that is killed says nothing: its run is one that gave no sign of life for `SILENT_FOR`. It is queued again,
`MOST_ATTEMPTS` times at most. Whoever holds a run knows it by the number of its attempt; a process that was only slow
and comes back finds another number, and keeps nothing.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.db import Database
from catering.planning.models import PlanRun, RunStatus

SILENT_FOR = timedelta(minutes=2)
"""A running job that gave no sign of life for so long lost its process."""
MOST_ATTEMPTS = 3
BUILDING = "Lecture de la base"
WAITING_AGAIN = "Calcul interrompu, en attente d'être repris"
GIVEN_UP = f"Le calcul s'est interrompu {MOST_ATTEMPTS} fois. Le relancer, en plus petit s'il manque de mémoire."
STOPPED = "Arrêté à la demande."


class Superseded(Exception):  # noqa: N818 - named as the other refusals
    """Another worker has taken up this run since: what this one made is not kept."""


async def claim(session: AsyncSession, run_id: int) -> PlanRun | None:
    """Mark a run as ours; None when it no longer waits: of several workers only one gets it."""
    now = moment.now()
    waiting = update(PlanRun).where(PlanRun.id == run_id, PlanRun.status == RunStatus.QUEUED)
    ours = waiting.values(
        status=RunStatus.RUNNING,
        started_at=now,
        heartbeat_at=now,
        phase=BUILDING,
        done_steps=0,
        total_steps=0,
        attempts=PlanRun.attempts + 1,
    )
    run: PlanRun | None = await session.scalar(ours.returning(PlanRun))
    return run


def held(run: PlanRun) -> Update:
    """An UPDATE of a run that changes nothing once somebody else has taken it up or it has ended."""
    return update(PlanRun).where(
        PlanRun.id == run.id, PlanRun.status == RunStatus.RUNNING, PlanRun.attempts == run.attempts
    )


async def hold(session: AsyncSession, run: PlanRun) -> None:
    """Keep a run for the rest of a transaction: until it ends nobody else takes the run up.

    Raises:
        Superseded: somebody has.
    """
    if await session.scalar(held(run).values(heartbeat_at=moment.now()).returning(PlanRun.id)) is None:
        raise Superseded


async def next_queued(database: Database) -> int | None:
    """The oldest run that waits; those whose process died are queued again on the way."""
    if await _some_are_lost(database):
        await take_up_the_lost(database)
    async with database.reading() as session:
        waiting = select(PlanRun.id).where(PlanRun.status == RunStatus.QUEUED).order_by(PlanRun.id).limit(1)
        run_id: int | None = await session.scalar(waiting)
        return run_id


async def take_up_the_lost(database: Database) -> None:
    """Runs whose process died without a word wait again; one that was to stop, or died too often, has ended."""
    now = moment.now()
    ended = {"ended_at": now, "heartbeat_at": None}
    too_often = {"status": RunStatus.FAILED, "error": GIVEN_UP} | ended
    stopped = {"status": RunStatus.CANCELLED, "error": STOPPED} | ended
    again = {"status": RunStatus.QUEUED, "phase": WAITING_AGAIN, "heartbeat_at": None}
    lost = update(PlanRun).where(_lost(now))
    async with database.unit_of_work() as session:
        for chosen in (
            lost.where(PlanRun.cancel_asked_at.is_not(None)).values(**stopped),
            lost.where(PlanRun.attempts >= MOST_ATTEMPTS).values(**too_often),
            lost.values(**again),
        ):
            await session.execute(chosen.execution_options(synchronize_session=False))


async def _some_are_lost(database: Database) -> bool:
    # Asked every few seconds: a read, because a write would take the one write lock of SQLite each time.
    async with database.reading() as session:
        return await session.scalar(select(PlanRun.id).where(_lost(moment.now())).limit(1)) is not None


def _lost(now: datetime) -> ColumnElement[bool]:
    is_silent = or_(PlanRun.heartbeat_at.is_(None), PlanRun.heartbeat_at < now - SILENT_FOR)
    return and_(PlanRun.status == RunStatus.RUNNING, is_silent)
