"""The fictional weighings: they say that they are, and give what the pilots of the Département measured."""

import csv
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from catering.db import Database
from catering.graph.request import Request
from catering.people.viewer import demo_viewer
from catering.settings import Settings
from catering.waste.graph.views import together
from catering.waste.reading import Measured, of_all

ROOT = Path(__file__).resolve().parents[2]
WASTE = ROOT / "seeds" / "waste"
TABLES = ("campaigns.csv", "covers.csv", "weighings.csv")
OCTOBER = date(2026, 10, 5), date(2026, 10, 12)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


async def measured(database: Database, first: date, last: date) -> list[Measured]:
    request = Request(database, demo_viewer(), Settings())
    found = await of_all(request, first, last, None)
    await request.forget()
    return found


def test_every_row_says_that_it_is_fictional() -> None:
    for table in ("campaigns.csv", "weighings.csv"):
        assert {"fictive" in row["note"] for row in rows(WASTE / table)} == {True}


async def test_the_pilots_waste_135_grams_per_tray(demo: Database) -> None:
    found = await measured(demo, *OCTOBER)
    estimate = together(found)
    assert estimate is not None
    assert abs(estimate.value - 135) <= 1
    by_kitchen = {each.kitchen.uai: each.result.per_cover for each in found}
    stated = {row["uai"]: row for row in rows(ROOT / "seeds/build/waste/campaigns.csv") if row["first_day"] > "2026-09"}
    assert {uai: each and each.value for uai, each in by_kitchen.items()} == {
        uai: Decimal(row["g_per_cover"] + ".0") for uai, row in stated.items()
    }
    assert {each.kitchen.epci for each in found} == {"Communauté d'agglomération Grand Calais Terres et Mers"}


async def test_every_campaign_is_complete_and_its_days_differ(demo: Database) -> None:
    for each in [*await measured(demo, *OCTOBER), *await measured(demo, date(2026, 3, 9), date(2026, 3, 16))]:
        estimate = each.result.per_cover
        assert estimate is not None
        assert (estimate.days, each.result.partial_days, each.result.uncounted_days) == (5, [], [])
        assert estimate.low is not None
        assert estimate.high is not None
        assert 5 < estimate.high - estimate.low < 80


@pytest.mark.parametrize("table", TABLES)
def test_rebuilding_gives_the_committed_weighings(table: str, rebuilt: Path) -> None:
    assert (rebuilt / "waste" / table).read_bytes() == (WASTE / table).read_bytes()


def test_rebuilding_gives_the_committed_lunches_and_they_are_believable(rebuilt: Path) -> None:
    committed = ROOT / "seeds" / "attendance" / "colleges.csv"
    assert (rebuilt / "attendance" / "colleges.csv").read_bytes() == committed.read_bytes()
    lunches = rows(committed)
    assert len({row["group"] for row in lunches}) == 10
    assert (
        Decimal("0.90")
        < Decimal(sum(int(row["served"]) for row in lunches)) / sum(int(row["announced"]) for row in lunches)
        < Decimal("0.96")
    )


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The computed tables, made anew."""
    folder = tmp_path_factory.mktemp("seeds")
    subprocess.run([sys.executable, "-m", "seeds.build", "--out", folder], cwd=ROOT, check=True)
    return folder
