"""Rule ``nutrient_total``: mean amount of a nutrient per meal over each block of meals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from optimizer.blocks import Block
from optimizer.problem import Problem
from optimizer.rules import NutrientTotalRule
from optimizer.verification.findings import Finding, between
from optimizer.verification.served import Served


def find_nutrient_total(problem: Problem, rule: NutrientTotalRule, served: Served, kitchen: str) -> Iterator[Finding]:
    """One finding per block; an unknown amount is 0 for the minimum and ``max_per_meal`` for the maximum."""
    for block in problem.blocks(kitchen, rule.window):
        yield nutrient_in_block(rule, served, block)


def nutrient_in_block(rule: NutrientTotalRule, served: Served, block: Block) -> Finding:
    """The finding of one block."""
    low, high = rule.min_per_meal, rule.max_per_meal
    return between(
        rule,
        block.kitchen,
        block.period,
        low=None if low is None else _mean(rule.nutrient, served, block, unknown_as=Decimal(0)),
        high=None if high is None else _mean(rule.nutrient, served, block, unknown_as=high),
        minimum=None if low is None else Fraction(low),
        maximum=None if high is None else Fraction(high),
        unit=f"{rule.nutrient} par repas",
    )


def _mean(nutrient: str, served: Served, block: Block, *, unknown_as: Decimal) -> Fraction:
    amounts = (dish.nutrients.get(nutrient, unknown_as) for day in block.days for dish in served.meal(day).values())
    return Fraction(sum(amounts, Decimal(0))) / block.meals
