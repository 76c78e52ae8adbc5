"""The two collèges, on SQLite and on the real PostgreSQL server."""

import pytest
from sqlalchemy import text

from catering.db import Database
from catering.moment import Clock
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


@pytest.fixture
async def any_world(any_database: Database) -> Database:
    """The same world on each kind of server."""
    async with any_database.unit_of_work() as session:
        await fill(session)
        if session.get_bind().dialect.name == "postgresql":
            # The world numbers its kitchens itself; the next one gets a number beyond.
            await session.execute(text("SELECT nextval('kitchens_id_seq') FROM generate_series(1, 2)"))
    return any_database
