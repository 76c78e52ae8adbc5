"""A problem without a plan is told as the rules that exclude each other, where and when, and nothing else."""

from __future__ import annotations

import pickle

import pytest

from optimizer import Conflict, Infeasible, Problem, solve, verify
from tests.optimizer.engine.infeasible import IMPOSSIBLE, Impossible, without


def infeasible(problem: Problem) -> Infeasible:
    with pytest.raises(Infeasible) as raised:
        solve(problem, workers=1, time_limit=20)
    return raised.value


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_exactly_the_rules_that_matter_are_named(name: str) -> None:
    impossible: Impossible = IMPOSSIBLE[name]()
    conflicts = infeasible(impossible.problem).conflicts
    assert {conflict.rule_id for conflict in conflicts} == impossible.rules
    assert {conflict.kitchen for conflict in conflicts} == impossible.kitchens
    assert {conflict.period for conflict in conflicts} == set(impossible.period.split())


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_without_any_one_of_them_there_is_a_plan(name: str) -> None:
    impossible = IMPOSSIBLE[name]()
    for rule in impossible.rules:
        problem = without(impossible.problem, rule)
        assert verify(problem, solve(problem, workers=1, time_limit=20)) == [], rule


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_the_message_is_french_and_says_who_and_when(name: str) -> None:
    error = infeasible(IMPOSSIBLE[name]().problem)
    message = str(error)
    assert message.startswith("Règles incompatibles : ")
    assert "infeasible" not in message.lower()
    for conflict in error.conflicts:
        assert f"{conflict.rule_id} (" in message
        assert f"cuisine {conflict.kitchen}, période {conflict.period}" in message
        assert conflict.title


def test_a_conflict_survives_the_way_back_from_a_worker() -> None:
    error = Infeasible([Conflict("VEG-01", "Menu végétarien", "k", "2026-09-07")])
    copy = pickle.loads(pickle.dumps(error))
    assert copy.conflicts == error.conflicts
    assert str(copy) == str(error)
