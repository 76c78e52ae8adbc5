"""Doing routines: each occasion once, by one process at a time, again and later when it fails or its process dies.

What is done must be safe to do twice: a process may die after its work is kept and before that is written down.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TypeAlias

from sqlalchemy import Update, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.db import Database, insert_missing
from catering.moment import PARIS
from catering.rounds import again_until
from catering.routines.models import LONGEST_WORDS, Routine

log = logging.getLogger(__name__)

HELD_FOR = timedelta(minutes=2)
"""How long who tries a routine may give no sign of life."""
BETWEEN_SIGNS_SECONDS = 20.0  # legal-number: a sixth of HELD_FOR
BETWEEN_LOOKS_SECONDS = 30.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=2)
MOST_ATTEMPTS = 8
"""With pauses that double from a minute on: two hours and seven minutes."""

Work: TypeAlias = Callable[[Database, date], Awaitable[str]]
"""Does the routine of a day; what it did, in French."""


@dataclass(frozen=True, slots=True)
class Daily:
    """Something to be done each day from an hour on, where the collèges are."""

    name: str
    hour: int
    work: Work


class Cancelled(Exception):  # noqa: N818 - named as the other refusals
    """Somebody wants it left undone, or another process does it: what goes on here is stopped."""


async def do_until(stop: asyncio.Event, database: Database, routines: Sequence[Daily]) -> None:
    """Do routines as they come due, until asked to stop; one under way is left to the next process then."""
    await again_until(stop, BETWEEN_LOOKS_SECONDS, partial(do_due, database, routines))


async def do_due(database: Database, routines: Sequence[Daily]) -> int:
    """Do every routine that is due, one after the other; how many were done.

    Days on which no process lived are not made up for: today's occasion sees what they would have seen.
    """
    now = moment.now()
    day = moment.paris_day(now)
    due = [each for each in routines if now >= datetime.combine(day, time(each.hour), PARIS)]
    if not await _some_wait(database, [each.name for each in due], day, now):
        return 0
    done = 0
    for each in due:
        async with database.unit_of_work() as session:
            row = {"name": each.name, "day": day, "due_at": now, "attempts": 0}
            await session.execute(insert_missing(session, Routine).values(row))
            attempt = await _claim(session, each.name, day, now)
        if attempt is not None:
            done += await _try(database, each, day, attempt)
    return done


async def _some_wait(database: Database, names: Sequence[str], day: date, now: datetime) -> bool:
    """A read, because a write would take the one write lock of SQLite each time."""
    async with database.reading() as session:
        known = (await session.scalars(select(Routine).where(Routine.day == day, Routine.name.in_(names)))).all()
    over = {each.name for each in known if each.done_at or each.given_up_at or each.due_at > now}
    held = {each.name for each in known if each.held_until is not None and each.held_until > now}
    return bool(set(names) - over - held)


async def _claim(session: AsyncSession, name: str, day: date, now: datetime) -> int | None:
    """The number of our attempt; None when it is done, given up, not due, or somebody else's."""
    free = or_(Routine.held_until.is_(None), Routine.held_until <= now)
    ours = (
        update(Routine)
        .where(Routine.name == name, Routine.day == day, Routine.done_at.is_(None), Routine.given_up_at.is_(None))
        .where(Routine.due_at <= now, free)
        .values(held_until=now + HELD_FOR, attempts=Routine.attempts + 1)
    )
    attempt: int | None = await session.scalar(ours.returning(Routine.attempts))
    return attempt


async def _try(database: Database, routine: Daily, day: date, attempt: int) -> bool:
    """One attempt; whether it was done."""
    work = asyncio.ensure_future(routine.work(database, day))
    signs = asyncio.create_task(_sign(database, routine.name, day, attempt))
    try:
        await asyncio.wait({work, signs}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise Cancelled
        told = work.result()
    except Cancelled:
        await _note(database, routine.name, day, attempt, given_up_at=moment.now(), told="Arrêtée à la demande.")
        return False
    except Exception as fault:
        log.exception("routine %s of %s failed, attempt %s", routine.name, day, attempt)
        await _failed(database, routine.name, day, attempt, fault)
        return False
    finally:
        for each in (work, signs):
            each.cancel()
        await asyncio.gather(work, signs, return_exceptions=True)
    return await _note(database, routine.name, day, attempt, done_at=moment.now(), told=told[:LONGEST_WORDS])


async def _sign(database: Database, name: str, day: date, attempt: int) -> None:
    """Give signs of life; ends when the routine is to stop, or is somebody else's."""
    while True:
        await asyncio.sleep(BETWEEN_SIGNS_SECONDS)
        async with database.unit_of_work() as session:
            alive = _ours(name, day, attempt).values(held_until=moment.now() + HELD_FOR)
            found = (await session.execute(alive.returning(Routine.cancel_asked_at))).one_or_none()
        if found is None or found.cancel_asked_at is not None:
            return


async def _failed(database: Database, name: str, day: date, attempt: int, fault: Exception) -> None:
    now, told = moment.now(), f"{type(fault).__name__} : {fault}"[:LONGEST_WORDS]
    if attempt >= MOST_ATTEMPTS:
        await _note(database, name, day, attempt, given_up_at=now, told=told)
        return
    pause = min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE)
    await _note(database, name, day, attempt, due_at=now + pause, told=told)


async def _note(database: Database, name: str, day: date, attempt: int, **values: object) -> bool:
    """Write down how an attempt ended, unless another has begun since."""
    async with database.unit_of_work() as session:
        ended = _ours(name, day, attempt).values(held_until=None, **values)
        return await session.scalar(ended.returning(Routine.name)) is not None


def _ours(name: str, day: date, attempt: int) -> Update:
    return update(Routine).where(
        Routine.name == name,
        Routine.day == day,
        Routine.attempts == attempt,
        Routine.done_at.is_(None),
        Routine.given_up_at.is_(None),
    )


async def cancel(session: AsyncSession, name: str, day: date) -> bool:
    """Ask that a routine of a day be left undone; whether there was one to stop."""
    asked = update(Routine).where(
        Routine.name == name, Routine.day == day, Routine.done_at.is_(None), Routine.given_up_at.is_(None)
    )
    return await session.scalar(asked.values(cancel_asked_at=moment.now()).returning(Routine.name)) is not None
