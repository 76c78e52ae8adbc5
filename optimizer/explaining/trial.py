"""A kitchen-week bought again with a supplier at other terms: a live LP, run once per question.

Only those come who come in the plan, and the supplier that asks. What the plan buys stays possible: where it is nearer
to a ratio, the budget or a minimum than the margins of `week_market`, its own standing is the limit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from optimizer.explaining.ground import Ground, KitchenWeek, with_offer
from optimizer.goals import charge
from optimizer.plan import SourcingLine
from optimizer.problem import Problem
from optimizer.rules import BudgetRule, ValueRatioRule
from optimizer.solver import INFINITY, Floats
from optimizer.swapping.week_market import DROP_ROUNDING_EUR, Bought, WeekMarket
from optimizer.verification.spent import ZERO, Part, brought_by

GAIN_EUR = 0.01
"""An offer enters when the kitchen-week costs at least a cent less with it."""
SPECK = 1e-6


@dataclass(frozen=True, slots=True)
class Terms:
    """What an offer is tried at: € per kg without delivery, its supplier's minimum (€), kg for the kitchen-week, and
    the bucket that its label counts in."""

    price: Decimal
    least: Decimal
    most_kg: float
    bucket: str


@dataclass(frozen=True, slots=True)
class Answer:
    """€ of the kitchen-week and of what it lacks, kg of the offer, whether the supplier's drop is worth its minimum."""

    cost: float
    kg: float
    fits: bool


class Trial(WeekMarket):
    """The purchases of a kitchen-week, with one offer (`offer`) that may be tried at other terms."""

    def __init__(self, ground: Ground, place: KitchenWeek, offer: str, alone: Problem | None = None) -> None:
        """``alone`` = the problem of the kitchen-week if it is another one than the ground's (`Ground.alone`)."""
        supplier = ground.problem.offers[offer].supplier
        self.offer, self.supplier = offer, supplier
        problem = ground.alone(place, supplier) if alone is None else alone
        self.needs = ground.need(place)
        self.comes_anyway = supplier in ground.coming(place)
        coming = {supplier: ZERO, **brought_by(ground.problem, ground.by_week.get(place, ()))}
        super().__init__(problem, place, self.needs, ground.taken(place), ground.elsewhere(place), coming)
        self.on_sale = offer in self.offers
        self._place = self.offers.index(offer) if self.on_sale else -1
        self._without: dict[Decimal, float] = {}
        self._planned = self._kg_of(ground, place)
        self._own = [j for j, of in enumerate(self.offers) if problem.offers[of].supplier == supplier]
        self._most = [min(self.left(of), self.needs[problem.offers[of].ingredient]) / 1000 for of in self.offers]
        for ingredient, grams in self.needs.items():
            self._live.set_row_bounds(self._demand[ingredient], grams / 1000, grams / 1000)
        self._keep_the_plan_possible()

    @property
    def terms(self) -> Terms:
        """The offer's terms as they are."""
        of = self.problem.offers[self.offer]
        bucket = self.problem.bucket(self.offer, self.week)
        return Terms(of.price_eur_per_kg, self.least(self.supplier), self._most[self._place], bucket)

    def enters(self, terms: Terms) -> bool:
        """Whether the kitchen-week is cheaper with the offer than without it, the supplier's other goods at hand."""
        found = self.at(terms)
        return found.fits and found.cost < self.without(terms.least) - GAIN_EUR

    def at(self, terms: Terms) -> Answer:
        """The cheapest purchases when the supplier comes and the offer is sold at these terms."""
        self._set_offer(terms)
        self._come(terms.least)
        return self._run()

    def without(self, least: Decimal) -> float:
        """€ of the cheapest purchases without the offer: the supplier comes with its other goods, or not at all."""
        if least not in self._without:
            self._live.set_column(self._bought[self._place], 0.0, 0.0, 0.0)
            self._come(least)
            found = self._run()
            costs = [found.cost] if found.fits or self.comes_anyway else []
            if not self.comes_anyway:
                self._stay_away()
                costs.append(self._run().cost)
            self._without[least] = min(costs)
        return self._without[least]

    def lines_at(self, terms: Terms) -> tuple[SourcingLine, ...]:
        """The purchases at these terms in whole grams and cents, at the offer's price in the problem; none if something
        lacks."""
        self._set_offer(terms)
        self._come(terms.least)
        bought = self._live.run().values[self._bought]
        lines, lacking = self.lines(self.needs, Bought(bought, 0.0, {}, {}))
        return () if lacking else lines

    def holds_whole(self, terms: Terms) -> bool:
        """Whether in whole grams and cents the offer is still bought, and the drop worth its minimum."""
        lines = self.lines_at(terms)
        mine = [line.amount_excl_tax for line in lines if self.problem.offers[line.offer].supplier == self.supplier]
        return any(line.offer == self.offer for line in lines) and sum(mine) >= terms.least

    def _kg_of(self, ground: Ground, place: KitchenWeek) -> Floats:
        bought: dict[str, float] = {}
        for line in ground.by_week[place]:
            bought[line.offer] = bought.get(line.offer, 0.0) + line.grams / 1000
        return np.array([bought.get(of, 0.0) for of in self.offers])

    def _keep_the_plan_possible(self) -> None:
        """Ratios, budget and others' minima are held as the plan holds them where it is within a margin of them."""
        kg = self._planned
        for rule in self.problem.rules:
            if isinstance(rule, ValueRatioRule):
                of = self.parts(rule)
                least = self._margin - float(of.part_before - rule.min_share * of.whole_before)
                stands = float((of.part - float(rule.min_share) * of.whole) @ kg) - SPECK
                self._live.set_row_bounds(self._rows[rule.id], min(least, stands), INFINITY)
            elif isinstance(rule, BudgetRule):
                limit = self.problem.budget_per_meal(rule, self.kitchen) * self.problem.meals
                most = float(limit - self._elsewhere.spent_eur) - self._margin
                self._live.set_row_bounds(self._rows[rule.id], -INFINITY, max(most, float(self.unit @ kg) + SPECK))
        for supplier in self._under:
            if supplier != self.supplier:
                self._hold_drop(supplier, float(self.least(supplier)))

    def _hold_drop(self, supplier: str, least: float) -> None:
        own = [j for j, of in enumerate(self.offers) if self.problem.offers[of].supplier == supplier]
        stands = float(self.unit[own] @ self._planned[own]) - SPECK
        least = min(least + DROP_ROUNDING_EUR, stands) if stands > SPECK else least + DROP_ROUNDING_EUR
        self._live.set_row_bounds(self._rows[f"MIN_DROP.{supplier}"], least, INFINITY)

    def _set_offer(self, terms: Terms) -> None:
        """The offer's column at its terms: objective, ratios, budget, and its supplier's minimum."""
        column = self._bought[self._place]
        unit = float(terms.price + self.problem.deliveries[self.supplier, self.kitchen].delivery_eur_per_kg)
        self._live.set_column(column, unit + self._charge_at(terms), 0.0, terms.most_kg)
        part = Part(self.problem.family(self.offer), terms.bucket, self.problem.seller(self.offer))
        for rule in self.problem.rules:
            if isinstance(rule, ValueRatioRule):
                inside = float(rule.in_numerator(*part)) - float(rule.min_share) * rule.in_denominator(part.family)
                self._live.set_coef(self._rows[rule.id], column, inside * unit)
            elif isinstance(rule, BudgetRule):
                self._live.set_coef(self._rows[rule.id], column, unit)
        if self.supplier in self._under:
            self._live.set_coef(self._rows[f"MIN_DROP.{self.supplier}"], column, unit)

    def _charge_at(self, terms: Terms) -> float:
        if not self.problem.goals:
            return 0.0
        of = replace(self.problem.offers[self.offer], price_eur_per_kg=terms.price)
        return float(charge(with_offer(self.problem, of), self.offer, self.kitchen, terms.bucket))

    def _come(self, least: Decimal) -> None:
        for j in self._own:
            if j != self._place:
                self._set_other(j, self._most[j])
        if self.supplier in self._under:
            row = self._rows[f"MIN_DROP.{self.supplier}"]
            self._live.set_row_bounds(row, float(least) + DROP_ROUNDING_EUR if least else -INFINITY, INFINITY)

    def _stay_away(self) -> None:
        for j in self._own:
            self._set_other(j, 0.0)
        if self.supplier in self._under:
            self._live.set_row_bounds(self._rows[f"MIN_DROP.{self.supplier}"], -INFINITY, INFINITY)

    def _set_other(self, j: int, most: float) -> None:
        offer = self.offers[j]
        self._live.set_column(self._bought[j], float(self.unit[j]) + self._charge(offer), 0.0, most)

    def _run(self) -> Answer:
        outcome = self._live.run()
        if not outcome.usable:
            raise RuntimeError(f"kitchen-week LP: {outcome.status.value}")
        under = self._under.get(self.supplier)
        lacks = 0.0 if under is None else float(outcome.values[under])
        kg = float(outcome.values[self._bought[self._place]])
        return Answer(outcome.objective, kg, lacks <= SPECK)
