"""A process killed between any two statements leaves the books as they were before, or as they are afterwards."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from catering.api.models import ClientRequest
from catering.db import Database
from catering.orders import service
from catering.orders.models import BasketLine, Order, OrderEvent
from catering.tables import all_tables
from tests.lints.sources import ROOT
from tests.orders.market import NOW, TIGHT, assert_books_agree, fill, fill_and_send, seller, stock_market

pytestmark = [pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR"), pytest.mark.slow]
STATEMENTS = 32
"""More than any of the writes takes."""


def run(what: str, *urls: str) -> list[str]:
    """How the children of ``dying`` ended, the n-th of them killed before its n-th statement."""
    command = [sys.executable, "-m", "tests.orders.dying", what, *urls]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)
    assert told.returncode == 0, told.stderr
    return told.stdout.split()


async def state(database: Database) -> tuple[Any, ...]:
    """Counts that tell before from after, once the books have been found to agree."""
    async with database.reading() as session:
        await assert_books_agree(session)
        rows = [
            await session.scalar(select(func.count()).select_from(table))
            for table in (Order, OrderEvent, BasketLine, ClientRequest)
        ]
        states = await session.scalars(select(Order.state).order_by(Order.id))
        return (*rows, tuple(states))


async def ready_to_send(database: Database) -> None:
    """A basket of three lines, two suppliers."""
    await stock_market(database)
    async with database.unit_of_work() as session:
        await fill(session, 0, [(TIGHT, 3), ("poireaux_0", 2), ("carottes_1", 2)])


async def ready_to_fail(database: Database) -> None:
    """Two kitchens have ordered of the farm 0, which has accepted one of the orders."""
    await stock_market(database, kitchens=2)
    for number in range(2):
        await fill_and_send(database, number, [(TIGHT, 3), ("poireaux_0", 2)])
    async with database.unit_of_work() as session:
        await service.accept(session, seller(), 1, {}, NOW)


@pytest.mark.parametrize(("what", "prepare"), [("send", ready_to_send), ("fail", ready_to_fail)])
async def test_on_sqlite(what: str, prepare: Callable[..., Any], tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/ready.db")
    async with database.engine.begin() as connection:
        await connection.run_sync(all_tables().create_all)
    await prepare(database)
    before = await state(database)
    await database.dispose()
    files = [tmp_path / f"dead_{number}.db" for number in range(STATEMENTS)]
    for file in files:
        shutil.copy(tmp_path / "ready.db", file)
    ended = run(what, *(f"sqlite+aiosqlite:///{file}" for file in files))
    assert set(ended) == {"killed", "ended"}
    assert ended == sorted(ended, reverse=True)
    assert ended.count("killed") > 10
    seen = []
    for file in files:
        survived = Database(f"sqlite+aiosqlite:///{file}")
        seen.append(await state(survived))
        await survived.dispose()
    after = seen[-1]
    assert after != before
    assert seen == [before] * seen.count(before) + [after] * seen.count(after), "half a write was kept"
    assert seen.count(before) >= 10


async def test_sending_again_after_the_death_sends_once(tmp_path: Path) -> None:
    """The tablet does not know whether its order arrived: it sends the same request again, and again."""
    url = f"sqlite+aiosqlite:///{tmp_path}/again.db"
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(all_tables().create_all)
    await ready_to_send(database)
    # Killed before its 5th statement, before its 6th …, and not at all from the 20th on.
    ended = run("send", *[url] * STATEMENTS)
    assert ended.count("ended") > 1
    orders, *_, requests, _ = await state(database)
    assert (orders, requests) == (2, 1)
    await database.dispose()


async def test_on_postgresql(any_database: Database) -> None:
    """The server forgets the transaction of a client that is gone."""
    if "postgresql" not in any_database.url:
        pytest.skip("SQLite is shown above, statement by statement")
    await ready_to_send(any_database)
    before = await state(any_database)
    assert run("send", *[any_database.url] * 8) == ["killed"] * 8
    assert await state(any_database) == before
    assert run("send", *[any_database.url] * STATEMENTS)[-1] == "ended"
    assert (await state(any_database))[0] == 2
