"""What a plan's sourcing lines cost, kitchen by kitchen, as the rules in euros look at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from optimizer.plan import SourcingLine
from optimizer.problem import Problem
from optimizer.rules import PurchaseTotalRule, Seller

ZERO = Decimal("0.00")


class Part(NamedTuple):
    """What a rule in euros sees of a purchase; no seller of what was bought before, where nobody wrote it down."""

    family: str
    bucket: str
    seller: Seller | None


class Spent:
    """Amounts of the lines as stated, summed; lines of an unknown kitchen or offer count in ``cost`` alone."""

    def __init__(self, problem: Problem, sourcing: Iterable[SourcingLine]) -> None:
        self.cost = ZERO
        self._kitchens: dict[str, Decimal] = defaultdict(lambda: ZERO)
        self._suppliers: dict[tuple[str, date], set[str]] = defaultdict(set)
        self._lines: dict[tuple[str, str, date], tuple[int, Decimal]] = {}
        self._parts: dict[tuple[str, int], dict[Part, Decimal]] = defaultdict(dict)
        added_up = any(isinstance(rule, PurchaseTotalRule) for rule in problem.rules)
        for line in sourcing:
            self.cost += line.amount_excl_tax
            self._kitchens[line.kitchen] += line.amount_excl_tax
            if line.offer in problem.offers:
                if added_up:
                    grams, amount = self._lines.get((line.kitchen, line.offer, line.week), (0, ZERO))
                    self._lines[line.kitchen, line.offer, line.week] = grams + line.grams, amount + line.amount_excl_tax
                self._suppliers[line.kitchen, line.week].add(problem.offers[line.offer].supplier)
                self._add(line.kitchen, line.week.year, _part(problem, line), line.amount_excl_tax)

    def _add(self, kitchen: str, year: int, part: Part, amount: Decimal) -> None:
        parts = self._parts[kitchen, year]
        parts[part] = parts.get(part, ZERO) + amount

    def kitchen(self, kitchen: str) -> Decimal:
        """Euros of a kitchen over the horizon."""
        return self._kitchens.get(kitchen, ZERO)

    def suppliers(self, kitchen: str, week: date) -> Set[str]:
        """Who comes to a kitchen in a week (its Monday)."""
        return self._suppliers.get((kitchen, week), frozenset())

    def lines(self) -> Iterator[tuple[tuple[str, str, date], tuple[int, Decimal]]]:
        """Grams and euros by (kitchen, offer, week); kept only for a problem with a rule that adds purchases up."""
        yield from self._lines.items()

    def parts(self, kitchen: str, year: int) -> Iterator[tuple[Part, Decimal]]:
        """What a kitchen buys in the weeks whose Monday is in the civil year, and its euros."""
        yield from self._parts.get((kitchen, year), {}).items()


def _part(problem: Problem, line: SourcingLine) -> Part:
    return Part(problem.family(line.offer), problem.bucket(line.offer, line.week), problem.seller(line.offer))


def brought_by(problem: Problem, lines: Iterable[SourcingLine]) -> dict[str, Decimal]:
    """Euros of each supplier's drop in the lines of one kitchen-week."""
    found: dict[str, Decimal] = {}
    for line in lines:
        supplier = problem.offers[line.offer].supplier
        found[supplier] = found.get(supplier, ZERO) + line.amount_excl_tax
    return found
