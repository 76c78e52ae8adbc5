"""The same trade on the real PostgreSQL server."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, func, insert, select, text

from catering.db import Database
from catering.orders.models import Order
from catering.tables import all_tables
from tests.demonstration.conftest import story_of
from tests.servers import empty

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")


def restart_numbers(connection: Connection) -> None:
    """Rows that came with their numbers leave the sequences behind."""
    for table in all_tables().sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            last = connection.scalar(select(func.max(column)))
            name = func.pg_get_serial_sequence(table.name, column.name)
            if last and connection.scalar(select(name)):
                connection.execute(select(func.setval(name, last)))


@pytest.fixture
async def postgres(server: str, planned: Database) -> AsyncIterator[Database]:
    """The plan without its trade, row by row from SQLite."""
    database = Database(server)
    async with planned.reading() as source, database.engine.begin() as connection:
        await empty(connection)
        await connection.run_sync(all_tables().create_all)
        await connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        for table in all_tables().sorted_tables:
            rows = [dict(row._mapping) for row in await source.execute(select(table))]
            if rows:
                await connection.execute(insert(table), rows)
        await connection.run_sync(restart_numbers)
    yield database
    await database.dispose()


async def test_the_same_trade_is_told_once(postgres: Database, told: Database) -> None:
    first = await story_of(postgres)
    again = await story_of(postgres)
    assert "déjà là" in again[0]
    assert first[0].startswith("Activité de démonstration (inventée)")
    states = select(Order.week, Order.state, func.count(), func.sum(Order.amount)).group_by(Order.week, Order.state)
    found = []
    for database in (told, postgres):
        async with database.reading() as session:
            found.append(sorted(tuple(row) for row in await session.execute(states)))
    assert found[0] == found[1]
