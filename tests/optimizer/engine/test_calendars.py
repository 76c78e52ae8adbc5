"""Service days cut into cells: no rule may see a difference inside a cell, whatever the holidays and covers."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from hypothesis import given
from hypothesis import strategies as st

from optimizer.blocks import ServiceDay, scaled_bounds
from optimizer.engine.calendars import merged, patterns
from optimizer.engine.instance import compile_instance
from optimizer.engine.menu_rows import add_menu
from optimizer.problem import Problem
from optimizer.solver import Model
from tests.optimizer.engine.tiny import MONDAY, count, dish, tiny, weekdays

KITCHEN_DAYS = st.dictionaries(st.integers(0, 60), st.sampled_from([80, 90]), min_size=1, max_size=30)
CALENDARS = st.lists(KITCHEN_DAYS, min_size=1, max_size=3)
WINDOWS = st.lists(st.sampled_from([3, 4, 5, 8]), max_size=2)


def problem(calendars: list[dict[int, int]], windows: list[int]) -> Problem:
    """Kitchens k0, k1 … that serve so many covers so many days after the first Monday."""
    days = [
        ServiceDay(f"k{k}", MONDAY + timedelta(days=day), covers)
        for k, calendar in enumerate(calendars)
        for day, covers in calendar.items()
    ]
    rules = [count(f"R{n}", "a", 1, None, window=window) for n, window in enumerate(windows)]
    return tiny([dish("a", true="a"), dish("b")], rules, days=days)


@given(CALENDARS, WINDOWS, st.booleans())
def test_every_day_is_in_one_cell_and_cells_cross_no_border(
    calendars: list[dict[int, int]], windows: list[int], by_day: bool
) -> None:
    of = problem(calendars, windows)
    made, of_kitchen = patterns(of, by_day=by_day)
    for kitchen, pattern in ((k, made[p]) for k, p in of_kitchen.items()):
        days = of.days(kitchen)
        assert [day.date for day in days] == list(pattern.dates)
        cells = [cell for block in pattern.blocks for cell in block.cells]
        assert sorted(day for cell in cells for day in cell.days) == list(range(len(days)))
        for cell in cells:
            assert {days[d].week for d in cell.days} == {pattern.weeks[cell.week]}
            assert len({days[d].covers for d in cell.days}) == 1
            assert all(len({d // window for d in cell.days}) == 1 for window in windows)
            assert not by_day or cell.size == 1
        for block in pattern.blocks:
            assert sorted(d for c in block.cells for d in c.days) == list(
                range(block.first_day, block.first_day + block.size)
            )


@given(CALENDARS, WINDOWS)
def test_kitchens_share_a_pattern_iff_nobody_can_tell_them_apart(
    calendars: list[dict[int, int]], windows: list[int]
) -> None:
    of = problem(calendars, windows)
    made, of_kitchen = patterns(of)
    same_dates: dict[int, set[tuple[date, ...]]] = {}
    for kitchen, p in of_kitchen.items():
        same_dates.setdefault(p, set()).add(tuple(day.date for day in of.days(kitchen)))
    assert all(len(dates) == 1 for dates in same_dates.values())
    assert len(made) <= len(calendars)


@given(st.integers(0, 20), st.integers(1, 20), st.integers(1, 20))
def test_a_partial_window_is_held_to_its_share(bound: int, meals: int, window: int) -> None:
    low, high = scaled_bounds(bound, bound, meals, window)
    assert low == floor(Fraction(bound * meals, window))
    assert high == ceil(Fraction(bound * meals, window))


@given(st.integers(1, 14), st.sampled_from([3, 4, 6]), st.integers(0, 6))
def test_the_rows_of_a_rule_are_its_windows(meals: int, window: int, minimum: int) -> None:
    """One row per window of the kitchen, with the bound that the verifier holds it to."""
    rule = count("R", "a", min(minimum, window), None, window=window)
    of = tiny([dish("a", true="a"), dish("b")], [rule], dates=weekdays(4)[:meals])
    instance, model = compile_instance(of), Model("rows")
    add_menu(model, instance, instance.patterns[0], merged(instance.patterns[0].blocks), "plan", "")
    rows = re.findall(r"^R\.(\S+)\.at_least:[^=]*>= (\d+)$", model.text(), re.MULTILINE)
    blocks = of.blocks("k", window)
    assert rows == [
        (block.days[0].date.isoformat().replace("-", "_"), str(block.bounds(rule.minimum, None).minimum))
        for block in blocks
    ]
