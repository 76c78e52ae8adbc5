"""Migrations on a real server: by the owner, on a filled database, beside those who work; and the role that works."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import ProgrammingError

from catering import migrate
from catering.db import Database
from catering.migrate import SCRIPTS, NotTheOwner, TablesHeld, downgrade, head, upgrade
from catering.roles import VERSION, RoleRefused, let_work, passes_by
from catering.settings import settings
from tests.api.conftest import fill_all, fill_server
from tests.api.dataset import SMALL
from tests.servers import APPLICATION, as_application, copy_on_server, empty, make_tables

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")

CHAIN = [script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()]
LOSES = {"0010": {"purchase_lines"}, "0070": {"basket_lines"}}
"""Rows that cannot be said in the tables of before: purchases that came from a file, lines that were sent."""
POLICIES = text("SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2")
BODIES = text("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1")


@pytest.fixture
async def owner(server: str) -> AsyncIterator[Database]:
    """A database without any table, as its owner."""
    database = Database(server)
    async with database.engine.begin() as connection:
        await empty(connection)
    yield database
    await database.dispose()


async def all_of(database: Database, statement: object) -> list[tuple[object, ...]]:
    async with database.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(statement)]  # type: ignore[call-overload]


async def test_the_migrations_guard_what_the_models_guard(owner: Database, server: str) -> None:
    await upgrade(owner)
    described = await copy_on_server(server)
    for statement in (POLICIES, BODIES):
        assert await all_of(owner, statement) == await all_of(described, statement) != []
    await described.dispose()


async def rows(database: Database) -> dict[str, int]:
    """How many rows each table holds."""
    async with database.engine.connect() as connection:
        names = await connection.run_sync(lambda of: inspect(of).get_table_names())
        return {name: await connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in names}


@pytest.fixture(params=["sqlite", "postgresql"])
async def filled(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """The small Département, as the owner of its tables, of each kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite+aiosqlite:///{tmp_path}/filled.db")
        await make_tables(database)
        async with database.unit_of_work() as session:
            await fill_all(session, SMALL)
    else:
        database = await copy_on_server(request.getfixturevalue("server"), "small", fill_server, as_owner=True)
    async with database.engine.begin() as connection:
        await connection.execute(text(f"CREATE TABLE {VERSION} (version_num varchar(32) PRIMARY KEY)"))
        await connection.execute(text(f"INSERT INTO {VERSION} VALUES ('{head()}')"))
    yield database
    await database.dispose()


async def test_each_migration_is_taken_back_and_applied_again_on_a_filled_database(filled: Database) -> None:
    """Row by row nothing is lost that the step does not drop; a column that must hold something finds it."""
    whole = await rows(filled)
    assert sum(count > 0 for count in whole.values()) > 60
    for revision, before in zip(CHAIN, [*CHAIN[1:], "base"], strict=True):
        await downgrade(filled, before)
        left = await rows(filled)
        assert {name for name in left if left[name] < whole[name]} - {VERSION} == LOSES.get(revision, set()), revision
        await upgrade(filled, revision)
        again = await rows(filled)
        assert {name for name in left if left[name] != again[name]} - {VERSION} == set(), revision
        await downgrade(filled, before)
        whole = left
    await upgrade(filled)


async def test_the_application_works_in_tables_it_cannot_change(owner: Database, server: str) -> None:
    await upgrade(owner)
    address = as_application(server, "postgres")
    await let_work(owner, address)
    await let_work(owner, address)
    application = Database(address)
    await upgrade(application)
    assert (await passes_by(owner), await passes_by(application)) == (True, False)
    async with application.unit_of_work() as session:
        await session.execute(text("INSERT INTO school_years VALUES ('2026-27', '2026-09-01', '2027-07-02', 'x')"))
    for forbidden in (
        "DROP TABLE school_years",
        "ALTER TABLE orders DISABLE ROW LEVEL SECURITY",
        "DROP POLICY orders_read ON orders",
        "CREATE TABLE mine (id integer)",
        "TRUNCATE school_years",
        "UPDATE alembic_version SET version_num = '0001'",
        f"ALTER ROLE {APPLICATION} BYPASSRLS",
        "SET ROLE postgres",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner|must be able to"):
            async with application.unit_of_work() as session:
                await session.execute(text(forbidden))
    await application.dispose()


async def test_tables_of_before_are_not_migrated_by_the_application(owner: Database, server: str) -> None:
    await upgrade(owner, CHAIN[1])
    await let_work(owner, as_application(server, "postgres"))
    application = Database(as_application(server, "postgres"))
    with pytest.raises(NotTheOwner, match="CATERING_OWNER_URL"):
        await upgrade(application)
    await upgrade(owner)
    await application.dispose()


async def test_one_role_for_both_is_refused(owner: Database, server: str) -> None:
    with pytest.raises(RoleRefused, match="même rôle"):
        await let_work(owner, server)
    with pytest.raises(RoleRefused, match="même base"):
        await let_work(owner, "sqlite+aiosqlite:///x.db")


async def test_a_table_that_is_held_is_not_waited_for_without_end(
    owner: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "PATIENCE", "200ms")
    await upgrade(owner, CHAIN[CHAIN.index("0044") + 1])
    async with owner.unit_of_work() as session:
        await session.execute(text("LOCK TABLE orders IN SHARE MODE"))
        with pytest.raises(TablesHeld, match="rien n'est changé"):
            await upgrade(owner)
    await upgrade(owner)


async def test_processes_that_migrate_at_once_take_turns(owner: Database) -> None:
    await asyncio.gather(*(upgrade(owner) for _ in range(4)))
    assert await all_of(owner, text("SELECT version_num FROM alembic_version")) == [(head(),)]


@pytest.mark.parametrize("password", ["it's 100%", None])
async def test_the_command_makes_the_role(
    password: str | None, owner: Database, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "made_by_command"
    application = make_url(as_application(server, "postgres")).set(username=name, password=password)
    monkeypatch.setenv("CATERING_OWNER_URL", server)
    monkeypatch.setenv("CATERING_DATABASE_URL", application.render_as_string(hide_password=False))
    settings.cache_clear()
    environment = Path(sys.executable).with_name("catering")
    ran = await asyncio.create_subprocess_exec(environment, "migrate", stderr=asyncio.subprocess.PIPE)
    _, told = await ran.communicate()
    settings.cache_clear()
    assert (ran.returncode, told.decode().strip()) == (0, "Base à jour.")
    made = Database(application.render_as_string(hide_password=False))
    assert not await passes_by(made)
    async with made.reading() as session:
        assert await session.scalar(text("SELECT count(*) FROM orders")) == 0
    await made.dispose()
    async with owner.engine.begin() as connection:
        await connection.execute(text(f"DROP OWNED BY {name}"))
        await connection.execute(text(f"DROP ROLE {name}"))
