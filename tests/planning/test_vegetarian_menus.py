"""Vegetarian menus as the planner counts them are those that the check counts."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from catering.rules import planning_rules
from catering.rules.frequencies import Finding, check_frequencies
from catering.rules.meals import Meal, Standing
from catering.rules.truth import Truth
from optimizer import Plan, Problem, solve, verify
from optimizer.folders.rules_reader import parse_rules
from optimizer.problem import Dish
from tests.optimizer.engine.tiny import dish, offer, tiny, weekdays

SLOTS = ("starter", "main")
ON = date(2026, 9, 7)
PULSES = "vegetarian veg_dish_pulses_or_wholegrain"
ADVICE = {"HOUSE-42": "house", "VEG-04": "cnrc_2020"}
"""Rules by which a planner may count menus of pulses, and their sets."""


def canteen(rule: str) -> Problem:
    """Ham costs least before whatever comes: what is vegetarian only as a dish is the cheapest way to the minimum."""
    dishes = [
        dish("ham", "starter"), dish("leeks", "starter", true="vegetarian"),
        dish("chili", true=PULSES), dish("beef"),
    ]  # fmt: skip
    prices = {"ham": "1", "leeks": "3", "chili": "2", "beef": "1"}
    stated = [each for each in planning_rules(ON, rule_sets=[ADVICE[rule]]) if each["id"] == rule]
    offers = [offer(name, f"i_{name}", price) for name, price in prices.items()]
    return tiny(dishes, parse_rules(json.dumps(stated), SLOTS), offers=offers, dates=weekdays(5))


@pytest.mark.parametrize("rule", ADVICE)
def test_what_is_planned_passes_the_check(rule: str) -> None:
    problem = canteen(rule)
    plan = solve(problem, workers=1)
    assert not verify(problem, plan)
    (found,) = checked(problem, plan)
    assert (found.status, found.sure) == (Standing.SATISFIED, 2)


def test_the_verifier_refuses_what_the_check_refuses() -> None:
    """The plan of the dishes alone, as it was made before menus were looked at whole."""
    problem = canteen("HOUSE-42")
    plan = solve(problem, workers=1)
    behind_ham = (replace(line, dish="ham") if line.slot == "starter" else line for line in plan.menus)
    spoilt = replace(plan, menus=tuple(behind_ham))
    (found,) = checked(problem, spoilt)
    assert (found.status, found.sure) == (Standing.BROKEN, 0)
    assert "HOUSE-42" in {fault.rule_id for fault in verify(problem, spoilt)}


def checked(problem: Problem, plan: Plan) -> list[Finding]:
    """VEG-04 over the meals of a plan of twenty."""
    served: dict[date, dict[str, Mapping[str, Truth]]] = {}
    for line in plan.menus:
        served.setdefault(line.date, {})[line.slot] = _known(problem.dishes[line.dish])
    meals = [Meal.without_choice(day, dishes) for day, dishes in served.items()]
    return [each for each in check_frequencies(meals, rule_sets=["cnrc_2020"]) if each.rule == "VEG-04"]


def _known(of: Dish) -> Mapping[str, Truth]:
    return dict.fromkeys(of.attributes, Truth.TRUE)
