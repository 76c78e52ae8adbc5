"""What a plan's purchases cost once the multipliers of its certificate are added to the prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from optimizer.measures import MEASURES
from optimizer.plan import Price, SourcingLine
from optimizer.problem import Problem
from optimizer.rules import PurchaseTotalRule, ValueRatioRule
from optimizer.verification.spent import Part


def priced_costs(problem: Problem, sourcing: Iterable[SourcingLine], prices: Iterable[Price]) -> Mapping[str, Fraction]:
    """Euros of each kitchen's lines at the multipliers, unrounded and without the constant terms.

    A line of x kg at p €/kg costs p·x·(1 + β − Σ θ·(in numerator − min_share)) − μ·x + Σ λ·m·x, the first sum over the
    ratio rules that count its family, the second over the totals it is in, with m of their measure per kg. Lines that
    no supplier can deliver are left out.
    """
    rows = tuple(prices)
    scarcity = {(of.offer, of.period): Fraction(of.value) for of in rows if of.kind == "capacity"}
    totals = [
        (rule, Fraction(of.value))
        for of in rows
        if of.kind == "total" and isinstance(rule := problem.rules_by_id.get(of.rule), PurchaseTotalRule)
    ]
    amounts: dict[tuple[str, int, Part], Decimal] = defaultdict(Decimal)
    costs: dict[str, Fraction] = defaultdict(Fraction)
    for line in sourcing:
        if line.offer not in problem.offers or not problem.reaches(line.offer, line.kitchen):
            continue
        part = Part(problem.family(line.offer), problem.bucket(line.offer, line.week), problem.seller(line.offer))
        amounts[line.kitchen, line.week.year, part] += problem.unit_price(line.offer, line.kitchen) * line.grams
        scarce = scarcity.get((line.offer, line.week.isoformat()))
        if scarce:
            costs[line.kitchen] -= scarce * line.grams
        costs[line.kitchen] += _in_totals(problem, line, totals) * line.grams
    factors = _Factors(problem, rows)
    for (kitchen, year, part), amount in amounts.items():
        costs[kitchen] += Fraction(amount) * factors.of(kitchen, year, part)
    return {kitchen: cost / 1000 for kitchen, cost in costs.items()}


def _in_totals(problem: Problem, line: SourcingLine, totals: Iterable[tuple[PurchaseTotalRule, Fraction]]) -> Fraction:
    """Σ λ × units of the measure per kg, over the totals that count the line."""
    supplier = problem.offers[line.offer].supplier
    added = Fraction(0)
    for rule, price in totals:
        if rule.buys(line.kitchen) and rule.during(line.week) and rule.sells(line.offer, supplier):
            added += price * Fraction(MEASURES[rule.measure].per_kg(problem, line.offer, line.kitchen))
    return added


class _Factors:
    """By how much the ratio and budget multipliers scale a euro spent."""

    def __init__(self, problem: Problem, prices: Iterable[Price]) -> None:
        self._ratios: dict[tuple[str, str], list[tuple[ValueRatioRule, Fraction]]] = defaultdict(list)
        self._budgets: dict[str, Fraction] = defaultdict(Fraction)
        for of in prices:
            rule = problem.rules_by_id.get(of.rule)
            if of.kind == "ratio" and isinstance(rule, ValueRatioRule):
                self._ratios[of.kitchen, of.period].append((rule, Fraction(of.value)))
            elif of.kind == "budget":
                self._budgets[of.kitchen] += Fraction(of.value)

    def of(self, kitchen: str, year: int, part: Part) -> Fraction:
        factor = 1 + self._budgets.get(kitchen, Fraction(0))
        for rule, multiplier in self._ratios.get((kitchen, str(year)), ()):
            if rule.in_denominator(part.family):
                factor -= multiplier * (rule.in_numerator(*part) - Fraction(rule.min_share))
        return factor
