"""Planning again in flight: dishes served before keep their distance, unchanged weeks stay as they were."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import solve, verify
from optimizer.blocks import ServiceDay, cut_blocks
from optimizer.faults import BadFolder
from optimizer.plan import Plan
from optimizer.problem import Problem
from tests.optimizer.engine.tiny import MONDAY, count, dish, offer, spacing, tiny, weekdays

D = Decimal
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
BEFORE = MONDAY - WEEK
A, B, C = dish("a"), dish("b"), dish("c")
PRICED = [offer("o_a", "i_a", "1"), offer("o_b", "i_b", "2"), offer("o_c", "i_c", "3")]


def problem(weeks: int = 2, served: dict[date, str] | None = None, within: int = 2) -> Problem:
    """Once a week each of three dishes can be served, ``a`` cheapest; one day of service a week."""
    dates = [MONDAY + n * WEEK for n in range(weeks)]
    of = tiny([A, B, C], [spacing("S", within, "weeks")], dates=dates, offers=PRICED)
    return replace(of, served={("k", day): frozenset(dishes.split()) for day, dishes in (served or {}).items()})


def dishes(plan: Plan, kitchen: str = "k") -> list[str]:
    return [line.dish for line in sorted(plan.menus) if line.kitchen == kitchen]


def planned(of: Problem) -> Plan:
    plan = solve(of, workers=1)
    assert verify(of, plan) == []
    return plan


def test_what_was_served_before_keeps_its_distance() -> None:
    assert dishes(planned(problem())) == ["a", "b"] or dishes(planned(problem())) == ["b", "a"]
    after_a = planned(problem(served={BEFORE: "a"}))
    assert dishes(after_a) == ["b", "a"]
    both = planned(problem(served={BEFORE - WEEK: "a", BEFORE: "b"}, within=3))
    assert dishes(both) == ["c", "a"]
    assert both.summary.lower_bound_eur > D("3.9"), "the bound knows what was served: 3 € and 1 €"


def test_the_check_refutes_a_dish_served_too_soon_after_the_past() -> None:
    free = planned(problem(weeks=1))
    assert dishes(free) == ["a"]
    faults = [str(fault) for fault in verify(problem(weeks=1, served={BEFORE: "a"}), free)]
    assert any(fault.startswith("S ") and str(BEFORE) in fault for fault in faults)


def test_days_are_counted_back_over_the_border() -> None:
    """Four days a week, no dish within three days: what the last two days served cannot open the week."""
    four = [dish("a"), dish("b"), dish("c"), dish("d")]
    thursday, friday = MONDAY - 4 * DAY, MONDAY - 3 * DAY
    of = tiny(four, [spacing("S", 3)], dates=weekdays(1), offers=PRICED)
    of = replace(of, served={("k", thursday): frozenset("a"), ("k", friday): frozenset("b")})
    plan = planned(of)
    assert not {"a", "b"} & {dishes(plan)[0]}
    assert dishes(plan)[1] != "b"


WEEKS = st.lists(st.sampled_from("abc"), min_size=3, max_size=3)


@settings(max_examples=15, deadline=None)
@given(WEEKS, st.sampled_from(["0", "0.05", "0.25", "9"]), st.lists(st.sampled_from("abc"), max_size=2, unique=True))
def test_a_dish_is_moved_when_it_saves_more_than_moving_costs(former: list[str], weight: str, past: list[str]) -> None:
    """Without spacing each week is alone: it keeps its dish unless another saves more than the weight."""
    of = tiny([A, B, C], dates=[MONDAY + n * WEEK for n in range(3)], offers=PRICED)
    of = replace(
        of,
        goals={"moved_cover": D(weight)},
        former={("k", MONDAY + n * WEEK): frozenset(each) for n, each in enumerate(former)},
        served={("k", BEFORE - n * WEEK): frozenset(each) for n, each in enumerate(past)},
    )
    plan = planned(of)
    price = {"a": D("0.1"), "b": D("0.2"), "c": D("0.3")}
    least = [min(price[each] + D(weight) * (each != kept) for each in "abc") for kept in former]
    said = plan.summary
    assert said.objective_eur == 10 * sum(least)
    moved = sum(each != kept for each, kept in zip(dishes(plan), former, strict=True))
    assert said.goals_eur == 10 * moved * D(weight)
    assert said.lower_bound_eur <= said.objective_eur
    assert said.gap < D("0.01")


def test_a_week_that_the_former_plan_does_not_know_costs_nothing() -> None:
    of = replace(problem(weeks=1), goals={"moved_cover": D(9)})
    assert planned(of).summary.goals_eur == 0
    assert dishes(planned(replace(of, former={("k", MONDAY): frozenset("c")}))) == ["c"]


def test_the_folder_states_the_past_and_the_former_plan(tmp_path: Path) -> None:
    of = replace(problem(served={BEFORE: "a b"}), former={("k", MONDAY): frozenset("c")})
    of.to_folder(tmp_path)
    assert (tmp_path / "served.csv").read_text() == f"kitchen,date,dish\nk,{BEFORE},a\nk,{BEFORE},b\n"
    assert (tmp_path / "former.csv").read_text() == f"kitchen,week,dish\nk,{MONDAY},c\n"
    assert Problem.from_folder(tmp_path) == of
    (tmp_path / "served.csv").write_text(f"kitchen,date,dish\nk,{MONDAY},a\n")
    with pytest.raises(BadFolder, match="avant son premier jour"):
        Problem.from_folder(tmp_path)


@given(st.integers(0, 50), st.integers(0, 45), st.integers(1, 20))
def test_blocks_go_on_where_the_past_left_them(before: int, days: int, window: int) -> None:
    served = [ServiceDay("k", MONDAY + n * DAY, 1) for n in range(days)]
    blocks = list(cut_blocks(served, window, before))
    assert [day for block in blocks for day in block.days] == served
    starts = [(block.days[0].date - MONDAY).days + before for block in blocks[1:]]
    assert all(start % window == 0 for start in starts), "all but the first begin where a block of the whole year does"
    assert all(block.meals <= window for block in blocks)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 5), st.integers(1, 3))
def test_a_plan_keeps_its_rules_in_blocks_counted_from_the_past(before: int, weeks: int) -> None:
    """One fish in four meals, whatever was served before: the search and the check cut the same blocks."""
    fish, egg = dish("fish", true="fish"), dish("egg")
    rule = count("F", "fish", 1, 1)
    of = tiny([fish, egg], [rule], dates=weekdays(weeks), offers=[offer("o_f", "i_fish", "2"), offer("o_e", "i_egg")])
    of = replace(of, served={("k", MONDAY - (n + 1) * DAY): frozenset(["egg"]) for n in range(before)})
    plan = planned(of)
    whole = [block for block in of.blocks("k", 4) if block.meals == 4]
    assert len(whole) >= weeks - 1
    served = {line.date: line.dish for line in plan.menus}
    assert all(sum(served[day.date] == "fish" for day in block.days) == 1 for block in whole)
    assert dishes(plan).count("fish") == len(whole), "no more than it must: it is dearer"
