"""Seeded faults against the rules of the problem, one or more per kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from optimizer.blocks import ServiceDay
from optimizer.problem import Dish, Problem
from optimizer.rules import (
    BudgetRule,
    CountRule,
    DropCountRule,
    NutrientTotalRule,
    PairingRule,
    PurchaseTotalRule,
    SpacingRule,
    ValueRatioRule,
    WeeklyCountRule,
)
from tests.optimizer.plan_folder import Damage, PlanFolder

DAMAGES: dict[str, Damage] = {}


def _damage(function: Damage) -> Damage:
    DAMAGES[function.__name__] = function
    return function


def _hard(problem: Problem, kind: type) -> Iterator[Any]:
    yield from (rule for rule in problem.rules if isinstance(rule, kind) and rule.hard)


def _kitchen(problem: Problem) -> str:
    return min(problem.kitchens)


def _with(problem: Problem, slots: tuple[str, ...], attribute: str, *, has: bool) -> dict[str, Dish]:
    """One dish per slot that surely has, or surely has not, the attribute."""
    found: dict[str, Dish] = {}
    for slot in slots:
        for dish in problem.dishes_by_slot[slot]:
            if dish.has(attribute, unknown_as=not has) is has:
                found.setdefault(slot, dish)
    return found


def _force(
    problem: Problem, plan: PlanFolder, rule: CountRule | WeeklyCountRule, days: list[ServiceDay], has: bool
) -> bool:
    """Make every meal of these days match (or none); False when the dishes do not allow it."""
    dishes = _with(problem, rule.slots, rule.attribute, has=has)
    needs_every_slot = (rule.match == "all") is has
    if not dishes or (needs_every_slot and len(dishes) < len(rule.slots)):
        return False
    for day in days:
        for dish in dishes.values():
            plan.serve(day.kitchen, day.date, dish)
    return True


def _count_damage(name: str, kind: type, *, over: bool) -> None:
    def apply(problem: Problem, plan: PlanFolder) -> str | None:
        for rule in _hard(problem, kind):
            days = _period(problem, rule)
            limit = rule.maximum if over else rule.minimum
            breakable = limit is not None and (len(days) > limit if over else limit > 0)
            if breakable and _force(problem, plan, rule, days, over):
                return str(rule.id)
        return None

    DAMAGES[name] = apply


def _period(problem: Problem, rule: CountRule | WeeklyCountRule) -> list[ServiceDay]:
    """The first whole block or week of the first kitchen."""
    days = problem.days(_kitchen(problem))
    if isinstance(rule, CountRule):
        return list(days[: rule.window])
    return [day for day in days if day.week == days[0].week]


_count_damage("too_many_in_a_block", CountRule, over=True)
_count_damage("too_few_in_a_block", CountRule, over=False)
_count_damage("too_many_in_a_week", WeeklyCountRule, over=True)
_count_damage("too_few_in_a_week", WeeklyCountRule, over=False)


@_damage
def too_little_of_a_nutrient(problem: Problem, plan: PlanFolder) -> str | None:
    return _nutrient(problem, plan, over=False)


@_damage
def too_much_of_a_nutrient(problem: Problem, plan: PlanFolder) -> str | None:
    return _nutrient(problem, plan, over=True)


def _nutrient(problem: Problem, plan: PlanFolder, *, over: bool) -> str | None:
    for rule in _hard(problem, NutrientTotalRule):
        limit = rule.max_per_meal if over else rule.min_per_meal
        dishes = [_extreme(problem, slot, rule.nutrient, over) for slot in problem.slots]
        total = sum((dish.nutrients.get(rule.nutrient, Decimal(0)) for dish in dishes), Decimal(0))
        if limit is None or not (total > limit if over else total < limit):
            continue
        for day in problem.days(_kitchen(problem))[: rule.window]:
            for dish in dishes:
                plan.serve(day.kitchen, day.date, dish)
        return str(rule.id)
    return None


def _extreme(problem: Problem, slot: str, nutrient: str, over: bool) -> Dish:
    best = max if over else min
    known = [dish for dish in problem.dishes_by_slot[slot] if nutrient in dish.nutrients]
    return best(known or problem.dishes_by_slot[slot], key=lambda dish: dish.nutrients.get(nutrient, Decimal(0)))


@_damage
def the_same_dish_the_day_after(problem: Problem, plan: PlanFolder) -> str | None:
    return _repeat(problem, plan, "days", 1)


@_damage
def the_same_dish_at_the_edge_of_the_spacing(problem: Problem, plan: PlanFolder) -> str | None:
    """The last service day on which the dish may not come back yet."""
    return _repeat(problem, plan, "days", None)


def _repeat(problem: Problem, plan: PlanFolder, unit: str, after: int | None) -> str | None:
    days = problem.days(_kitchen(problem))
    for rule in _hard(problem, SpacingRule):
        gap = rule.within - 1 if after is None else after
        if rule.unit == unit and 0 < gap < min(rule.within, len(days)):
            served = {(row["kitchen"], row["date"], row["slot"]): row["dish"] for row in plan.table("menus")}
            first = served[days[0].kitchen, days[0].date.isoformat(), rule.slots[0]]
            plan.serve(days[0].kitchen, days[gap].date, problem.dishes[first])
            return str(rule.id)
    return None


@_damage
def a_soft_rule_broken_in_silence(problem: Problem, plan: PlanFolder) -> str | None:
    """One more repetition of a soft spacing, which the penalty stated does not know."""
    for rule in problem.rules:
        if isinstance(rule, SpacingRule) and not rule.hard:
            days = problem.days(_kitchen(problem))
            dish = problem.dishes_by_slot[rule.slots[0]][0]
            for day in days:
                plan.serve(day.kitchen, day.date, dish)
            return "SUMMARY"
    return None


@_damage
def a_wrong_pair(problem: Problem, plan: PlanFolder) -> str | None:
    for rule in _hard(problem, PairingRule):
        first = _with(problem, (rule.slot_a,), rule.attribute_a, has=True)
        second = _with(problem, (rule.slot_b,), rule.attribute_b, has=rule.mode == "forbid")
        if first and second and rule.slot_a != rule.slot_b:
            day = problem.days(_kitchen(problem))[0]
            plan.serve(day.kitchen, day.date, first[rule.slot_a])
            plan.serve(day.kitchen, day.date, second[rule.slot_b])
            return str(rule.id)
    return None


@_damage
def a_ratio_missed(problem: Problem, plan: PlanFolder) -> str | None:
    """Everything of one kitchen and year that counts for the ratio costs nothing any more."""
    kitchen = _kitchen(problem)
    year = problem.kitchen_weeks(kitchen)[-1].year
    before = {of.family for of in problem.purchases if of.kitchen == kitchen and of.date.year == year}
    for rule in _hard(problem, ValueRatioRule):
        if rule.min_share > 0 and not before and _empty(problem, plan, rule, kitchen, year):
            return str(rule.id)
    return None


def _empty(problem: Problem, plan: PlanFolder, rule: ValueRatioRule, kitchen: str, year: int) -> bool:
    other = False
    rows = [row for row in plan.table("sourcing") if row["kitchen"] == kitchen and row["week"].startswith(str(year))]
    for row in rows:
        family = problem.family(row["offer"])
        if rule.in_numerator(
            family, problem.bucket(row["offer"], date.fromisoformat(row["week"])), problem.seller(row["offer"])
        ):
            row["amount_excl_tax"] = "0.00"
        elif rule.in_denominator(family):
            row["amount_excl_tax"] = str(Decimal(row["amount_excl_tax"]) + 1)
            other = True
    return other


@_damage
def a_budget_overrun(problem: Problem, plan: PlanFolder) -> str | None:
    kitchen = _kitchen(problem)
    for rule in _hard(problem, BudgetRule):
        budget = problem.budget_per_meal(rule, kitchen) * problem.covers(kitchen)
        row = next(row for row in plan.table("sourcing") if row["kitchen"] == kitchen)
        row["amount_excl_tax"] = str((Decimal(row["amount_excl_tax"]) + budget).quantize(Decimal("0.01")))
        return str(rule.id)
    return None


@_damage
def a_contract_bought_beyond_its_most(problem: Problem, plan: PlanFolder) -> str | None:
    for rule in _hard(problem, PurchaseTotalRule):
        rows = [row for row in plan.table("sourcing") if rule.buys(row["kitchen"]) and _sold(problem, rule, row)]
        if rule.maximum is not None and rows:
            row = rows[0]
            row["grams"] = str(int(row["grams"]) + int(rule.maximum * 1000))
            row["amount_excl_tax"] = str(Decimal(row["amount_excl_tax"]) + rule.maximum)
            return str(rule.id)
    return None


@_damage
def a_contract_bought_elsewhere(problem: Problem, plan: PlanFolder) -> str | None:
    """Everything of a total that has a least is bought of an offer that it does not count."""
    for rule in _hard(problem, PurchaseTotalRule):
        rows = [row for row in plan.table("sourcing") if rule.buys(row["kitchen"]) and _sold(problem, rule, row)]
        if rule.minimum and rows:
            other = next(of.id for of in problem.offers.values() if not rule.sells(of.id, of.supplier))
            for row in rows:
                row["offer"] = other
            return str(rule.id)
    return None


def _sold(problem: Problem, rule: PurchaseTotalRule, row: dict[str, str]) -> bool:
    return rule.sells(row["offer"], problem.offers[row["offer"]].supplier)


@_damage
def one_drop_too_many(problem: Problem, plan: PlanFolder) -> str | None:
    """A line of a supplier who has others is bought of one who does not come, in a week that receives no more."""
    for rule in _hard(problem, DropCountRule):
        for row in plan.table("sourcing"):
            week = [of for of in plan.table("sourcing") if (of["kitchen"], of["week"]) == (row["kitchen"], row["week"])]
            suppliers = [problem.offers[of["offer"]].supplier for of in week]
            mine = suppliers.count(problem.offers[row["offer"]].supplier)
            other = next((of.id for of in problem.offers.values() if of.supplier not in suppliers), None)
            if mine > 1 and other and len(set(suppliers)) == problem.most_drops(rule, row["kitchen"]):
                row["offer"] = other
                return str(rule.id)
    return None
