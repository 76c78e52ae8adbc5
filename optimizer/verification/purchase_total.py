"""Rule ``purchase_total``: what some kitchens together buy of some offers, in kg, €, kg CO2e or tonne-kilometres."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from optimizer.blocks import HORIZON
from optimizer.measures import MEASURES
from optimizer.problem import Problem
from optimizer.rules import PurchaseTotalRule
from optimizer.verification.findings import Finding
from optimizer.verification.french import figure
from optimizer.verification.spent import Spent


def period_of(rule: PurchaseTotalRule) -> str:
    """Name of the rule's period: the horizon, or ``from/to`` (an open end is empty)."""
    if rule.valid_from is None and rule.valid_to is None:
        return HORIZON
    return f"{rule.valid_from or ''}/{rule.valid_to or ''}"


def find_purchase_total(problem: Problem, rule: PurchaseTotalRule, spent: Spent) -> Iterator[Finding]:
    """One finding per kitchen of the rule, all of the same total; its price and its fault are those of the first."""
    kitchens = [kitchen for kitchen in sorted(problem.kitchens) if rule.buys(kitchen)]
    if not kitchens:
        return
    total = measured(problem, rule, spent)
    low, high = problem.total_bounds(rule)
    short = max(Fraction(low) - total, Fraction(0)) if low is not None else Fraction(0)
    over = max(total - Fraction(high), Fraction(0)) if high is not None else Fraction(0)
    times = problem.covers_under(rule) if rule.per == "meal" else 1
    unit = MEASURES[rule.measure].unit
    said = ""
    if short and low is not None:
        said = f"{figure(total)} {unit} au total, il en faut au moins {figure(low)} (il en manque {figure(short)})."
    elif over and high is not None:
        said = f"{figure(total)} {unit} au total, il en faut au plus {figure(high)} ({figure(over)} de trop)."
    found = Finding(
        rule,
        kitchens[0],
        period_of(rule),
        total / times if times else None,
        _each(low, times),
        _each(high, times),
        short + over,
        said,
    )
    yield found
    yield from (replace(found, kitchen=kitchen, repeats=True) for kitchen in kitchens[1:])


def measured(problem: Problem, rule: PurchaseTotalRule, spent: Spent) -> Fraction:
    """What the rule adds up; euros are those of the lines, to the cent. Lines that nobody can deliver are left out."""
    per_kg = MEASURES[rule.measure].per_kg
    total = Fraction(0)
    for (kitchen, offer, week), (grams, amount) in spent.lines():
        if not (rule.buys(kitchen) and rule.during(week) and rule.sells(offer, problem.offers[offer].supplier)):
            continue
        if rule.measure == "eur":
            total += Fraction(amount)
        elif problem.reaches(offer, kitchen):
            total += Fraction(per_kg(problem, offer, kitchen)) * grams / 1000
    return total


def _each(bound: Decimal | None, times: int) -> Fraction | None:
    return None if bound is None or not times else Fraction(bound) / times
