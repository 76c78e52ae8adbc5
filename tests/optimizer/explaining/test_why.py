"""Why not this farm: every figure told of a solved plan is checked by solving the kitchen-week with another program."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from scipy.optimize import linprog

from optimizer import Plan, Problem, solve, verify
from optimizer.engine.assembly import drops
from optimizer.explaining import Entry, Ground, OfferMonth, Standing, why
from optimizer.explaining.entry import entry_at, explained
from optimizer.explaining.ground import with_capacity, with_offer, with_supplier
from optimizer.explaining.search import PRICE_STEP
from optimizer.explaining.trial import Trial
from optimizer.problem import Offer
from optimizer.rules import BudgetRule, ValueRatioRule
from tests.optimizer.synthetic import synthetic_problem

FARMS = ("farm002", "farm006", "farm011")
"""One that comes to some kitchens only, one whose minimum keeps it out, one that all of is bought of."""
NOTHING = 1e-6


@pytest.fixture(scope="module")
def made() -> tuple[Problem, Plan]:
    """Three kitchens, two weeks, farms that ask for 300 € a delivery; labels just reach the shares asked for."""
    problem = synthetic_problem(3, 2, 24)
    suppliers = {of.id: replace(of, min_drop_eur=of.min_drop_eur * 6) for of in problem.suppliers.values()}
    problem = replace(problem, suppliers=suppliers)
    plan = solve(problem, workers=1, time_limit=20)
    assert verify(problem, plan) == []
    return problem, plan


@pytest.fixture(scope="module")
def told(made: tuple[Problem, Plan]) -> list[OfferMonth]:
    problem, plan = made
    ground = Ground.of(problem, plan.sourcing)
    return [each for farm in FARMS for each in why(ground, farm, problem.weeks)]


def entries(told: list[OfferMonth]) -> Iterator[Entry]:
    return (each.entry for each in told if each.entry is not None)


class Week:
    """A kitchen-week as a linear program of its own, straight from problem and plan."""

    def __init__(self, problem: Problem, plan: Plan, place: tuple[str, date], extra: str) -> None:
        self.problem, self.extra = problem, extra
        self.kitchen, self.week = place
        mine = [line for line in plan.sourcing if line.kitchen == self.kitchen]
        here = [line for line in mine if line.week == self.week]
        self.others = [line for line in mine if line.week != self.week]
        self.sold = Counter[str]()
        for line in plan.sourcing:
            if line.week == self.week and line.kitchen != self.kitchen:
                self.sold[line.offer] += line.grams
        self.need = Counter[str]()
        for line in here:
            self.need[line.ingredient] += line.grams
        self.coming = {problem.offers[line.offer].supplier for line in here}
        self.offers = [of for of in problem.offers.values() if self._on_sale(of)]

    def cost(self, without: str | None) -> float:
        """The cheapest purchases when the farm comes; without an offer: or when it stays away, whichever is less."""
        costs = [self._solve(without, comes=True)]
        if without is not None and self.extra not in self.coming:
            costs.append(self._solve(without, comes=False))
        return min(costs)

    def _solve(self, without: str | None, *, comes: bool) -> float:
        of, unit = self.problem, np.array([float(self.problem.unit_price(o.id, self.kitchen)) for o in self.offers])
        most = [self._most(o) if o.id != without and (comes or o.supplier != self.extra) else 0.0 for o in self.offers]
        equal = np.array([[float(o.ingredient == i) for o in self.offers] for i in self.need])
        rows, sides = [], []
        for rule in of.rules:
            if isinstance(rule, ValueRatioRule):
                share = float(rule.min_share)
                inside = np.array(
                    [self._in(rule, o.id) - share * rule.in_denominator(of.family(o.id)) for o in self.offers]
                )
                before = sum(
                    float(line.amount_excl_tax)
                    * (self._in(rule, line.offer, line.week) - share * self._counted(rule, line.offer))
                    for line in self.others
                )
                rows.append(-inside * unit)
                sides.append(before)
            elif isinstance(rule, BudgetRule):
                limit = of.budget_per_meal(rule, self.kitchen) * of.covers(self.kitchen)
                rows.append(unit)
                sides.append(float(limit - sum(line.amount_excl_tax for line in self.others)))
        for supplier in self.coming | ({self.extra} if comes else set()):
            rows.append(
                np.array([-u if o.supplier == supplier else 0.0 for o, u in zip(self.offers, unit, strict=True)])
            )
            sides.append(-float(of.suppliers[supplier].min_drop_eur))
        found = linprog(unit, np.array(rows), sides, equal, [g / 1000 for g in self.need.values()],
                        bounds=[(0.0, each) for each in most])  # fmt: skip
        return float(found.fun) if found.status == 0 else float("inf")

    def _on_sale(self, of: Offer) -> bool:
        there = self.problem.reaches(of.id, self.kitchen) and self.problem.capacity(of.id, self.week) != 0
        return there and of.supplier in self.coming | {self.extra} and of.ingredient in self.need

    def _most(self, offer: Offer) -> float:
        capacity = self.problem.capacity(offer.id, self.week)
        need = self.need[offer.ingredient]
        return need / 1000 if capacity is None else min(need, max(0, capacity - self.sold[offer.id])) / 1000

    def _counted(self, rule: ValueRatioRule, offer: str) -> bool:
        return rule.in_denominator(self.problem.family(offer))

    def _in(self, rule: ValueRatioRule, offer: str, week: date | None = None) -> float:
        of = self.problem
        return float(rule.in_numerator(of.family(offer), of.bucket(offer, week or self.week), of.seller(offer)))


def gain(problem: Problem, plan: Plan, entry: Entry) -> float:
    """€ that the offer saves the kitchen-week by the other program; nothing or less when it does not enter."""
    week = Week(problem, plan, entry.place, problem.offers[entry.offer].supplier)
    return week.cost(entry.offer) - week.cost(None)


def priced(problem: Problem, entry: Entry, price: Decimal) -> Problem:
    return with_offer(problem, replace(problem.offers[entry.offer], price_eur_per_kg=price))


def test_a_price_that_is_told_makes_the_offer_enter_and_half_of_the_cut_does_not(
    made: tuple[Problem, Plan], told: list[OfferMonth]
) -> None:
    problem, plan = made
    seen = 0
    for entry in entries(told):
        if entry.enters_at is not None and entry.price - entry.enters_at > PRICE_STEP:
            seen += 1
            assert gain(priced(problem, entry, entry.enters_at), plan, entry) > NOTHING
            assert gain(priced(problem, entry, (entry.price + entry.enters_at) / 2), plan, entry) <= NOTHING
            assert gain(problem, plan, entry) <= NOTHING
    assert seen >= 10, "the plan has farms that a lower price would bring in"


def test_bought_at_the_price_that_is_told_the_plan_stays_lawful_and_the_farm_is_in_it(
    made: tuple[Problem, Plan], told: list[OfferMonth]
) -> None:
    """Into the whole plan, in grams and cents: the verifier finds nothing against demand, capacity, ratios, minima."""
    problem, plan = made
    entry = next(of for of in entries(told) if of.enters_at is not None)
    assert entry.enters_at is not None
    changed = priced(problem, entry, entry.enters_at)
    ground = Ground.of(changed, plan.sourcing)
    trial = Trial(ground, entry.place, entry.offer)
    lines = trial.lines_at(trial.terms)
    rest = [line for line in plan.sourcing if (line.kitchen, line.week) != entry.place]
    found = replace(plan, sourcing=tuple(sorted([*rest, *lines])))
    new = replace(found, drops=drops(changed, found.sourcing))
    kinds = {fault.rule_id for fault in verify(changed, new)}
    assert kinds <= {"SUMMARY", "BOUND"}, "what the old sums state, no rule"
    assert sum(line.grams for line in lines if line.offer == entry.offer) == pytest.approx(entry.grams, abs=50)


def test_a_minimum_that_is_told_makes_the_offer_enter_and_half_of_the_way_does_not(
    made: tuple[Problem, Plan], told: list[OfferMonth]
) -> None:
    problem, plan = made
    seen = 0
    for entry in entries(told):
        if entry.minimum is not None:
            seen += 1
            supplier = problem.suppliers[problem.offers[entry.offer].supplier]
            eased = with_supplier(problem, replace(supplier, min_drop_eur=entry.minimum))
            assert gain(eased, plan, entry) > NOTHING
            half = (entry.minimum + supplier.min_drop_eur) / 2
            assert gain(with_supplier(problem, replace(supplier, min_drop_eur=half)), plan, entry) <= NOTHING
    assert seen


def test_a_quantity_that_is_told_makes_the_offer_enter_and_half_of_the_way_does_not(
    made: tuple[Problem, Plan], told: list[OfferMonth]
) -> None:
    """An offer at its price of entry, with too little of it left to fill a delivery."""
    problem, plan = made
    seen = 0
    for entry in entries(told):
        if entry.enters_at is None or entry.comes_anyway:
            continue
        sold = Ground.of(problem, plan.sourcing).taken(entry.place).get(entry.offer, 0)
        little = entry.grams // 3
        short = with_capacity(priced(problem, entry, entry.enters_at), entry.offer, entry.place[1], little + sold)
        ground = Ground.of(short, plan.sourcing)
        trial = Trial(ground, entry.place, entry.offer)
        found = explained(ground, trial, entry_at(ground, trial))
        if found.enters_now or found.quantity_kg is None:
            continue
        seen += 1
        enough = with_capacity(short, entry.offer, entry.place[1], found.quantity_kg * 1000 + sold)
        assert gain(enough, plan, entry) > NOTHING
        half = (found.quantity_kg * 1000 + little) // 2
        assert gain(with_capacity(short, entry.offer, entry.place[1], half + sold), plan, entry) <= NOTHING
    assert seen


def test_every_offer_and_month_is_told_with_what_the_plan_buys(
    made: tuple[Problem, Plan], told: list[OfferMonth]
) -> None:
    problem, plan = made
    bought = Counter[str]()
    for line in plan.sourcing:
        bought[line.offer] += line.grams
    farms = {of.id for of in problem.offers.values() if of.supplier in FARMS}
    assert Counter({offer: sum(of.retained_g for of in told if of.offer == offer) for offer in farms}) == Counter(
        {offer: bought[offer] for offer in farms}
    )
    for each in told:
        assert (each.standing in (Standing.RETAINED, Standing.SOLD_OUT)) == (each.retained_g > 0)
        assert each.entry is None or each.standing is Standing.NOT_RETAINED


def test_what_makes_the_price_is_told_only_where_it_moves_it(told: list[OfferMonth]) -> None:
    effects = [entry.effects for entry in entries(told) if entry.enters_at is not None]
    found = [each for of in effects for each in (of.minimum, of.label, of.certificate, of.scarcity) if each is not None]
    assert all(each > 0 for each in found)
    assert any(of.minimum for of in effects)
    assert any(of.label for of in effects)
