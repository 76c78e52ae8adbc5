"""One kitchen-week after another dish is put on it: bought again within what the others leave, every rule told."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.blocks import week_of
from optimizer.plan import MenuLine, Plan, SourcingLine
from optimizer.problem import Capacity, Problem
from optimizer.swapping import CannotBuy, KitchenPlan, UnknownDish, candidates, swap
from optimizer.verification.drops import check_drops
from optimizer.verification.menu import check_menu, check_season
from optimizer.verification.sourcing import check_amount, check_capacity, check_demand, check_reach
from tests.optimizer.engine.tiny import dish, tiny, weekdays
from tests.optimizer.examples import DECEMBER, JANUARY, plan_of, two_kitchens

PROBLEM = two_kitchens()
PLAN = plan_of(PROBLEM)
MONDAY, TUESDAY = DECEMBER, date(2026, 12, 15)
ROUNDING = Decimal("0.20")
"""Euros by which whole grams, cents and their margins may part the list from the exact purchases."""


def of(kitchen: str, week: date, problem: Problem = PROBLEM, plan: Plan = PLAN) -> KitchenPlan:
    """A kitchen of the plan."""
    assert kitchen in problem.kitchens
    return KitchenPlan.of(kitchen, week, plan.menus, plan.sourcing)


def whole(plan: KitchenPlan, week: date, dishes: dict[tuple[date, str], str], problem: Problem = PROBLEM) -> Plan:
    """The whole plan with the kitchen-week changed."""
    found = swap(problem, plan, week, dishes)
    others = [line for line in PLAN.sourcing if (line.kitchen, line.week) != (plan.kitchen, week)]
    menus = [
        replace(line, dish=dishes.get((line.date, line.slot), line.dish)) if line.kitchen == plan.kitchen else line
        for line in PLAN.menus
    ]
    assert set(found.menus) <= set(menus)
    drops = [drop for drop in PLAN.drops if drop.kitchen != plan.kitchen or not _feeds(drop.date, week)]
    return replace(
        PLAN, menus=tuple(menus), sourcing=tuple(sorted([*others, *found.lines])), drops=(*drops, *found.drops)
    )


def _feeds(day: date, week: date) -> bool:
    return 0 <= (week - day).days < 7


def structural(problem: Problem, plan: Plan) -> list[object]:
    """What the verifier finds against menus, purchases and deliveries, rules left aside."""
    return [
        *check_menu(problem, plan.menus),
        *check_season(problem, plan.menus),
        *check_demand(problem, plan.menus, plan.sourcing),
        *check_reach(problem, plan.sourcing),
        *check_capacity(problem, plan.sourcing),
        *check_amount(problem, plan.sourcing),
        *check_drops(problem, plan.sourcing, plan.drops),
    ]


PLACES = sorted((line.kitchen, line.date, line.slot) for line in PLAN.menus)


@settings(deadline=None)
@given(st.sampled_from(PLACES), st.data())
def test_what_is_bought_again_feeds_the_menus_within_every_capacity(
    place: tuple[str, date, str], data: st.DataObject
) -> None:
    kitchen, day, slot = place
    week = week_of(day)
    mine = of(kitchen, week)
    dish = data.draw(st.sampled_from(sorted(each.dish for each in candidates(PROBLEM, mine, (day, slot)))))
    assert structural(PROBLEM, whole(mine, week, {(day, slot): dish})) == []


@settings(deadline=None)
@given(st.sampled_from(PLACES))
def test_the_list_says_of_each_dish_what_buying_it_then_finds(place: tuple[str, date, str]) -> None:
    kitchen, day, slot = place
    mine = of(kitchen, week_of(day))
    present = next(line.dish for line in mine.menus if (line.date, line.slot) == (day, slot))
    as_it_is = swap(PROBLEM, mine, week_of(day), {(day, slot): present}).after
    found = candidates(PROBLEM, mine, (day, slot))
    assert {each.dish for each in found} == {
        dish.id
        for dish in PROBLEM.dishes_by_slot[slot]
        if PROBLEM.dish_in_season(dish.id, week_of(day)) and dish.id != present
    }
    for each in found:
        exact = swap(PROBLEM, mine, week_of(day), {(day, slot): each.dish})
        of_purchases = {"EGALIM", "MEAT", "BUDGET", "RECEPTIONS", "MIN_DROP"}
        assert {(of.rule.id, of.period, of.after.value, of.after.holds) for of in each.changes} == {
            (of.rule.id, of.period, of.after.value, of.after.holds)
            for of in exact.changes
            if of.rule.id not in of_purchases
        }
        assert abs(each.cost_eur - (exact.after.week_cost_eur - as_it_is.week_cost_eur)) <= ROUNDING
        assert abs(each.co2e_kg - (exact.after.co2e_kg - as_it_is.co2e_kg)) <= Decimal("0.5")
        year = str(week_of(day).year)
        stated = {of.rule.id: of.value for of in exact.after.findings if of.period == year}
        for rule, share in each.shares.items():
            value = stated[rule]
            assert value is not None
            assert abs(float(share) - float(value)) < 0.002


def test_lawful_dishes_come_first_and_what_they_break_is_named() -> None:
    found = candidates(PROBLEM, of("arras", DECEMBER), (TUESDAY, "main"))
    assert [each.lawful for each in found] == sorted((each.lawful for each in found), reverse=True)
    costs = [each.cost_eur for each in found if each.lawful]
    assert costs == sorted(costs)
    # The Tuesday's dahl is the only vegetarian menu of the week.
    beef = next(each for each in found if each.dish == "boeuf_carottes")
    assert not beef.lawful
    assert {change.rule.id for change in beef.changes if change.worse} >= {"VEGE"}
    assert "fraises" not in {each.dish for each in candidates(PROBLEM, of("arras", DECEMBER), (MONDAY, "dessert"))}


def scarce(grams: int) -> Problem:
    """Cod that only so much is caught of in a week, and no other."""
    range_ = Capacity("cabillaud_peche", date(2026, 8, 31), date(2027, 7, 5), grams)
    return replace(PROBLEM, capacities={**PROBLEM.capacities, "cabillaud_peche": (range_,)})


def test_what_the_others_buy_is_left_to_them() -> None:
    taken = sum(line.grams for line in PLAN.sourcing if line.offer == "cabillaud_peche" and line.week == DECEMBER)
    mine = of("arras", DECEMBER)
    own = sum(line.grams for line in mine.lines if line.offer == "cabillaud_peche" and line.week == DECEMBER)
    assert 0 < own < taken, "both kitchens buy of it"
    more = 101 * 130
    place = {(TUESDAY, "main"): "cabillaud"}
    enough = scarce(taken + more)
    assert structural(enough, whole(mine, DECEMBER, place, enough)) == []
    with pytest.raises(CannotBuy) as refused:
        swap(scarce(taken + more - 1), mine, DECEMBER, place)
    assert refused.value.grams == {"cabillaud": 1}
    listed = candidates(scarce(taken + more - 1_000), mine, (TUESDAY, "main"))
    assert {each.dish: each.missing for each in listed if each.missing} == {"cabillaud": ("cabillaud",)}


def test_a_ratio_that_the_swap_would_miss_is_bought_back_within_the_week() -> None:
    dear = replace(PROBLEM, rules=tuple(rule for rule in PROBLEM.rules if rule.id in ("EGALIM", "MEAT")))
    mine = of("lens", JANUARY)
    cheap = tuple(
        replace(line, offer="boeuf_gros", amount_excl_tax=PROBLEM.amount("boeuf_gros", "lens", line.grams))
        if line.offer == "boeuf_label"
        else line
        for line in mine.lines
    )
    found = swap(dear, replace(mine, lines=cheap), JANUARY, {})
    assert {each.rule.id for each in found.changes if each.mends} <= {"EGALIM", "MEAT"}
    assert all(each.holds for each in found.after.findings if each.period == "2027")


def test_a_place_or_a_dish_that_is_not_there_is_refused() -> None:
    mine = of("arras", DECEMBER)
    with pytest.raises(ValueError, match="not on the menus"):
        swap(PROBLEM, mine, DECEMBER, {(JANUARY, "main"): "dahl"})
    with pytest.raises(ValueError, match="not on the menus"):
        candidates(PROBLEM, mine, (date(2026, 12, 16), "main"))
    for other in ("pomme", "paella"):
        with pytest.raises(UnknownDish):
            swap(PROBLEM, mine, DECEMBER, {(MONDAY, "main"): other})
    gone = tuple(replace(line, dish="paella") if line.date == TUESDAY else line for line in mine.menus)
    with pytest.raises(UnknownDish):
        candidates(PROBLEM, replace(mine, menus=gone), (MONDAY, "main"))


def test_the_menus_of_a_plan_say_how_many_eat() -> None:
    fewer = [replace(line, covers=10) if line.date == MONDAY else line for line in of("arras", DECEMBER).menus]
    mine = replace(of("arras", DECEMBER), menus=tuple[MenuLine, ...](fewer))
    found = swap(PROBLEM, mine, DECEMBER, {(MONDAY, "dessert"): "yaourt"})
    yoghurt = sum(line.grams for line in found.lines if line.ingredient == "yaourt")
    others = sum(125 * line.covers for line in mine.menus if line.dish == "yaourt" and week_of(line.date) == DECEMBER)
    assert yoghurt == others + 125 * 10


MONDAYS = date(2026, 9, 7)
STORE = replace(
    tiny(
        [dish("d", needs={"leek": 100, "rice": 50}), dish("e", needs={"leek": 100, "rice": 80}),
         dish("f", needs={"leek": 100})],
        dates=[day for day in weekdays(3) if day.weekday() == 0], covers={"k": 100},
    ), weeks_ahead={"rice": 2},
)  # fmt: skip


def stored(served: str) -> KitchenPlan:
    """The kitchen of a plan in which rice of three weeks, 5 kg each, came in the first."""
    weeks = [MONDAYS + timedelta(weeks=n) for n in range(3)]
    lines = [SourcingLine("k", week, "leek", "gros.leek", 10_000, Decimal(10)) for week in weeks]
    rice = SourcingLine("k", weeks[0], "rice", "gros.rice", 15_000, Decimal(15))
    return KitchenPlan("k", tuple(MenuLine("k", week, "main", served, 100) for week in weeks), (*lines, rice), {})


@pytest.mark.parametrize(
    ("week", "other", "rice"), [(1, "e", 3000), (1, "f", 0), (2, "e", 3000), (0, "f", 10_000), (0, "e", 18_000)]
)
def test_a_week_buys_what_its_store_does_not_hold(week: int, other: str, rice: int) -> None:
    """Of the second week's 5 kg nothing is bought again; the first goes on buying for the weeks after it."""
    plan, monday = stored("d"), MONDAYS + timedelta(weeks=week)
    found = swap(STORE, plan, monday, {(monday, "main"): other})
    assert sum(line.grams for line in found.lines if line.ingredient == "rice") == rice
    listed = next(each for each in candidates(STORE, plan, (monday, "main")) if each.dish == other)
    before = 15_000 if week == 0 else 0
    assert abs(listed.cost_eur - Decimal(rice - before) / 1000) <= ROUNDING
