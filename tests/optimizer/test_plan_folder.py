"""Plan folders: what is written is read back whole, and what cannot be read is named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.__main__ import main
from optimizer.faults import BadFolder, FolderFault
from optimizer.plan import Drop, KitchenResult, MenuLine, Plan, Price, RuleResult, SourcingLine, Summary
from optimizer.problem import Problem
from tests.optimizer.examples import plan_of, two_kitchens


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    plan_of(two_kitchens()).to_folder(tmp_path / "plan")
    return tmp_path / "plan"


def faults_of(folder: Path) -> list[FolderFault]:
    with pytest.raises(BadFolder) as bad:
        Plan.from_folder(folder)
    return list(bad.value.faults)


# -- round trip --------------------------------------------------------------------------------------------------------

ID = st.text("abcdéœ_-'\" ,;0123456789", min_size=1, max_size=8).filter(lambda text: text == text.strip())
EUROS = st.decimals(0, 10**7, places=2)
NUMBER = st.decimals(-(10**6), 10**6, places=9)
MAYBE = st.none() | st.decimals(0, 10**6, places=6)
GRAMS = st.integers(1, 10**12)
SHARES = st.dictionaries(ID, st.dictionaries(st.sampled_from(["2026", "2027"]), MAYBE, max_size=2), max_size=2)
RESULT = st.builds(RuleResult, ID, ID, ID, MAYBE, MAYBE, MAYBE, st.booleans())
KITCHEN = st.builds(KitchenResult, ID, EUROS, st.integers(0, 10**9), st.decimals(0, 99, places=4), SHARES)
KIND = st.sampled_from(["capacity", "ratio", "budget", "menu"])


def sorted_tuples(items: st.SearchStrategy[Any], key: Callable[[Any], Any] | None = None) -> st.SearchStrategy[Any]:
    return st.lists(items, max_size=5).map(lambda drawn: tuple(sorted(drawn, key=key)))


PLANS = st.builds(
    Plan,
    sorted_tuples(st.builds(MenuLine, ID, st.dates(), ID, ID, st.integers(1, 10**6))),
    sorted_tuples(st.builds(SourcingLine, ID, st.dates(), ID, ID, GRAMS, EUROS)),
    sorted_tuples(st.builds(Drop, ID, st.dates(), ID, GRAMS, EUROS)),
    sorted_tuples(st.builds(Price, KIND, st.just("") | ID, st.just("") | ID, st.just("") | ID, ID, NUMBER, NUMBER)),
    st.builds(
        Summary,
        problem_sha256=st.just("0" * 64),
        cost_eur=EUROS,
        penalty_eur=EUROS,
        objective_eur=EUROS,
        lower_bound_eur=st.decimals(-(10**7), 10**7, places=2),
        gap=st.decimals(-1, 1, places=6),
        meals=st.integers(0, 10**9),
        seconds=st.decimals(0, 10**5, places=1),
        peak_memory_mb=st.integers(0, 10**6),
        solver=ID,
        seed=st.integers(0, 10**9),
        rules=sorted_tuples(RESULT, lambda of: (of.id, of.kitchen, of.period)),
        kitchens=sorted_tuples(KITCHEN, lambda of: of.id),
    ),
)


@settings(max_examples=60, deadline=None)
@given(PLANS)
def test_a_round_trip_loses_nothing(plan: Plan) -> None:
    with TemporaryDirectory() as place:
        plan.to_folder(Path(place) / "plan")
        assert Plan.from_folder(Path(place) / "plan") == plan


def test_equal_plans_give_equal_bytes(folder: Path, tmp_path: Path) -> None:
    plan = plan_of(two_kitchens())
    shuffled = replace(plan, menus=plan.menus[::-1], sourcing=plan.sourcing[::-1], prices=plan.prices[::-1])
    shuffled.to_folder(tmp_path / "again")
    for path in folder.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_summary_is_plain_json_for_any_reader(folder: Path, tmp_path: Path) -> None:
    problem = two_kitchens()
    problem.to_folder(tmp_path / "problem")
    digest = hashlib.sha256()
    for path in sorted((tmp_path / "problem").iterdir(), key=lambda path: path.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    text = (folder / "summary.json").read_text(encoding="utf-8")
    summary = json.loads(text)
    assert summary["format"] == "catering-plan/1"
    assert summary["problem_sha256"] == digest.hexdigest() == Problem.from_folder(tmp_path / "problem").sha256
    assert summary["cost_eur"] == 2061.97
    assert '"penalty_eur": 2.50,' in text, "amounts keep their two decimals"
    assert summary["rules"][0] == {
        "id": "BUDGET",
        "scope": {"kitchen": "arras", "period": "horizon"},
        "value": 1226.11,
        "bound": {"min": None, "max": 1904.4},
        "holds": True,
    }
    arras = summary["kitchens"][0]
    assert (arras["id"], arras["cost_eur"], arras["meals"]) == ("arras", 1226.11, 828)
    assert set(arras["ratios"]) == {"EGALIM", "MEAT"}
    assert set(arras["ratios"]["MEAT"]) == {"2026", "2027"}


def test_half_a_cent_is_never_written(tmp_path: Path) -> None:
    plan = plan_of(two_kitchens())
    odd = replace(plan.drops[0], amount_excl_tax=Decimal("1.005"))
    with pytest.raises(ValueError, match="cents"):
        replace(plan, drops=(odd,)).to_folder(tmp_path / "plan")
    assert not (tmp_path / "plan").exists()


# -- bad plans ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "column", "said"),
    [
        ("menus.csv", "kitchen,date,slot,dish,covers", "kitchen,date,slot,plat,covers", 1, "dish", "manque"),
        ("menus.csv", "arras,2026-12-14,dessert,pomme,100", "arras,2026-12-14,dessert,pomme,0", 2, "covers", "petit"),
        ("sourcing.csv", ",213.34", ',"213,34"', 2, "amount_excl_tax", "virgule"),
        ("sourcing.csv", ",213.34", ",213.345", 2, "amount_excl_tax", "2 décimales"),
        ("sourcing.csv", ",21270,", ",0,", 2, "grams", "petit"),
        ("drops.csv", "2026-12-08", "08/12/2026", 2, "date", "pas une date"),
        ("prices.csv", "budget,arras", "budgets,arras", 2, "kind", "vouliez-vous « budget »"),
        ("summary.json", '"gap": 0', '"gap": "zéro", "écart": 0', 8, "gap", "ne convient pas"),
        ("summary.json", '"cost_eur": 2061.97', '"cost_eur": "2061,97"', 4, "cost_eur", "ne convient pas"),
        ("summary.json", '"format": "catering-plan/1"', '"format": "catering-plan/0"', 2, "format", "catering-plan/0"),
    ],
)
def test_a_plan_that_cannot_be_read_is_named(
    folder: Path, file: str, old: str, new: str, line: int, column: str, said: str
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [fault for fault in faults_of(folder) if fault.column == column]
    assert [(fault.file, fault.line) for fault in found] == [(file, line)]
    assert said in found[0].message


def test_a_missing_summary_refuses_the_plan_with_code_2(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_kitchens().to_folder(tmp_path / "problem")
    (folder / "summary.json").unlink()
    assert main(["verify", str(tmp_path / "problem"), str(folder)]) == 2
    assert "summary.json : Le fichier manque." in capsys.readouterr().err
