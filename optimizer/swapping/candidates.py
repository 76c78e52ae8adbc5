"""Every dish that could take a place on a menu, ranked by what it would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from optimizer.blocks import week_of
from optimizer.plan import MenuLine
from optimizer.problem import Problem
from optimizer.rules import ValueRatioRule
from optimizer.swapping.kitchen_plan import KitchenPlan, Place, UnknownDish, need, of_dish, to_buy
from optimizer.swapping.near import NearDay
from optimizer.swapping.standing import RuleChange
from optimizer.swapping.swap import market_of
from optimizer.swapping.week_market import Bought
from optimizer.verification.served import Served

CENT, GRAM, SHARE = Decimal("0.01"), Decimal("0.001"), Decimal("0.000001")
CLOSE_EUR = 0.005
"""Euros short of a ratio that are none: less than a cent."""


@dataclass(frozen=True)
class Candidate:
    """A dish, and what the week would become with it instead of the dish that is there.

    ``cost_eur`` and ``co2e_kg`` are differences of the week's purchases bought again, before whole grams and cents;
    ``shares`` = share of each ratio rule over the civil year; ``changes`` = rules of menus that would stand otherwise,
    exactly; ``short`` = rules in euros that could not be held; ``missing`` = ingredients nobody could sell.
    """

    dish: str
    cost_eur: Decimal
    waste_eur: Decimal
    co2e_kg: Decimal
    shares: Mapping[str, Decimal]
    changes: tuple[RuleChange, ...]
    short: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def lawful(self) -> bool:
        """Whether it can be had and breaks no hard rule that holds without it."""
        broken = any(each.rule.hard and each.worse for each in self.changes)
        return not (broken or self.short or self.missing)


def candidates(whole: Problem, plan: KitchenPlan, place: Place) -> list[Candidate]:
    """All dishes of the slot in season, but for the one that is there: lawful ones first, then by cost and waste.

    Raises:
        ValueError: there is no such place on the menus.
        UnknownDish: a dish of the week is not in the problem any more.
    """
    current = next((line for line in plan.menus if (line.date, line.slot) == place), None)
    if current is None:
        raise ValueError(f"not on the menus: {place}")
    problem = plan.problem(whole)
    week = week_of(current.date)
    others = [of.id for of in problem.dishes_by_slot[current.slot] if problem.dish_in_season(of.id, week)]
    if current.dish not in problem.dishes:
        raise UnknownDish(current.dish, current.slot)
    compare = _Compare(problem, plan, current, [dish for dish in others if dish != current.dish])
    found = list(compare.all())
    return sorted(found, key=lambda of: (not of.lawful, of.cost_eur + of.waste_eur, of.dish))


class _Compare:
    """The week with each dish in turn, against the week as it is."""

    def __init__(self, problem: Problem, plan: KitchenPlan, current: MenuLine, dishes: list[str]) -> None:
        self._problem, self._plan, self._current, self._dishes = problem, plan, current, dishes
        self._week = week_of(current.date)
        self._needed = need(problem, plan.served(self._week))
        self._from_store = plan.from_store(problem, self._week)
        self._now = to_buy(self._needed, self._from_store)
        self._needs = {dish: self._with(dish) for dish in dishes}
        ingredients = {of for each in (self._now, *self._needs.values()) for of in each}
        self._market = market_of(problem, plan, self._week, ingredients, every_offer=False)
        self._ratios = {of.id: self._market.parts(of) for of in problem.rules if isinstance(of, ValueRatioRule)}
        self._co2e = np.array([float(problem.offers[of].co2e_kg_per_kg or 0) for of in self._market.offers])
        self._near = NearDay(problem, plan.kitchen, (current.date, current.slot), Served(problem, plan.menus))

    def all(self) -> Iterator[Candidate]:
        """One candidate per dish."""
        bought = self._market.buy(self._now)
        for dish in self._dishes:
            yield self._candidate(dish, bought)

    def _with(self, dish: str) -> Counter[str]:
        """What the week needs with a dish instead of the current one."""
        of, covers = self._current, self._current.covers
        wanted = Counter(self._needed)
        wanted.subtract(of_dish(self._problem, of.dish, of.slot, covers))
        wanted.update(of_dish(self._problem, dish, of.slot, covers))
        return to_buy(wanted, self._from_store)

    def _candidate(self, dish: str, before: Bought) -> Candidate:
        after = self._market.buy(self._needs[dish])
        dishes = self._problem.dishes
        return Candidate(
            dish,
            cost_eur=_exactly(after.cost_eur - before.cost_eur, CENT),
            waste_eur=_exactly(float(self._waste(dish) - self._waste(self._current.dish)), CENT),
            co2e_kg=_exactly(float(self._co2e @ (after.kg - before.kg)), GRAM),
            shares={
                of: _exactly(share, SHARE)
                for of, parts in self._ratios.items()
                if (share := parts.share(after.kg)) is not None
            },
            changes=tuple(self._near.changes(dishes[self._current.dish], dishes[dish])),
            short=tuple(sorted(of for of, lack in after.short.items() if lack > before.short.get(of, 0.0) + CLOSE_EUR)),
            missing=tuple(sorted(after.missing)),
        )

    def _waste(self, dish: str) -> Decimal:
        return self._problem.waste_amount(self._plan.kitchen, dish, self._current.covers)


def _exactly(value: float, step: Decimal) -> Decimal:
    return Decimal(value).quantize(step) + 0
