"""Rule ``value_ratio`` (EGAlim): share in euros of some purchases, per kitchen and civil year."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from optimizer.problem import Problem
from optimizer.rules import ValueRatioRule
from optimizer.verification.findings import Finding
from optimizer.verification.french import euros, percent
from optimizer.verification.spent import ZERO, Part, Spent


def civil_years(problem: Problem, kitchen: str) -> list[int]:
    """Civil years in which the kitchen has a service week (a week belongs to the year of its Monday), sorted."""
    return sorted({week.year for week in problem.kitchen_weeks(kitchen)})


def bought_before(problem: Problem, kitchen: str, year: int, rule: ValueRatioRule) -> tuple[Decimal, Decimal]:
    """Euros in the numerator and in the denominator of purchases made before the horizon."""
    parts = (
        (Part(of.family, of.bucket, None), of.amount_excl_tax)
        for of in problem.purchases
        if of.kitchen == kitchen and of.date.year == year
    )
    return _sums(rule, parts)


def find_value_ratio(problem: Problem, rule: ValueRatioRule, spent: Spent, kitchen: str) -> Iterator[Finding]:
    """One finding per civil year: the share, None when nothing is bought (the rule holds then)."""
    minimum = Fraction(rule.min_share)
    for year in civil_years(problem, kitchen):
        before = bought_before(problem, kitchen, year, rule)
        planned = _sums(rule, spent.parts(kitchen, year))
        part, whole = Fraction(before[0] + planned[0]), Fraction(before[1] + planned[1])
        share = part / whole if whole else None
        missing = max(minimum * whole - part, Fraction(0))
        said = ""
        if share is not None and missing:
            said = (
                f"{percent(share)} ({euros(part)} sur {euros(whole)}), il faut au moins {percent(minimum)} "
                f"(il manque {euros(missing)})."
            )
        yield Finding(rule, kitchen, str(year), share, minimum, None, missing, said)


def _sums(rule: ValueRatioRule, parts: Iterator[tuple[Part, Decimal]]) -> tuple[Decimal, Decimal]:
    part = whole = ZERO
    for of, amount in parts:
        if rule.in_denominator(of.family):
            whole += amount
            if rule.in_numerator(*of):
                part += amount
    return part, whole
