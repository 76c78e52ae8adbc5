"""The real PostgreSQL server of the tests: emptied, or with databases beside its own."""

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def empty(connection: AsyncConnection) -> None:
    """Take everything out of a database: tests share one server, one after the other."""
    await connection.execute(text("DROP SCHEMA public CASCADE"))
    await connection.execute(text("CREATE SCHEMA public"))


def named(address: str, name: str) -> str:
    """Another database of the same server."""
    return address.replace("/postgres?", f"/{name}?")


def copy_database(server: str, name: str, template: str) -> str:
    """Make a database that begins as another one, in place of one of that name; its address.

    A copy of files: a third of the time of making every table anew, and four locks instead of four thousand.
    """
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    return named(server, name)
