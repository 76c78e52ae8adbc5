"""What a kitchen buys for one week at what all the others leave: a live LP, then whole grams.

Of one kitchen and week a capacity is the upper bound of a column. Rows: DEMAND per ingredient (kg), ``value_ratio``
over the civil year and ``budget`` over the horizon, both with what the other weeks buy; ``MIN_DROP`` of those who
come that week anyway. Nobody else is asked to come where they have enough. What nobody can sell (`missing`), lacks in
a ratio (`short`) or in a drop (`under`), or is over the budget (`over`) is priced so that it is the last resort.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from optimizer.goals import charge_in
from optimizer.plan import SourcingLine
from optimizer.problem import Problem
from optimizer.rules import BudgetRule, ValueRatioRule
from optimizer.solver import INFINITY, Floats, Model
from optimizer.verification.spent import ZERO, Part

MISSING_EUR_PER_KG, MISSING_TIMES = 200.0, 10.0
"""As in the sourcing of a whole plan: going short always costs more than the dearest offer."""
SHORT_EUR_PER_EUR = 5.0
ROUNDING_EUR = 0.01
"""Euros by which whole grams and cents can move the purchases of one ingredient, at most."""
DROP_ROUNDING_EUR = 0.25
"""The same for what one supplier sells of twenty-five ingredients; whatever the list is of, it is the same."""
NOISE_G = 1e-4
UNLIMITED_G = 10**12


@dataclass(frozen=True)
class Bought:
    """Purchases as the LP weighs them: kg of each offer, euros, and what could not be had: kg by ingredient, euros
    short or over by rule (hard ones)."""

    kg: Floats
    cost_eur: float
    missing: Mapping[str, float]
    short: Mapping[str, float]


@dataclass(frozen=True)
class Elsewhere:
    """What the rules in euros count besides the week: purchases of its civil year, and euros of the other weeks."""

    purchases: Mapping[Part, Decimal]
    spent_eur: Decimal


@dataclass(frozen=True)
class Parts:
    """Numerator and denominator of a ratio: euros per kg of each offer, and euros of what is bought elsewhere."""

    part: Floats
    whole: Floats
    part_before: Decimal
    whole_before: Decimal

    def share(self, kg: Floats) -> float | None:
        """The share with so many kg of each offer; None of nothing."""
        whole = float(self.whole_before) + float(self.whole @ kg)
        return (float(self.part_before) + float(self.part @ kg)) / whole if whole > 0 else None


class WeekMarket:
    """The offers that a kitchen can buy of in a week, and the cheapest purchases of them for any need."""

    def __init__(
        self,
        problem: Problem,
        place: tuple[str, date],
        most: Iterable[str],
        taken: Mapping[str, int],
        elsewhere: Elsewhere,
        coming: Mapping[str, Decimal],
        *,
        every_offer: bool = True,
    ) -> None:
        """``place`` = kitchen and week; ``most`` = every ingredient that it may be asked for; ``taken`` = grams of
        each offer that the other kitchens buy; ``coming`` = suppliers that deliver that week, and the euros that the
        plan buys of them. Without ``every_offer`` those are left out that one of unlimited quantity beats on price and
        on every ratio: only a dear label that would count more is then not seen.
        """
        self.problem = problem
        self.kitchen, self.week = place
        self.offers: list[str] = []
        self._taken = taken
        self._every_offer = every_offer
        self._elsewhere = elsewhere
        self._coming = coming
        self._model = Model("kitchen_week")
        self._bought: list[int] = []
        self._places: dict[str, range] = {}
        self._demand: dict[str, int] = {}
        self._asked: dict[str, int] = {}
        self._missing: dict[str, int] = {}
        self._short: dict[str, int] = {}
        self._rows: dict[str, int] = {}
        self._under: dict[str, int] = {}
        self._seen_as: dict[str, Part] = {}
        for ingredient in sorted(set(most)):
            self._add_ingredient(ingredient)
        self.unit: Floats = np.array([float(self._price(offer)) for offer in self.offers])
        for rule in problem.rules:
            if isinstance(rule, ValueRatioRule):
                self._add_ratio(rule)
            elif isinstance(rule, BudgetRule):
                self._add_budget(rule)
        for supplier in sorted(coming):
            self._add_drop(supplier)
        self._live = self._model.load(relax=True)

    def left(self, offer: str) -> int:
        """Grams of an offer that the others leave."""
        capacity = self.problem.capacity(offer, self.week)
        return UNLIMITED_G if capacity is None else max(0, capacity - self._taken.get(offer, 0))

    def buy(self, need: Mapping[str, int]) -> Bought:
        """The cheapest purchases of so many grams of each ingredient, all of them among ``most``."""
        for ingredient in self._asked.keys() | need.keys():
            grams = need.get(ingredient, 0)
            if grams != self._asked.get(ingredient, 0):
                self._live.set_row_bounds(self._demand[ingredient], grams / 1000, grams / 1000)
        self._asked = dict(need)
        outcome = self._live.run()
        if not outcome.usable:
            raise RuntimeError(f"kitchen-week LP: {outcome.status.value}")
        bought: Floats = outcome.values[self._bought]
        missing = {of: lack for of, c in self._missing.items() if (lack := float(outcome.values[c])) > NOISE_G}
        short = {of: lack for of, c in self._short.items() if (lack := float(outcome.values[c])) > self._margin}
        return Bought(bought, float(bought @ self.unit), missing, short)

    def lines(self, need: Mapping[str, int], bought: Bought) -> tuple[tuple[SourcingLine, ...], dict[str, int]]:
        """The purchases in whole grams, and grams of each ingredient that cannot be had."""
        found, lacking = [], {}
        for ingredient, grams in sorted(need.items()):
            flows, rest = self._whole(ingredient, grams, bought.kg)
            if rest:
                lacking[ingredient] = rest
            for offer, of in flows.items():
                amount = self.problem.amount(offer, self.kitchen, of)
                found.append(SourcingLine(self.kitchen, self.week, ingredient, offer, of, amount))
        return tuple(sorted(found)), lacking

    def _whole(self, ingredient: str, grams: int, kg: Floats) -> tuple[dict[str, int], int]:
        """Grams cut to whole ones; the last few of an offer that is bought already, the best labelled first."""
        places = self._places[ingredient]
        flows = {self.offers[j]: min(int(kg[j] * 1000 + NOISE_G), self.left(self.offers[j]), grams) for j in places}
        rest = grams - sum(flows.values())
        for offer in sorted(flows, key=lambda offer: (not flows[offer], -self._worth(offer), offer)):
            change = max(-flows[offer], rest) if rest < 0 else min(rest, self.left(offer) - flows[offer])
            flows[offer] += change
            rest -= change
        return {offer: of for offer, of in flows.items() if of}, rest

    def _worth(self, offer: str) -> int:
        """Ratio rules that an offer counts for."""
        return len(self._counts_for(offer))

    def _add_ingredient(self, ingredient: str) -> None:
        """DEMAND: Σ buy + missing = need, in kg."""
        on_sale = [of.id for of in self.problem.offers_by_ingredient[ingredient] if self._on_sale(of.id)]
        here = [of for of in on_sale if self._comes(of)]
        if any(self.problem.capacity(of, self.week) is None for of in here):
            # All of them: a dearer one may be what makes up a drop.
            on_sale = here
        elif not self._every_offer:
            on_sale = self._unbeaten(on_sale)
        first = len(self.offers)
        self.offers += on_sale
        self._places[ingredient] = range(first, len(self.offers))
        prices = [float(self._price(offer)) for offer in on_sale]
        columns = [
            self._model.add(f"buy.{offer}", price + self._charge(offer), 0.0, self.left(offer) / 1000)
            for offer, price in zip(on_sale, prices, strict=True)
        ]
        self._bought += columns
        lack = MISSING_EUR_PER_KG + MISSING_TIMES * max(prices, default=0.0)
        self._missing[ingredient] = self._model.add(f"missing.{ingredient}", lack)
        columns = [*columns, self._missing[ingredient]]
        self._demand[ingredient] = self._model.row(f"DEMAND.{ingredient}", columns, [1.0] * len(columns), 0.0, 0.0)

    def _unbeaten(self, offers: Sequence[str]) -> list[str]:
        weighed = [(self._price(of) + charge_in(self.problem, of, self.kitchen, self.week), of) for of in offers]
        kept: list[str] = []
        best: list[frozenset[str]] = []
        for _, offer in sorted(weighed):
            counts = self._counts_for(offer)
            if not any(counts <= other for other in best):
                kept.append(offer)
                if self.problem.capacity(offer, self.week) is None:
                    best.append(counts)
        return kept

    def _comes(self, offer: str) -> bool:
        return self.problem.offers[offer].supplier in self._coming

    def _counts_for(self, offer: str) -> frozenset[str]:
        part = self._part(offer)
        rules = (of for of in self.problem.rules if isinstance(of, ValueRatioRule))
        return frozenset(of.id for of in rules if of.in_numerator(*part))

    def _charge(self, offer: str) -> float:
        return float(charge_in(self.problem, offer, self.kitchen, self.week))

    def _part(self, offer: str) -> Part:
        if offer not in self._seen_as:
            of, week = self.problem, self.week
            self._seen_as[offer] = Part(of.family(offer), of.bucket(offer, week), of.seller(offer))
        return self._seen_as[offer]

    def _price(self, offer: str) -> Decimal:
        return self.problem.unit_price(offer, self.kitchen)

    def _on_sale(self, offer: str) -> bool:
        return self.problem.reaches(offer, self.kitchen) and self.left(offer) > 0

    def _add_ratio(self, rule: ValueRatioRule) -> None:
        """value_ratio: Σ (in numerator − share) · price · buy + short ≥ margin − Σ of what the year buys elsewhere."""
        of = self.parts(rule)
        coefs = of.part - float(rule.min_share) * of.whole
        inside = np.flatnonzero(coefs)
        stands = float(of.part_before - rule.min_share * of.whole_before)
        price = _short_price(rule) if rule.soft_price is None else float(rule.soft_price)
        short = self._model.add(f"short.{rule.id}", price)
        if rule.hard:
            self._short[rule.id] = short
        columns = [*(self._bought[j] for j in inside), short]
        self._rows[rule.id] = self._model.row(rule.id, columns, [*coefs[inside], 1.0], self._margin - stands, INFINITY)

    def parts(self, rule: ValueRatioRule) -> Parts:
        """What a kg of each offer, and what is bought elsewhere, add to a ratio."""
        inside, whole = [], []
        for offer in self.offers:
            of = self._part(offer)
            inside.append(float(rule.in_numerator(*of)))
            whole.append(float(rule.in_denominator(of.family)))
        counted = {of: amount for of, amount in self._elsewhere.purchases.items() if rule.in_denominator(of.family)}
        part = sum((amount for of, amount in counted.items() if rule.in_numerator(*of)), Decimal(0))
        total = sum(counted.values(), Decimal(0))
        return Parts(self.unit * np.array(inside), self.unit * np.array(whole), part, total)

    def _add_budget(self, rule: BudgetRule) -> None:
        """budget: Σ price · buy − over ≤ budget · covers − Σ of the other weeks."""
        limit = self.problem.budget_per_meal(rule, self.kitchen) * self.problem.meals - self._elsewhere.spent_eur
        price = SHORT_EUR_PER_EUR if rule.soft_price is None else float(rule.soft_price)
        over = self._model.add(f"over.{rule.id}", price)
        if rule.hard:
            self._short[rule.id] = over
        columns = [*self._bought, over]
        self._rows[rule.id] = self._model.row(
            rule.id, columns, [*self.unit, -1.0], -INFINITY, float(limit) - self._margin
        )

    def _add_drop(self, supplier: str) -> None:
        """MIN_DROP: Σ price · buy of who comes + under ≥ their minimum."""
        own = [j for j, offer in enumerate(self.offers) if self.problem.offers[offer].supplier == supplier]
        least = float(self.least(supplier))
        if own and least:
            self._under[supplier] = self._model.add(f"under.{supplier}", SHORT_EUR_PER_EUR)
            columns = [*(self._bought[j] for j in own), self._under[supplier]]
            name = f"MIN_DROP.{supplier}"
            self._rows[name] = self._model.row(
                name, columns, [*self.unit[own], 1.0], least + DROP_ROUNDING_EUR, INFINITY
            )

    def least(self, supplier: str) -> Decimal:
        """Euros that a supplier's drop is worth at least.

        Of one that the kitchen shares, what it brings to it in the plan if that is less: the others count on it.
        """
        whole, brought = self.problem.suppliers[supplier].min_drop_eur, self._coming.get(supplier, ZERO)
        shares = brought and self.problem.drop_group(supplier, self.kitchen) is not None
        return min(whole, brought) if shares else whole

    @property
    def _margin(self) -> float:
        return ROUNDING_EUR * len(self._demand)


def _short_price(rule: ValueRatioRule) -> float:
    """Euros per euro short: more than any label can cost, which for a share s is 1 / (1 − s) euros per euro of it."""
    return SHORT_EUR_PER_EUR * max(1.0, 1.0 / (2.0 * max(1.0 - float(rule.min_share), 0.001)))
