"""A database made by the migrations is the one the models describe, and can be taken back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from catering import migrate
from catering.db import Database
from catering.migrate import downgrade, upgrade
from catering.tables import all_tables, rooms_with_tables

VERSION = "alembic_version"


@pytest.fixture
async def migrated(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/migrated.db")
    await upgrade(database)
    yield database
    await database.dispose()


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, all_tables()))


def checks(connection: Connection) -> dict[str, set[tuple[str, str]]]:
    """CHECK constraints and storage of each table: what alembic's own comparison leaves out."""
    inspector = inspect(connection)
    found = {
        table: {(str(check["name"]), check["sqltext"]) for check in inspector.get_check_constraints(table)}
        for table in inspector.get_table_names()
    }
    for name, sql in connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")):
        found.setdefault(name, set()).add(("without rowid", str("WITHOUT ROWID" in sql)))
    found.pop(VERSION, None)
    return found


def triggers(connection: Connection) -> set[tuple[str, str]]:
    """What guards the rows of a table; alembic sees none of it, and rebuilding a table loses it."""
    return {
        (name, sql)
        for name, sql in connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    }


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {VERSION}


async def test_the_migrations_make_what_the_models_describe(migrated: Database, database: Database) -> None:
    async with migrated.engine.connect() as made, database.engine.connect() as described:
        assert await made.run_sync(differences) == []
        assert await made.run_sync(checks) == await described.run_sync(checks)
        assert await made.run_sync(triggers) == await described.run_sync(triggers) != set()


async def test_every_room_with_tables_is_migrated(migrated: Database) -> None:
    assert {"kitchens", "market", "recipes", "people", "planning"} <= set(rooms_with_tables())
    async with migrated.engine.connect() as connection:
        assert await connection.run_sync(tables) == set(all_tables().tables)


async def test_migrating_twice_changes_nothing(migrated: Database) -> None:
    async with migrated.unit_of_work() as session:
        await session.execute(
            text("INSERT INTO school_years VALUES ('2026-27', '2026-09-01', '2027-07-02', 'calendrier officiel')")
        )
    await upgrade(migrated)
    async with migrated.reading() as session:
        assert await session.scalar(text("SELECT school_year FROM school_years")) == "2026-27"


async def test_the_migrations_can_be_taken_back_and_applied_again(migrated: Database) -> None:
    await downgrade(migrated)
    async with migrated.engine.connect() as connection:
        assert await connection.run_sync(tables) == set()
    await upgrade(migrated)
    async with migrated.engine.connect() as connection:
        assert await connection.run_sync(tables) == set(all_tables().tables)


async def test_a_drift_is_noticed(migrated: Database) -> None:
    """The comparison above can fail: a column the models do not know is seen."""
    async with migrated.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE kitchens ADD COLUMN forgotten INTEGER"))
        found = await connection.run_sync(differences)
    removed = [change for change in found if change[0] == "remove_column"]
    assert [(kind, table, column.name) for kind, _, table, column in removed] == [
        ("remove_column", "kitchens", "forgotten")
    ]


async def test_a_migration_that_leaves_a_dangling_reference_is_refused(
    migrated: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = migrate.command.upgrade

    def upgrade_and_break(config: Any, revision: str) -> None:
        real(config, revision)
        config.attributes["connection"].execute(
            text("INSERT INTO kitchen_closures VALUES (99, '2026-09-01', 'travaux')")
        )

    monkeypatch.setattr(migrate.command, "upgrade", upgrade_and_break)
    with pytest.raises(RuntimeError, match="kitchen_closures"):
        await upgrade(migrated)
    async with migrated.reading() as session:
        assert await session.scalar(text("SELECT count(*) FROM kitchen_closures")) == 0
