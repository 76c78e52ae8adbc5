"""`catering bilan`: the files of a year and their proof, or what to do in French."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from catering.commands import CommandFailed
from catering.commands_bilan import bilan
from catering.db import Database
from catering.declarations import proof
from catering.migrate import upgrade
from catering.purchases.models import Canteen
from catering.purchases.refusals import NoPurchase
from tests.api import dataset
from tests.declarations.conftest import YEAR, bring_in, one_line

SIRET = "19620004200014"


@pytest.fixture
async def migrated(tmp_path: Path) -> AsyncIterator[Database]:
    """A database as a server has it, with one kitchen."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/catering.db")
    await upgrade(database)
    async with database.unit_of_work() as session:
        kitchen = dataset.kitchen(0)
        session.add(kitchen)
        await session.flush()
        session.add(Canteen(kitchen_id=kitchen.id, siret=SIRET))
    yield database
    await database.dispose()


async def test_the_files_are_written_and_proven(
    migrated: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await bring_in(migrated, [one_line(SIRET, "75.00", sign="BIO"), one_line(SIRET, "25.00")])
    await bilan(migrated, YEAR, tmp_path / "out", [])
    told = capsys.readouterr().out
    assert "Collèges : 1. Fichiers relus, mêmes montants au centime et mêmes parts." in told
    assert "Bilan détaillé, version 2026-08, à vérifier avant de déposer" in " ".join(told.split())
    assert "ordre des colonnes à vérifier" in " ".join(told.split())
    assert len(list((tmp_path / "out").iterdir())) == 4
    rows = (tmp_path / "out" / f"bilan_simple_{YEAR}.csv").read_text().splitlines()
    assert rows[1].startswith(f"{SIRET},2026,100.00,75.00")


async def test_a_year_without_purchases_is_refused(migrated: Database, tmp_path: Path) -> None:
    with pytest.raises(NoPurchase, match=str(YEAR)):
        await bilan(migrated, YEAR, tmp_path / "out", [])
    assert not (tmp_path / "out").exists()


async def test_a_file_that_says_something_else_fails(
    migrated: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bring_in(migrated, [one_line(SIRET, "75.00")])
    monkeypatch.setattr(proof, "figures_read", lambda *_: {})
    with pytest.raises(CommandFailed, match="d'un seul côté") as failed:
        await bilan(migrated, YEAR, tmp_path / "out", [])
    assert failed.value.code == 2
