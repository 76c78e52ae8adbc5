"""Rules ``count`` and ``weekly_count``: meals whose dishes have an attribute, per block of meals or per week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from optimizer.blocks import Block, ServiceDay
from optimizer.problem import Problem
from optimizer.rules import CountRule, WeeklyCountRule
from optimizer.verification.findings import Finding, between
from optimizer.verification.served import Meal, Served


def find_count(problem: Problem, rule: CountRule, served: Served, kitchen: str) -> Iterator[Finding]:
    """One finding per block of ``window`` meals, the bounds of a partial block scaled."""
    for block in problem.blocks(kitchen, rule.window):
        yield count_in_block(rule, served, block)


def count_in_block(rule: CountRule, served: Served, block: Block) -> Finding:
    """The finding of one block."""
    bounds = block.bounds(rule.minimum, rule.maximum)
    return _finding(rule, served, block.kitchen, block.period, block.days, bounds.minimum, bounds.maximum)


def find_weekly_count(problem: Problem, rule: WeeklyCountRule, served: Served, kitchen: str) -> Iterator[Finding]:
    """One finding per week in which the kitchen serves."""
    for _, days in groupby(problem.days(kitchen), key=lambda day: day.week):
        yield count_in_week(rule, served, list(days))


def count_in_week(rule: WeeklyCountRule, served: Served, days: Sequence[ServiceDay]) -> Finding:
    """The finding of the days of one week of a kitchen."""
    return _finding(rule, served, days[0].kitchen, days[0].week.isoformat(), days, rule.minimum, rule.maximum)


def _finding(
    rule: CountRule | WeeklyCountRule,
    served: Served,
    kitchen: str,
    period: str,
    days: Sequence[ServiceDay],
    minimum: int | None,
    maximum: int | None,
) -> Finding:
    return between(
        rule,
        kitchen,
        period,
        low=None if minimum is None else _matching_meals(rule, served, days, unknown_as=False),
        high=None if maximum is None else _matching_meals(rule, served, days, unknown_as=True),
        minimum=None if minimum is None else Fraction(minimum),
        maximum=None if maximum is None else Fraction(maximum),
        unit="repas",
    )


def _matching_meals(
    rule: CountRule | WeeklyCountRule, served: Served, days: Sequence[ServiceDay], *, unknown_as: bool
) -> Fraction:
    return Fraction(sum(matches(rule, served.meal(day), unknown_as=unknown_as) for day in days))


def matches(rule: CountRule | WeeklyCountRule, meal: Meal, *, unknown_as: bool) -> bool:
    """Whether a meal counts, unknown attributes read as told."""
    looked_at = [slot for slot in rule.slots if slot in meal]
    if rule.menu is not None and looked_at:
        looked_at = list(meal)
    answers = [meal[slot].has(rule.asked_of(slot) or "", unknown_as=unknown_as) for slot in looked_at]
    return bool(answers) and all(answers) if rule.every else any(answers)
