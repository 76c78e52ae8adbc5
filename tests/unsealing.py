"""For tests that need another past, or tamper with it: take the seal off tables whose rows are only ever added."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

OWNER = "postgres"
"""Who owns the tables of the tests' server: the application's role may not take a seal off."""


async def unseal(session: AsyncSession, *tables: str) -> None:
    """Have the database let rows be changed and removed again."""
    bound = session.get_bind()
    if bound.dialect.name == "sqlite":
        for table in tables:
            for what in ("change", "removal"):
                await session.execute(text(f"DROP TRIGGER {table}_no_{what}"))
        return
    owner = create_async_engine(bound.engine.url.set(username=OWNER))
    async with owner.begin() as connection:
        for table in tables:
            for what in ("change", "removal"):
                await connection.execute(text(f"DROP TRIGGER {table}_no_{what} ON {table}"))
    await owner.dispose()


async def sealed(session: AsyncSession) -> list[str]:
    """The tables of a SQLite database that are sealed."""
    names = await session.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_change'")
    )
    return [name.removesuffix("_no_change") for name in names]
