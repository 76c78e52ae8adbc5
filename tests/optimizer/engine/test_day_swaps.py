"""Days put in another order: fewer sliding windows break, and nothing else moves."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import solve, verify
from optimizer.blocks import ServiceDay
from optimizer.engine.assembly import menu_lines
from optimizer.engine.day_swaps import reorder_days
from optimizer.engine.demand import menu_demand
from optimizer.engine.instance import Instance, compile_instance
from optimizer.engine.kitchen_year import YearMenu
from optimizer.problem import Problem
from optimizer.rules import CountRule, Rule, SpacingRule
from optimizer.verification.every_rule import find_all
from optimizer.verification.indicators import windows_broken
from optimizer.verification.served import Served
from optimizer.verification.spent import Spent
from tests.optimizer.engine.tiny import count, dish, spacing, tiny, weekdays
from tests.optimizer.synthetic import synthetic_problem

LATER = float("inf")
FISH, BEEF, DAHL = dish("fish", true="fish"), dish("beef"), dish("dahl")


def of_weeks(problem: Problem, *weeks: str) -> tuple[Instance, YearMenu]:
    """A menu of one component written by initials: ``fbbb`` is fish on Monday, then beef."""
    instance = compile_instance(problem)
    dishes = {name[0]: d for d, name in enumerate(instance.dishes)}
    return instance, YearMenu(0, tuple((dishes[each],) for each in "".join(weeks)), 0.0)


def broken(problem: Problem, instance: Instance, menus: list[YearMenu]) -> int:
    served = Served(problem, menu_lines(instance, menus))
    rules = [rule for rule in problem.rules if isinstance(rule, CountRule)]
    return sum(sum(windows_broken(problem, rule, served, kitchen)) for rule in rules for kitchen in problem.kitchens)


def initials(instance: Instance, menu: YearMenu) -> str:
    return "".join(instance.dishes[day[0]][0] for day in menu.days)


def test_fish_once_in_any_four_meals_falls_on_the_same_weekday() -> None:
    problem = tiny([FISH, BEEF], [count("FISH", "fish", 1, 1)], dates=weekdays(3))
    instance, menu = of_weeks(problem, "fbbb", "bbbf", "bfbb")
    assert broken(problem, instance, [menu]) == 5
    better = reorder_days(instance, ([menu], LATER))
    assert broken(problem, instance, better) == 0
    assert sorted(initials(instance, better[0])[:4]) == list("bbbf"), "the week serves what it served"


def test_when_the_time_is_over_days_stay_as_they_are() -> None:
    problem = tiny([FISH, BEEF], [count("FISH", "fish", 1, 1)], dates=weekdays(3))
    instance, menu = of_weeks(problem, "fbbb", "bbbf", "bfbb")
    assert reorder_days(instance, ([menu], time.time())) == [menu]


def test_days_with_other_covers_do_not_change_places() -> None:
    days = [ServiceDay("k", day, 10 + n) for n, day in enumerate(weekdays(3))]
    problem = tiny([FISH, BEEF], [count("FISH", "fish", 1, 1)], days=days)
    instance, menu = of_weeks(problem, "fbbb", "bbbf", "bfbb")
    assert reorder_days(instance, ([menu], LATER)) == [menu]


def test_a_dish_does_not_come_nearer_to_itself_than_its_spacing() -> None:
    rules: list[Rule] = [count("FISH", "fish", 1, 1)]
    free = tiny([FISH, *(dish(name) for name in "abcdeg")], rules, dates=weekdays(2))
    held = replace(free, rules=(*rules, spacing("APART", 6)))
    for problem, best in ((free, 0), (held, 2)):
        instance, menu = of_weeks(problem, "fabc", "degf")
        assert broken(problem, instance, reorder_days(instance, ([menu], LATER))) == best


def test_a_plan_is_in_that_order() -> None:
    """Left in the order of their names, fish is Monday's in September and Friday's in October."""
    others = [dish("a", months=(10,)), dish("z", months=(9,))]
    problem = tiny([FISH, *others], [count("FISH", "fish", 1, 1)], dates=weekdays(6))
    plan = solve(problem, workers=1)
    assert verify(problem, plan) == []
    assert plan.summary.indicators["sliding_windows_broken"] == 0


SYNTHETIC = synthetic_problem(kitchens=2, weeks=9, dishes=24, seed=3)
SPACED = SpacingRule(id="NEAR", title="NEAR", source="test", slots=("starter",), within=3, unit="days")


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.booleans())
def test_nothing_that_a_rule_counts_per_week_or_block_moves(rng: random.Random, spaced: bool) -> None:
    """Any menus at all, lawful or not: what each rule finds, and what each week needs, is what it was."""
    problem = replace(SYNTHETIC, rules=(*SYNTHETIC.rules, SPACED)) if spaced else SYNTHETIC
    instance = compile_instance(problem)
    of_slot = [[d for d, s in enumerate(instance.slot_of) if s == slot] for slot in range(len(problem.slots))]
    menus = [
        YearMenu(k, tuple(tuple(rng.choice(dishes) for dishes in of_slot) for _ in instance.pattern(k).dates), 0.0)
        for k in range(2)
    ]
    after = reorder_days(instance, (menus, LATER))
    assert broken(problem, instance, after) <= broken(problem, instance, menus)
    assert menu_demand(instance, after) == menu_demand(instance, menus)
    for was, now in zip(_found(problem, instance, menus), _found(problem, instance, after), strict=True):
        if was.rule.kind in ("pairing", "spacing"):
            assert now.violation <= was.violation
        else:
            assert now == was


def _found(problem: Problem, instance: Instance, menus: list[YearMenu]):  # type: ignore[no-untyped-def]
    return find_all(problem, Served(problem, menu_lines(instance, menus)), Spent(problem, ()))


@pytest.mark.parametrize("days", [2, 6])
def test_cells_of_any_length(days: int) -> None:
    dates = weekdays(2, served=range(days))
    problem = tiny([FISH, BEEF], [count("FISH", "fish", 1, 1, window=days)], dates=dates)
    instance, menu = of_weeks(problem, "f" + "b" * (days - 1), "b" * (days - 1) + "f")
    assert broken(problem, instance, [menu]) == days - 1
    assert broken(problem, instance, reorder_days(instance, ([menu], LATER))) == 0
