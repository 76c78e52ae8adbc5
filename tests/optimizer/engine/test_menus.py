"""Menus found by counts, put on days, or chosen day by day keep every rule as the verifier reads it; none is missed."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from itertools import chain

import numpy as np
from hypothesis import given, settings

from optimizer import solve, verify
from optimizer.engine.calendars import merged
from optimizer.engine.day_order import DayOrder, NoOrder
from optimizer.engine.instance import compile_instance
from optimizer.engine.kitchen_year import KitchenStuck, choose_weeks, choose_year
from optimizer.engine.prices import no_prices
from tests.optimizer.engine.lawful import Lawful, broken, lawful_menus, names


def ordered(of: Lawful) -> list[tuple[str, ...]]:
    """The dishes of the known menus put on days anew, from their counts alone."""
    instance = compile_instance(of.problem)
    pattern = instance.patterns[0]
    block = merged(pattern.blocks)
    cells = {day: c for c, cell in enumerate(block.cells) for day in cell.days}
    counts = Counter((instance.dishes.index(dish), cells[day]) for day, meal in enumerate(of.served) for dish in meal)
    order = DayOrder(instance, pattern)
    nothing = np.zeros((len(instance.dishes), len(pattern.weeks)), dtype=np.bool_)
    assert order.order(block, counts, nothing, lambda _: None) == counts
    slots = range(len(of.problem.slots))
    return names(instance, [[order.placed[day][slot] for slot in slots] for day in range(len(pattern.dates))])


@settings(deadline=None, max_examples=100)
@given(lawful_menus(weeks=1, days=3))
def test_the_dishes_of_a_week_are_put_in_order_whenever_an_order_exists(of: Lawful) -> None:
    found = ordered(of)
    assert broken(of.problem, found) == ()
    assert Counter(dish for meal in found for dish in meal) == Counter(dish for meal in of.served for dish in meal)


@settings(deadline=None, max_examples=100)
@given(lawful_menus(weeks=4, days=4))
def test_an_order_is_lawful_or_refused(of: Lawful) -> None:
    with suppress(NoOrder):
        assert broken(of.problem, ordered(of)) == ()


@settings(deadline=None, max_examples=80)
@given(lawful_menus(weeks=3, days=4))
def test_a_kitchen_that_can_have_menus_gets_lawful_ones(of: Lawful) -> None:
    instance = compile_instance(of.problem)
    (menu,) = choose_year(instance, (no_prices(instance), [0], [None]))
    assert broken(of.problem, names(instance, menu.days)) == ()


@settings(deadline=None, max_examples=60)
@given(lawful_menus(weeks=3, days=4))
def test_a_week_chosen_again_is_lawful_and_leaves_the_others_their_dishes(of: Lawful) -> None:
    instance = compile_instance(of.problem)
    (menu,) = choose_year(instance, (no_prices(instance), [0], [None]))
    last = len(instance.weeks) - 1
    absent = np.zeros((len(instance.suppliers), 1, len(instance.weeks)))
    absent[:, :, last] = np.linspace(5, 0, len(instance.suppliers))[:, None]
    try:
        again = choose_weeks(instance, replace(no_prices(instance), absent=absent), menu, {last})
    except KitchenStuck:
        return
    assert broken(of.problem, names(instance, again.days)) == ()
    pattern = instance.patterns[0]
    for week in range(len(pattern.weeks) - 1):
        first = pattern.first_day_of_week(week)
        days = slice(first, first + pattern.week_days[week])
        assert Counter(chain(*menu.days[days])) == Counter(chain(*again.days[days]))


@settings(deadline=None, max_examples=20)
@given(lawful_menus(weeks=3, days=4))
def test_a_problem_that_can_be_planned_is_planned(of: Lawful) -> None:
    plan = solve(of.problem, workers=1)
    assert verify(of.problem, plan) == []
    assert plan.summary.lower_bound_eur <= plan.summary.cost_eur
