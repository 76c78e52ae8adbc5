"""Rule ``drop_count``: in no week do more suppliers come to a kitchen than it can receive."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optimizer.problem import Problem
from optimizer.rules import DropCountRule
from optimizer.verification.findings import Finding, between
from optimizer.verification.spent import Spent


def find_drop_count(problem: Problem, rule: DropCountRule, spent: Spent, kitchen: str) -> Iterator[Finding]:
    """One finding per service week, in drops; none for a kitchen that receives any number."""
    most = problem.most_drops(rule, kitchen)
    if most is None:
        return
    for week in problem.kitchen_weeks(kitchen):
        drops = Fraction(len(spent.suppliers(kitchen, week)))
        yield between(
            rule, kitchen, week.isoformat(), low=None, high=drops, minimum=None, maximum=Fraction(most),
            unit="livraison(s)",
        )  # fmt: skip
