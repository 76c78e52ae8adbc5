"""All rules of a problem checked for all kitchens: which module checks which kind."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.problem import Problem
from optimizer.rules import (
    BudgetRule,
    CountRule,
    DropCountRule,
    NutrientTotalRule,
    PairingRule,
    PurchaseTotalRule,
    Rule,
    SpacingRule,
    ValueRatioRule,
    WeeklyCountRule,
)
from optimizer.verification.budget import find_budget
from optimizer.verification.counting import find_count, find_weekly_count
from optimizer.verification.drop_count import find_drop_count
from optimizer.verification.findings import Finding
from optimizer.verification.nutrient_total import find_nutrient_total
from optimizer.verification.pairing import find_pairing
from optimizer.verification.purchase_total import find_purchase_total
from optimizer.verification.served import Served
from optimizer.verification.spacing import find_spacing
from optimizer.verification.spent import Spent
from optimizer.verification.value_ratio import find_value_ratio


def find_all(problem: Problem, served: Served, spent: Spent) -> Iterator[Finding]:
    """Findings of every rule, kitchen and period, in the order of the rules and then of the kitchens' ids."""
    kitchens = sorted(problem.kitchens)
    for rule in problem.rules:
        if isinstance(rule, PurchaseTotalRule):
            yield from find_purchase_total(problem, rule, spent)
            continue
        for kitchen in kitchens:
            yield from find(problem, rule, served, spent, kitchen)


def find(problem: Problem, rule: Rule, served: Served, spent: Spent, kitchen: str) -> Iterator[Finding]:
    """Findings of one rule for one kitchen."""
    match rule:
        case CountRule():
            return find_count(problem, rule, served, kitchen)
        case WeeklyCountRule():
            return find_weekly_count(problem, rule, served, kitchen)
        case NutrientTotalRule():
            return find_nutrient_total(problem, rule, served, kitchen)
        case SpacingRule():
            return find_spacing(problem, rule, served, kitchen)
        case PairingRule():
            return find_pairing(problem, rule, served, kitchen)
        case ValueRatioRule():
            return find_value_ratio(problem, rule, spent, kitchen)
        case BudgetRule():
            return find_budget(problem, rule, spent, kitchen)
        case DropCountRule():
            return find_drop_count(problem, rule, spent, kitchen)
        case PurchaseTotalRule():
            return (of for of in find_purchase_total(problem, rule, spent) if of.kitchen == kitchen)
