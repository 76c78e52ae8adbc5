"""For tests that need another past, or tamper with it: take the seal off tables whose rows are only ever added."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def unseal(session: AsyncSession, *tables: str) -> None:
    """Have the database let rows be changed and removed again."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    for table in tables:
        for what in ("change", "removal"):
            await session.execute(text(f"DROP TRIGGER {table}_no_{what}" + ("" if on_sqlite else f" ON {table}")))


async def sealed(session: AsyncSession) -> list[str]:
    """The tables of a SQLite database that are sealed."""
    names = await session.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_change'")
    )
    return [name.removesuffix("_no_change") for name in names]
