"""The whole database in one file, and back: the same file for SQLite and PostgreSQL, so it also moves between them.

A backup is a ZIP archive: one text per table (``tables/NAME.jsonl``, a row per line as a JSON array, in order of the
primary key) and ``backup.json``, which states the migration the tables are of, and rows and SHA-256 of each. It is
read in one transaction, so what is written meanwhile is in it whole or not at all.
"""

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import JSON, Connection, Table, TypeDecorator, bindparam, func, insert, literal, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect

from catering.db import Database
from catering.migrate import head, upgrade
from catering.progress import Report
from catering.refusal import Refusal
from catering.tables import all_tables

FORM = 1
INDEX = "backup.json"
ROWS_AT_ONCE = 200  # legal-number: rows of one reading, nothing of the law
"""Few enough that as many of the largest documents fit into memory."""
CANONICAL: Dialect = sqlite.dialect()
"""The dialect as which values of the platform's own types are written: exact decimals as whole numbers."""


class BackupRefused(Refusal):
    """A file that cannot be restored, or a place where it cannot be restored to."""


@dataclass(frozen=True, slots=True)
class TableKept:
    """What a backup says of a table: how many rows, and the SHA-256 of its text."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: ``revision`` = the migration its tables are of; ``tables`` by name."""

    form: int
    revision: str
    tables: dict[str, TableKept]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())


async def write_backup(database: Database, file: Path, report: Report) -> Backup:
    """Write all rows into a new file; a file that cannot be finished leaves nothing.

    Raises:
        BackupRefused: the file exists, or the tables are not those of this version of the program.
    """
    if file.exists():
        raise BackupRefused(f"« {file} » existe déjà : choisir un autre nom.")
    unfinished = file.with_name(f".{file.name}.writing")
    try:
        async with database.snapshot() as connection:
            made = await connection.run_sync(_write, unfinished, report)
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return made


def _write(connection: Connection, file: Path, report: Report) -> Backup:
    if (revision := _revision(connection)) != (expected := head()):
        raise BackupRefused(
            f"Les tables sont de la version {revision}, le programme de la version {expected} : "
            "sauvegarder avec le programme d'avant, ou les mettre à jour par « catering migrate »."
        )
    kept: dict[str, TableKept] = {}
    tables = all_tables().sorted_tables
    # It holds what people typed and the digests of their sessions: for its owner's eyes.
    with (
        open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened,  # noqa: PTH123 (opener with a mode)
        zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for done, table in enumerate(tables, 1):
            with archive.open(_member(table.name), "w", force_zip64=True) as member:
                kept[table.name] = _digested(lines_of(connection, table), member.write)
            report("Sauvegarde", done, len(tables), table.name)
        made = Backup(FORM, revision, kept)
        archive.writestr(INDEX, json.dumps(asdict(made), indent=1))
    return made


async def restore_backup(database: Database, file: Path, report: Report) -> Backup:
    """Put all rows of a backup into a database that holds none, read them again and compare: all of it or nothing.

    Raises:
        BackupRefused: it is no backup of this version of the program, it is damaged, or the database holds rows.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            said = _index(archive)
            _compare(archive, said)
            await upgrade(database)
            async with database.unit_of_work() as session:
                await (await session.connection()).run_sync(_restore, archive, said, report)
    except FileNotFoundError as error:
        raise BackupRefused(f"« {file} » n'existe pas.") from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise BackupRefused(f"« {file} » n'est pas une sauvegarde entière : {error}.") from error
    return said


def _index(archive: zipfile.ZipFile) -> Backup:
    read = json.loads(archive.read(INDEX))
    if read["form"] != FORM:
        raise BackupRefused("La sauvegarde est d'une autre forme : la restaurer avec le programme qui l'a écrite.")
    if read["revision"] != (expected := head()):
        raise BackupRefused(
            f"La sauvegarde est de la version {read['revision']} des tables, le programme de la version {expected} : "
            "la restaurer avec le programme qui l'a écrite, puis mettre à jour par « catering migrate »."
        )
    return Backup(FORM, read["revision"], {name: TableKept(**of) for name, of in read["tables"].items()})


def _compare(archive: zipfile.ZipFile, said: Backup) -> None:
    for table in all_tables().sorted_tables:
        with archive.open(_member(table.name)) as lines:
            if _digested(iter(lines), lambda _text: 0) != said.tables[table.name]:
                raise ValueError(f"la table {table.name} n'est pas celle qui a été écrite")


def _restore(connection: Connection, archive: zipfile.ZipFile, said: Backup, report: Report) -> None:
    tables = all_tables().sorted_tables
    if filled := next((table.name for table in tables if connection.scalar(select(literal(1)).select_from(table))), ""):
        raise BackupRefused(f"La base n'est pas vide (table {filled}) : restaurer dans une base neuve.")
    for done, table in enumerate(tables, 1):
        with archive.open(_member(table.name)) as lines:
            _fill(connection, table, iter(lines))
        report("Restauration", done, len(tables), table.name)
    for done, table in enumerate(tables, 1):
        if _digested(lines_of(connection, table), lambda _text: 0) != said.tables[table.name]:
            raise BackupRefused(f"La table {table.name} ne se relit pas comme la sauvegarde la dit.")
        report("Relecture", done, len(tables), table.name)
    _restart_numbers(connection)


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """The rows of a table in order of its primary key, each as the line of text that a backup keeps."""
    wanted = select(table).order_by(*table.primary_key).execution_options(yield_per=ROWS_AT_ONCE)
    columns = list(table.columns)
    with connection.execute(wanted) as rows:
        for row in rows:
            values = [_told(column.type, value) for column, value in zip(columns, row, strict=True)]
            yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _fill(connection: Connection, table: Table, lines: Iterator[bytes]) -> None:
    columns = list(table.columns)
    statement = insert(table).values(
        {column.name: bindparam(column.name, type_=_bound(column.type)) for column in columns}
    )
    while many := list(islice(lines, ROWS_AT_ONCE)):
        rows = [
            {column.name: _meant(column.type, value) for column, value in zip(columns, json.loads(line), strict=True)}
            for line in many
        ]
        connection.execute(statement, rows)


def _bound(kind: Any) -> Any:
    """An absent JSON value is NULL, not the JSON value null."""
    return JSON(none_as_null=True) if isinstance(kind, JSON) else kind


def _told(kind: Any, value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(kind, TypeDecorator):
        value = kind.process_bind_param(value, CANONICAL)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Enum):
        return value.name
    return value.isoformat() if isinstance(value, date) else value


def _meant(kind: Any, told: Any) -> Any:
    """The value that was told."""
    if told is None:
        return None
    if isinstance(kind, TypeDecorator):
        stored = datetime.fromisoformat(told) if kind.impl_instance.python_type is datetime else told
        return kind.process_result_value(stored, CANONICAL)
    if isinstance(kind, JSON):
        return told
    of = kind.python_type
    if issubclass(of, Enum):
        return of[told]
    if of is bytes:
        return base64.b64decode(told)
    return of.fromisoformat(told) if issubclass(of, date) else told


def _digested(lines: Iterator[bytes], write: Callable[[bytes], object]) -> TableKept:
    digest, rows = hashlib.sha256(), 0
    for line in lines:
        digest.update(line)
        write(line)
        rows += 1
    return TableKept(rows, digest.hexdigest())


def _restart_numbers(connection: Connection) -> None:
    """On PostgreSQL, rows that came with their numbers leave the sequences behind."""
    if connection.dialect.name != "postgresql":
        return
    for table in all_tables().sorted_tables:
        column = table.autoincrement_column
        if column is not None and (last := connection.scalar(select(func.max(column)))):
            name = func.pg_get_serial_sequence(table.name, column.name)
            if connection.scalar(select(name)):
                connection.execute(select(func.setval(name, last)))


def _revision(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or "aucune"


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"
