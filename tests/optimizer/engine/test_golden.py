"""What each rule means to the solver, as committed texts: a changed row shows as a changed file."""

from __future__ import annotations

from typing import get_args

import pytest

from optimizer.rules import Rule
from tests.optimizer.engine.golden_models import FOLDER, GOLDEN

STRUCTURAL = {"MENU", "SEASON", "DEMAND", "CAPACITY", "MIN_DROP"}
HOW = "if this is meant: python -m tests.optimizer.engine.golden_models, then read the difference"


@pytest.mark.parametrize("name", GOLDEN)
def test_the_model_is_the_one_committed(name: str) -> None:
    assert GOLDEN[name].text() == (FOLDER / f"{name}.lp").read_text(encoding="utf-8"), HOW


def test_every_rule_kind_and_structural_row_has_a_text() -> None:
    shown = {kind for golden in GOLDEN.values() for kind in golden.shows}
    assert shown == {kind.kind for kind in get_args(Rule)} | STRUCTURAL


@pytest.mark.parametrize("name", GOLDEN)
def test_a_text_shows_the_rows_it_is_there_for(name: str) -> None:
    golden = GOLDEN[name]
    rows = {row for row in golden.shows if row in STRUCTURAL - {"SEASON"}}
    rows |= {rule.id for rule in golden.problem.rules if rule.kind in golden.shows}
    text = golden.text()
    assert [row for row in rows if f"\n{row}." not in text] == []
    assert all(kind in STRUCTURAL or kind in {rule.kind for rule in golden.problem.rules} for kind in golden.shows)


def test_no_text_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.lp")} == set(GOLDEN)
