"""What whole weeks may say about spacing, against the plainest possible reading: trying every way to choose days."""

from __future__ import annotations

from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from optimizer.engine.spacing import closed_runs, counted_pairs, repeats_in_week, reuse_limit, roomy_runs
from tests.optimizer.engine.tiny import spacing

LENGTHS = st.lists(st.integers(1, 4), min_size=2, max_size=5)
WITHIN = st.integers(1, 16)


def calendar(lengths: list[int]) -> dict[int, tuple[int, ...]]:
    """Weeks of so many service days, one after the other."""
    weeks, first = {}, 0
    for week, days in enumerate(lengths):
        weeks[week] = tuple(range(first, first + days))
        first += days
    return weeks


def most_in_common(early: tuple[int, ...], late: tuple[int, ...], within: int) -> int:
    """Largest number of dishes, each on a day of its own in both weeks, at least `within` days apart."""
    for count in range(min(len(early), len(late)), 0, -1):
        for first in combinations(early, count):
            for second in permutations(late, count):
                if all(q - p >= within for p, q in zip(first, second, strict=True)):
                    return count
    return 0


def most_servings(days: list[int], within: int) -> int:
    """Most of these days on which one dish can be served: as soon as it may come back, each time."""
    served: list[int] = []
    for day in days:
        if not served or day - served[-1] >= within:
            served.append(day)
    return len(served)


@given(LENGTHS, WITHIN)
def test_as_many_dishes_come_back_as_days_can_be_found_for(lengths: list[int], within: int) -> None:
    weeks, rule = calendar(lengths), spacing("MAIN", within)
    for u, v in combinations(weeks, 2):
        assert reuse_limit(weeks, u, v, rule) == most_in_common(weeks[u], weeks[v], within)


@given(LENGTHS, st.integers(1, 5))
def test_weeks_are_counted_whole_by_rules_in_weeks(lengths: list[int], within: int) -> None:
    weeks, rule = calendar(lengths), spacing("OTHER", within, "weeks")
    for u, v in combinations(weeks, 2):
        whole = min(len(weeks[u]), len(weeks[v]))
        assert reuse_limit(weeks, u, v, rule) == (0 if v - u < within else whole)


@given(st.integers(1, 5), WITHIN)
def test_a_week_holds_a_dish_as_often_as_its_days_allow(days: int, within: int) -> None:
    rule = spacing("MAIN", within)
    assert repeats_in_week(days, rule, "bound") == most_servings(list(range(days)), within)
    assert 1 <= repeats_in_week(days, rule, "plan") <= repeats_in_week(days, rule, "bound")
    assert repeats_in_week(days, spacing("OTHER", within, "weeks"), "bound") == 1


@given(LENGTHS, WITHIN)
def test_what_runs_allow_is_never_less_than_what_days_allow(lengths: list[int], within: int) -> None:
    """A row that forbade a lawful menu would make the lower bound false."""
    weeks, rule = calendar(lengths), spacing("MAIN", within)
    for first, last in closed_runs(weeks, rule):
        assert most_servings(_days(weeks, first, last), within) == 1
    for first, last, times in roomy_runs(weeks, rule):
        assert most_servings(_days(weeks, first, last), within) <= times


@given(LENGTHS, WITHIN, st.sampled_from(["days", "weeks"]))
def test_no_two_weeks_that_are_too_near_are_forgotten(lengths: list[int], within: int, unit: str) -> None:
    weeks = calendar(lengths)
    rule = spacing("MAIN", within, "days" if unit == "days" else "weeks")
    closed = closed_runs(weeks, rule)
    for u, v in combinations(weeks, 2):
        limit = reuse_limit(weeks, u, v, rule)
        together = any(first <= u and v <= last for first, last in closed)
        assert together == (limit == 0)
        counted = {(a, b): n for a, b, n in counted_pairs(weeks, rule)}
        whole = min(len(weeks[u]), len(weeks[v]))
        assert counted.get((u, v)) == (limit if 0 < limit < whole else None)


def test_the_rule_of_the_pas_de_calais() -> None:
    """Fifteen service days, weeks of four: next week never, in three weeks never, in four weeks one dish too few."""
    weeks, rule = calendar([4] * 6), spacing("MAIN", 15)
    assert [reuse_limit(weeks, 0, later, rule) for later in range(1, 6)] == [0, 0, 1, 4, 4]
    assert closed_runs(weeks, rule) == [(0, 2), (1, 3), (2, 4), (3, 5)]


def _days(weeks: dict[int, tuple[int, ...]], first: int, last: int) -> list[int]:
    return [day for week in range(first, last + 1) for day in weeks[week]]
