"""`catering import` and `catering grid`: what a person sees of them, and the files they read and write."""

import csv
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from catering.cli import main
from catering.commands import CommandFailed
from catering.commands_purchases import import_purchases
from catering.compliance.files import ALERTS_HEADER, GRID_HEADER
from catering.db import Database
from catering.migrate import upgrade
from catering.purchases.models import PurchaseImport, PurchaseLine
from catering.settings import settings
from tests.purchases.conftest import file_of, rows, settle, siret, sirets
from tests.servers import empty


@pytest.fixture(params=["sqlite", "postgresql"])
async def served(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database as a server has it, with three collèges, on each kind."""
    on_postgres = request.param == "postgresql"
    database = Database(
        request.getfixturevalue("server") if on_postgres else f"sqlite+aiosqlite:///{tmp_path}/catering.db"
    )
    if on_postgres:
        async with database.engine.begin() as connection:
            await empty(connection)
    await upgrade(database)
    await settle(database)
    yield database
    await database.dispose()


@pytest.fixture
def written(tmp_path: Path) -> Path:
    file = tmp_path / "achats.csv"
    file.write_bytes(file_of(rows([siret("196200000")], 30)))
    return file


async def test_a_file_enters_with_its_progress_told_and_once(
    served: Database, written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not (await import_purchases(served, written, twins_meant=False)).again
    assert (await import_purchases(served, written, twins_meant=False)).again
    out, progress = capsys.readouterr()
    assert "30 lignes" in out
    assert "déjà importées" in out
    assert "Lecture des achats : 30/30" in progress
    assert "Enregistrement des achats : 30/30" in progress
    async with served.reading() as session:
        (file,) = await session.scalars(select(PurchaseImport))
        lines = list(await session.scalars(select(PurchaseLine)))
    assert len(lines) == file.lines == 30
    assert sum((each.amount_excl_tax for each in lines), Decimal(0)) == file.amount_excl_tax
    assert {each.entered_by for each in lines} == {file.actor} == {"Ligne de commande"}


async def test_every_fault_is_told_and_nothing_enters(served: Database, tmp_path: Path) -> None:
    lines = rows([siret("196200000")], 30)
    for line in range(3, 20):
        lines[line][3] = "hier"
    (tmp_path / "faux.csv").write_bytes(file_of(lines))
    with pytest.raises(CommandFailed, match="Fautes : 17 ; rien") as refused:
        await import_purchases(served, tmp_path / "faux.csv", twins_meant=False)
    assert refused.value.code == 2
    assert str(refused.value).count("« hier »") == 17
    async with served.reading() as session:
        assert list(await session.scalars(select(PurchaseLine))) == []


@pytest.fixture
async def department(demo: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The 125 collèges with purchases, as the settings of a command name them; SIRET by UAI."""
    monkeypatch.setenv("CATERING_DATABASE_URL", demo.url)
    settings.cache_clear()
    named = await sirets(demo)
    (tmp_path / "achats.csv").write_bytes(file_of(rows(sorted(named.values()), 1_000)))
    await import_purchases(demo, tmp_path / "achats.csv", twins_meant=False)
    return named


def test_the_grid_and_its_alerts_are_written(department: dict[str, str], tmp_path: Path) -> None:
    main(["grid", "--year", "2026", "--out", str(tmp_path / "grille.xlsx")])
    header, *cells = load_workbook(tmp_path / "grille.xlsx").worksheets[0].iter_rows(values_only=True)
    assert header == GRID_HEADER
    assert {row[0] for row in cells} == set(department)
    assert {"EGAlim à ce jour", "EGAlim projeté au 31 décembre", "Commande publique"} <= {row[4] for row in cells}
    main(["grid", "--year", "2026", "--alerts", "--out", str(tmp_path / "alertes.csv")])
    with (tmp_path / "alertes.csv").open(encoding="utf-8-sig", newline="") as opened:
        header, *alerts = csv.reader(opened, delimiter=";")
    assert tuple(header) == ALERTS_HEADER
    assert alerts
    assert {row[0] for row in alerts} <= set(department)


def test_the_grid_of_an_intercommunalite_holds_its_own(department: dict[str, str], tmp_path: Path) -> None:
    main(["grid", "--year", "2026", "--out", str(tmp_path / "tout.csv")])
    with (tmp_path / "tout.csv").open(encoding="utf-8-sig", newline="") as opened:
        _, *every = csv.reader(opened, delimiter=";")
    epci = every[0][3]
    main(["grid", "--year", "2026", "--epci", epci, "--out", str(tmp_path / "epci.csv")])
    with (tmp_path / "epci.csv").open(encoding="utf-8-sig", newline="") as opened:
        _, *some = csv.reader(opened, delimiter=";")
    assert some == [row for row in every if row[3] == epci]
    assert 0 < len(some) < len(every)


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("Pays d'Opale", "« Communauté de communes Pays d'Opale » ?"),
        ("ca henin carvin", "« Communauté d'agglomération d'Hénin-Carvin » ?"),
        ("Zzyzx", "En vérifier le nom."),
    ],
)
def test_an_intercommunalite_that_nobody_knows_is_refused(
    department: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: str, near: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["grid", "--epci", asked, "--out", str(tmp_path / "grille.csv")])
    assert ended.value.code == 2
    assert near in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "grille.csv").exists()


@pytest.mark.parametrize("options", [["--json"], []])
def test_a_reader_who_has_left_gets_no_traceback(written: Path, options: list[str]) -> None:
    program = [sys.executable, "-c", "from catering.cli import main; main()", "egalim", str(written), *options]
    theirs, ours = os.pipe()
    os.close(theirs)
    with os.fdopen(ours, "wb") as out:
        done = subprocess.run(program, stdout=out, stderr=subprocess.PIPE, check=False)
    assert b"Traceback" not in done.stderr
    assert b"Broken" not in done.stderr
    assert done.returncode == 1


def test_a_file_of_another_kind_is_refused(department: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["grid", "--out", str(tmp_path / "grille.pdf")])
    assert ended.value.code == 2
    assert not (tmp_path / "grille.pdf").exists()
