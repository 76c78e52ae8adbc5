"""The lower bound of the whole problem and every term it is made of, as `prices.csv` states them.

For multipliers μ ≤ 0 (capacity), θ ≥ 0 (ratios), β ≥ 0 (budget), λ (totals: > 0 on a most, < 0 on a least) the
Lagrangian

    Σ_kitchen min menus at priced costs  +  Σ μ·capacity  −  Σ θ·(bought before)  −  Σ β·budget·covers  −  Σ λ·bound

is at most the cost of any plan. Each minimum is replaced by the value of its LP relaxation over the whole horizon,
with every menu rule in the `bound` reading of `menu_rows`: both can only lower it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

import numpy as np

from optimizer.engine.instance import Instance
from optimizer.engine.prices import Prices
from optimizer.engine.totals import worth_of_bounds
from optimizer.plan import Price
from optimizer.solver import Floats
from optimizer.verification.purchase_total import period_of

_STEP = Decimal("0.0001")
_SAFETY = 1e-6
"""Relative allowance for the solver's own arithmetic, taken off every proven minimum."""


def bound_terms(instance: Instance, prices: Prices, menus: Sequence[float]) -> list[Price]:
    """Terms of the bound at `prices` (one θ per civil year, rounded); `menus[k]` = proven minimum in euros."""
    return [
        *_capacity_terms(instance, prices),
        *_ratio_terms(instance, prices),
        *_budget_terms(instance, prices),
        *_total_terms(instance, prices),
        *_menu_terms(instance, menus),
    ]


def lower_bound(terms: Sequence[Price]) -> Decimal:
    """Sum of the contributions, rounded down to the cent."""
    total = Decimal(0)
    for term in terms:
        contribution = term.value * term.quantity
        total += contribution if term.kind in ("capacity", "menu") else -contribution
    return total.quantize(Decimal("0.01"), rounding=ROUND_FLOOR)


def expected_bound(instance: Instance, prices: Prices, kitchens: Sequence[int], menus: Sequence[float]) -> float:
    """What the bound at `prices` will be about, from the proven minima `menus` of some `kitchens`: euros."""
    covers = np.array([of.sum() for of in instance.covers], dtype=np.float64)
    mine = sum(menus) - own_terms(instance, prices)[list(kitchens)].sum()
    shared = sum(float(term.value * term.quantity) for term in _capacity_terms(instance, prices))
    if prices.total is not None:
        shared -= worth_of_bounds(instance, prices.total)
    return float(mine * covers.sum() / covers[list(kitchens)].sum()) + shared


def own_terms(instance: Instance, prices: Prices) -> Floats:
    """Per kitchen, what its ratio and budget prices take off the bound (K, euros)."""
    taken = np.zeros(len(instance.kitchens))
    for k in range(len(instance.kitchens)):
        for y in range(len(instance.years)):
            week = int(np.flatnonzero(instance.week_year == y)[0])
            taken[k] += float(prices.ratio[k, week] @ instance.bought[k, y])
        for rule in instance.budget_rules[:1]:
            name = instance.kitchens[k]
            limit = instance.problem.budget_per_meal(rule, name) * instance.problem.covers(name)
            taken[k] += float(prices.budget[k]) * float(limit)
    return taken


def soft_limits(instance: Instance, prices: Prices) -> Prices:
    """θ and β of soft rules cannot exceed the price of a violation."""
    ratio, budget = prices.ratio.copy(), prices.budget.copy()
    for r, rule in enumerate(instance.ratio_rules):
        if rule.soft_price is not None:
            ratio[:, :, r] = np.minimum(ratio[:, :, r], float(rule.soft_price))
    for of in instance.budget_rules:
        if of.soft_price is not None:
            budget = np.minimum(budget, float(of.soft_price))
    if not instance.budget_rules:
        budget = np.zeros_like(budget)
    return Prices(prices.capacity, ratio, budget, total=prices.total)


def _capacity_terms(instance: Instance, prices: Prices) -> list[Price]:
    terms = []
    for o, w in zip(*np.nonzero(prices.capacity), strict=True):
        offer, week = instance.offers[o], instance.weeks[w]
        grams = instance.problem.capacity(offer, week)
        if grams:
            value = _decimal(prices.capacity[o, w])
            terms.append(Price("capacity", "", str(week), offer, "", value, Decimal(grams) / 1000))
    return terms


def _ratio_terms(instance: Instance, prices: Prices) -> list[Price]:
    terms = []
    for k, kitchen in enumerate(instance.kitchens):
        for y, year in enumerate(instance.years):
            week = int(np.flatnonzero(instance.week_year == y)[0])
            for r, rule in enumerate(instance.ratio_rules):
                value = _decimal(prices.ratio[k, week, r])
                if value:
                    bought = bought_before(instance, kitchen, year, r)
                    terms.append(Price("ratio", kitchen, str(year), "", rule.id, value, bought))
    return terms


def bought_before(instance: Instance, kitchen: str, year: int, rule_index: int) -> Decimal:
    """Σ (numerator − share × denominator) of what the kitchen bought before in the civil year, exact."""
    rule = instance.ratio_rules[rule_index]
    total = Decimal(0)
    for purchase in instance.problem.purchases:
        if purchase.kitchen == kitchen and purchase.date.year == year and rule.in_denominator(purchase.family):
            inside = Decimal(int(rule.in_numerator(purchase.family, purchase.bucket, None)))
            total += (inside - rule.min_share) * purchase.amount_excl_tax
    return total


def _budget_terms(instance: Instance, prices: Prices) -> list[Price]:
    terms = []
    for rule in instance.budget_rules[:1]:
        for k, kitchen in enumerate(instance.kitchens):
            value = _decimal(prices.budget[k])
            if value:
                limit = instance.problem.budget_per_meal(rule, kitchen) * instance.problem.covers(kitchen)
                terms.append(Price("budget", kitchen, "horizon", "", rule.id, value, limit))
    return terms


def _total_terms(instance: Instance, prices: Prices) -> list[Price]:
    terms = []
    for total, of_weeks in zip(instance.totals, prices.total if prices.total is not None else (), strict=False):
        value = _decimal(of_weeks[total.weeks][0]) if total.weeks.any() else Decimal(0)
        low, high = instance.problem.total_bounds(total.rule)
        bound = high if value > 0 else low
        if value and bound is not None:
            terms.append(Price("total", "", period_of(total.rule), "", total.rule.id, value, bound))
    return terms


def _menu_terms(instance: Instance, menus: Sequence[float]) -> list[Price]:
    terms = []
    for k, bound in enumerate(menus):
        dates = instance.pattern(k).dates
        value = Decimal(float(bound) - abs(float(bound)) * _SAFETY).quantize(_STEP, rounding=ROUND_FLOOR)
        terms.append(Price("menu", instance.kitchens[k], f"{dates[0]}/{dates[-1]}", "", "", value, Decimal(1)))
    return terms


def _decimal(value: float) -> Decimal:
    return Decimal(f"{float(value):.6f}")
