"""The address of the API over HTTP and websocket, on a real server of the real application."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from catering.api import PATH
from catering.app import create_app
from catering.settings import Settings
from tests.api.operations import operations

FOLLOW = {"query": operations()["administrator/PlanProgress"], "variables": {"runId": "1"}}
HOST = "127.0.0.1"


@dataclass
class Served:
    """A running server."""

    port: int
    http: httpx.AsyncClient

    @asynccontextmanager
    async def socket(self, origin: str | None = None) -> AsyncIterator[ClientConnection]:
        """A websocket that is ready for operations."""
        address = f"ws://{HOST}:{self.port}{PATH}"
        named = None if origin is None else Origin(origin)
        async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")], origin=named) as socket:
            await socket.send(json.dumps({"type": "connection_init"}))
            assert (await heard(socket))["type"] == "connection_ack"
            yield socket


async def heard(socket: ClientConnection) -> Any:
    return json.loads(await asyncio.wait_for(socket.recv(), 10))


async def subscribe(socket: ClientConnection, number: str, payload: Any) -> None:
    await socket.send(json.dumps({"id": number, "type": "subscribe", "payload": payload}))


@asynccontextmanager
async def served(
    folder: Path, small_file: Path, *, demo_identity: bool, stored_only: bool = False
) -> AsyncIterator[Served]:
    shutil.copy(small_file, folder / "served.db")
    config = Settings(
        database_url=f"sqlite+aiosqlite:///{folder}/served.db",
        demo_identity=demo_identity,
        jobs="worker",
        stored_only=stored_only,
    )
    server = uvicorn.Server(uvicorn.Config(create_app(config), host=HOST, port=0, log_level="warning"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        assert not running.done()
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", trust_env=False) as client:
        yield Served(port, client)
    server.should_exit = True
    await running


@pytest.fixture
async def web(tmp_path: Path, small_file: Path) -> AsyncIterator[Served]:
    """A server that receives everybody as the administration."""
    async with served(tmp_path, small_file, demo_identity=True) as web:
        yield web


@pytest.fixture
async def closed_web(tmp_path: Path, small_file: Path) -> AsyncIterator[Served]:
    """A server that asks for an account."""
    async with served(tmp_path, small_file, demo_identity=False) as web:
        yield web


async def test_a_query_is_answered(web: Served) -> None:
    answer = await web.http.post(PATH, json={"query": "{ viewer { role } kitchens(first: 1) { nodes { uai } } }"})
    assert answer.status_code == 200
    assert answer.json()["data"] == {
        "viewer": {"role": "DEPARTEMENT"},
        "kitchens": {"nodes": [{"uai": "0620000A"}]},
    }


async def test_without_an_identity_nothing_is_shown(closed_web: Served) -> None:
    answer = (await closed_web.http.post(PATH, json={"query": "{ kitchens { nodes { uai } } }"})).json()
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "SIGN_IN_REQUIRED"


async def test_a_link_runs_no_query_and_shows_no_page_that_loads_from_elsewhere(web: Served) -> None:
    assert (await web.http.get(PATH, params={"query": "{ viewer { role } }"})).status_code >= 400
    page = await web.http.get(PATH, headers={"accept": "text/html"})
    assert page.status_code >= 400
    assert "http" not in page.text


async def test_a_form_of_another_site_is_refused(web: Served) -> None:
    """Only JSON is taken, which a browser does not send to another site without asking first."""
    form = {"content-type": "text/plain"}
    answer = await web.http.post(PATH, content='{"query": "{ viewer { role } }"}', headers=form)
    assert answer.status_code >= 400


async def test_progress_is_told_over_a_websocket(web: Served) -> None:
    async with web.socket(origin=f"http://{HOST}:{web.port}") as socket:
        await subscribe(socket, "1", FOLLOW)
        told = await heard(socket)
        assert told["payload"]["data"]["planProgress"]["status"] == "DONE"
        assert await heard(socket) == {"id": "1", "type": "complete"}


async def test_operations_side_by_side_on_one_websocket_are_all_answered(web: Served) -> None:
    async with web.socket() as socket:
        for number in "1234":
            await subscribe(socket, number, {"query": "{ planRuns { nodes { id scenario { kitchenCount } } } }"})
        answers = [await heard(socket) for _ in range(8)]
    told = [each["payload"] for each in answers if each["type"] == "next"]
    assert len(told) == 4
    assert all(each["data"]["planRuns"]["nodes"][0]["scenario"] == {"kitchenCount": 3} for each in told)


async def test_a_page_of_another_site_opens_no_websocket(web: Served) -> None:
    with pytest.raises(InvalidStatus):
        async with web.socket(origin="http://elsewhere.example"):
            pass


async def test_a_websocket_without_an_identity_is_told_nothing(closed_web: Served) -> None:
    async with closed_web.socket() as socket:
        await subscribe(socket, "1", FOLLOW)
        answer = await heard(socket)
    assert "SIGN_IN_REQUIRED" in str(answer)
    assert "planProgress': {" not in str(answer)
