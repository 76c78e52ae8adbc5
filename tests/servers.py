"""The real PostgreSQL server of the tests."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def empty(connection: AsyncConnection) -> None:
    """Take everything out of a database: tests share one server, one after the other."""
    await connection.execute(text("DROP SCHEMA public CASCADE"))
    await connection.execute(text("CREATE SCHEMA public"))
