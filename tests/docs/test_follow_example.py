"""The program by which the handbook follows a running plan does follow one, on the real server."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn

from catering.app import create_app
from catering.db import Database
from catering.settings import Settings
from tests.docs.pages import HANDBOOK, block


@pytest.fixture
async def address(planned_week: Database) -> AsyncIterator[str]:
    """Where a server with the planned week listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        app = create_app(Settings(database_url=planned_week.url, jobs="worker", demo_identity=True))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.05)
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await running


async def test_the_program_of_the_handbook_follows_a_plan_to_its_end(address: str, tmp_path: Path) -> None:
    program = tmp_path / "suivre.py"
    program.write_text(block(HANDBOOK / "api.md", "python", "").body, encoding="utf-8")
    running = await asyncio.create_subprocess_exec(
        sys.executable, program, f"ws://{address}/graphql", "1", stdout=asyncio.subprocess.PIPE
    )
    told, _ = await asyncio.wait_for(running.communicate(), timeout=30)
    assert running.returncode == 0
    assert "'status': 'DONE'" in told.decode()
