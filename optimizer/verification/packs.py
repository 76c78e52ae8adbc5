"""What whole packs add to a plan in grams: a measure of what its orders will cost beyond it, no rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from optimizer.plan import SourcingLine
from optimizer.problem import Problem
from optimizer.verification.spent import ZERO


@dataclass(frozen=True, slots=True)
class PackCost:
    """€ beyond the plan. ``each_week``: what is left of a pack is lost; ``carried``: it serves all later weeks.

    The truth lies between, as each good keeps for a time that a problem does not state.
    """

    each_week: Decimal
    carried: Decimal


def pack_cost(problem: Problem, sourcing: Iterable[SourcingLine]) -> PackCost:
    """Price of whole packs, delivered, less the grams of the plan; lines of unknown offers count for nothing."""
    weekly: Counter[tuple[str, str]] = Counter()
    grams: Counter[tuple[str, str]] = Counter()
    planned = ZERO
    for line in sourcing:
        if line.offer in problem.offers and problem.reaches(line.offer, line.kitchen):
            key = line.offer, line.kitchen
            weekly[key] += _packs(problem, line.offer, line.grams)
            grams[key] += line.grams
            planned += line.amount_excl_tax
    carried = {key: _packs(problem, key[0], total) for key, total in grams.items()}
    return PackCost(_price(problem, weekly) - planned, _price(problem, carried) - planned)


def _packs(problem: Problem, offer: str, grams: int) -> int:
    return -(-grams // problem.offers[offer].pack_grams)


def _price(problem: Problem, packs: dict[tuple[str, str], int]) -> Decimal:
    return sum(
        (problem.amount(offer, k, n * problem.offers[offer].pack_grams) for (offer, k), n in packs.items()), ZERO
    )
