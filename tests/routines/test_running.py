"""What is done each day is done once, tried again when it fails, and taken up when its process is killed."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from catering.db import Database
from catering.moment import Clock
from catering.routines import running
from catering.routines.models import Routine
from catering.routines.running import MOST_ATTEMPTS, Daily, cancel, do_due
from tests.lints.sources import ROOT

DAY = date(2026, 11, 27)
NOON = datetime(2026, 11, 27, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    Clock.fixed = NOON
    yield
    Clock.fixed = None


async def row(database: Database) -> Routine:
    async with database.reading() as session:
        return (await session.scalars(select(Routine))).one()


def counting(done: list[date], fails: int = 0) -> Daily:
    async def work(_: Database, day: date) -> str:
        done.append(day)
        if len(done) <= fails:
            raise RuntimeError("rien ne va")
        return "fait"

    return Daily("count", 6, work)


async def test_an_occasion_comes_once_a_day_from_its_hour_on(any_database: Database) -> None:
    done: list[date] = []
    Clock.fixed = datetime(2026, 11, 27, 4, 59, tzinfo=UTC)
    assert await do_due(any_database, [counting(done)]) == 0, "it is 5 h 59 in Arras"
    for hour in (5, 6, 22):
        Clock.fixed = datetime(2026, 11, 27, hour, tzinfo=UTC)
        await do_due(any_database, [counting(done)])
    Clock.fixed = datetime(2026, 11, 28, 6, tzinfo=UTC)
    await do_due(any_database, [counting(done)])
    assert done == [DAY, date(2026, 11, 28)]


async def test_processes_at_once_do_it_once(any_database: Database) -> None:
    done: list[date] = []
    found = await asyncio.gather(*(do_due(any_database, [counting(done)]) for _ in range(5)))
    assert (sum(found), done) == (1, [DAY])


async def test_what_fails_is_tried_again_after_pauses_that_double(any_database: Database) -> None:
    done: list[date] = []
    assert await do_due(any_database, [counting(done, fails=2)]) == 0
    failed = await row(any_database)
    assert (failed.due_at - NOON, failed.told) == (timedelta(minutes=1), "RuntimeError : rien ne va")
    Clock.fixed = NOON + timedelta(seconds=59)
    await do_due(any_database, [counting(done, fails=2)])
    assert len(done) == 1
    Clock.fixed = NOON + timedelta(minutes=1)
    await do_due(any_database, [counting(done, fails=2)])
    assert (await row(any_database)).due_at - Clock.fixed == timedelta(minutes=2)
    Clock.fixed += timedelta(minutes=2)
    assert await do_due(any_database, [counting(done, fails=2)]) == 1
    ended = await row(any_database)
    assert (ended.attempts, ended.told, ended.done_at) == (3, "fait", Clock.fixed)


async def test_what_always_fails_is_given_up_and_says_why(database: Database) -> None:
    done: list[date] = []
    for _ in range(MOST_ATTEMPTS + 3):
        await do_due(database, [counting(done, fails=99)])
        Clock.fixed = (Clock.fixed or NOON) + timedelta(hours=1)
    ended = await row(database)
    assert (len(done), ended.attempts, ended.done_at) == (MOST_ATTEMPTS, MOST_ATTEMPTS, None)
    assert ended.given_up_at is not None
    assert ended.told == "RuntimeError : rien ne va"


async def test_one_that_goes_on_can_be_stopped(any_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BETWEEN_SIGNS_SECONDS", 0.01)
    begun = asyncio.Event()

    async def for_ever(_: Database, __: date) -> str:
        begun.set()
        await asyncio.sleep(3_600)
        return "jamais"

    working = asyncio.create_task(do_due(any_database, [Daily("long", 6, for_ever)]))
    await begun.wait()
    async with any_database.unit_of_work() as session:
        assert await cancel(session, "long", DAY)
    assert await asyncio.wait_for(working, 20) == 0
    ended = await row(any_database)
    assert (ended.told, ended.done_at) == ("Arrêtée à la demande.", None)
    assert await do_due(any_database, [Daily("long", 6, for_ever)]) == 0


DYING = """
import asyncio, os, signal, sys
from datetime import date, datetime
from catering.db import Database
from catering.moment import Clock
from catering.routines.running import Daily, do_due

async def die(database, day):
    os.kill(os.getpid(), signal.SIGKILL)

Clock.fixed = datetime.fromisoformat(sys.argv[2])
asyncio.run(do_due(Database(sys.argv[1]), [Daily("count", 6, die)]))
"""


async def test_one_whose_process_is_killed_is_taken_up_by_another(any_database: Database) -> None:
    done: list[date] = []
    dying = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DYING, any_database.url, NOON.isoformat(), cwd=ROOT
    )
    assert await dying.wait() == -signal.SIGKILL
    assert await do_due(any_database, [counting(done)]) == 0, "it may still live"
    Clock.fixed = NOON + running.HELD_FOR
    assert await do_due(any_database, [counting(done)]) == 1
    assert (await row(any_database)).attempts == 2


async def test_one_that_was_only_slow_does_not_write_over_who_came_after(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BETWEEN_SIGNS_SECONDS", 3_600)
    done: list[date] = []

    async def slow(database: Database, _: date) -> str:
        Clock.fixed = NOON + running.HELD_FOR
        assert await do_due(database, [counting(done)]) == 1
        return "trop tard"

    assert await do_due(any_database, [Daily("count", 6, slow)]) == 0
    assert (await row(any_database)).told == "fait"
