"""What each rule finds, against figures worked out by hand or by the plainest possible reading of the definition."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.blocks import ServiceDay
from optimizer.plan import MenuLine, Plan, RuleResult
from optimizer.problem import Dish, Kitchen, Problem
from optimizer.rules import (
    CountRule,
    Match,
    NutrientTotalRule,
    PairingMode,
    PairingRule,
    Rule,
    SpacingRule,
    WeeklyCountRule,
)
from optimizer.verification import measure, verify
from tests.optimizer.examples import YEAR, D, head, plan_of, two_kitchens

MONDAY = date(2026, 9, 7)


# -- a kitchen with one or two slots, any dishes, no market -----------------------------------------------------------


def one_kitchen(dates: list[date], dishes: list[Dish], rules: tuple[Rule, ...], slots: tuple[str, ...]) -> Problem:
    return Problem(
        name="",
        slots=slots,
        kitchens={"k": Kitchen("k", "K", D(50), D(2), D(2))},
        service_days=tuple(ServiceDay("k", day, 10) for day in dates),
        dishes={dish.id: dish for dish in dishes},
        every_meal={},
        ingredients={},
        suppliers={},
        deliveries={},
        offers={},
        capacities={},
        purchases=(),
        rules=rules,
    )


def dish(id_: str, slot: str = "main", true: str = "", unknown: str = "", **nutrients: str) -> Dish:
    amounts = {name: D(amount) for name, amount in nutrients.items()}
    return Dish(id_, id_, slot, YEAR, {}, frozenset(true.split()), frozenset(unknown.split()), amounts)


def results(problem: Problem, *served: list[str]) -> list[RuleResult]:
    """Results of the rules when ``served[s][d]`` is the dish of slot s on day d."""
    lines = [
        MenuLine("k", day.date, slot, dish_id, 10)
        for slot, dishes in zip(problem.slots, served, strict=True)
        for day, dish_id in zip(problem.days("k"), dishes, strict=True)
    ]
    return list(measure(problem, lines, ()).rules)


def days_in_a_row(count: int) -> list[date]:
    return [MONDAY + timedelta(days=place) for place in range(count)]


# -- count and weekly_count --------------------------------------------------------------------------------------------

THREE = [dish("yes", true="a"), dish("no"), dish("maybe", unknown="a")]
SERVED = st.lists(st.sampled_from(["yes", "no", "maybe"]), min_size=1, max_size=30)


def count(window: int, low: int | None, high: int | None, match: Match = "any", slots: str = "main") -> CountRule:
    return CountRule(
        **head("COUNT", "compte"),
        attribute="a",
        slots=tuple(slots.split()),
        match=match,
        window=window,
        minimum=low,
        maximum=high,
    )


@given(SERVED, st.integers(1, 8), st.integers(0, 8))
def test_a_minimum_counts_what_is_sure(served: list[str], window: int, low: int) -> None:
    problem = one_kitchen(days_in_a_row(len(served)), THREE, (count(window, low, None),), ("main",))
    blocks = [served[start : start + window] for start in range(0, len(served), window)]
    expected = [(block.count("yes"), block.count("yes") >= low * len(block) // window) for block in blocks]
    assert [(of.value, of.holds) for of in results(problem, served)] == expected


@given(SERVED, st.integers(1, 8), st.integers(0, 8))
def test_a_maximum_counts_what_is_possible(served: list[str], window: int, high: int) -> None:
    problem = one_kitchen(days_in_a_row(len(served)), THREE, (count(window, None, high),), ("main",))
    blocks = [served[start : start + window] for start in range(0, len(served), window)]
    expected = [
        (len(block) - block.count("no"), len(block) - block.count("no") <= -(-high * len(block) // window))
        for block in blocks
    ]
    assert [(of.value, of.holds) for of in results(problem, served)] == expected


def test_an_exact_count_is_broken_on_either_side() -> None:
    problem = one_kitchen(days_in_a_row(3), THREE, (count(3, 1, 1),), ("main",))
    assert [(of.value, of.holds) for of in results(problem, ["yes", "no", "no"])] == [(1, True)]
    assert [(of.value, of.holds) for of in results(problem, ["no", "no", "no"])] == [(0, False)]
    assert [(of.value, of.holds) for of in results(problem, ["yes", "maybe", "no"])] == [(2, False)]
    assert [(of.value, of.holds) for of in results(problem, ["maybe", "no", "no"])] == [(0, False)]


def test_what_is_unknown_can_break_both_bounds_and_is_paid_twice() -> None:
    rule = replace(count(3, 1, 1), soft_price=D(3))
    problem = one_kitchen(days_in_a_row(3), THREE, (rule,), ("main",))
    lines = [MenuLine("k", day.date, "main", of, 10) for day, of in zip(problem.days("k"), ["maybe"] * 3, strict=True)]
    found = measure(problem, lines, ())
    assert [(of.value, of.holds) for of in found.rules] == [(3, False)]
    assert found.penalty_eur == 9  # two too many for the maximum, one missing for the minimum


def test_a_meal_counts_once_whichever_dishes_match() -> None:
    dishes = [*THREE, dish("s_yes", "starter", "a"), dish("s_no", "starter")]
    mains, starters = ["yes", "yes", "no", "no"], ["s_yes", "s_no", "s_yes", "s_no"]
    both = ("main", "starter")
    any_of = one_kitchen(days_in_a_row(4), dishes, (count(4, 0, None, "any", "main starter"),), both)
    all_of = one_kitchen(days_in_a_row(4), dishes, (count(4, 0, None, "all", "main starter"),), both)
    assert [of.value for of in results(any_of, mains, starters)] == [3]
    assert [of.value for of in results(all_of, mains, starters)] == [1]


def test_a_meal_counts_where_its_whole_menu_is_as_asked() -> None:
    """`maybe` is unknown of its own attribute, `s_maybe` of that of the menu: each against the kitchen."""
    dishes = [
        *THREE, dish("s_yes", "starter", "v"), dish("s_no", "starter"), dish("s_maybe", "starter", unknown="v"),
    ]  # fmt: skip
    mains = ["yes", "yes", "yes", "no", "maybe", "maybe"]
    starters = ["s_yes", "s_no", "s_maybe", "s_yes", "s_yes", "s_maybe"]
    both = ("main", "starter")
    least = replace(count(6, 2, None), menu="v")
    most = replace(count(6, None, 3), menu="v")
    found = results(one_kitchen(days_in_a_row(6), dishes, (least,), both), mains, starters)
    assert [(of.value, of.holds) for of in found] == [(1, False)]
    found = results(one_kitchen(days_in_a_row(6), dishes, (most,), both), mains, starters)
    assert [(of.value, of.holds) for of in found] == [(4, False)]


def test_weeks_are_calendar_weeks_and_bounds_are_not_scaled() -> None:
    thursday = MONDAY + timedelta(days=3)
    rule = WeeklyCountRule(
        **head("WEEK", "semaine"), attribute="a", slots=("main",), match="any", minimum=1, maximum=None
    )
    dates = [thursday, thursday + timedelta(days=1), thursday + timedelta(days=4)]
    problem = one_kitchen(dates, THREE, (rule,), ("main",))
    found = results(problem, ["yes", "yes", "no"])
    assert [(of.period, of.value, of.minimum, of.holds) for of in found] == [
        ("2026-09-07", 2, 1, True),
        ("2026-09-14", 0, 1, False),
    ]


# -- nutrient_total ----------------------------------------------------------------------------------------------------


def test_a_nutrient_is_a_mean_per_meal_and_an_unknown_amount_counts_against_the_plan() -> None:
    dishes = [dish("ten", g="10"), dish("four", g="4"), dish("unknown")]
    low = NutrientTotalRule(**head("LOW", "bas"), nutrient="g", window=3, min_per_meal=D("4.7"), max_per_meal=None)
    high = NutrientTotalRule(**head("HIGH", "haut"), nutrient="g", window=3, min_per_meal=None, max_per_meal=D("5.5"))
    problem = one_kitchen(days_in_a_row(4), dishes, (low, high), ("main",))
    found = results(problem, ["ten", "four", "unknown", "four"])
    assert [(of.id, of.value, of.holds) for of in found] == [
        ("LOW", D("4.666667"), False),  # (10 + 4 + 0) / 3
        ("LOW", 4, False),
        ("HIGH", D("6.5"), False),  # (10 + 4 + 5.5) / 3
        ("HIGH", 4, True),
    ]


# -- spacing -----------------------------------------------------------------------------------------------------------

FEW = [dish(name) for name in "abc"]


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=20), st.integers(1, 6))
def test_spacing_in_days_is_about_every_window_of_service_days(served: list[str], within: int) -> None:
    rule = SpacingRule(**head("SPACE", "écart"), slots=("main",), within=within, unit="days")
    every_third_day = [MONDAY + timedelta(days=3 * place) for place in range(len(served))]
    problem = one_kitchen(every_third_day, FEW, (rule,), ("main",))
    windows = [served[start : start + within] for start in range(len(served))]
    (found,) = results(problem, served)
    assert found.holds is all(len(set(window)) == len(window) for window in windows)
    assert (found.value == 0) is found.holds


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12), st.integers(1, 4), st.sets(st.integers(0, 60)))
def test_spacing_in_weeks_is_about_service_weeks(served: list[str], within: int, closed: set[int]) -> None:
    rule = SpacingRule(**head("SPACE", "écart"), slots=("main",), within=within, unit="weeks")
    open_days = (MONDAY + timedelta(days=2 * place) for place in range(200) if place not in closed)
    dates = [day for day, _ in zip(open_days, served, strict=False)]
    problem = one_kitchen(dates, FEW, (rule,), ("main",))
    weeks: dict[date, list[str]] = {}
    for day, name in zip(dates, served, strict=True):
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(name)
    in_order = [weeks[week] for week in sorted(weeks)]
    windows = [[name for week in in_order[start : start + within] for name in week] for start in range(len(in_order))]
    (found,) = results(problem, served)
    assert found.holds is all(len(set(window)) == len(window) for window in windows)


# -- pairing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "first", "second", "holds"),
    [
        ("require", "yes", "d_yes", True),
        ("require", "yes", "d_no", False),
        ("require", "yes", "d_maybe", False),
        ("require", "maybe", "d_no", False),
        ("require", "no", "d_no", True),
        ("forbid", "yes", "d_no", True),
        ("forbid", "yes", "d_yes", False),
        ("forbid", "yes", "d_maybe", False),
        ("forbid", "maybe", "d_yes", False),
        ("forbid", "no", "d_yes", True),
    ],
)
def test_pairs_read_the_unknown_against_the_plan(mode: PairingMode, first: str, second: str, holds: bool) -> None:
    desserts = [dish("d_yes", "dessert", "b"), dish("d_no", "dessert"), dish("d_maybe", "dessert", "", "b")]
    rule = PairingRule(
        **head("PAIR", "paire"), slot_a="main", attribute_a="a", slot_b="dessert", attribute_b="b", mode=mode
    )
    problem = one_kitchen(days_in_a_row(2), THREE + desserts, (rule,), ("main", "dessert"))
    (found,) = results(problem, [first, "no"], [second, "d_no"])
    assert (found.value, found.holds) == (0 if holds else 1, holds)


# -- rules in euros ----------------------------------------------------------------------------------------------------


def found_for(plan: Plan, rule_id: str) -> dict[tuple[str, str], RuleResult]:
    return {(of.kitchen, of.period): of for of in plan.summary.rules if of.id == rule_id}


def test_a_ratio_counts_what_was_bought_before_in_the_same_civil_year_and_a_label_only_while_it_lasts() -> None:
    problem = two_kitchens()
    plan = plan_of(problem)
    december = {of.offer: of.amount_excl_tax for of in plan.sourcing if (of.kitchen, of.week.year) == ("arras", 2026)}
    labelled = ("boeuf_label", "cabillaud_peche", "lentilles_bio", "yaourt_bio", "pommes_ferme")
    part = sum((december[offer] for offer in labelled), D("80.50"))
    whole = sum(december.values(), D("180.50"))
    stated = found_for(plan, "EGALIM")["arras", "2026"].value
    assert stated == (part / whole).quantize(D("0.000001"))
    january = {of.offer: of.amount_excl_tax for of in plan.sourcing if (of.kitchen, of.week.year) == ("arras", 2027)}
    part = sum((january[offer] for offer in labelled[:-1] if offer in january), D(0))  # the farm's label ended
    assert found_for(plan, "EGALIM")["arras", "2027"].value == (part / sum(january.values())).quantize(D("0.000001"))


def test_a_ratio_of_nothing_holds() -> None:
    problem = two_kitchens()
    rule = replace(problem.rules_by_id["MEAT"], families=frozenset({"BOISSONS"}))
    plan = plan_of(replace(problem, rules=(rule,)))
    assert {(of.value, of.holds) for of in plan.summary.rules} == {(None, True)}


def test_a_budget_is_the_kitchens_own_unless_the_rule_has_one() -> None:
    problem = two_kitchens()
    own = found_for(plan_of(problem), "BUDGET")["lens", "horizon"]
    assert own.maximum == D("2.45") * 83 * 7
    tight = replace(problem.rules_by_id["BUDGET"], max_eur_per_meal=D("1.4"))
    plan = plan_of(replace(problem, rules=(tight,)))
    faults = [fault for fault in verify(replace(problem, rules=(tight,)), plan) if fault.rule_id == "BUDGET"]
    assert [fault.scope.kitchen for fault in faults] == ["arras", "lens"]
    assert faults[1].bound == D("1.4") * 83 * 7
    assert "813,40 €" in faults[1].message


# -- soft rules --------------------------------------------------------------------------------------------------------


def test_a_broken_soft_rule_is_priced_and_is_no_fault() -> None:
    problem = two_kitchens()
    plan = plan_of(problem)
    assert plan.summary.penalty_eur == D("2.50")  # one repetition of a starter within a week at 2.50 €
    assert not found_for(plan, "START")["arras", "horizon"].holds
    assert verify(problem, plan) == []


@pytest.mark.parametrize("rule_id", ["RED", "PROT", "MAIN", "DAIRY", "EGALIM", "BUDGET"])
def test_every_kind_can_be_soft(rule_id: str) -> None:
    problem = two_kitchens()
    strict: dict[str, dict[str, object]] = {
        "RED": {"maximum": 2},
        "PROT": {"max_per_meal": D(25)},
        "MAIN": {"within": 7},
        "DAIRY": {"attribute_b": "raw"},
        "EGALIM": {"min_share": D("0.95")},
        "BUDGET": {"max_eur_per_meal": D(1)},
    }
    hard = replace(problem.rules_by_id[rule_id], **strict[rule_id])  # type: ignore[arg-type]
    as_hard, as_soft = (replace(problem, rules=(replace(hard, soft_price=of),)) for of in (None, D("0.1")))
    found = {fault.rule_id for fault in verify(as_hard, plan_of(as_hard))}
    assert rule_id in found
    soft_plan = plan_of(as_soft)
    assert rule_id not in {fault.rule_id for fault in verify(as_soft, soft_plan)}
    assert soft_plan.summary.penalty_eur > 0


def test_a_multiplier_above_the_price_of_a_soft_rule_proves_nothing() -> None:
    problem = two_kitchens()
    soft = replace(problem.rules_by_id["EGALIM"], soft_price=D("0.009"))
    cheap = replace(problem, rules=(soft, problem.rules_by_id["BUDGET"]))
    faults = [fault for fault in verify(cheap, plan_of(cheap)) if fault.rule_id == "BOUND"]
    assert ["0.009" in fault.message for fault in faults] == [True]
