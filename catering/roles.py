"""Roles of PostgreSQL: the owner makes and changes the tables, the application works in them and owns nothing.

What owns a table, a superuser and a role with BYPASSRLS pass by the policies of ``catering.row_security``; so the
application is none of these.
"""

from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from catering.db import Database
from catering.refusal import Refusal

WORK = "SELECT, INSERT, UPDATE, DELETE"
VERSION = "alembic_version"
KNOWN = text("SELECT 1 FROM pg_roles WHERE rolname = :name")
MAKES = text(
    "SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', CAST(:name AS text))"
    " || coalesce(format(' PASSWORD %L', CAST(:password AS text)), '')"
)
NAMED = text("SELECT format('%I', CAST(:name AS text)), format('%I', current_database())")
PASSES_BY = text(
    "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' "
    "AND pg_has_role(current_user, tableowner, 'usage')) FROM pg_roles WHERE rolname = current_user"
)


class RoleRefused(Refusal):
    """The roles of the database cannot be set up as asked; the message says what to do, in French."""


async def let_work(owner: Database, application: str) -> None:
    """Give the role of an address all that the application needs in the tables that the owner has made.

    A role that does not exist is made, with the password of the address; one that exists keeps its own.

    Args:
        owner: the database, as who owns its tables.
        application: address (URL) that the application connects by, to the same database.

    Raises:
        RoleRefused: both addresses name the same role, or different databases.
    """
    ours, theirs = make_url(owner.url), make_url(application)
    _compare(ours, theirs)
    async with owner.unit_of_work() as session:
        connection = await session.connection()
        if await connection.scalar(KNOWN, {"name": theirs.username}) is None:
            made = await connection.scalar(MAKES, {"name": theirs.username, "password": theirs.password})
            await connection.exec_driver_sql(made.replace("%", "%%"))
        await _grant(connection, str(theirs.username))


def _compare(ours: URL, theirs: URL) -> None:
    if theirs.get_backend_name() != "postgresql" or ours.database != theirs.database:
        raise RoleRefused(
            "CATERING_OWNER_URL et CATERING_DATABASE_URL doivent mener à la même base PostgreSQL, "
            "l'une par le propriétaire des tables, l'autre par le rôle de l'application."
        )
    if not theirs.username or theirs.username == ours.username:
        raise RoleRefused(
            "CATERING_OWNER_URL et CATERING_DATABASE_URL nomment le même rôle : donner à l'application "
            "un rôle à elle, qui ne possède rien (il sera créé)."
        )


async def _grant(connection: AsyncConnection, role: str) -> None:
    name, database = (await connection.execute(NAMED, {"name": role})).one()
    for statement in (
        f"GRANT CONNECT ON DATABASE {database} TO {name}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT {WORK} ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
    ):
        await connection.exec_driver_sql(statement.replace("%", "%%"))
    if await connection.scalar(text("SELECT to_regclass(:table)"), {"table": f"public.{VERSION}"}):
        await connection.exec_driver_sql(f"REVOKE INSERT, UPDATE, DELETE ON {VERSION} FROM {name}".replace("%", "%%"))


async def passes_by(database: Database) -> bool:
    """Whether the role that a database is connected by passes by the policies; False on SQLite, which has none."""
    if database.engine.dialect.name != "postgresql":
        return False
    async with database.reading() as session:
        return bool(await session.scalar(PASSES_BY))
