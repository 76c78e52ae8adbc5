"""The two collèges and their farms, on SQLite and on the real PostgreSQL server."""

import pytest

from catering.db import Database
from tests.receiving.world import fill


@pytest.fixture
async def world(database: Database) -> Database:
    """Every order shipped, nothing received yet."""
    async with database.unit_of_work() as session:
        await fill(session)
    return database


@pytest.fixture
async def any_world(any_database: Database) -> Database:
    """The same world on each kind of server."""
    async with any_database.unit_of_work() as session:
        await fill(session)
    return any_database
