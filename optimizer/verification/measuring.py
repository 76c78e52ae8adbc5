"""What a plan's summary has to state about its menus and sourcing, in exact arithmetic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

from optimizer.plan import KitchenResult, MenuLine, Price, RuleResult, SourcingLine
from optimizer.problem import Problem
from optimizer.rules import ValueRatioRule
from optimizer.verification.every_rule import find_all
from optimizer.verification.findings import Finding
from optimizer.verification.french import rounded
from optimizer.verification.goals import goal_costs
from optimizer.verification.indicators import indicators
from optimizer.verification.served import Served
from optimizer.verification.spent import ZERO, Spent

PRICE_PLACES = 4
"""Decimals of the cost per meal that a summary states."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Exact figures of a plan; ``meals`` counts covers, ``penalties`` and ``wastes`` are euros per kitchen."""

    cost_eur: Decimal
    penalty_eur: Decimal
    wastes: Mapping[str, Decimal]
    goals: Mapping[str, Decimal]
    """Euros that goals add, per kitchen."""
    indicators: Mapping[str, Decimal | None]
    meals: int
    rules: tuple[RuleResult, ...]
    kitchens: tuple[KitchenResult, ...]
    findings: tuple[Finding, ...]

    @property
    def objective_eur(self) -> Decimal:
        return self.cost_eur + self.penalty_eur + self.waste_eur + self.goals_eur

    @property
    def waste_eur(self) -> Decimal:
        """What the dishes served add by what comes back uneaten.

        Nobody invoices it: it is added exactly and rounded up once, so that a proven bound never stands above it.
        """
        return sum(self.wastes.values(), ZERO).quantize(ZERO, ROUND_CEILING)

    @property
    def goals_eur(self) -> Decimal:
        """What goals add to the objective: no invoice either, rounded up once as waste is."""
        return sum(self.goals.values(), ZERO).quantize(ZERO, ROUND_CEILING)

    def gap(self, lower_bound: Decimal) -> Decimal:
        """(objective − lower bound) / objective with 6 decimals; 0 for an objective of 0."""
        if not self.objective_eur:
            return Decimal(0)
        share = Fraction(self.objective_eur - lower_bound) / Fraction(self.objective_eur)
        return rounded(share)

    @property
    def broken(self) -> tuple[Finding, ...]:
        """Findings of hard rules that do not hold."""
        return tuple(of for of in self.findings if not of.holds and of.rule.hard and not of.repeats)

    @property
    def penalties(self) -> Mapping[str, Decimal]:
        """Euros of soft rules per kitchen."""
        sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for finding in self.findings:
            sums[finding.kitchen] += finding.penalty
        return sums


def measure(problem: Problem, menus: Iterable[MenuLine], sourcing: Iterable[SourcingLine]) -> Measures:
    """Cost, penalty, and the standing of every rule and kitchen; the amounts of the lines are taken as stated."""
    lines, bought = tuple(menus), tuple(sourcing)
    served, spent = Served(problem, lines), Spent(problem, bought)
    findings = tuple(find_all(problem, served, spent))
    return Measures(
        cost_eur=spent.cost,
        penalty_eur=sum((finding.penalty for finding in findings), ZERO),
        wastes=_wastes(problem, lines),
        goals=goal_costs(problem, lines, bought),
        indicators=indicators(problem, served, bought),
        meals=problem.meals,
        rules=tuple(finding.result() for finding in findings),
        kitchens=tuple(_kitchens(problem, spent, findings)),
        findings=findings,
    )


def _wastes(problem: Problem, menus: Iterable[MenuLine]) -> Mapping[str, Decimal]:
    """Exact euros of waste of the dishes served, per kitchen."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    if problem.waste:
        for line in menus:
            sums[line.kitchen] += problem.waste_amount(line.kitchen, line.dish, line.covers)
    return dict(sums)


def lower_bound(prices: Iterable[Price]) -> Decimal:
    """Sum of the contributions of the certificate's rows, in euros rounded down to the cent."""
    signs = {"capacity": 1, "menu": 1, "ratio": -1, "budget": -1, "total": -1}
    total = sum((signs[of.kind] * Fraction(of.value) * Fraction(of.quantity) for of in prices), Fraction(0))
    return Decimal(total * 100 // 1).scaleb(-2)


def _kitchens(problem: Problem, spent: Spent, findings: Iterable[Finding]) -> Iterator[KitchenResult]:
    ratios: dict[str, dict[str, dict[str, Decimal | None]]] = defaultdict(lambda: defaultdict(dict))
    for finding in findings:
        if isinstance(finding.rule, ValueRatioRule):
            share = None if finding.value is None else rounded(finding.value)
            ratios[finding.kitchen][finding.rule.id][finding.period] = share
    for kitchen in sorted(problem.kitchens):
        cost, covers = spent.kitchen(kitchen), problem.covers(kitchen)
        per_meal = rounded(Fraction(cost) / covers, PRICE_PLACES) if covers else ZERO
        shares = {rule: dict(years) for rule, years in ratios[kitchen].items()}
        yield KitchenResult(kitchen, cost, covers, per_meal, shares)
