"""The stored operations on the real PostgreSQL server: the same answers as on SQLite, and writes that race."""

import asyncio
import csv
import io
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from catering.db import Database
from catering.graph.request import Request
from catering.orders.models import Order
from catering.papers.control import INDEX, Archive, control_archive
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


async def test_the_file_for_a_control_is_of_one_moment(
    postgres: Client, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes while it is made, between two of its tables: none of them tells of it, and no form either."""
    put_rows = Archive.put_rows
    for database in (postgres.database, client.database):

        async def put_and_disturb(self: Archive, name: str, *given: Any, database: Database = database) -> None:
            await put_rows(self, name, *given)
            if name == "commandes.csv":
                async with database.unit_of_work() as session:
                    await session.execute(update(Order).where(Order.kitchen_id == 1).values(day=date(2025, 1, 6)))

        monkeypatch.setattr(Archive, "put_rows", put_and_disturb)
        asked = Request(database, GESTIONNAIRE, Settings())
        archive = await control_archive(asked, uai(0), 2026)
        await asked.forget()
        assert archive is not None
        with archive, zipfile.ZipFile(archive) as parts:
            ids = {row["id"] for row in _rows(parts, "commandes.csv")}
            lines = {row["order_id"] for row in _rows(parts, "commandes_lignes.csv")}
            forms = [name for name in parts.namelist() if name.endswith(".pdf")]
        assert ids == lines != set()
        assert len(forms) == len(ids)


def _rows(parts: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(parts.read(name).decode("utf-8-sig")), delimiter=";"))


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
