"""The grid over HTTP: the files that a nutrition manager downloads, opened."""

import csv
import io
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from catering.compliance.files import ALERTS_HEADER, GRID_HEADER
from tests.api.conftest import ADMINISTRATOR, CHEF, PRODUCER
from tests.api.dataset import uai
from tests.api.test_papers import House, opened

Table = list[list[str]]


@pytest.fixture
async def house(small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with opened(Path(shutil.copy(small_file, tmp_path / "grid.db")), monkeypatch) as house:
        yield house


def table(content: bytes) -> Table:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet(content: bytes) -> Table:
    (only,) = load_workbook(io.BytesIO(content)).worksheets
    return [["" if cell is None else str(cell) for cell in row] for row in only.iter_rows(values_only=True)]


@pytest.mark.parametrize(("content", "header"), [("grid", GRID_HEADER), ("alerts", ALERTS_HEADER)])
async def test_the_two_kinds_of_files_say_the_same(house: House, content: str, header: tuple[str, ...]) -> None:
    found = {kind: await house.get(f"/grid/2026.{kind}?content={content}", ADMINISTRATOR) for kind in ("csv", "xlsx")}
    assert {each.status_code for each in found.values()} == {200}
    first, *rows = table(found["csv"].content)
    assert tuple(first) == header
    assert rows
    # A formula's shield stands in both; the text is the same.
    assert sheet(found["xlsx"].content) == [first, *rows]
    name = "grille" if content == "grid" else "alertes"
    for kind, each in found.items():
        assert f'filename="{name}_2026.{kind}"' in each.headers["content-disposition"]


async def test_everybody_gets_their_own_kitchens(house: House) -> None:
    _, *mine = table((await house.get("/grid/2026.csv", CHEF)).content)
    assert {row[0] for row in mine} == {uai(0)}
    _, *every = table((await house.get("/grid/2026.csv", ADMINISTRATOR)).content)
    assert {row[0] for row in every} > {uai(0)}
    assert table((await house.get("/grid/2026.csv", PRODUCER)).content) == [list(GRID_HEADER)]
    assert (await house.get("/grid/2026.csv", None)).status_code == 401


async def test_rules_and_an_intercommunalite_narrow_it(house: House) -> None:
    _, *every = table((await house.get("/grid/2026.csv", ADMINISTRATOR)).content)
    _, *rules = table((await house.get("/grid/2026.csv?rule=EGA-01&rule=EGA-02", ADMINISTRATOR)).content)
    assert rules == [row for row in every if row[5] in ("EGA-01", "EGA-02")]
    epci = every[0][3]
    _, *some = table((await house.get(f"/grid/2026.csv?epci={epci}", ADMINISTRATOR)).content)
    assert some == [row for row in every if row[3] == epci]


@pytest.mark.parametrize("path", ["/grid/2026.pdf", "/grid/1999.csv", "/grid/2026.csv?content=all"])
async def test_what_is_no_file_of_it_is_refused(house: House, path: str) -> None:
    assert (await house.get(path, ADMINISTRATOR)).status_code == 422
