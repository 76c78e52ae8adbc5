"""A websocket is as signed in as its session is at each operation, and opens for our own pages only."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from catering.api import PATH
from catering.api.identity import COOKIE
from catering.db import Database
from catering.people.models import Account, Session
from catering.people.rules import Way
from catering.people.sessions import open_session
from tests.api.conftest import small_file as small_file
from tests.api.test_http import HOST, Served, heard, served, subscribe
from tests.people.conftest import WHO


@pytest.fixture
async def web(tmp_path: Path, small_file: Path) -> AsyncIterator[Served]:
    """A server that asks for an account."""
    async with served(tmp_path, small_file, demo_identity=False) as web:
        yield web


@pytest.fixture
async def database(web: Served, tmp_path: Path) -> AsyncIterator[Database]:
    """The server's database, from another process' point of view."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/served.db")
    yield database
    await database.dispose()


@pytest.fixture
async def cookie(database: Database) -> str:
    """A session of the chef."""
    async with database.unit_of_work() as session:
        return await open_session(session, await session.get_one(Account, 1), Way.LINK, datetime.now(UTC))


def socket(web: Served, cookie: str, origin: str | None) -> Any:
    return connect(
        f"ws://{HOST}:{web.port}{PATH}",
        subprotocols=[Subprotocol("graphql-transport-ws")],
        origin=None if origin is None else Origin(origin),
        additional_headers={"cookie": f"{COOKIE}={cookie}"},
    )


async def test_a_session_that_ends_ends_the_rights_of_its_websocket(
    web: Served, database: Database, cookie: str
) -> None:
    async with socket(web, cookie, f"http://{HOST}:{web.port}") as open_socket:
        await open_socket.send(json.dumps({"type": "connection_init"}))
        await heard(open_socket)
        await subscribe(open_socket, "1", {"query": WHO})
        told = await heard(open_socket)
        assert told["payload"]["data"]["viewer"]["account"] == "1"
        assert (await heard(open_socket))["type"] == "complete"
        async with database.unit_of_work() as session:
            await session.execute(update(Session).values(revoked_at=datetime.now(UTC)))
        await subscribe(open_socket, "2", {"query": WHO})
        assert "SIGN_IN_REQUIRED" in str(await heard(open_socket))


@pytest.mark.parametrize("origin", ["https://ailleurs.test", "null", None])
async def test_a_cookie_opens_no_websocket_for_another_sites_page(web: Served, cookie: str, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with socket(web, cookie, origin):
            await asyncio.sleep(0)
    assert refused.value.response.status_code == 403
