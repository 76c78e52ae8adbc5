"""Seeded faults against the structural rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from optimizer.problem import Problem
from tests.optimizer.plan_folder import Damage, PlanFolder

DAMAGES: dict[str, Damage] = {}


def _damage(function: Damage) -> Damage:
    DAMAGES[function.__name__] = function
    return function


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
        later = date.fromisoformat(row["date"]) + timedelta(days=6)
        monday = later - timedelta(days=later.weekday())
        for day in (monday - timedelta(days=shift) for shift in range(7)):
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


@_damage
def a_drop_below_its_minimum(problem: Problem, plan: PlanFolder) -> str | None:
    """Of a supplier with a minimum, a gram is left of all that a kitchen buys in a week."""
    for row in plan.table("sourcing"):
        supplier = problem.suppliers[problem.offers[row["offer"]].supplier]
        if supplier.min_drop_eur > 0:
            row |= {"grams": "1", "amount_excl_tax": "0.01"}
            return "MIN_DROP"
    return None


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
