"""What a plan's sourcing lines cost, kitchen by kitchen, as the rules in euros look at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from datetime import date
from decimal import Decimal

from optimizer.plan import SourcingLine
from optimizer.problem import Problem

ZERO = Decimal("0.00")


class Spent:
    """Amounts of the lines as stated, summed; lines of an unknown kitchen or offer count in ``cost`` alone."""

    def __init__(self, problem: Problem, sourcing: Iterable[SourcingLine]) -> None:
        self.cost = ZERO
        self._kitchens: dict[str, Decimal] = defaultdict(lambda: ZERO)
        self._suppliers: dict[tuple[str, date], set[str]] = defaultdict(set)
        self._parts: dict[tuple[str, int], dict[tuple[str, str], Decimal]] = defaultdict(dict)
        for line in sourcing:
            self.cost += line.amount_excl_tax
            self._kitchens[line.kitchen] += line.amount_excl_tax
            if line.offer in problem.offers:
                self._suppliers[line.kitchen, line.week].add(problem.offers[line.offer].supplier)
                self._add(line.kitchen, line.week.year, *_kind(problem, line), line.amount_excl_tax)

    def _add(self, kitchen: str, year: int, family: str, bucket: str, amount: Decimal) -> None:
        parts = self._parts[kitchen, year]
        parts[family, bucket] = parts.get((family, bucket), ZERO) + amount

    def kitchen(self, kitchen: str) -> Decimal:
        """Euros of a kitchen over the horizon."""
        return self._kitchens.get(kitchen, ZERO)

    def suppliers(self, kitchen: str, week: date) -> Set[str]:
        """Who comes to a kitchen in a week (its Monday)."""
        return self._suppliers.get((kitchen, week), frozenset())

    def parts(self, kitchen: str, year: int) -> Iterator[tuple[str, str, Decimal]]:
        """Family, bucket and euros of a kitchen in the weeks whose Monday is in the civil year."""
        for (family, bucket), amount in self._parts.get((kitchen, year), {}).items():
            yield family, bucket, amount


def _kind(problem: Problem, line: SourcingLine) -> tuple[str, str]:
    return problem.family(line.offer), problem.bucket(line.offer, line.week)
