"""Bring the tables of a database to the state the program expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from catering.db import Database, make_engine
from catering.refusal import Refusal
from catering.sight import WRITES

TURN = 62_125
"""Number of the lock that migrating processes take; any number nobody else locks."""
NOT_THE_OWNER, HELD = "42501", "55P03"
"""SQLSTATE of PostgreSQL: insufficient privilege, a lock that was not to be had in time."""
PATIENCE = "5s"
"""How long a migration waits for a table: whoever asks for that table meanwhile waits behind it."""
SCRIPTS = Path(__file__).parent / "migrations"


class NotTheOwner(Refusal):
    """The tables are not those of this program, and the role that the application connects by may not change them."""

    def __init__(self) -> None:
        super().__init__(
            "Les tables ne sont pas celles de cette version, et le rôle de l'application ne peut pas les changer : "
            "lancer « catering migrate » avec CATERING_OWNER_URL, l'adresse de la base par son propriétaire."
        )


class TablesHeld(Refusal):
    """Somebody works in a table that a migration would change; nothing is changed."""

    def __init__(self) -> None:
        super().__init__(
            f"Une table à changer est tenue par un autre travail depuis plus de {PATIENCE} : rien n'est changé. "
            "Relancer « catering migrate » quand il est fini."
        )


REFUSALS: dict[object, type[Refusal]] = {NOT_THE_OWNER: NotTheOwner, HELD: TablesHeld}


async def upgrade(database: Database, revision: str = "head") -> None:
    """Apply the migrations up to ``revision``; does nothing when they have all been applied.

    Raises:
        NotTheOwner: some have to be applied, by a role that may not.
        TablesHeld: a table is not free.
    """
    await _migrate(database, revision, upwards=True)


async def downgrade(database: Database, revision: str = "base") -> None:
    """Take back the migrations after ``revision``; the rows of the tables taken back are lost."""
    await _migrate(database, revision, upwards=False)


def head() -> str | None:
    """The migration that the program expects to be the last one applied."""
    return ScriptDirectory(str(SCRIPTS)).get_current_head()


async def _migrate(database: Database, revision: str, *, upwards: bool) -> None:
    engine = make_engine(database.url, foreign_keys=False)
    try:
        async with engine.execution_options(**{WRITES: True}).begin() as connection:
            await _wait_for_my_turn(connection)
            await connection.run_sync(_run, revision, upwards)
    except DBAPIError as fault:
        if (refusal := REFUSALS.get(getattr(fault.orig, "sqlstate", None))) is not None:
            raise refusal from fault
        raise
    finally:
        await engine.dispose()


async def _wait_for_my_turn(connection: AsyncConnection) -> None:
    """Several processes may start at once: the first migrates, the others then find it done (SQLite locks anyway)."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(TURN)))
        await connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")


def _run(connection: Connection, revision: str, upwards: bool) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    (command.upgrade if upwards else command.downgrade)(config, revision)
    _refuse_dangling_references(connection)


def _refuse_dangling_references(connection: Connection) -> None:
    """References were not watched while tables were rebuilt, so check them all before anything is kept."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise RuntimeError(f"migration would leave a dangling reference: {tuple(broken)}")
