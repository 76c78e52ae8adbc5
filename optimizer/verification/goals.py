"""The euros that goals add to the objective, per kitchen, in exact arithmetic: on purchases, and on dishes moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from optimizer.blocks import week_of
from optimizer.goals import MOVED, charge_in
from optimizer.plan import MenuLine, SourcingLine
from optimizer.problem import Problem


def goal_costs(problem: Problem, menus: Iterable[MenuLine], sourcing: Iterable[SourcingLine]) -> Mapping[str, Decimal]:
    """Exact euros of each kitchen; lines that no supplier can deliver are left out."""
    if not problem.goals:
        return {}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in sourcing:
        if line.offer in problem.offers and problem.reaches(line.offer, line.kitchen):
            sums[line.kitchen] += charge_in(problem, line.offer, line.kitchen, line.week) * line.grams / 1000
    moved = problem.goals.get(MOVED, Decimal(0))
    for dish in menus if moved else ():
        if problem.moved(dish.kitchen, week_of(dish.date), dish.dish):
            sums[dish.kitchen] += moved * dish.covers
    return dict(sums)
