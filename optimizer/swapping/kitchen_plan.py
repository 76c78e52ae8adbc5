"""One kitchen of a plan, and what the others buy in a week: all that a change of one kitchen-week depends on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from optimizer.blocks import ServiceDay, week_of
from optimizer.plan import MenuLine, SourcingLine
from optimizer.problem import Problem
from optimizer.verification.spent import Part

Place = tuple[date, str]
"""Day and slot."""


class UnknownDish(LookupError):  # noqa: N818 - named as what it says
    """A dish of the plan, or one to be put on it, is not in the problem or not of the slot."""

    def __init__(self, dish: str, slot: str) -> None:
        super().__init__(f"no dish {dish} of {slot}")
        self.dish, self.slot = dish, slot


@dataclass(frozen=True)
class KitchenPlan:
    """A kitchen's menus and purchases over the whole horizon; ``taken`` = grams of each offer that the others buy in
    the week that is to change."""

    kitchen: str
    menus: tuple[MenuLine, ...]
    lines: tuple[SourcingLine, ...]
    taken: Mapping[str, int]

    @classmethod
    def of(cls, kitchen: str, week: date, menus: Iterable[MenuLine], sourcing: Iterable[SourcingLine]) -> KitchenPlan:
        """From all lines of a plan."""
        every = tuple(sourcing)
        taken: Counter[str] = Counter()
        for line in every:
            if line.week == week and line.kitchen != kitchen:
                taken[line.offer] += line.grams
        mine = tuple(line for line in every if line.kitchen == kitchen)
        return cls(kitchen, tuple(line for line in menus if line.kitchen == kitchen), mine, taken)

    def problem(self, whole: Problem) -> Problem:
        """The problem of this kitchen alone, on the days and for the covers of its menus."""
        days = {line.date: ServiceDay(self.kitchen, line.date, line.covers) for line in self.menus}
        return replace(
            whole,
            kitchens={self.kitchen: whole.kitchens[self.kitchen]},
            service_days=tuple(days.values()),
            purchases=tuple(each for each in whole.purchases if each.kitchen == self.kitchen),
        )

    def served(self, week: date) -> tuple[MenuLine, ...]:
        """The menus of a week."""
        return tuple(line for line in self.menus if week_of(line.date) == week)

    def with_dishes(self, dishes: Mapping[Place, str]) -> tuple[MenuLine, ...]:
        """The menus with other dishes in some places."""
        return tuple(replace(line, dish=dishes.get((line.date, line.slot), line.dish)) for line in self.menus)

    def from_store(self, problem: Problem, week: date) -> Counter[str]:
        """Grams that a week's menus take of what came before it; less than nothing: bought for weeks after it."""
        drawn: Counter[str] = Counter()
        if problem.weeks_ahead:
            drawn.update(need(problem, self.served(week)))
            drawn.subtract(self._bought(week))
        return Counter({of: grams for of, grams in drawn.items() if grams and of in problem.weeks_ahead})

    def _bought(self, week: date) -> Counter[str]:
        grams: Counter[str] = Counter()
        for line in self.lines:
            if line.week == week:
                grams[line.ingredient] += line.grams
        return grams

    def other_weeks(self, week: date) -> tuple[SourcingLine, ...]:
        """What is bought for all other weeks."""
        return tuple(line for line in self.lines if line.week != week)


def need(problem: Problem, menus: Iterable[MenuLine]) -> Counter[str]:
    """Grams of each ingredient that the menus of some days take, with what comes with every meal.

    Raises:
        UnknownDish: the problem has no such dish.
    """
    grams: Counter[str] = Counter()
    days: dict[date, int] = {}
    for line in menus:
        days[line.date] = line.covers
        grams.update(of_dish(problem, line.dish, line.slot, line.covers))
    for ingredient, each in problem.every_meal.items():
        grams[ingredient] += each * sum(days.values())
    return grams


def to_buy(needed: Counter[str], from_store: Counter[str]) -> Counter[str]:
    """Grams to buy of each ingredient for a week that takes some from the store, or keeps some for weeks after it."""
    wanted = Counter(needed)
    wanted.subtract(from_store)
    return +wanted


def of_dish(problem: Problem, dish: str, slot: str, covers: int) -> dict[str, int]:
    """Grams of each ingredient that a dish takes for so many covers."""
    found = problem.dishes.get(dish)
    if found is None or found.slot != slot:
        raise UnknownDish(dish, slot)
    return {ingredient: each * covers for ingredient, each in found.ingredients.items()}


def bought_elsewhere(problem: Problem, plan: KitchenPlan, week: date) -> dict[Part, Decimal]:
    """Euros that count in the ratios of the week's civil year besides the week itself: bought before, and planned."""
    sums: dict[Part, Decimal] = defaultdict(Decimal)
    for line in plan.other_weeks(week):
        if line.week.year == week.year and line.offer in problem.offers:
            part = Part(problem.family(line.offer), problem.bucket(line.offer, line.week), problem.seller(line.offer))
            sums[part] += line.amount_excl_tax
    for of in problem.purchases:
        if of.date.year == week.year:
            sums[Part(of.family, of.bucket, None)] += of.amount_excl_tax
    return sums
