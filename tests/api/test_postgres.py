"""The stored operations on the real PostgreSQL server: the same answers as on SQLite, and writes that race."""

import asyncio
import re
import zipfile
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from catering.graph.request import Request
from catering.papers.control import INDEX, control_archive
from catering.settings import Settings
from tests.api.conftest import GESTIONNAIRE, Client, fill_server
from tests.api.dataset import uai
from tests.api.dataset_orders import buyer
from tests.api.operations import STREAMED, VARIABLES, operations
from tests.servers import copy_on_server

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")

OPERATIONS = operations()
WRITES = {name for name, text in OPERATIONS.items() if "\nmutation " in text}
START = OPERATIONS["administrator/StartPlan"]


@pytest.fixture
async def postgres(server: str) -> AsyncIterator[Client]:
    """A client of the small Département on PostgreSQL."""
    database = await copy_on_server(server, "small", fill_server)
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
