"""Rule ``budget``: what a kitchen spends over the horizon stays within its budget per cover."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optimizer.blocks import HORIZON
from optimizer.problem import Problem
from optimizer.rules import BudgetRule
from optimizer.verification.findings import Finding
from optimizer.verification.french import euros
from optimizer.verification.spent import Spent


def find_budget(problem: Problem, rule: BudgetRule, spent: Spent, kitchen: str) -> Iterator[Finding]:
    """One finding per kitchen, in euros over the horizon."""
    covers = problem.covers(kitchen)
    budget = problem.budget_per_meal(rule, kitchen) * covers
    amount = spent.kitchen(kitchen)
    over = max(Fraction(amount) - Fraction(budget), Fraction(0))
    said = ""
    if over:
        said = f"{euros(amount)} pour {covers} couverts, le budget est de {euros(budget)} ({euros(over)} de trop)."
    yield Finding(rule, kitchen, HORIZON, Fraction(amount), None, Fraction(budget), over, said)
