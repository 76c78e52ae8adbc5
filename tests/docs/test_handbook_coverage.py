"""Every rule of EGAlim, menus and procurement has a row: its source and where it is shown, or why it is left out."""

import re
from collections import Counter
from itertools import chain

import pytest

from catering.rules import LAW_FOLDER, law
from tests.api.operations import operations
from tests.docs.pages import CODE, HANDBOOK, read
from tests.lints.sources import ROOT

ID = re.compile(r"\b((?:EGA|VEG|NUT|CCP)-[A-Z]?[0-9]{1,2})\b")
ROW = re.compile(r"^\| `((?:EGA|VEG|NUT|CCP)-[A-Z]?[0-9]{1,2})(?:-[A-Z-]+)?` \|(.*)\|$", re.MULTILINE)
READ = frozenset({".py", ".csv", ".yaml", ".html"})
PAGES = ("achats.md", "egalim.md", "nutrition.md", "regles.md")
PLACED, LEFT_OUT = 4, 3
"""Cells beside the id of a row that says where a rule is and is shown, and of one that says why it is left out."""
NUMBERED = {
    "EGA-": (*range(1, 35), *range(40, 43), *range(50, 54)),
    "VEG-": range(1, 11),
    "NUT-": range(1, 16),
    "NUT-S": range(1, 6),
    "NUT-P": range(1, 3),
    "CCP-": (*range(1, 10), *range(10, 15), *range(20, 26), *range(30, 36), *range(40, 47)),
}
"""The rules of these texts that a catering of collèges meets, by their numbers; one digit after a letter."""


def rows() -> list[tuple[str, str, list[str]]]:
    """Page, id and other cells of every row about a rule; rows of figures measured are none."""
    found = []
    for page in PAGES:
        text = read(HANDBOOK / page).split("## Ce que disent les menus")[0]
        found += [(page, match[1], [cell.strip() for cell in match[2].split(" | ")]) for match in ROW.finditer(text)]
    return found


def test_no_number_is_passed_over() -> None:
    told = {rule for _, rule, _ in rows()}
    asked = {f"{kind}{n if kind[-1] != '-' else f'{n:02}'}" for kind, numbers in NUMBERED.items() for n in numbers}
    assert told == asked


def test_every_rule_named_in_the_program_has_a_row() -> None:
    told = {rule for _, rule, _ in rows()}
    files = [file for file in (ROOT / "catering").rglob("*") if file.suffix in READ]
    used = set(chain.from_iterable(ID.findall(read(file)) for file in files))
    assert used
    assert sorted(used - told) == []


@pytest.mark.parametrize("page", PAGES[:-1])
def test_a_row_names_sources_files_and_operations_that_exist(page: str) -> None:
    stored, sources = set(operations()), law().tables.sources
    for _, rule, cells in (row for row in rows() if row[0] == page):
        assert len(cells) in (PLACED, LEFT_OUT), rule
        assert all(source in sources for source in cells[1].split(", ")), (rule, cells[1])
        if len(cells) == LEFT_OUT:
            continue
        for code in CODE.findall(cells[2]):
            if "/" in code:
                assert list(ROOT.glob(code)) or list(LAW_FOLDER.glob(code)), (rule, code)
        shown = [code for code in CODE.findall(cells[3]) if re.fullmatch(r"[a-z]+/[A-Z]\w+", code)]
        assert set(shown) <= stored, rule


def test_a_rule_is_left_out_or_kept_never_both() -> None:
    left_out = {rule for _, rule, cells in rows() if len(cells) == LEFT_OUT and cells[-1] and "`" not in cells[-1]}
    kept = Counter(rule for _, rule, cells in rows() if len(cells) == PLACED)
    assert left_out
    assert not left_out & set(kept)
    assert [rule for rule, times in kept.items() if times > 1 and rule.startswith("CCP")] == []
