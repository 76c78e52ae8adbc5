"""The plan that an explanation stands on: what every kitchen in reach buys, week by week, and what all others take."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from optimizer.plan import SourcingLine
from optimizer.problem import Capacity, Offer, Problem, Purchase, Supplier
from optimizer.swapping.week_market import Elsewhere
from optimizer.verification.spent import ZERO, Part

KitchenWeek = tuple[str, date]
"""Kitchen and Monday."""


@dataclass(frozen=True)
class Ground:
    """A problem and purchases of a plan of it.

    ``lines`` = every purchase, over the whole horizon, of the kitchens that are looked at; ``sold`` = grams of each
    (offer, week) that all kitchens buy.
    """

    problem: Problem
    lines: tuple[SourcingLine, ...]
    sold: Mapping[tuple[str, date], int]

    @classmethod
    def of(cls, problem: Problem, sourcing: Iterable[SourcingLine]) -> Ground:
        """From all lines of a plan."""
        lines = tuple(sourcing)
        sold: Counter[tuple[str, date]] = Counter()
        for line in lines:
            sold[line.offer, line.week] += line.grams
        return cls(problem, lines, sold)

    @cached_property
    def by_week(self) -> Mapping[KitchenWeek, tuple[SourcingLine, ...]]:
        """The purchases of each kitchen-week."""
        found: dict[KitchenWeek, list[SourcingLine]] = defaultdict(list)
        for line in self.lines:
            found[line.kitchen, line.week].append(line)
        return {key: tuple(of) for key, of in found.items()}

    def need(self, place: KitchenWeek) -> dict[str, int]:
        """Grams of each ingredient: what the plan buys is what the menus take."""
        grams: Counter[str] = Counter()
        for line in self.by_week.get(place, ()):
            grams[line.ingredient] += line.grams
        return dict(grams)

    def coming(self, place: KitchenWeek) -> frozenset[str]:
        """Suppliers that deliver for the kitchen-week."""
        offers = self.problem.offers
        return frozenset(offers[line.offer].supplier for line in self.by_week.get(place, ()) if line.offer in offers)

    def taken(self, place: KitchenWeek) -> dict[str, int]:
        """Grams of each offer that the other kitchens buy in the week."""
        week = place[1]
        found = dict(self._sold_in.get(week, {}))
        for line in self.by_week.get(place, ()):
            found[line.offer] = found.get(line.offer, line.grams) - line.grams
        return found

    @cached_property
    def _sold_in(self) -> Mapping[date, Mapping[str, int]]:
        found: dict[date, dict[str, int]] = defaultdict(dict)
        for (offer, week), grams in self.sold.items():
            found[week][offer] = grams
        return found

    def elsewhere(self, place: KitchenWeek) -> Elsewhere:
        """What rules in euros count besides the kitchen-week: its civil year before, and its other weeks."""
        kitchen, week = place
        parts, spent = self._of_kitchen(kitchen)
        sums: dict[Part, Decimal] = defaultdict(Decimal)
        for (of, part), amount in parts.items():
            if of != week and of.year == week.year:
                sums[part] += amount
        for bought in self._before.get(kitchen, ()):
            if bought.date.year == week.year:
                sums[Part(bought.family, bought.bucket, None)] += bought.amount_excl_tax
        return Elsewhere(sums, sum((of for each, of in spent.items() if each != week), ZERO))

    def _of_kitchen(self, kitchen: str) -> tuple[Mapping[tuple[date, Part], Decimal], Mapping[date, Decimal]]:
        if kitchen not in self._sums:
            parts: dict[tuple[date, Part], Decimal] = defaultdict(Decimal)
            spent: dict[date, Decimal] = defaultdict(Decimal)
            for line in self._lines_of[kitchen]:
                spent[line.week] += line.amount_excl_tax
                if line.offer in self.problem.offers:
                    parts[line.week, self.part(line.offer, line.week)] += line.amount_excl_tax
            self._sums[kitchen] = parts, spent
        return self._sums[kitchen]

    def part(self, offer: str, week: date) -> Part:
        """How rules in euros see an offer in a week."""
        of = self.problem
        return Part(of.family(offer), of.bucket(offer, week), of.seller(offer))

    @cached_property
    def _sums(self) -> dict[str, tuple[Mapping[tuple[date, Part], Decimal], Mapping[date, Decimal]]]:
        return {}

    @cached_property
    def _lines_of(self) -> Mapping[str, list[SourcingLine]]:
        found: dict[str, list[SourcingLine]] = defaultdict(list)
        for line in self.lines:
            found[line.kitchen].append(line)
        return found

    @cached_property
    def _before(self) -> Mapping[str, list[Purchase]]:
        found: dict[str, list[Purchase]] = defaultdict(list)
        for bought in self.problem.purchases:
            found[bought.kitchen].append(bought)
        return found

    def alone(self, place: KitchenWeek, supplier: str) -> Problem:
        """The problem of one kitchen-week: offers of those who come and of the supplier, for what is needed."""
        kitchen, _ = place
        whole, need = self.problem, self.need(place)
        sellers = {*self.coming(place), supplier}
        offers = {
            of.id: of
            for ingredient in need
            for of in whole.offers_by_ingredient.get(ingredient, ())
            if of.supplier in sellers
        }
        return replace(
            whole,
            kitchens={kitchen: whole.kitchens[kitchen]},
            service_days=whole.days(kitchen),
            offers=offers,
            ingredients={of: whole.ingredients[of] for of in need},
            capacities={of: whole.capacities.get(of, ()) for of in offers},
            purchases=(),
            served={},
            former={},
        )


def with_offer(problem: Problem, offer: Offer) -> Problem:
    """The problem with one offer changed."""
    return replace(problem, offers={**problem.offers, offer.id: offer})


def with_supplier(problem: Problem, supplier: Supplier) -> Problem:
    """The problem with one supplier changed."""
    return replace(problem, suppliers={**problem.suppliers, supplier.id: supplier})


def with_capacity(problem: Problem, offer: str, week: date, grams: int | None) -> Problem:
    """The problem with so many grams of an offer in a week, and none in others; None = any number."""
    return replace(problem, capacities={**problem.capacities, offer: (Capacity(offer, week, week, grams),)})


def with_ample_rivals(problem: Problem, supplier: str) -> Problem:
    """The problem in which everybody but the supplier has any quantity of what is on sale at all."""
    ample = {
        of: tuple(replace(each, grams_per_week=None) for each in ranges if each.grams_per_week != 0)
        for of, ranges in problem.capacities.items()
        if problem.offers[of].supplier != supplier
    }
    return replace(problem, capacities={**problem.capacities, **ample})
