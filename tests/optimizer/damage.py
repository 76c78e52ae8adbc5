"""Seeded faults for any valid plan folder: each damages a copy and says which rule a verifier must then report.

    for name in DAMAGES:
        rule_id = damage(problem_dir, plan_dir, name, damaged_dir)   # None: nothing in this plan to damage so
        assert rule_id is None or rule_id in found_by_verifier(problem_dir, damaged_dir)

A damage may break other rules too (a changed dish changes what must be bought); the one named is broken for certain.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from optimizer.blocks import ServiceDay
from optimizer.folders.json_text import decode, encode
from optimizer.problem import Dish, Problem
from optimizer.rules import (
    BudgetRule,
    CountRule,
    NutrientTotalRule,
    PairingRule,
    Rule,
    SpacingRule,
    ValueRatioRule,
    WeeklyCountRule,
)

Cells = dict[str, str]


class PlanFolder:
    """The files of a plan as text cells, to be changed and written back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._tables: dict[str, list[Cells]] = {}
        self._summary: dict[str, Any] | None = None

    def table(self, name: str) -> list[Cells]:
        if name not in self._tables:
            with (self.path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                self._tables[name] = list(csv.DictReader(file))
        return self._tables[name]

    @property
    def summary(self) -> dict[str, Any]:
        if self._summary is None:
            self._summary = decode((self.path / "summary.json").read_text(encoding="utf-8"))
        assert self._summary is not None
        return self._summary

    def write(self) -> None:
        for name, rows in self._tables.items():
            with (self.path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        if self._summary is not None:
            (self.path / "summary.json").write_text(encode(self._summary) + "\n", encoding="utf-8")

    def serve(self, kitchen: str, day: date, dish: Dish) -> None:
        """Put the dish in its slot of that day."""
        for row in self.table("menus"):
            if row["kitchen"] == kitchen and row["date"] == day.isoformat() and row["slot"] == dish.slot:
                row["dish"] = dish.id
                return
        raise AssertionError(f"no {dish.slot} at {kitchen} on {day}")


Damage = Callable[[Problem, PlanFolder], str | None]
DAMAGES: dict[str, Damage] = {}


def damage(problem_dir: Path, plan_dir: Path, name: str, target: Path) -> str | None:
    """Copy the plan to ``target``, damage it, and return the id of a rule it now breaks; None when not applicable."""
    shutil.copytree(plan_dir, target)
    plan = PlanFolder(target)
    rule_id = DAMAGES[name](Problem.from_folder(problem_dir), plan)
    plan.write()
    return rule_id


def _damage(function: Damage) -> Damage:
    DAMAGES[function.__name__] = function
    return function


# -- structural rules ------------------------------------------------------------------------------------------------


@_damage
def a_dish_is_missing(_problem: Problem, plan: PlanFolder) -> str:
    plan.table("menus").pop()
    return "MENU"


@_damage
def two_dishes_in_a_slot(problem: Problem, plan: PlanFolder) -> str | None:
    for row in plan.table("menus"):
        other = next((dish for dish in problem.dishes_by_slot[row["slot"]] if dish.id != row["dish"]), None)
        if other is not None:
            plan.table("menus").append(row | {"dish": other.id})
            return "MENU"
    return None


@_damage
def a_line_is_served_twice(_problem: Problem, plan: PlanFolder) -> str:
    plan.table("menus").append(dict(plan.table("menus")[0]))
    return "MENU"


@_damage
def too_few_covers(_problem: Problem, plan: PlanFolder) -> str:
    row = next(row for row in plan.table("menus") if int(row["covers"]) > 1)
    row["covers"] = str(int(row["covers"]) - 1)
    return "MENU"


@_damage
def a_dish_of_another_slot(problem: Problem, plan: PlanFolder) -> str | None:
    row = plan.table("menus")[0]
    other = next((dish for dish in problem.dishes.values() if dish.slot != row["slot"]), None)
    if other is None:
        return None
    row["dish"] = other.id
    return "MENU"


@_damage
def an_unknown_dish(_problem: Problem, plan: PlanFolder) -> str:
    plan.table("menus")[0]["dish"] = "plat_inconnu"
    return "MENU"


@_damage
def a_meal_on_a_closed_day(problem: Problem, plan: PlanFolder) -> str:
    row = plan.table("menus")[0]
    closed = problem.days(row["kitchen"])[-1].date + timedelta(days=1)
    plan.table("menus").append(row | {"date": closed.isoformat()})
    return "MENU"


@_damage
def a_dish_out_of_season(problem: Problem, plan: PlanFolder) -> str | None:
    for day in problem.service_days:
        for dish in problem.dishes.values():
            if day.week.month not in dish.months:
                plan.serve(day.kitchen, day.date, dish)
                return "SEASON"
    return None


@_damage
def an_ingredient_is_not_bought(_problem: Problem, plan: PlanFolder) -> str:
    plan.table("sourcing").pop()
    return "DEMAND"


@_damage
def one_gram_too_many(_problem: Problem, plan: PlanFolder) -> str:
    row = plan.table("sourcing")[0]
    row["grams"] = str(int(row["grams"]) + 1)
    return "DEMAND"


@_damage
def bread_is_forgotten(problem: Problem, plan: PlanFolder) -> str | None:
    rows = plan.table("sourcing")
    kept = [row for row in rows if row["ingredient"] not in problem.every_meal]
    if len(kept) == len(rows) or not kept:
        return None
    rows[:] = kept
    return "DEMAND"


@_damage
def a_supplier_who_does_not_deliver(problem: Problem, plan: PlanFolder) -> str | None:
    for row in plan.table("sourcing"):
        for offer in problem.offers_by_ingredient[row["ingredient"]]:
            if not problem.reaches(offer.id, row["kitchen"]):
                row["offer"] = offer.id
                return "REACH"
    return None


@_damage
def an_offer_of_another_ingredient(problem: Problem, plan: PlanFolder) -> str | None:
    row = plan.table("sourcing")[0]
    others = (of.id for of in problem.offers.values() if of.ingredient != row["ingredient"])
    other = next((of for of in others if problem.reaches(of, row["kitchen"])), None)
    row["offer"] = other or row["offer"]
    return "REACH" if other else None


@_damage
def more_than_the_capacity(problem: Problem, plan: PlanFolder) -> str | None:
    for row in plan.table("sourcing"):
        for offer in problem.offers_by_ingredient[row["ingredient"]]:
            capacity = problem.capacity(offer.id, date.fromisoformat(row["week"]))
            if capacity:
                row["offer"], row["grams"] = offer.id, str(capacity + 1)
                return "CAPACITY"
    return None


@_damage
def an_offer_not_on_sale(problem: Problem, plan: PlanFolder) -> str | None:
    for row in plan.table("sourcing"):
        for offer in problem.offers_by_ingredient[row["ingredient"]]:
            if problem.capacity(offer.id, date.fromisoformat(row["week"])) == 0:
                row["offer"] = offer.id
                return "CAPACITY"
    return None


@_damage
def a_cent_too_little(_problem: Problem, plan: PlanFolder) -> str:
    row = next(row for row in plan.table("sourcing") if Decimal(row["amount_excl_tax"]) > 0)
    row["amount_excl_tax"] = str(Decimal(row["amount_excl_tax"]) - Decimal("0.01"))
    return "AMOUNT"


@_damage
def a_line_split_in_two(_problem: Problem, plan: PlanFolder) -> str:
    rows = plan.table("sourcing")
    row = next(row for row in rows if int(row["grams"]) > 1)
    rows.append(row | {"grams": "1", "amount_excl_tax": "0.00"})
    row["grams"] = str(int(row["grams"]) - 1)
    return "AMOUNT"


@_damage
def a_drop_on_a_day_without_delivery(problem: Problem, plan: PlanFolder) -> str | None:
    for row in plan.table("drops"):
        friday = date.fromisoformat(row["date"]) + timedelta(days=2)
        monday = friday - timedelta(days=friday.weekday())
        for day in (monday + timedelta(days=shift) for shift in range(-2, 5)):
            if day.weekday() not in problem.suppliers[row["supplier"]].delivery_weekdays:
                row["date"] = day.isoformat()
                return "DROPS"
    return None


@_damage
def a_drop_in_the_week_after(_problem: Problem, plan: PlanFolder) -> str:
    row = plan.table("drops")[0]
    row["date"] = (date.fromisoformat(row["date"]) + timedelta(days=7)).isoformat()
    return "DROPS"


@_damage
def a_drop_is_missing(_problem: Problem, plan: PlanFolder) -> str:
    plan.table("drops").pop()
    return "DROPS"


@_damage
def a_drop_charged_wrongly(_problem: Problem, plan: PlanFolder) -> str:
    row = plan.table("drops")[0]
    row["amount_excl_tax"] = str(Decimal(row["amount_excl_tax"]) + 1)
    return "DROPS"


def _summary_damage(name: str, change: Callable[[dict[str, Any]], None], rule_id: str = "SUMMARY") -> None:
    def apply(_problem: Problem, plan: PlanFolder) -> str:
        change(plan.summary)
        return rule_id

    DAMAGES[name] = apply


def _add(field: str, amount: str) -> Callable[[dict[str, Any]], None]:
    return lambda of: of.update({field: Decimal(of[field]) + Decimal(amount)})


_summary_damage("cost_understated", _add("cost_eur", "-0.01"))
_summary_damage("penalty_misstated", _add("penalty_eur", "1"))
_summary_damage("objective_misstated", _add("objective_eur", "0.01"))
_summary_damage("gap_flattered", _add("gap", "-0.000001"))
_summary_damage("meals_overstated", lambda of: of.update(meals=of["meals"] + 1))
_summary_damage("another_problem", lambda of: of.update(problem_sha256="0" * 64))
_summary_damage("a_result_reversed", lambda of: of["rules"][0].update(holds=not of["rules"][0]["holds"]))
_summary_damage("a_result_misstated", lambda of: of["rules"][0].update(value=Decimal(of["rules"][0]["value"]) + 1))
_summary_damage("a_result_missing", lambda of: of["rules"].pop())
_summary_damage("a_kitchen_cost_misstated", lambda of: _add("cost_eur", "0.01")(of["kitchens"][0]))
_summary_damage("a_kitchen_missing", lambda of: of["kitchens"].pop())
_summary_damage("a_bound_overstated", _add("lower_bound_eur", "1"), "BOUND")


@_damage
def a_ratio_misstated(_problem: Problem, plan: PlanFolder) -> str | None:
    for kitchen in plan.summary["kitchens"]:
        for shares in kitchen["ratios"].values():
            for year in shares:
                shares[year] = Decimal(shares[year] or 0) + Decimal("0.000001")
                return "SUMMARY"
    return None


@_damage
def a_bound_above_the_plan(_problem: Problem, plan: PlanFolder) -> str | None:
    """A menu term too good to be true, with a bound and a gap that agree with it."""
    row = next((row for row in plan.table("prices") if row["kind"] == "menu"), None)
    if row is None:
        return None
    rise = 2 * Decimal(plan.summary["objective_eur"])
    row["value"] = str(Decimal(row["value"]) + rise)
    _add("lower_bound_eur", str(rise))(plan.summary)
    return "BOUND"


@_damage
def a_block_that_ends_on_no_service_day(_problem: Problem, plan: PlanFolder) -> str | None:
    row = next((row for row in plan.table("prices") if row["kind"] == "menu"), None)
    if row is None:
        return None
    first, _, last = row["period"].partition("/")
    row["period"] = f"{first}/{last}-bis"
    return "BOUND"


@_damage
def a_block_is_bounded_twice(_problem: Problem, plan: PlanFolder) -> str | None:
    row = next((row for row in plan.table("prices") if row["kind"] == "menu"), None)
    if row is None:
        return None
    first = row["period"].partition("/")[0]
    plan.table("prices").append(row | {"period": f"{first}/{first}", "value": "0"})
    return "BOUND"


def _price_damage(name: str, kind: str, field: str, change: Callable[[Decimal], Decimal]) -> None:
    def apply(_problem: Problem, plan: PlanFolder) -> str | None:
        row = next((row for row in plan.table("prices") if row["kind"] == kind), None)
        if row is None:
            return None
        row[field] = format(change(Decimal(row[field])), "f")
        return "BOUND"

    DAMAGES[name] = apply


_price_damage("scarcity_with_the_wrong_sign", "capacity", "value", lambda value: 1 - value)
_price_damage("scarcity_of_a_wrong_quantity", "capacity", "quantity", lambda quantity: quantity + 1)
_price_damage("ratio_price_with_the_wrong_sign", "ratio", "value", lambda value: -1 - value)
_price_damage("ratio_price_of_a_wrong_quantity", "ratio", "quantity", lambda quantity: quantity - 1)
_price_damage("budget_price_with_the_wrong_sign", "budget", "value", lambda value: -1 - value)
_price_damage("budget_price_of_a_wrong_quantity", "budget", "quantity", lambda quantity: quantity - 1)


# -- rules of the problem --------------------------------------------------------------------------------------------


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
        if rule.in_numerator(family, problem.bucket(row["offer"], date.fromisoformat(row["week"]))):
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


def kinds_of(problem: Problem, rule_ids: set[str]) -> set[type[Rule]]:
    """Kinds of the rules with these ids (structural ids have none)."""
    return {type(rule) for rule in problem.rules if rule.id in rule_ids}
