"""seeds/README.md states the tables as the loader reads them."""

import re

import pytest

from catering.recipes.vocabulary import Allergen, IngredientKind, Slot, Technique
from catering.seeding.checks import GREATEST_YIELD, LEAST_YIELD
from catering.seeding.shapes import Table
from catering.seeding.tables import TABLES
from tests.docs.pages import CODE, read, section, table_rows
from tests.lints.sources import ROOT

PAGE = ROOT / "seeds/README.md"
CONVENTIONS = section(PAGE, "Conventions")


def stated() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """By file: the cells that may be empty, and the columns."""
    rows = {True: {}, False: {}}  # type: dict[bool, dict[str, list[str]]]
    for file, cells in table_rows(read(PAGE)):
        codes = CODE.findall(cells)
        rows["," in codes[0]][file.strip("`")] = codes[0].split(",") if "," in codes[0] else codes
    return rows[False], rows[True]


EMPTY, COLUMNS = stated()


def file_of(table: Table) -> str:
    """The file as the page names it: one line for the files of all slots."""
    return re.sub(rf"dishes/({'|'.join(Slot)})", "dishes/<slot>", table.files[0])


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_columns_are_those_the_loader_reads(table: Table) -> None:
    assert COLUMNS[file_of(table)] == [column.name for column in table.columns]


def test_no_table_is_forgotten_or_invented() -> None:
    assert set(COLUMNS) == {file_of(table) for table in TABLES}


def test_the_cells_that_may_be_empty_are_listed() -> None:
    optional = {file_of(table): [each.name for each in table.columns if not each.required] for table in TABLES}
    assert {file: names for file, names in optional.items() if names} == EMPTY


@pytest.mark.parametrize("vocabulary", [Allergen, IngredientKind, Technique])
def test_the_words_are_those_of_the_code(vocabulary: type[Allergen | IngredientKind | Technique]) -> None:
    lists = [set(code.split()) for code in CODE.findall(CONVENTIONS)]
    assert {word.value for word in vocabulary} in lists


def test_the_plausible_yields_are_those_of_the_check() -> None:
    assert f"({LEAST_YIELD} to {GREATEST_YIELD}:" in CONVENTIONS
