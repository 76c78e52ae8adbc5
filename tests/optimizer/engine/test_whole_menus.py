"""A count that asks something of the whole menu: planned, verified, kept when days and dishes change places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from optimizer import Plan, Problem, solve, verify
from optimizer.rules import Rule
from optimizer.swapping import KitchenPlan, candidates
from tests.optimizer.editing import faults_of
from tests.optimizer.engine.tiny import MONDAY, D, count, dish, offer, tiny, weekdays, weekly

PULSES = count("PULSES", "pulses", 2, None, menu="vegetarian")


def canteen(*rules: Rule, weeks: int = 1) -> Problem:
    """Ham costs least before a chili; a vegetarian starter, and whatever goes without meat, costs more."""
    dishes = [
        dish("ham", "starter"), dish("leeks", "starter", true="vegetarian"),
        dish("chili", true="vegetarian pulses"), dish("beef"), dish("omelette", true="vegetarian"),
    ]  # fmt: skip
    offers = [
        offer("ham", "i_ham", "1"), offer("leeks", "i_leeks", "3"), offer("chili", "i_chili", "2"),
        offer("beef", "i_beef", "1"), offer("omelette", "i_omelette", "1"),
    ]  # fmt: skip
    return tiny(dishes, rules, offers=offers, dates=weekdays(weeks))


def planned(problem: Problem) -> Plan:
    plan = solve(problem, workers=1)
    assert not verify(problem, plan)
    return plan


def meals_of(plan: Plan) -> list[set[str]]:
    days = sorted({line.date for line in plan.menus})
    return [{line.dish for line in plan.menus if line.date == day} for day in days]


def both(plan: Plan, dishes: set[str]) -> int:
    return sum(dishes <= meal for meal in meals_of(plan))


def test_a_chili_behind_ham_does_not_make_the_minimum() -> None:
    dishes_alone = planned(canteen(replace(PULSES, menu=None)))
    assert both(dishes_alone, {"chili"}) == 2
    assert both(dishes_alone, {"chili", "leeks"}) == 0, "the cheapest way is not a vegetarian menu"
    assert both(planned(canteen(PULSES)), {"chili", "leeks"}) == 2


@pytest.mark.parametrize("weeks", [1, 2, 3])
def test_the_minimum_holds_in_every_block_and_costs_no_more_than_it_must(weeks: int) -> None:
    plan = planned(canteen(PULSES, weeks=weeks))
    # 10 covers, 100 g: ham and beef cost 2 €, leeks and chili 5 €, twice in each week of four meals.
    assert plan.summary.cost_eur == weeks * (2 * 2 + 2 * 5)
    assert plan.summary.cost_eur - plan.summary.lower_bound_eur <= D("0.01") * weeks, "cents of the bound's margin"


def test_a_maximum_lets_the_dish_come_behind_another_menu() -> None:
    """Pulses on all four days: at most one of these meals may be vegetarian whole, so that ham starts the others."""
    every_day = count("MAIN", "pulses", 4, None)
    most = count("MOST", "pulses", None, 1, menu="vegetarian")
    leeks = count("LEEKS", "vegetarian", 1, None, slots="starter")
    plan = planned(canteen(every_day, most, leeks))
    assert both(plan, {"chili", "leeks"}) == 1
    assert both(plan, {"chili", "ham"}) == 3


def test_days_are_put_so_that_the_dishes_meet() -> None:
    """As many starters without meat as the count needs: they must fall on the days of the pulses."""
    few = count("FEW", "vegetarian", None, 2, slots="starter")
    plan = planned(canteen(PULSES, few, count("EGGS", "vegetarian", 3, None), weeks=2))
    assert both(plan, {"leeks"}) == both(plan, {"chili", "leeks"}) == 4


def test_another_starter_tells_what_it_does_to_the_menu() -> None:
    problem = canteen(PULSES)
    plan = planned(problem)
    day = next(line.date for line in plan.menus if line.dish == "leeks")
    kitchen = KitchenPlan.of("k", MONDAY, plan.menus, plan.sourcing)
    (ham,) = candidates(problem, kitchen, (day, "starter"))
    (change,) = ham.changes
    assert (ham.dish, change.rule.id, change.before.holds, change.after.holds) == ("ham", "PULSES", True, False)
    assert not ham.lawful


def test_it_is_read_back_from_its_folder(tmp_path: Path) -> None:
    problem = canteen(PULSES, weekly("WEEK", "pulses", 1, slots="main", menu="vegetarian"))
    problem.to_folder(tmp_path)
    assert Problem.from_folder(tmp_path).rules == problem.rules


def test_a_whole_menu_is_not_asked_of_any_of_several_components(tmp_path: Path) -> None:
    canteen(replace(PULSES, slots=("starter", "main"))).to_folder(tmp_path)
    (fault,) = faults_of(tmp_path)
    assert (fault.file, fault.column) == ("rules.json", "menu")
    assert "un seul composant" in fault.repair
