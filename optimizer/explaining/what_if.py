"""What if a farm stops, a price moves, covers change: the purchases that this touches bought again, menus as they are.

Kitchen-week after kitchen-week, at what all the others leave: those who come anyway sell first; only where they have
too little does the cheapest other supplier come too, its delivery worth its minimum. What comes out is a plan that can
be checked like any other; menus chosen anew could only be cheaper.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from optimizer.explaining.from_store import bought_for_covers
from optimizer.explaining.ground import Ground, KitchenWeek
from optimizer.plan import MenuLine, SourcingLine
from optimizer.problem import Problem
from optimizer.rules import BudgetRule, PurchaseTotalRule, Rule, ValueRatioRule
from optimizer.swapping.standing import RuleChange, changes
from optimizer.swapping.week_market import Elsewhere, WeekMarket
from optimizer.verification.drops import check_min_drops
from optimizer.verification.every_rule import find_all
from optimizer.verification.findings import Finding
from optimizer.verification.served import Served
from optimizer.verification.spent import ZERO, Part, Spent, brought_by

MOST_MORE = 4
"""Suppliers that are asked to come besides those who do, at most, for one kitchen-week."""
Told = Callable[[int, int], None]
"""Told how many kitchen-weeks of how many are bought again."""


@dataclass(frozen=True)
class Change:
    """What is supposed: suppliers that sell nothing any more, offers at so many times their price, so many times the
    covers (rounded half-up per day), so many times each budget (nothing is bought again for it: it holds or not)."""

    lost: frozenset[str] = frozenset()
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    covers: Decimal = Decimal(1)
    budget: Decimal = Decimal(1)


@dataclass(frozen=True)
class Difference:
    """Euros of one kitchen, supplier or family before and after."""

    of: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True)
class Supposed:
    """The plan under a change: menus, purchases, and what is otherwise.

    ``lacking`` = grams that nobody can sell; ``small`` = deliveries below their minimum; ``rules`` = rates and budgets
    that stand otherwise; ``bought_again`` = kitchen-weeks; differences in order of size, those that changed.
    """

    menus: tuple[MenuLine, ...]
    lines: tuple[SourcingLine, ...]
    before: Decimal
    after: Decimal
    bought_again: int
    lacking: Mapping[tuple[str, date, str], int]
    small: int
    kitchens: tuple[Difference, ...]
    suppliers: tuple[Difference, ...]
    families: tuple[Difference, ...]
    rules: tuple[RuleChange, ...]


def what_if(
    problem: Problem,
    menus: Sequence[MenuLine],
    sourcing: Sequence[SourcingLine],
    change: Change,
    told: Told = lambda _done, _of: None,
) -> Supposed:
    """The plan's purchases under a change; menus stay.

    Raises:
        KeyError: the change names a supplier or an offer that the problem does not have.
    """
    after = changed(problem, change)
    eaten = tuple(replace(line, covers=_scaled(line.covers, change.covers)) for line in menus)
    again = _Again(after, [_priced(after, line) if line.offer in change.prices else line for line in sourcing])
    needs = bought_for_covers(problem, menus, sourcing, eaten) if change.covers != 1 else {}
    places = sorted(_touched(problem, sourcing, change))
    lacking: dict[tuple[str, date, str], int] = {}
    for n, place in enumerate(places):
        lacking |= {(*place, of): grams for of, grams in again.buy(place, needs.get(place)).items()}
        told(n + 1, len(places))
    lines = again.lines()
    return Supposed(
        eaten,
        lines,
        sum((line.amount_excl_tax for line in sourcing), ZERO),
        sum((line.amount_excl_tax for line in lines), ZERO),
        len(places),
        lacking,
        sum(1 for _ in check_min_drops(after, lines)),
        _differences(sourcing, lines, lambda line: line.kitchen),
        _differences(sourcing, lines, lambda line: problem.offers[line.offer].supplier),
        _differences(sourcing, lines, lambda line: problem.family(line.offer)),
        tuple(changes(_money_rules(problem, menus, sourcing), _money_rules(after, eaten, lines))),
    )


def changed(problem: Problem, change: Change) -> Problem:
    """The problem under a change."""
    if unknown := change.lost - problem.suppliers.keys():
        raise KeyError(*sorted(unknown))
    offers = {
        of: replace(problem.offers[of], price_eur_per_kg=problem.offers[of].price_eur_per_kg * times)
        for of, times in change.prices.items()
    }
    return replace(
        problem,
        offers={**problem.offers, **offers},
        deliveries={key: of for key, of in problem.deliveries.items() if key[0] not in change.lost},
        service_days=tuple(replace(day, covers=_scaled(day.covers, change.covers)) for day in problem.service_days),
        kitchens={
            of.id: replace(of, budget_eur_per_meal=of.budget_eur_per_meal * change.budget)
            for of in problem.kitchens.values()
        },
        rules=tuple(_budgeted(rule, change.budget) for rule in problem.rules),
    )


def _budgeted(rule: Rule, times: Decimal) -> Rule:
    if not isinstance(rule, BudgetRule) or rule.max_eur_per_meal is None:
        return rule
    return replace(rule, max_eur_per_meal=rule.max_eur_per_meal * times)


def _scaled(covers: int, times: Decimal) -> int:
    return int((covers * times).to_integral_value(ROUND_HALF_UP))


def _priced(problem: Problem, line: SourcingLine) -> SourcingLine:
    """The line at the present price; of who sells nothing any more it stays as it was, to be bought again."""
    if not problem.reaches(line.offer, line.kitchen):
        return line
    return replace(line, amount_excl_tax=problem.amount(line.offer, line.kitchen, line.grams))


def _touched(problem: Problem, sourcing: Iterable[SourcingLine], change: Change) -> set[KitchenWeek]:
    """Kitchen-weeks that the change may make buy otherwise: those of lost suppliers and dearer offers, those that need
    what is cheaper, all where covers change."""
    dearer = {of for of, times in change.prices.items() if times > 1}
    cheaper = {problem.offers[of].ingredient for of, times in change.prices.items() if times < 1}
    return {
        (line.kitchen, line.week)
        for line in sourcing
        if change.covers != 1
        or line.offer in dearer
        or line.ingredient in cheaper
        or problem.offers[line.offer].supplier in change.lost
    }


class _Again:
    """The purchases of a plan, some kitchen-weeks of which are bought again."""

    def __init__(self, problem: Problem, sourcing: Iterable[SourcingLine]) -> None:
        self._problem = problem
        self._lines: dict[KitchenWeek, tuple[SourcingLine, ...]] = dict(Ground(problem, tuple(sourcing), {}).by_week)
        self._sold: dict[date, Counter[str]] = defaultdict(Counter)
        self._parts: dict[tuple[str, int], dict[Part, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        self._spent: dict[str, Decimal] = defaultdict(Decimal)
        for lines in self._lines.values():
            self._count(lines, 1)
        for of in problem.purchases:
            self._parts[of.kitchen, of.date.year][Part(of.family, of.bucket, None)] += of.amount_excl_tax

    def lines(self) -> tuple[SourcingLine, ...]:
        """Every purchase."""
        return tuple(sorted(line for of in self._lines.values() for line in of))

    def buy(self, place: KitchenWeek, needs: Mapping[str, int] | None) -> dict[str, int]:
        """Buy a kitchen-week again, for what it bought or for other needs; grams that nobody can sell."""
        old = self._lines.get(place, ())
        self._count(old, -1)
        wanted = needs or _grams(old)
        coming = brought_by(self._problem, old)
        lines, lacking = self._bought(place, wanted, coming)
        for supplier in self._more(place, lacking, coming):
            tried = self._bought(place, wanted, coming := {**coming, supplier: ZERO})
            lines, lacking = tried if sum(tried[1].values()) < sum(lacking.values()) else (lines, lacking)
            if not lacking:
                break
        self._lines[place] = lines
        self._count(lines, 1)
        return lacking

    def _bought(
        self, place: KitchenWeek, wanted: Mapping[str, int], coming: Mapping[str, Decimal]
    ) -> tuple[tuple[SourcingLine, ...], dict[str, int]]:
        kitchen, week = place
        alone = self._alone(place, wanted, coming)
        elsewhere = Elsewhere(self._parts[kitchen, week.year], self._spent[kitchen])
        market = WeekMarket(alone, place, wanted, self._sold[week], elsewhere, coming)
        return market.lines(wanted, market.buy(wanted))

    def _alone(self, place: KitchenWeek, wanted: Mapping[str, int], coming: Collection[str]) -> Problem:
        """The problem of the kitchen-week: what those who come have of what it needs."""
        whole, kitchen = self._problem, place[0]
        offers = {of.id: of for i in wanted for of in whole.offers_by_ingredient[i] if of.supplier in coming}
        return replace(
            whole,
            kitchens={kitchen: whole.kitchens[kitchen]},
            service_days=whole.days(kitchen),
            ingredients={of: whole.ingredients[of] for of in wanted},
            offers=offers,
            capacities={of: whole.capacities.get(of, ()) for of in offers},
            purchases=(),
        )

    def _more(self, place: KitchenWeek, lacking: Mapping[str, int], coming: Collection[str]) -> Iterator[str]:
        """Suppliers that have what lacks, the cheapest first."""
        whole, (kitchen, week) = self._problem, place
        prices: dict[str, Decimal] = {}
        for ingredient in lacking:
            for of in whole.offers_by_ingredient[ingredient]:
                left = whole.capacity(of.id, week)
                if whole.reaches(of.id, kitchen) and (left is None or left > self._sold[week][of.id]):
                    price = whole.unit_price(of.id, kitchen)
                    prices[of.supplier] = min(price, prices.get(of.supplier, price))
        found = sorted((price, of) for of, price in prices.items() if of not in coming)
        yield from (of for _, of in found[:MOST_MORE])

    def _count(self, lines: Iterable[SourcingLine], sign: int) -> None:
        whole = self._problem
        for line in lines:
            self._sold[line.week][line.offer] += sign * line.grams
            part = Part(whole.family(line.offer), whole.bucket(line.offer, line.week), whole.seller(line.offer))
            self._parts[line.kitchen, line.week.year][part] += sign * line.amount_excl_tax
            self._spent[line.kitchen] += sign * line.amount_excl_tax


def _grams(lines: Iterable[SourcingLine]) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in lines:
        found[line.ingredient] += line.grams
    return found


def _differences(
    before: Iterable[SourcingLine], after: Iterable[SourcingLine], key: Callable[[SourcingLine], str]
) -> tuple[Difference, ...]:
    """Euros by key, where they changed, the largest change first."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for place, lines in enumerate((before, after)):
        for line in lines:
            sums[key(line)][place] += line.amount_excl_tax
    found = (Difference(of, one, other) for of, (one, other) in sums.items() if one != other)
    return tuple(sorted(found, key=lambda each: (-abs(each.after - each.before), each.of)))


def _money_rules(problem: Problem, menus: Iterable[MenuLine], lines: Iterable[SourcingLine]) -> Iterator[Finding]:
    """How rates, budgets and totals stand; rules of menus do not see purchases."""
    rules = tuple(of for of in problem.rules if isinstance(of, ValueRatioRule | BudgetRule | PurchaseTotalRule))
    of_money = replace(problem, rules=rules)
    return find_all(of_money, Served(of_money, menus), Spent(of_money, lines))
