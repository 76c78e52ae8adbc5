"""A backup holds everything, whichever database wrote it and whichever reads it; what is damaged is refused whole."""

import json
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from catering.backup import INDEX, BackupRefused, restore_backup, write_backup
from catering.cli import main
from catering.commands import BAD_INPUT
from catering.db import Database
from catering.documents.models import Document, FileKind
from catering.migrate import upgrade
from catering.progress import silent
from catering.settings import settings
from catering.tables import all_tables
from tests.api.conftest import fill_all
from tests.api.dataset import SMALL
from tests.servers import copy_on_server, made_file

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with rows of every room: copy it, never write it."""

    async def make(database: Database) -> None:
        await upgrade(database)
        async with database.unit_of_work() as session:
            await fill_all(session, SMALL)

    return made_file(tmp_path_factory.mktemp("lived") / "catering.db", make)


@pytest.fixture
async def source(lived_in: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copy(lived_in, tmp_path / "source.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/source.db")
    yield database
    await database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
async def new(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database without any table, of each kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite+aiosqlite:///{tmp_path}/new.db")
    else:
        database = await copy_on_server(request.getfixturevalue("server"), "nothing", _nothing, as_owner=True)
    yield database
    await database.dispose()


async def _nothing(_: Database) -> None:
    """No table is made."""


async def test_everything_comes_back_and_goes_out_again_the_same(
    source: Database, new: Database, tmp_path: Path
) -> None:
    first = await write_backup(source, tmp_path / "first.zip", silent)
    assert await restore_backup(new, tmp_path / "first.zip", silent) == first
    assert await write_backup(new, tmp_path / "again.zip", silent) == first
    filled = [name for name, table in first.tables.items() if table.rows]
    assert len(filled) > 60, "rows of most rooms are compared"
    assert {"documents", "order_events", "purchase_lines", "weighings"} <= set(filled)


async def test_new_rows_take_numbers_of_their_own(source: Database, new: Database, tmp_path: Path) -> None:
    await write_backup(source, tmp_path / "kept.zip", silent)
    await restore_backup(new, tmp_path / "kept.zip", silent)
    async with new.unit_of_work() as session:
        last = await session.scalar(select(func.max(Document.id)))
        session.add(added := _document())
        await session.flush()
        assert last is not None
        assert added.id > last


async def test_what_is_written_meanwhile_is_not_half_in_it(source: Database, tmp_path: Path) -> None:
    with sqlite3.connect(source.url.removeprefix("sqlite+aiosqlite:///")) as other:
        before = other.execute("SELECT count(*) FROM accounts").fetchone()[0]

    def report(_phase: str, done: int, _total: int, _note: str = "") -> None:
        if done == 1:
            with sqlite3.connect(source.url.removeprefix("sqlite+aiosqlite:///")) as other:
                other.execute("DELETE FROM account_kitchens")
                other.execute("DELETE FROM account_suppliers")

    made = await write_backup(source, tmp_path / "kept.zip", report)
    assert made.tables["accounts"].rows == before
    assert made.tables["account_kitchens"].rows > 0


async def test_it_is_for_its_owner_and_never_replaces_a_file(source: Database, tmp_path: Path) -> None:
    await write_backup(source, tmp_path / "kept.zip", silent)
    content = (tmp_path / "kept.zip").read_bytes()
    assert stat.S_IMODE((tmp_path / "kept.zip").stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    with pytest.raises(BackupRefused, match="existe déjà"):
        await write_backup(source, tmp_path / "kept.zip", silent)
    assert (tmp_path / "kept.zip").read_bytes() == content


async def test_a_backup_that_cannot_be_finished_leaves_nothing(source: Database, tmp_path: Path) -> None:
    def report(_phase: str, done: int, _total: int, _note: str = "") -> None:
        if done == 3:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        await write_backup(source, tmp_path / "kept.zip", report)
    assert list(tmp_path.glob("*kept*")) == []


async def test_a_database_that_holds_rows_is_left_as_it_is(source: Database, tmp_path: Path) -> None:
    kept = await write_backup(source, tmp_path / "kept.zip", silent)
    with pytest.raises(BackupRefused, match="n'est pas vide"):
        await restore_backup(source, tmp_path / "kept.zip", silent)
    assert await write_backup(source, tmp_path / "again.zip", silent) == kept


@pytest.mark.parametrize("harm", ["a row is changed", "a row is missing", "a table is missing", "cut", "no archive"])
async def test_a_damaged_backup_is_refused_and_nothing_is_kept(
    source: Database, new: Database, tmp_path: Path, harm: str
) -> None:
    await write_backup(source, tmp_path / "kept.zip", silent)
    damaged = tmp_path / "damaged.zip"
    _damage(tmp_path / "kept.zip", damaged, harm)
    with pytest.raises(BackupRefused, match="n'est pas une sauvegarde entière"):
        await restore_backup(new, damaged, silent)
    await upgrade(new)
    async with new.reading() as session:
        counts = [await session.scalar(select(func.count()).select_from(table)) for table in all_tables().sorted_tables]
    assert not any(counts)


async def test_a_backup_that_is_not_there_is_said(new: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="n'existe pas"):
        await restore_backup(new, tmp_path / "none.zip", silent)


async def test_a_backup_of_another_version_says_which_program_reads_it(
    source: Database, new: Database, tmp_path: Path
) -> None:
    await write_backup(source, tmp_path / "kept.zip", silent)
    with zipfile.ZipFile(tmp_path / "kept.zip") as read, zipfile.ZipFile(tmp_path / "old.zip", "w") as written:
        for name in read.namelist():
            content = read.read(name)
            if name == INDEX:
                content = json.dumps(json.loads(content) | {"revision": "0001"}).encode()
            written.writestr(name, content)
    with pytest.raises(BackupRefused, match="de la version 0001 des tables"):
        await restore_backup(new, tmp_path / "old.zip", silent)


async def test_tables_of_another_version_are_not_written(tmp_path: Path) -> None:
    behind = Database(f"sqlite+aiosqlite:///{tmp_path}/behind.db")
    await upgrade(behind, "0017")
    with pytest.raises(BackupRefused, match="de la version 0017"):
        await write_backup(behind, tmp_path / "kept.zip", silent)
    await behind.dispose()


def test_the_commands_save_and_put_back(
    lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(lived_in, tmp_path / "source.db")
    file = str(tmp_path / "kept.zip")
    for name, command in (("source", "backup"), ("new", "restore")):
        monkeypatch.setenv("CATERING_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/{name}.db")
        settings.cache_clear()
        main([command, file])
    assert "relues et identiques" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["restore", file])
    assert ended.value.code == BAD_INPUT
    assert "n'est pas vide" in capsys.readouterr().err
    settings.cache_clear()


def _document() -> Document:
    at = datetime(2026, 11, 26, 9, tzinfo=UTC)
    return Document(sha256="f" * 64, kind=FileKind.PDF, name="a.pdf", size=3, at=at, actor="test", content=b"\x00\xff%")


def _damage(kept: Path, damaged: Path, harm: str) -> None:
    if harm == "no archive":
        damaged.write_text("achats;lignes\n")
        return
    if harm == "cut":
        damaged.write_bytes(kept.read_bytes()[:-500])
        return
    with zipfile.ZipFile(kept) as read, zipfile.ZipFile(damaged, "w") as written:
        for name in read.namelist():
            content = read.read(name)
            if name == "tables/kitchens.jsonl":
                if harm == "a table is missing":
                    continue
                lines = content.splitlines(keepends=True)
                content = b"".join(lines[1:]) if harm == "a row is missing" else content.replace(b"62", b"63", 1)
            written.writestr(name, content)
