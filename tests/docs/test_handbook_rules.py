"""The handbook names every rule, every kind and set of rules; what it says of changing one is what happens."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

import optimizer.rules as engine
from catering.rules import LAW_FOLDER, RuleFileError, law, load_book
from catering.rules.frequencies import CHECKED_SETS
from catering.rules.planning import PLANNED_SETS
from catering.rules.shapes import SHAPES, Confidence, Parameter, RuleHead
from tests.api.operations import operations
from tests.docs.pages import CODE, block, first_codes, read, section, table_rows
from tests.docs.rule_table import (
    CHECK,
    GRID_HEADING,
    GRID_PAGE,
    HEADING,
    NOT_COMPUTED,
    PAGE,
    RESULTS,
    grid_written,
    places_of,
    written,
)
from tests.lints.sources import ROOT

YAML, MESSAGE = block(PAGE, "yaml", "EGA-02"), block(PAGE, "text", "EGA-02")


def test_every_rule_is_in_the_handbook_with_its_title() -> None:
    text = read(PAGE)
    assert text[text.index(HEADING) :] == written(), "run `python -m tests.docs.rule_table`"


def test_every_rule_of_the_grid_is_on_its_page() -> None:
    text = read(GRID_PAGE)
    assert text[text.index(GRID_HEADING) :] == grid_written(), "run `python -m tests.docs.rule_table`"


def test_every_rule_says_where_it_is_shown_and_by_which_source() -> None:
    stored = set(operations())
    for rule, entry in law().entries.items():
        shown = bool(places_of(rule))
        assert shown is (rule not in NOT_COMPUTED), f"{rule}: say in tests/docs/rule_table.py where it is shown"
        assert set(places_of(rule)) <= stored, rule
        assert all(dated.source in law().tables.sources for dated in entry.values), rule


def read_by_code(parameter: str) -> bool:
    """Whether some module asks for a parameter, by its whole id or by what comes before its last word."""
    asked = (f'"{parameter}"', f'f"{parameter.rpartition("-")[0]}-{{')
    return any(each in source for each in asked for source in SOURCES)


SOURCES = [
    path.read_text(encoding="utf-8") for folder in ("catering", "optimizer") for path in (ROOT / folder).rglob("*.py")
]


def test_a_parameter_that_no_code_reads_is_said_not_to_be_computed() -> None:
    parameters = {each.variant_of or each.id for each in law().entries.values() if isinstance(each, Parameter)}
    unread = {each for each in parameters if isinstance(law().entry(each), Parameter) and not read_by_code(each)}
    assert unread == {each for each in NOT_COMPUTED if isinstance(law().entry(each), Parameter)}


def test_a_rule_is_shown_by_what_counts_its_set() -> None:
    """The nutrition check counts the sets that are signed, results of a plan those that bind it; no other is there."""
    for rule, entry in law().entries.items():
        if isinstance(entry, RuleHead):
            assert (CHECK in places_of(rule)) is (entry.rule_set in CHECKED_SETS), rule
            assert (RESULTS in places_of(rule)) is (entry.rule_set in PLANNED_SETS), rule
            assert (rule in NOT_COMPUTED) is (entry.rule_set not in {*CHECKED_SETS, *PLANNED_SETS}), rule


def test_every_kind_of_rule_is_explained() -> None:
    of_the_optimizer = {kind.kind for kind in get_args(engine.Rule)}
    assert set(first_codes(section(PAGE, "Les genres de règles"))) == of_the_optimizer | set(SHAPES)


def test_every_set_says_whether_it_binds_a_plan() -> None:
    said = {CODE.findall(cells[0])[0]: cells[-1] for cells in table_rows(section(PAGE, "Quelles règles lient un plan"))}
    sets = get_args(RuleHead.model_fields["rule_set"].annotation)
    assert said == {name: "oui" if name in PLANNED_SETS else "non" for name in sets}


def test_every_confidence_is_named() -> None:
    assert all(f"`{word}`" in section(PAGE, "Changer une règle à une date") for word in get_args(Confidence))


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A copy of the rules in which EGA-02 is changed as the handbook shows."""
    folder = tmp_path / "rules"
    shutil.copytree(LAW_FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    file = folder / "egalim/EGA-02.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("values:")] + YAML.body, encoding="utf-8")
    return folder


def test_a_dated_change_is_read_as_the_handbook_says(changed: Path) -> None:
    book = load_book(changed)
    assert book.parameter("EGA-02", date(2026, 12, 31)) == Decimal("0.20")
    assert book.parameter("EGA-02", date(2027, 1, 1)) == Decimal("0.25")


def test_forgetting_the_end_is_refused_with_the_message_shown(changed: Path) -> None:
    file = changed / "egalim/EGA-02.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("    valid_to: 2026-12-31\n", ""), encoding="utf-8")
    with pytest.raises(RuleFileError) as refused:
        load_book(changed)
    assert str(refused.value).endswith("/" + MESSAGE.body.strip())
