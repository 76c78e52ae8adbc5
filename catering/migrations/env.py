"""Alembic's entry: runs the migrations on the connection it is given, or on the configured database."""

import asyncio
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from catering.columns import NumberSet
from catering.db import ExactDecimal, UtcDateTime, make_engine
from catering.settings import settings
from catering.tables import all_tables


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write the platform's column types with SQLAlchemy's own, so that an old migration never depends on our code."""
    if kind == "type" and isinstance(item, ExactDecimal):
        return f'sa.Numeric({item.precision}, {item.scale}).with_variant(sa.BigInteger(), "sqlite")'
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, NumberSet):
        return "sa.Integer()"
    return False


def run(connection: Connection) -> None:
    """Run the migrations on a connection whose transaction belongs to the caller."""
    context.configure(
        connection=connection,
        target_metadata=all_tables(),
        render_item=render_item,
        render_as_batch=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_on_configured_database() -> None:
    """The developer's `alembic` command: no caller has opened a connection."""
    engine = make_engine(settings().database_url, foreign_keys=False)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    asyncio.run(run_on_configured_database())
