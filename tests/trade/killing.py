"""Has writes killed in processes of their own, and reads what they left from this one."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.lints.sources import ROOT

CHANCE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[.\d]*(\+00(:00)?)?|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24,64}")
"""What two runs of one write do not share: moments of the sealed offers' own clock, tokens, hashes of both."""
Rows = Mapping[str, list[str]]
"""Of each table, its rows as text, sorted."""


class Graveyard:
    """The program ``tests.trade.dying``, asked to do one write after the other."""

    def __init__(self, program: "subprocess.Popen[str]") -> None:
        self._program = program

    def write(self, url: str, name: str, dies_at: int = -1) -> dict[str, Any]:
        """How a write ended in a process of its own, killed before its n-th point; never killed when negative."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(f"{json.dumps({'url': url, 'name': name, 'dies_at': dies_at})}\n")
        self._program.stdin.flush()
        told = self._program.stdout.readline()
        assert told, f"{name}: the program itself has ended, its errors are above"
        return dict(json.loads(told))


@contextmanager
def graveyard() -> Iterator[Graveyard]:
    """The program, for as long as the block runs."""
    command = [sys.executable, "-m", "tests.trade.dying"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        yield Graveyard(program)
        assert program.stdin is not None
        program.stdin.close()
        program.wait(timeout=30)


def rows_of_file(file: Path) -> Rows:
    """All that a SQLite file holds."""
    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {table: sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"'))) for (table,) in tables}


def rows_of_server(address: str) -> Rows:
    """All that a PostgreSQL database holds."""
    with psycopg.connect(address, autocommit=True) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        every = " UNION ALL ".join(f"SELECT '{table}', t::text FROM \"{table}\" t" for (table,) in tables)
        rows: dict[str, list[str]] = {table: [] for (table,) in tables}
        for table, row in connection.execute(every.encode()):
            rows[table].append(row)
    return {table: sorted(found) for table, found in rows.items()}


def plain(rows: Rows) -> Rows:
    """Rows without what chance made."""
    return {table: sorted(CHANCE.sub("…", row) for row in found) for table, found in rows.items()}


def changed(before: Rows, after: Rows) -> dict[str, int]:
    """By how many rows the tables differ whose rows are not the same; for messages."""
    return {table: len(after[table]) - len(before[table]) for table in before if before[table] != after[table]}
