"""The euros that goals add to the objective, per kitchen, in exact arithmetic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from optimizer.goals import charge_in
from optimizer.plan import SourcingLine
from optimizer.problem import Problem


def goal_costs(problem: Problem, sourcing: Iterable[SourcingLine]) -> Mapping[str, Decimal]:
    """Exact euros of each kitchen; lines that no supplier can deliver are left out."""
    if not problem.goals:
        return {}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in sourcing:
        if line.offer in problem.offers and problem.reaches(line.offer, line.kitchen):
            sums[line.kitchen] += charge_in(problem, line.offer, line.kitchen, line.week) * line.grams / 1000
    return dict(sums)
