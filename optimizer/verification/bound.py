"""Structural rule BOUND: the certificate is complete, its signs and quantities are right, and it is below the plan.

A Lagrangian bound is valid for any multipliers of the right sign, as long as each menu term really is a lower bound.
That cannot be proved without solving again, but it can be refuted: the plan's own menus and purchases are one choice
among those the terms of a kitchen look at, so at the stated prices they cannot cost less than the terms say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from optimizer.faults import Fault, Scope
from optimizer.plan import Plan, Price
from optimizer.problem import Problem
from optimizer.rules import BudgetRule, PurchaseTotalRule, ValueRatioRule
from optimizer.verification.french import euros, figure, rounded
from optimizer.verification.measuring import Measures, lower_bound
from optimizer.verification.priced import priced_costs
from optimizer.verification.purchase_total import period_of
from optimizer.verification.value_ratio import bought_before, civil_years

BOUND = "BOUND"


def check_bound(problem: Problem, plan: Plan, found: Measures) -> Iterator[Fault]:
    """Faults of single rows, of the blocks they cover, of the terms of a kitchen, and of the sum."""
    yield from _check_repeated(plan.prices)
    for price in plan.prices:
        yield from _CHECKS[price.kind](problem, price)
    yield from _check_blocks(problem, plan.prices)
    yield from _check_menu_terms(problem, plan, found)
    stated, total = plan.summary.lower_bound_eur, lower_bound(plan.prices)
    if stated != total:
        by = euros(abs(stated - total))
        message = f"borne annoncée {euros(stated)}, les lignes de prices.csv donnent {euros(total)} (écart {by})."
        yield Fault(BOUND, Scope(), stated, total, message)
    if stated > found.objective_eur:
        by = euros(stated - found.objective_eur)
        message = f"borne {euros(stated)} au-dessus de l'objectif {euros(found.objective_eur)} ({by} de trop)."
        yield Fault(BOUND, Scope(), stated, found.objective_eur, message)


def _check_repeated(prices: Iterable[Price]) -> Iterator[Fault]:
    seen = set()
    for of in prices:
        key = of.kind, of.kitchen, of.period, of.offer, of.rule
        if key in seen:
            yield _fault(of, 2, 1, "la ligne est écrite plus d'une fois.")
        seen.add(key)


def _fault(price: Price, value: Decimal | int | str | None, bound: Decimal | int | None, message: str) -> Fault:
    scope = Scope(price.kitchen, price.period, price.offer or price.rule)
    return Fault(BOUND, scope, value, bound, f"prices.csv, {price.kind} : {message}")


def _check_quantity(price: Price, quantity: Decimal) -> Iterator[Fault]:
    if price.quantity != quantity:
        by = figure(abs(price.quantity - quantity))
        message = f"quantité {price.quantity} au lieu de {quantity} (écart {by})."
        yield _fault(price, price.quantity, quantity, message)


def _check_capacity(problem: Problem, price: Price) -> Iterator[Fault]:
    week = _week(problem, price.period)
    if price.offer not in problem.offers or week is None:
        yield _fault(price, price.offer, None, "l'offre ou la semaine n'existe pas.")
        return
    if price.value > 0:
        yield _fault(price, price.value, 0, f"multiplicateur {price.value}, il doit être au plus 0.")
    capacity = problem.capacity(price.offer, week)
    if capacity is None:
        yield _fault(price, price.value, 0, "une capacité illimitée n'a pas de multiplicateur.")
    else:
        yield from _check_quantity(price, Decimal(capacity).scaleb(-3))


def _week(problem: Problem, period: str) -> date | None:
    return next((week for week in problem.weeks if week.isoformat() == period), None)


def _check_ratio(problem: Problem, price: Price) -> Iterator[Fault]:
    rule = problem.rules_by_id.get(price.rule)
    years = [str(year) for year in civil_years(problem, price.kitchen)] if price.kitchen in problem.kitchens else []
    if not isinstance(rule, ValueRatioRule) or price.period not in years:
        yield _fault(price, price.rule, None, "la règle, la cuisine ou l'année n'existe pas.")
        return
    yield from _check_multiplier(price, rule.soft_price)
    part, whole = bought_before(problem, price.kitchen, int(price.period), rule)
    yield from _check_quantity(price, part - rule.min_share * whole)


def _check_budget(problem: Problem, price: Price) -> Iterator[Fault]:
    rule = problem.rules_by_id.get(price.rule)
    if not isinstance(rule, BudgetRule) or price.kitchen not in problem.kitchens:
        yield _fault(price, price.rule, None, "la règle ou la cuisine n'existe pas.")
        return
    yield from _check_multiplier(price, rule.soft_price)
    yield from _check_quantity(price, problem.budget_per_meal(rule, price.kitchen) * problem.covers(price.kitchen))


def _check_total(problem: Problem, price: Price) -> Iterator[Fault]:
    """A multiplier λ > 0 prices the most of a rule, λ < 0 its least; of a soft rule no more than breaking it costs."""
    rule = problem.rules_by_id.get(price.rule)
    if not isinstance(rule, PurchaseTotalRule) or price.period != period_of(rule):
        yield _fault(price, price.rule, None, "la règle ou la période n'existe pas.")
        return
    low, high = problem.total_bounds(rule)
    bound = high if price.value > 0 else low
    if bound is None:
        side = "maximum" if price.value > 0 else "minimum"
        yield _fault(price, price.value, 0, f"multiplicateur {price.value}, la règle n'a pas de {side}.")
        return
    yield from _check_multiplier(replace(price, value=abs(price.value)), rule.soft_price)
    yield from _check_quantity(price, bound)


def _check_multiplier(price: Price, soft_price: Decimal | None) -> Iterator[Fault]:
    """At least 0; for a soft rule no more than what breaking it costs, or the plan could pay to go below the bound."""
    if price.value < 0:
        yield _fault(price, price.value, 0, f"multiplicateur {price.value}, il doit être au moins 0.")
    if soft_price is not None and price.value > soft_price:
        message = f"multiplicateur {price.value}, au plus le prix de la règle souple ({soft_price})."
        yield _fault(price, price.value, soft_price, message)


def _check_menu(problem: Problem, price: Price) -> Iterator[Fault]:
    if price.kitchen not in problem.kitchens:
        yield _fault(price, price.kitchen, None, f"la cuisine « {price.kitchen} » n'existe pas.")
        return
    first, _, last = price.period.partition("/")
    served = {day.date.isoformat() for day in problem.days(price.kitchen)}
    if first not in served or last not in served or first > last:
        yield _fault(
            price, price.period, None, f"« {price.period} » n'est pas « premier jour/dernier jour » d'un bloc."
        )
    yield from _check_quantity(price, Decimal(1))


_CHECKS = {
    "capacity": _check_capacity,
    "ratio": _check_ratio,
    "budget": _check_budget,
    "total": _check_total,
    "menu": _check_menu,
}


def _check_blocks(problem: Problem, prices: Iterable[Price]) -> Iterator[Fault]:
    """The ``menu`` rows of a kitchen cut its service days into blocks: every day in exactly one."""
    spans: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for of in prices:
        if of.kind == "menu":
            first, _, last = of.period.partition("/")
            spans[of.kitchen].append((first, last))
    for kitchen in sorted(problem.kitchens):
        days = [day.date.isoformat() for day in problem.days(kitchen)]
        covered = [day for first, last in spans[kitchen] for day in days if first <= day <= last]
        for word, wrong in (("aucun", set(days) - set(covered)), ("plusieurs", _repeated(covered))):
            if wrong:
                message = f"{len(wrong)} jour(s) de service dans {word} bloc(s) de prices.csv, dont le {min(wrong)}."
                yield Fault(BOUND, Scope(kitchen, min(wrong)), len(wrong), 0, message)


def _repeated(days: list[str]) -> set[str]:
    return {day for day, times in Counter(days).items() if times > 1}


def _check_menu_terms(problem: Problem, plan: Plan, found: Measures) -> Iterator[Fault]:
    """Per kitchen, the sum of its ``menu`` terms is at most what its own purchases and penalties cost at the prices."""
    terms: dict[str, Fraction] = defaultdict(Fraction)
    for of in plan.prices:
        if of.kind == "menu":
            terms[of.kitchen] += Fraction(of.value) * Fraction(of.quantity)
    costs, penalties = priced_costs(problem, plan.sourcing, plan.prices), found.penalties
    for kitchen, stated in sorted(terms.items()):
        cost = (
            costs.get(kitchen, Fraction(0))
            + Fraction(penalties.get(kitchen, Decimal(0)))
            + Fraction(found.wastes.get(kitchen, Decimal(0)))
            + Fraction(found.goals.get(kitchen, Decimal(0)))
        )
        if stated > cost:
            message = (
                f"la borne des menus ({euros(stated)}) dépasse ce que ceux du plan coûtent à ces prix "
                f"({euros(cost)}, {euros(stated - cost)} de trop) : elle n'est pas prouvée."
            )
            yield Fault(BOUND, Scope(kitchen), rounded(stated), rounded(cost), message)
