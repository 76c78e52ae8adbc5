"""Many rows of one table: made ready outside of the transaction that writes them, kept in a file, written at once.

Whoever imports a large file judges it first, in bounded memory and without holding the one writer of SQLite; what is
left for the transaction is to hand the rows over, by COPY on PostgreSQL and by one statement per batch on SQLite.
"""

import marshal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

from sqlalchemy import Dialect, Table
from sqlalchemy.ext.asyncio import AsyncSession

MOST_REMEMBERED = 100_000
"""Values of a column that are made ready once, however often they come."""
SPECIAL = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
NULL = r"\N"
ROWS_OF_A_STATEMENT = 100
"""On SQLite: what a statement makes ready to check its rows (lists of words) it makes once for all of them."""
Handed: TypeAlias = Callable[[int], None]
"""Told after each batch how many rows are written."""


class StagedRows:
    """Rows of a table waiting in a temporary file, which goes away with ``close``.

    Args:
        dialect: of the database they are for.
        table: where they go.
        columns: the order in which ``put`` gives values, as the column types take them.
    """

    def __init__(self, dialect: Dialect, table: Table, columns: Sequence[str]) -> None:
        self._dialect = dialect
        self._table = table
        self._columns = tuple(columns)
        self._copies = dialect.name != "sqlite"
        self._ready = [self._readier(name) for name in columns]
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close
        self._batches: list[tuple[int, int]] = []
        """Bytes and rows of each batch."""

    def close(self) -> None:
        """Let the rows go."""
        self._file.close()

    def put(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add one batch.

        Raises:
            ValueError: a value does not fit its column exactly.
        """
        made = [[memo[value] for memo, value in zip(self._ready, row, strict=True)] for row in rows]
        if not made:
            return
        content = "".join(["\t".join(row) + "\n" for row in made]).encode() if self._copies else marshal.dumps(made)
        self._file.write(content)
        self._batches.append((len(content), len(made)))

    async def write(self, session: AsyncSession, same: Mapping[str, Any], handed: Handed) -> None:
        """Hand every row over in the transaction of a session.

        Args:
            session: of the write.
            same: by column, values that are alike in all rows.
            handed: told after each batch.
        """
        columns = ", ".join((*self._columns, *same))
        tail = [self._readier(name)[value] for name, value in same.items()]
        if self._copies:
            await self._copy(session, columns, tail, handed)
        else:
            await self._insert(session, columns, tail, handed)

    async def _copy(self, session: AsyncSession, columns: str, tail: Sequence[str], handed: Handed) -> None:
        """COPY goes into no table under row-level security: rows pass through one of this transaction's own."""
        target, passing = self._table.name, f"passing_{self._table.name}"
        said = await session.connection()
        made = f"CREATE TEMP TABLE {passing} ON COMMIT DROP AS SELECT {columns} FROM {target} WITH NO DATA"  # noqa: S608
        await said.exec_driver_sql(made)
        await self._copy_into(session, f"COPY {passing} ({columns}) FROM STDIN", tail, handed)
        await said.exec_driver_sql(f"INSERT INTO {target} ({columns}) SELECT {columns} FROM {passing}")  # noqa: S608
        await said.exec_driver_sql(f"DROP TABLE {passing}")

    async def _copy_into(self, session: AsyncSession, statement: str, tail: Sequence[str], handed: Handed) -> None:
        # COPY is the driver's: SQLAlchemy has no word for it.
        connection: Any = (await (await session.connection()).get_raw_connection()).driver_connection
        end = "".join(f"\t{value}" for value in tail).encode() + b"\n"
        written = 0
        async with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for content, rows in self._read():
                # A newline within a value is written as an escape: what is replaced is the end of a row.
                await copy.write(content.replace(b"\n", end))
                written += rows
                handed(written)

    async def _insert(self, session: AsyncSession, columns: str, tail: Sequence[Any], handed: Handed) -> None:
        connection = await session.connection()
        marks = f"({', '.join('?' * (len(self._columns) + len(tail)))})"
        written = 0
        for content, _ in self._read():
            rows = marshal.loads(content)  # noqa: S302 - a private file of this process
            for first in range(0, len(rows), ROWS_OF_A_STATEMENT):
                some = rows[first : first + ROWS_OF_A_STATEMENT]
                values = tuple(chain.from_iterable([(*row, *tail) for row in some]))
                every = ", ".join([marks] * len(some))
                await connection.exec_driver_sql(f"INSERT INTO {self._table.name} ({columns}) VALUES {every}", values)  # noqa: S608
            written += len(rows)
            handed(written)

    def _read(self) -> Iterator[tuple[bytes, int]]:
        self._file.seek(0)
        for size, rows in self._batches:
            yield self._file.read(size), rows

    def _readier(self, name: str) -> "_Ready":
        kind = self._table.columns[name].type
        return _Ready(kind.dialect_impl(self._dialect).bind_processor(self._dialect), text=self._copies)


class _Ready(dict[Any, Any]):
    """What the driver is given of a value: as its type stores it; for COPY as text."""

    def __init__(self, process: Callable[[Any], Any] | None, *, text: bool) -> None:
        super().__init__()
        self._process = process
        self._text = text

    def __missing__(self, value: Any) -> Any:
        stored = value if self._process is None else self._process(value)
        ready = _copied(stored) if self._text else stored
        if len(self) < MOST_REMEMBERED:
            self[value] = ready
        return ready


def _copied(stored: Any) -> str:
    """A value in the text format of COPY."""
    if stored is None:
        return NULL
    if isinstance(stored, bool):
        return "t" if stored else "f"
    return str(stored).translate(SPECIAL)
