"""What keeps is bought ahead where that spares a delivery: a drop of such goods alone comes with an earlier one.

The drop that takes another one's goods stands anyway, at most as many weeks before as all of them keep; prices do not
change with the weeks, so nothing costs more. Only drops of whole suppliers move: a line moved for nothing would only
fill the store. Bounds allow it too (`prices.costs_in_store`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from optimizer.plan import SourcingLine
from optimizer.problem import Problem
from optimizer.rules import PurchaseTotalRule
from optimizer.verification.spent import ZERO


def buy_ahead(problem: Problem, lines: Sequence[SourcingLine]) -> tuple[SourcingLine, ...]:
    """The purchases in whole grams, with as few drops as what keeps allows; each line's amount rounded once."""
    if not problem.weeks_ahead:
        return tuple(lines)
    store = _Store(problem, lines)
    return store.filled()


class _Store:
    def __init__(self, problem: Problem, lines: Sequence[SourcingLine]) -> None:
        self._problem = problem
        self._drops: dict[tuple[str, str], dict[date, list[SourcingLine]]] = defaultdict(lambda: defaultdict(list))
        self._sold: Counter[tuple[str, date]] = Counter()
        self._shared: dict[tuple[str, str, date], dict[str, Decimal]] = defaultdict(dict)
        for line in lines:
            supplier = problem.offers[line.offer].supplier
            self._drops[line.kitchen, supplier][line.week].append(line)
            self._sold[line.offer, line.week] += line.grams
            group = problem.drop_group(supplier, line.kitchen)
            if group is not None:
                of = self._shared[supplier, group, line.week]
                of[line.kitchen] = of.get(line.kitchen, ZERO) + line.amount_excl_tax
        self._totals = [rule for rule in problem.rules if isinstance(rule, PurchaseTotalRule)]

    def filled(self) -> tuple[SourcingLine, ...]:
        found: list[SourcingLine] = []
        for place, weeks in sorted(self._drops.items()):
            standing: date | None = None
            for week in sorted(weeks):
                if standing is not None and self._moves(place, weeks[week], standing):
                    weeks[standing] = self._together(weeks[standing], weeks.pop(week), standing)
                else:
                    standing = week
            found += (line for of in weeks.values() for line in of)
        return tuple(sorted(found))

    def _moves(self, place: tuple[str, str], lines: Sequence[SourcingLine], to: date) -> bool:
        return self._spared(place, lines[0].week) and all(self._keeps(line, to) for line in lines)

    def _keeps(self, line: SourcingLine, to: date) -> bool:
        """Whether a line may come that early, be had then, and count then as it does now."""
        of, week = self._problem, line.week
        capacity, sold = of.capacity(line.offer, to), self._sold[line.offer, to]
        return (
            (week - to).days <= 7 * of.weeks_ahead.get(line.ingredient, 0)
            and to.year == week.year
            and (capacity is None or sold + line.grams <= capacity)
            and of.bucket(line.offer, to) == of.bucket(line.offer, week)
            and all(rule.during(to) == rule.during(week) for rule in self._totals)
        )

    def _spared(self, place: tuple[str, str], week: date) -> bool:
        """Whether those who share the drop can do without the kitchen."""
        kitchen, supplier = place
        group = self._problem.drop_group(supplier, kitchen)
        if group is None:
            return True
        others = [of for k, of in self._shared[supplier, group, week].items() if k != kitchen]
        return not others or sum(others, ZERO) >= self._problem.suppliers[supplier].min_drop_eur

    def _together(
        self, standing: Iterable[SourcingLine], moved: Sequence[SourcingLine], to: date
    ) -> list[SourcingLine]:
        sums: Counter[tuple[str, str]] = Counter()
        for line in (*standing, *moved):
            sums[line.ingredient, line.offer] += line.grams
        for line in moved:
            self._sold[line.offer, line.week] -= line.grams
            self._sold[line.offer, to] += line.grams
        kitchen = moved[0].kitchen
        self._leave(kitchen, moved[0], to)
        return [
            SourcingLine(kitchen, to, ingredient, offer, grams, self._problem.amount(offer, kitchen, grams))
            for (ingredient, offer), grams in sums.items()
        ]

    def _leave(self, kitchen: str, line: SourcingLine, to: date) -> None:
        """The kitchen leaves the drop it shares in the line's week, and brings its euros to the earlier one."""
        supplier = self._problem.offers[line.offer].supplier
        group = self._problem.drop_group(supplier, kitchen)
        if group is not None:
            euros = self._shared[supplier, group, line.week].pop(kitchen, ZERO)
            of = self._shared[supplier, group, to]
            of[kitchen] = of.get(kitchen, ZERO) + euros
