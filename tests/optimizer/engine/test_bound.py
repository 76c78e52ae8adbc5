"""The lower bound is one: no plan at all, not even the best of the whole problem solved at once, costs less."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import Problem, solve, verify
from optimizer.engine.instance import compile_instance
from optimizer.engine.joint import whole_model
from optimizer.problem import Purchase
from optimizer.rules import Rule
from optimizer.solver import Status
from tests.optimizer.engine.lawful import Lawful, lawful_menus
from tests.optimizer.engine.tiny import (
    FAMILY,
    D,
    budget,
    count,
    dish,
    offer,
    ratio,
    spacing,
    tiny,
    weekdays,
    weekly,
)

CENTS = Decimal("0.50")
"""What rounding lines to the cent can move in problems this small."""


def best_of_all(problem: Problem) -> Decimal:
    """Cost of the cheapest menus and purchases together: every day and kitchen in one model, solved to the end."""
    instance = compile_instance(problem, by_day=True)
    model = whole_model(instance, range(len(instance.kitchens)), "exact", every_offer=True).model
    outcome = model.solve(gap=0.0, time_limit=60)
    assert outcome.status is Status.OPTIMAL
    return Decimal(f"{outcome.objective:.4f}")


def shared_market() -> Problem:
    """Two kitchens, two weeks; a farm too small for both, labels, a budget, something bought before."""
    dishes = [
        dish("fish", true="fish", needs={"cod": 90, "rice": 60}), dish("dahl", true="vegetarian", needs={"lentil": 80}),
        dish("hake", true="fish", needs={"cod": 60, "rice": 70}), dish("pie", true="vegetarian", needs={"leek": 150}),
        dish("beef", needs={"beef": 100, "rice": 50}), dish("soup", needs={"leek": 120, "lentil": 20}),
    ]  # fmt: skip
    offers = [
        offer("cod", "cod", "11"), offer("cod.label", "cod", "14", "SIQO"), offer("beef", "beef", "9"),
        offer("leek", "leek", "2.2"), offer("leek.farm", "leek", "1.9", "BIO", supplier="farm"),
        offer("lentil", "lentil", "2"), offer("lentil.bio", "lentil", "3.1", "BIO"), offer("rice", "rice", "1.4"),
    ]  # fmt: skip
    rules: list[Rule] = [
        count("FISH", "fish", 1, 2), weekly("VEG", "vegetarian", 1), spacing("MAIN", 3),
        ratio("QUALITY", "0.30", "BIO SIQO"), budget("BUDGET", "0.60"),
    ]  # fmt: skip
    return tiny(
        dishes, rules, dates=weekdays(2, date(2026, 12, 28)), covers={"k1": 60, "k2": 90}, offers=offers,
        grams_per_week={"leek.farm": 9000}, every_meal={"bread": 40},
        purchases=[Purchase("k1", date(2026, 5, 4), FAMILY, "BIO", D(20))],
    )  # fmt: skip


@pytest.mark.parametrize("seed", [0, 1])
def test_the_best_plan_of_all_lies_between_bound_and_cost(seed: int) -> None:
    problem = shared_market()
    plan = solve(problem, workers=1, seed=seed)
    assert verify(problem, plan) == []
    best = best_of_all(problem)
    assert plan.summary.lower_bound_eur <= best + CENTS
    assert best <= plan.summary.cost_eur + CENTS
    assert plan.summary.gap < Decimal("0.25")


def test_without_anything_to_share_the_bound_is_nearly_the_best_plan() -> None:
    problem = shared_market()
    loose = replace(problem, rules=tuple(r for r in problem.rules if r.kind not in ("value_ratio", "budget")))
    plan = solve(loose, workers=1)
    best = best_of_all(loose)
    assert plan.summary.lower_bound_eur <= best + CENTS
    assert plan.summary.lower_bound_eur >= best * Decimal("0.9")
    assert plan.summary.cost_eur <= best * Decimal("1.05")


@settings(deadline=None, max_examples=15)
@given(lawful_menus(weeks=2, days=4, slots=2), st.lists(st.integers(50, 900), min_size=3, max_size=3))
def test_no_random_problem_has_a_plan_below_its_bound(of: Lawful, cents: list[int]) -> None:
    used = [f"i{n}" for n in range(3) if f"i{n}" in of.problem.ingredients]
    offers = [offer(f"o.{i}", i, str(Decimal(price) / 100)) for i, price in zip(used, cents, strict=False)]
    market = tiny([*of.problem.dishes.values()], offers=offers)
    problem = replace(of.problem, offers=market.offers, capacities=market.capacities)
    plan = solve(problem, workers=1)
    best = best_of_all(problem)
    assert plan.summary.lower_bound_eur <= best + CENTS
    assert best <= plan.summary.cost_eur + CENTS


def test_soft_rules_are_in_the_bound_and_in_the_penalty() -> None:
    """Two meals a week cannot be fish: the rule is soft, and what it costs is told and bounded."""
    rules: list[Rule] = [count("FISH", "fish", 3, None, soft_price="7"), spacing("MAIN", 4)]
    problem = tiny([dish("fish", true="fish"), dish("a"), dish("b"), dish("c")], rules, dates=weekdays(2))
    plan = solve(problem, workers=1)
    assert verify(problem, plan) == []
    assert plan.summary.penalty_eur == Decimal("28.00")
    assert plan.summary.lower_bound_eur >= plan.summary.penalty_eur
    assert plan.summary.lower_bound_eur <= plan.summary.objective_eur
