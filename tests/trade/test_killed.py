"""A process killed between any two statements of any stored write leaves the books as they were, or as they become.

On SQLite every write dies at every point it has: before each statement, before each commit, and after the last one,
before anybody is told. On PostgreSQL every write dies before its commit, after it, and at every third of its points if
it moves goods, money or rights, at every eighth if not (``places``). After each death this process, which has written
nothing, reads all the tables; then the same request is sent again with the same key, until it is done, and once more.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from catering.db import Database
from tests.api.conftest import fill_server
from tests.api.operations import operations
from tests.servers import named
from tests.trade.audit import faults
from tests.trade.grounds import asynchronous
from tests.trade.killing import Graveyard, Rows, changed, plain, rows_of_file, rows_of_server

pytestmark = [pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR"), pytest.mark.slow]
WRITES = sorted(name for name, text in operations().items() if "\nmutation " in text)
MOVES = [
    "chef/SendBasket", "chef/AnswerChange", "chef/CancelOrder", "chef/ReceiveDelivery", "chef/CorrectReception",
    "chef/EnterInvoice", "chef/MatchInvoice", "chef/ApproveInvoice", "chef/RejectInvoice", "chef/UseStock",
    "chef/RecordLoss", "chef/TransferStock", "chef/CountStock", "chef/RecordContract", "chef/AmendContract",
    "chef/TerminateContract", "chef/PublishConsultation", "chef/OpenTenders", "chef/AwardConsultation",
    "chef/CloseConsultation", "chef/RecordWeighings", "chef/CorrectWeighing", "producer/AcceptOrder",
    "producer/RefuseOrder", "producer/ProposeChange", "producer/ShipOrder", "producer/AnswerCancel",
    "producer/ReportFailure", "producer/IssueInvoice", "producer/GrantCredit", "producer/DeclineCredit",
    "producer/SubmitTender", "producer/ImportOffers", "producer/StateCapacity", "nutrition/ImportPurchases",
]  # fmt: skip
"""Writes that move goods, money or rights."""
OTHERS = sorted(set(WRITES) - set(MOVES))
SECRETS = {"account/CreateApiToken", "producer/SubmitTender"}
"""Writes that draw a secret each time: two runs of them share no more than how many rows they make."""
MOST_POINTS = 100
"""More than any write has; a swap that must read its plan first has 81."""


async def wrong(url: str) -> set[str]:
    """Where the books do not agree."""
    database = Database(url)
    async with database.reading() as session:
        found = set(await faults(session))
    await database.dispose()
    return found


def sqlite(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@pytest.mark.parametrize("name", WRITES)
async def test_on_sqlite(name: str, ready_file: Path, dying: Graveyard, tmp_path: Path) -> None:
    reference, file = shutil.copy(ready_file, tmp_path / "whole.db"), shutil.copy(ready_file, tmp_path / "dead.db")
    whole = dying.write(sqlite(reference), name, 0)
    before, points = rows_of_file(ready_file), whole["kept_at"]
    assert 5 < points < MOST_POINTS
    for dies_at in range(1, points):
        assert dying.write(sqlite(file), name, dies_at)["ended"] == "killed"
        assert changed(before, rows_of_file(file)) == {}, f"kept by a write that died at its point {dies_at}"
    assert dying.write(sqlite(file), name, points)["ended"] == "killed"
    after = rows_of_file(file)
    assert after != before
    wished = rows_of_file(reference)
    assert sizes(after) == sizes(wished)
    assert name in SECRETS or changed(plain(after), plain(wished)) == {}
    again = dying.write(sqlite(file), name)
    assert again["ended"] == "ended"
    assert name in SECRETS or told(again) == told(whole)
    assert changed(after, rows_of_file(file)) == {}, "done twice"
    assert await wrong(sqlite(file)) <= await wrong(sqlite(ready_file))


def told(of: dict[str, Any]) -> str:
    """What a write answered, its kind and whom it made, without what chance made."""
    (answer,) = of["answer"].values()
    return str(plain({"answer": [str(answer)]}))


@pytest.fixture(scope="module")
def ready_server(libpq: str) -> str:
    """Address of a database with the small Département, for others to be copied from."""

    async def make() -> None:
        database = Database(asynchronous(address))
        await fill_server(database)
        await database.dispose()

    with psycopg.connect(libpq, autocommit=True) as connection:
        connection.execute("CREATE DATABASE ready")
    address = named(libpq, "ready")
    asyncio.run(make())
    return address


@contextmanager
def copied(libpq: str, name: str) -> Iterator[str]:
    """A database of the server that begins as the one that is ready."""
    with psycopg.connect(libpq, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE ready".encode())
    yield named(libpq, name)
    with psycopg.connect(libpq, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def places(name: str, points: int) -> list[int]:
    """Where a write dies on a server: every third or eighth point and the one before its commit.

    Writes that follow each other begin at points that follow each other: whatever the number of a point, some of the
    writes die there, the same ones each time. With ``KILL_EVERYWHERE=1`` each dies at all its points, as on SQLite.
    """
    step = 1 if os.environ.get("KILL_EVERYWHERE") else 3 if name in MOVES else 8
    rank = (MOVES if name in MOVES else OTHERS).index(name)
    return sorted({*range(1 + rank % step, points, step), points - 1})


def test_some_write_dies_at_every_point() -> None:
    for writes in (MOVES, OTHERS):
        assert {place for name in writes for place in places(name, MOST_POINTS)} == set(range(1, MOST_POINTS))


@pytest.mark.parametrize("name", WRITES)
async def test_on_postgresql(name: str, ready_server: str, libpq: str, dying: Graveyard) -> None:
    before = rows_of_server(ready_server)
    with copied(libpq, "whole") as reference:
        whole = dying.write(asynchronous(reference), name, 0)
        wished = rows_of_server(reference)
    points = whole["kept_at"]
    with copied(libpq, "dead") as address:
        for dies_at in places(name, points):
            assert dying.write(asynchronous(address), name, dies_at)["ended"] == "killed"
            assert changed(before, rows_of_server(address)) == {}, f"kept by a write that died at its point {dies_at}"
        assert dying.write(asynchronous(address), name, points)["ended"] == "killed"
        after = rows_of_server(address)
        assert after != before
        assert sizes(after) == sizes(wished)
        again = dying.write(asynchronous(address), name)
        assert again["ended"] == "ended"
        assert changed(after, rows_of_server(address)) == {}, "done twice"
        assert await wrong(asynchronous(address)) <= await wrong(asynchronous(ready_server))


def sizes(rows: Rows) -> dict[str, int]:
    """How many rows each table holds: numbers of rows that were never kept leave gaps on a server."""
    return {table: len(found) for table, found in rows.items()}
