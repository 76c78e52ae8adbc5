"""Fixtures of every room."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from catering.db import Database
from catering.tables import all_tables


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty SQLite database with every table of the platform."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/catering.db")
    async with database.engine.begin() as connection:
        await connection.run_sync(all_tables().create_all)
    yield database
    await database.dispose()
