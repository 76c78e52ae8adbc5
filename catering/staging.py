"""Many rows of one table: made ready outside of the transaction that writes them, kept in a file, written at once.

Whoever imports a large file judges it first, in bounded memory and without holding the one writer of SQLite; what is
left for the transaction is to hand the rows over, by COPY on PostgreSQL and by one statement per batch on SQLite. Rows
that stand in a large index go through a table of the transaction's own, from which the database takes them in the order
of that index: written in the order of a file they would visit its pages at random, again and again.
"""

import marshal
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, TypeAlias

from sqlalchemy import Dialect, Integer, String, Table
from sqlalchemy.ext.asyncio import AsyncSession

MOST_REMEMBERED = 100_000
"""Values of a column that are made ready once, however often they come."""
SPECIAL = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
NULL = r"\N"
ROWS_OF_A_STATEMENT = 1_000
"""On SQLite: what a statement makes ready to check its rows (lists of words) it makes once for all of them."""
MOST_VALUES = 32_766
"""That a statement of SQLite may hold."""
SORTED_WITHIN = "64MB"
"""Memory of PostgreSQL to put rows in order: a hundred thousand purchases; more go by its disk."""
Handed: TypeAlias = Callable[[int], None]
"""Told after each batch how many rows are written."""
Reader: TypeAlias = Callable[[Any], Any]
"""Makes one value of another."""


class StagedRows:
    """Rows of a table waiting in a temporary file, which goes away with ``close``.

    Args:
        dialect: of the database they are for.
        table: where they go.
        columns: the order in which ``put`` gives columns, their values as the column types take them.
        units: decimal columns of which ``put`` gives whole numbers of their last decimals (cents of euros).
        order: columns by which the table is given its rows; none: as they were put.
    """

    def __init__(
        self,
        dialect: Dialect,
        table: Table,
        columns: Sequence[str],
        *,
        units: Collection[str] = (),
        order: Sequence[str] = (),
    ) -> None:
        self._dialect = dialect
        self._table = table
        self._columns = tuple(columns)
        self._order = f" ORDER BY {', '.join(order)}" if order else ""
        self._copies = dialect.name != "sqlite"
        self._ready = [self._column(name, units=name in units) for name in columns]
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close
        self._batches: list[tuple[int, int]] = []
        """Bytes and rows of each batch."""

    def close(self) -> None:
        """Let the rows go."""
        self._file.close()

    def put(self, columns: Sequence[Sequence[Any]]) -> None:
        """Add one batch of rows, given by columns of one length.

        Raises:
            ValueError: a value does not fit its column exactly.
        """
        rows = len(columns[0]) if columns else 0
        if not rows:
            return
        ready = [made(column) for made, column in zip(self._ready, columns, strict=True)]
        every = zip(*ready, strict=True)
        if self._copies:
            content = "".join(["\t".join(row) + "\n" for row in every]).encode()
        else:
            content = marshal.dumps(list(chain.from_iterable(every)))
        self._file.write(content)
        self._batches.append((len(content), rows))

    async def write(self, session: AsyncSession, same: Mapping[str, Any], handed: Handed) -> None:
        """Hand every row over in the transaction of a session.

        Args:
            session: of the write.
            same: by column, values that are alike in all rows.
            handed: told after each batch.
        """
        alike = {name: self._readier(name)[value] for name, value in same.items()}
        await (self._copy if self._copies else self._insert)(session, alike, handed)

    async def _copy(self, session: AsyncSession, alike: Mapping[str, str], handed: Handed) -> None:
        """COPY goes into no table under row-level security: rows pass through one of this transaction's own."""
        columns = ", ".join((*self._columns, *alike))
        target, passing = self._table.name, f"passing_{self._table.name}"
        said = await session.connection()
        made = f"CREATE TEMP TABLE {passing} ON COMMIT DROP AS SELECT {columns} FROM {target} WITH NO DATA"  # noqa: S608
        await said.exec_driver_sql(made)
        await self._copy_into(session, f"COPY {passing} ({columns}) FROM STDIN", alike, handed)
        taken = f"SELECT {columns} FROM {passing}{self._order}"  # noqa: S608
        await said.exec_driver_sql(f"SET LOCAL work_mem = '{SORTED_WITHIN}'")
        await said.exec_driver_sql(f"INSERT INTO {target} ({columns}) {taken}")
        await said.exec_driver_sql(f"DROP TABLE {passing}")

    async def _copy_into(self, session: AsyncSession, statement: str, alike: Mapping[str, str], handed: Handed) -> None:
        # COPY is the driver's: SQLAlchemy has no word for it.
        connection: Any = (await (await session.connection()).get_raw_connection()).driver_connection
        end = "".join(f"\t{value}" for value in alike.values()).encode() + b"\n"
        written = 0
        async with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for content, rows in self._read():
                # A newline within a value is written as an escape: what is replaced is the end of a row.
                await copy.write(content.replace(b"\n", end))
                written += rows
                handed(written)

    async def _insert(self, session: AsyncSession, alike: Mapping[str, Any], handed: Handed) -> None:
        # Few rows visit few pages of an index: what a table of the transaction's own takes is more than it gives.
        if not self._order or sum(rows for _, rows in self._batches) <= ROWS_OF_A_STATEMENT:
            await self._insert_into(session, self._table.name, alike, handed)
            return
        said, target = await session.connection(), self._table.name
        columns, passing = ", ".join(self._columns), f"passing_{target}"
        made = f"CREATE TEMP TABLE {passing} AS SELECT {columns} FROM {target} WHERE false"  # noqa: S608
        await said.exec_driver_sql(made)
        await self._insert_into(session, passing, {}, handed)
        every = ", ".join((*alike, *self._columns))
        taken = f"SELECT {', '.join([*'?' * len(alike), columns])} FROM {passing}{self._order}"  # noqa: S608
        await said.exec_driver_sql(f"INSERT INTO {target} ({every}) {taken}", tuple(alike.values()))
        await said.exec_driver_sql(f"DROP TABLE {passing}")

    async def _insert_into(self, session: AsyncSession, table: str, alike: Mapping[str, Any], handed: Handed) -> None:
        connection = await session.connection()
        into = f"INSERT INTO {table} ({', '.join((*alike, *self._columns))}) VALUES "  # noqa: S608
        # What is alike in all rows is given once, before them, and cited by its rank in each; ? is the next value.
        width = len(self._columns)
        marks = f"({', '.join([*(f'?{rank}' for rank in range(1, len(alike) + 1)), *'?' * width])})"
        most = min(ROWS_OF_A_STATEMENT, (MOST_VALUES - len(alike)) // width) * width
        written = 0
        for content, rows in self._read():
            values = marshal.loads(content)  # noqa: S302 - a private file of this process
            for first in range(0, len(values), most):
                some = values[first : first + most]
                every = ", ".join([marks] * (len(some) // width))
                await connection.exec_driver_sql(into + every, (*alike.values(), *some))
            written += rows
            handed(written)

    def _read(self) -> Iterator[tuple[bytes, int]]:
        self._file.seek(0)
        for size, rows in self._batches:
            yield self._file.read(size), rows

    def _readier(self, name: str) -> "_Ready":
        process = self._process(name)
        return _Ready([each for each in (process, _copied if self._copies else None) if each is not None])

    def _process(self, name: str) -> Reader | None:
        return self._table.columns[name].type.dialect_impl(self._dialect).bind_processor(self._dialect)

    def _column(self, name: str, *, units: bool) -> Callable[[Sequence[Any]], Sequence[Any]]:
        """What makes a column ready; of most columns without looking at each value."""
        kind: Any = self._table.columns[name].type
        ready = _Ready([partial(_written, kind.scale)] if self._copies else []) if units else self._readier(name)
        if self._copies and not units and self._process(name) is None:
            if isinstance(kind, Integer):
                return partial(_numbers, ready)
            if isinstance(kind, String):
                return partial(_texts, ready)
        return ready.column if ready.steps else _as_given


class _Ready(dict[Any, Any]):
    """What the driver is given of a value: as its type stores it; for COPY as text."""

    def __init__(self, steps: Sequence[Reader]) -> None:
        super().__init__()
        self.steps = steps
        """Empty where values are stored as they come."""

    def column(self, values: Sequence[Any]) -> list[Any]:
        """Some values, in order."""
        return list(map(self.__getitem__, values))

    def __missing__(self, value: Any) -> Any:
        ready = value
        for step in self.steps:
            ready = step(ready)
        if len(self) < MOST_REMEMBERED:
            self[value] = ready
        return ready


def _as_given(values: Sequence[Any]) -> Sequence[Any]:
    return values


def _numbers(ready: _Ready, values: Sequence[Any]) -> list[str]:
    return ready.column(values) if None in values else list(map(str, values))


def _texts(ready: _Ready, values: Sequence[Any]) -> Sequence[str]:
    """Texts as they are unless one is missing or has what COPY writes otherwise: seldom, and seen of all at once."""
    if None in values:
        return ready.column(values)
    every = "".join(values)
    return ready.column(values) if any(chr(each) in every for each in SPECIAL) else values


def _written(digits: int, units: int) -> str:
    """A whole number of last decimals as a decimal: without making one of each of a million amounts."""
    whole, rest = divmod(abs(units), 10**digits)
    return f"{'-' if units < 0 else ''}{whole}.{rest:0{digits}}"


def _copied(stored: Any) -> str:
    """A value in the text format of COPY."""
    if stored is None:
        return NULL
    if isinstance(stored, bool):
        return "t" if stored else "f"
    return str(stored).translate(SPECIAL)
