"""The database edge: engine, exact column types and the only place that commits."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from copy import copy
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    MetaData,
    Numeric,
    TypeDecorator,
    cast,
    event,
    insert,
    make_url,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeEngine

from catering.sight import EVERYTHING, SIGHT, SNAPSHOT, WRITES, Sight, begin

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_MS = 30_000
DEADLOCK = "40P01"


class Base(DeclarativeBase):
    """Parent of every table of the platform."""

    metadata = MetaData(naming_convention=NAMING)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal of fixed scale that never becomes a binary float.

    PostgreSQL stores NUMERIC(precision, scale). SQLite has no exact decimal, so the value is stored as the integer
    ``value × 10**scale``; sums and comparisons stay exact there, products of two such columns do not keep the scale.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale
        self.unit = Decimal(1).scaleb(-scale)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The stored type of the dialect."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:
        """Check that the value fits the scale exactly, then store it.

        Raises:
            ValueError: the value has more decimals than the column or is a binary float.
        """
        if value is None:
            return None
        if isinstance(value, float):
            raise ValueError(f"{value!r} is a binary float: give a Decimal")
        exact = Decimal(value)
        if exact != exact.quantize(self.unit):
            raise ValueError(f"{value} has more than {self.scale} decimals")
        return int(exact.scaleb(self.scale)) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The decimal at the scale of the column."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return Decimal(int(value)).scaleb(-self.scale)
        return Decimal(value).quantize(self.unit)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant with its time zone; SQLite forgets zones, so every instant is stored in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC.

        Raises:
            ValueError: the instant has no time zone.
        """
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC, aware of its zone on every database."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Amount = Annotated[Decimal, mapped_column(ExactDecimal(14, 2))]
"""Euros, to the cent."""
UnitPrice = Annotated[Decimal, mapped_column(ExactDecimal(12, 4))]
"""Euros per kilogram or per pack, four decimals."""
Celsius = Annotated[Decimal, mapped_column(ExactDecimal(5, 1))]
"""Degrees Celsius, to a tenth."""
Quantity = Annotated[Decimal, mapped_column(ExactDecimal(14, 6))]
"""A measured figure with up to six decimals: nutrient, kilogram of CO2e, share, coordinate."""
Instant = Annotated[datetime, mapped_column(UtcDateTime())]
"""A moment, in UTC."""


class Database:
    """One engine and its sessions. Code flushes; only ``unit_of_work`` commits."""

    def __init__(self, url: str, sight: Sight = EVERYTHING) -> None:
        self.url = url
        self.opened = self
        """The database as it was opened: what is kept beside a database is kept with this one."""
        self._see(make_engine(url), sight)

    def _see(self, engine: AsyncEngine, sight: Sight) -> None:
        self.engine = engine.execution_options(**{SIGHT: sight})
        self._writer = self.engine.execution_options(**{WRITES: True})

    def seeing(self, sight: Sight) -> "Database":
        """The same database and connections, on somebody's behalf: what ``catering.sight`` says."""
        other = copy(self)
        other._see(self.engine, sight)
        return other

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session to read with; whatever it changed is forgotten."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[AsyncSession]:
        """A session whose changes are kept together when the block ends, or not at all when it raises."""
        async with AsyncSession(self._writer, expire_on_commit=False) as session:
            yield session
            await session.commit()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose reads all see the database as it was at the first of them, however long they take."""
        async with self.engine.execution_options(**{SNAPSHOT: True}).connect() as connection:
            yield connection

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


@asynccontextmanager
async def attempt(session: AsyncSession) -> AsyncIterator[None]:
    """Part of a transaction that may be refused: when the block raises, what it changed is undone, and only that."""
    async with session.begin_nested():
        yield


def gave_way(error: DBAPIError) -> bool:
    """Whether the server gave up a transaction because others waited for it (SQLSTATE 40P01): it can be done again."""
    return getattr(error.orig, "sqlstate", None) == DEADLOCK


def insert_missing(session: AsyncSession, table: type[Base]) -> Any:
    """An INSERT that leaves rows alone whose key is taken; add ``values`` or ``from_select``.

    It waits for a transaction that is making the same row: whoever comes second finds the row made.
    """
    return inserting(session, table).on_conflict_do_nothing()


def inserting(session: AsyncSession, table: type[Base]) -> Any:
    """An INSERT that may say what happens ON CONFLICT, as both databases write it."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table)


def make_engine(url: str, *, foreign_keys: bool = True) -> AsyncEngine:
    """An engine set up for concurrent readers and one queueing writer.

    Args:
        url: SQLAlchemy address with an async driver; the folder of a SQLite file is made when missing.
        foreign_keys: False only for a change of schema, which may have to rebuild referenced tables on SQLite.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        engine = create_async_engine(url, pool_pre_ping=True)
        event.listen(engine.sync_engine, "connect", _configure_postgresql)
        event.listen(engine.sync_engine, "begin", _begin_postgresql)
        return engine
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url)
    event.listen(engine.sync_engine, "connect", partial(_configure_sqlite, foreign_keys))
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(foreign_keys: bool, connection: Any, _record: Any) -> None:
    # The driver's own transaction handling starts none for reads and none for DDL: take it over (see _begin_sqlite).
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _configure_postgresql(connection: Any, _record: Any) -> None:
    # The driver would begin transactions by itself, in a round trip of its own: see _begin_postgresql.
    connection.autocommit = True


def _begin_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql(begin(dict(connection.get_execution_options())))


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later cannot wait for another writer (SQLITE_BUSY_SNAPSHOT):
    # a unit of work takes the write lock at once, and the busy timeout makes it queue.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def whole(session: AsyncSession, column: Any) -> ColumnElement[int]:
    """An exact decimal as the whole number of its last decimals (cents of euros), straight from the database.

    Where many thousands are read to be added or compared, making a decimal of each is most of the work.
    """
    if session.get_bind().dialect.name == "sqlite":
        return type_coerce(column, BigInteger)
    return cast(column * 10**column.type.scale, BigInteger)


async def add_many(session: AsyncSession, rows: Sequence[Base]) -> None:
    """Insert rows of one table in one statement; they are not kept in the session: read back those you need.

    SQLite cannot tell which of many new rows got which number: the ORM would insert them one by one.
    """
    if not rows:
        return
    table = type(rows[0])
    given = sorted({key for row in rows for key in row.__dict__ if key != "_sa_instance_state"})
    every = insert(table).execution_options(render_nulls=True)
    await session.execute(every, [{key: row.__dict__.get(key) for key in given} for row in rows])
