"""Waste priced in a problem: the folder states it, menus avoid it, the bound and the check count it."""

from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import solve, verify
from optimizer.faults import BadFolder
from optimizer.problem import Problem
from tests.optimizer.engine.tiny import dish, offer, tiny, weekdays

D = Decimal
DEAR, CHEAP = dish("dear"), dish("cheap")
PRICED = [offer("o_dear", "i_dear", "2"), offer("o_cheap", "i_cheap", "1")]
"""100 g a cover: 0.20 € and 0.10 € a cover."""


def problem(waste: dict[tuple[str, str], Decimal]) -> Problem:
    of = tiny([DEAR, CHEAP], covers={"k": 10, "l": 20}, offers=PRICED, dates=weekdays(1))
    return replace(of, waste=waste)


def served(of: Problem, kitchen: str) -> set[str]:
    plan = solve(of, workers=1)
    assert verify(of, plan) == []
    return {line.dish for line in plan.menus if line.kitchen == kitchen}


def test_a_dish_that_comes_back_gives_way_where_it_does() -> None:
    assert served(problem({}), "k") == {"cheap"}
    of = problem({("k", "cheap"): D("0.11")})
    assert (served(of, "k"), served(of, "l")) == ({"dear"}, {"cheap"}), "waste is of a kitchen"
    assert served(problem({("k", "cheap"): D("0.09")}), "k") == {"cheap"}, "not more than it is worth"


@settings(max_examples=15, deadline=None)
@given(st.tuples(*[st.decimals(0, 1, places=4) for _ in range(4)]))
def test_the_objective_is_cost_and_waste_and_never_below_the_bound(amounts: tuple[Decimal, ...]) -> None:
    keys = [(kitchen, name) for kitchen in "kl" for name in ("dear", "cheap")]
    of = problem(dict(zip(keys, amounts, strict=True)))
    plan = solve(of, workers=1)
    assert verify(of, plan) == []
    said = plan.summary
    exact = sum(of.waste[line.kitchen, line.dish] * line.covers for line in plan.menus)
    assert said.waste_eur == exact.quantize(D("0.01"), ROUND_CEILING)
    assert said.objective_eur == said.cost_eur + said.waste_eur
    each = {
        kitchen: min(D("0.20") + of.waste[kitchen, "dear"], D("0.10") + of.waste[kitchen, "cheap"]) for kitchen in "kl"
    }
    least = each["k"] * 10 * 4 + each["l"] * 20 * 4
    assert abs(said.objective_eur - least) <= D("0.09"), "one dish each day at its true price, but for rounding"
    assert said.gap < D("0.02")


def test_the_check_refutes_waste_left_out() -> None:
    of = problem({("k", "cheap"): D("0.05"), ("k", "dear"): D("0.05")})
    plan = solve(of, workers=1)
    assert plan.summary.waste_eur == D("2.00")
    less = replace(plan.summary, waste_eur=D("0.00"), objective_eur=plan.summary.cost_eur)
    faults = [str(fault) for fault in verify(of, replace(plan, summary=less))]
    assert any("waste_eur" in fault for fault in faults)
    assert any("objective_eur" in fault for fault in faults)


def test_the_folder_states_it_and_nothing_when_there_is_none(tmp_path: Path) -> None:
    without, stated = tmp_path / "without", tmp_path / "with"
    problem({}).to_folder(without)
    assert not (without / "waste.csv").exists(), "an old problem keeps its files and its hash"
    of = problem({("k", "cheap"): D("0.1100"), ("l", "dear"): D("0.5")})
    of.to_folder(stated)
    assert (stated / "waste.csv").read_text() == "kitchen,dish,eur_per_cover\nk,cheap,0.11\nl,dear,0.5\n"
    read = Problem.from_folder(stated)
    assert read == of
    assert read.sha256 == of.sha256 != problem({}).sha256
    problem({}).to_folder(stated)
    assert not (stated / "waste.csv").exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("z,cheap,0.1", "kitchens.csv"),
        ("k,nothing,0.1", "dishes.csv"),
        ("k,cheap,-0.1", "trop petit"),
        ("k,cheap,0.12345", "décimales"),
        ("k,cheap,0.1\nk,cheap,0.2", "déjà décrit"),
    ],
)
def test_bad_lines_are_refused(tmp_path: Path, line: str, said: str) -> None:
    problem({}).to_folder(tmp_path / "p")
    (tmp_path / "p" / "waste.csv").write_text(f"kitchen,dish,eur_per_cover\n{line}\n")
    with pytest.raises(BadFolder, match=said):
        Problem.from_folder(tmp_path / "p")


def test_a_plan_folder_keeps_it(tmp_path: Path) -> None:
    of = problem({("k", "cheap"): D("0.05"), ("k", "dear"): D("0.05")})
    plan = solve(of, workers=1)
    plan.to_folder(tmp_path / "plan")
    assert type(plan).from_folder(tmp_path / "plan").summary == plan.summary
