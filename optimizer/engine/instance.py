"""The problem as arrays: what the menu and sourcing models are filled from, small enough to ship to every worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from optimizer.engine.calendars import Pattern, patterns
from optimizer.engine.totals import Total, compile_totals
from optimizer.goals import charge
from optimizer.problem import NON_EGALIM, Problem
from optimizer.rules import BudgetRule, DropCountRule, MealCount, Rule, ValueRatioRule
from optimizer.solver import Floats, Ints

Bools = NDArray[np.bool_]


TOO_MANY = 1e5
"""€ for a drop beyond a hard limit: dearer than any purchase of a week."""


@dataclass(frozen=True, slots=True)
class DropLimit:
    """At most `most` drops a week by a rule (id); `price` = € for each beyond."""

    rule: str
    most: int
    price: float
    hard: bool


@dataclass(frozen=True, eq=False)
class Instance:
    """K kitchens, W weeks, D dishes, I ingredients, O offers, R ratio rules, Y civil years.

    `unit` (O × K) €/kg delivered, inf where not delivered; `capacity` (O × W) kg, inf = unlimited, 0 = not on sale;
    `grams` (D × I) kg per cover; `ratio` (R × O × 2) = in numerator − share × in denominator, without and with the
    label; `supplier_of` (O) and `least_drop` (S, €): whose offer it is and what a drop of theirs is worth at least;
    `labelled` (O × W); `covers[k]` = covers of each service day; `bought` (K × Y × R) = what was bought
    before, in euros of numerator − share × denominator; `waste` (K × D) €/cover and `charge` (2 × O × K, without and
    with the label) €/kg that the objective adds.
    """

    problem: Problem
    kitchens: tuple[str, ...]
    weeks: tuple[date, ...]
    years: tuple[int, ...]
    dishes: tuple[str, ...]
    ingredients: tuple[str, ...]
    offers: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    pattern_of: Ints
    week_place: tuple[Ints, ...]
    week_year: Ints
    slot_of: Ints
    season: Bools
    grams: Floats
    every_meal: Floats
    ingredient_of: Ints
    suppliers: tuple[str, ...]
    supplier_of: Ints
    least_drop: Floats
    offers_of: tuple[Ints, ...]
    unit: Floats
    capacity: Floats
    labelled: Bools
    ratio: Floats
    ratio_rules: tuple[ValueRatioRule, ...]
    budget_rules: tuple[BudgetRule, ...]
    bought: Floats
    waste: Floats
    charge: Floats
    covers: tuple[Ints, ...]
    totals: tuple[Total, ...] = ()

    @cached_property
    def drop_limits(self) -> dict[int, list[DropLimit]]:
        """Per kitchen, how many drops a week its rules allow; a kitchen without limit has no entry."""
        found: dict[int, list[DropLimit]] = {}
        for rule in self.rules:
            if isinstance(rule, DropCountRule):
                price = TOO_MANY if rule.soft_price is None else float(rule.soft_price)
                for k, kitchen in enumerate(self.kitchens):
                    most = self.problem.most_drops(rule, kitchen)
                    if most is not None:
                        found.setdefault(k, []).append(DropLimit(rule.id, most, price, rule.hard))
        return found

    def pattern(self, kitchen: int) -> Pattern:
        return self.patterns[int(self.pattern_of[kitchen])]

    def objective(self, offer: int, kitchen: int, week: int) -> float:
        """What a kg adds to the objective: its price, delivered, and what goals charge; inf where not delivered."""
        label = int(self.labelled[offer, week])
        return float(self.unit[offer, kitchen] + self.charge[label, offer, kitchen])

    @cached_property
    def dearness(self) -> float:
        """The most that a euro spent can add to the objective; 1 without goals."""
        if not self.problem.goals:
            return 1.0
        priced = np.isfinite(self.unit) & (self.unit > 0)
        return 1.0 + float((self.charge[:, priced] / self.unit[priced]).max(initial=0.0))

    def week_covers(self, kitchen: int) -> Ints:
        """Covers per week of the whole horizon (W)."""
        totals = np.zeros(len(self.weeks), dtype=np.int64)
        pattern = self.pattern(kitchen)
        places = self.week_place[self.pattern_of[kitchen]]
        for w, place in enumerate(places):
            first = pattern.first_day_of_week(w)
            totals[place] = self.covers[kitchen][first : first + pattern.week_days[w]].sum()
        return totals

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.problem.rules


def compile_instance(problem: Problem, *, by_day: bool = False) -> Instance:
    """Arrays of a problem. Everything that is exact in the problem is a float here: only search and bound use it.

    `by_day` makes every service day a cell of its own, for the `exact` reading of the menu rows.
    """
    kitchens, dishes = tuple(sorted(problem.kitchens)), tuple(sorted(problem.dishes))
    ingredients, offers = tuple(sorted(problem.ingredients)), tuple(sorted(problem.offers))
    suppliers = tuple(sorted(problem.suppliers))
    weeks, years = problem.weeks, tuple(sorted({week.year for week in problem.weeks}))
    made, of_kitchen = patterns(problem, by_day=by_day)
    ingredient_of = np.array([ingredients.index(problem.offers[o].ingredient) for o in offers], dtype=np.int64)
    ratio_rules = tuple(rule for rule in problem.rules if isinstance(rule, ValueRatioRule))
    unit = _unit_prices(problem, kitchens, offers)
    return Instance(
        problem=problem,
        kitchens=kitchens,
        weeks=weeks,
        years=years,
        dishes=dishes,
        ingredients=ingredients,
        offers=offers,
        patterns=made,
        pattern_of=np.array([of_kitchen[k] for k in kitchens], dtype=np.int64),
        week_place=tuple(np.array([weeks.index(w) for w in p.weeks], dtype=np.int64) for p in made),
        week_year=np.array([years.index(week.year) for week in weeks], dtype=np.int64),
        slot_of=np.array([problem.slots.index(problem.dishes[d].slot) for d in dishes], dtype=np.int64),
        season=np.array([[problem.dish_in_season(d, w) for w in weeks] for d in dishes], dtype=np.bool_),
        grams=_recipe_matrix(problem, dishes, ingredients),
        every_meal=np.array([problem.every_meal.get(i, 0) for i in ingredients], dtype=np.float64) / 1000,
        ingredient_of=ingredient_of,
        suppliers=suppliers,
        supplier_of=np.array([suppliers.index(problem.offers[o].supplier) for o in offers], dtype=np.int64),
        least_drop=np.array([float(problem.suppliers[s].min_drop_eur) for s in suppliers]),
        offers_of=tuple(np.flatnonzero(ingredient_of == i) for i in range(len(ingredients))),
        unit=unit,
        capacity=_capacities(problem, offers),
        labelled=_labelled(problem, offers),
        ratio=_ratio_coefficients(problem, offers, ratio_rules),
        ratio_rules=ratio_rules,
        budget_rules=tuple(rule for rule in problem.rules if isinstance(rule, BudgetRule)),
        bought=_bought(problem, kitchens, years, ratio_rules),
        waste=_waste(problem, kitchens, dishes),
        charge=_charges(problem, kitchens, offers),
        covers=tuple(np.array([day.covers for day in problem.days(k)], dtype=np.int64) for k in kitchens),
        totals=compile_totals(problem, kitchens, offers, unit),
    )


def _waste(problem: Problem, kitchens: tuple[str, ...], dishes: tuple[str, ...]) -> Floats:
    return np.array([[float(problem.waste.get((k, d), 0)) for d in dishes] for k in kitchens])


def _charges(problem: Problem, kitchens: tuple[str, ...], offers: tuple[str, ...]) -> Floats:
    charges = np.zeros((2, len(offers), len(kitchens)))
    for (o, offer), (k, kitchen) in product(enumerate(offers), enumerate(kitchens)) if problem.goals else ():
        if problem.reaches(offer, kitchen):
            for label, bucket in enumerate((NON_EGALIM, problem.offers[offer].bucket)):
                charges[label, o, k] = float(charge(problem, offer, kitchen, bucket))
    return charges


def _labelled(problem: Problem, offers: tuple[str, ...]) -> Bools:
    flags = [[problem.bucket(o, w) == problem.offers[o].bucket for w in problem.weeks] for o in offers]
    return np.array(flags, dtype=np.bool_)


def _recipe_matrix(problem: Problem, dishes: tuple[str, ...], ingredients: tuple[str, ...]) -> Floats:
    place = {ingredient: i for i, ingredient in enumerate(ingredients)}
    matrix = np.zeros((len(dishes), len(ingredients)))
    for d, dish in enumerate(dishes):
        for ingredient, grams in problem.dishes[dish].ingredients.items():
            matrix[d, place[ingredient]] = grams / 1000
    return matrix


def _unit_prices(problem: Problem, kitchens: tuple[str, ...], offers: tuple[str, ...]) -> Floats:
    unit = np.full((len(offers), len(kitchens)), np.inf)
    for o, offer in enumerate(offers):
        supplier = problem.offers[offer].supplier
        price = float(problem.offers[offer].price_eur_per_kg)
        for k, kitchen in enumerate(kitchens):
            delivery = problem.deliveries.get((supplier, kitchen))
            if delivery is not None:
                unit[o, k] = price + float(delivery.delivery_eur_per_kg)
    return unit


def _capacities(problem: Problem, offers: tuple[str, ...]) -> Floats:
    grams = [[problem.capacity(offer, week) for week in problem.weeks] for offer in offers]
    return np.array([[np.inf if g is None else g / 1000 for g in row] for row in grams])


def _ratio_coefficients(problem: Problem, offers: tuple[str, ...], rules: tuple[ValueRatioRule, ...]) -> Floats:
    coefficients = np.zeros((len(rules), len(offers), 2))
    for r, rule in enumerate(rules):
        for o, offer in enumerate(offers):
            family, bucket, seller = problem.family(offer), problem.offers[offer].bucket, problem.seller(offer)
            share = float(rule.min_share) if rule.in_denominator(family) else 0.0
            coefficients[r, o, 0] = float(rule.in_numerator(family, NON_EGALIM, seller)) - share
            coefficients[r, o, 1] = float(rule.in_numerator(family, bucket, seller)) - share
    return coefficients


def _bought(
    problem: Problem, kitchens: tuple[str, ...], years: tuple[int, ...], rules: tuple[ValueRatioRule, ...]
) -> Floats:
    totals = np.zeros((len(kitchens), len(years), len(rules)))
    for purchase in problem.purchases:
        if purchase.date.year not in years:
            continue
        k, y = kitchens.index(purchase.kitchen), years.index(purchase.date.year)
        for r, rule in enumerate(rules):
            share = float(rule.min_share) if rule.in_denominator(purchase.family) else 0.0
            inside = float(rule.in_numerator(purchase.family, purchase.bucket, None))
            totals[k, y, r] += (inside - share) * float(purchase.amount_excl_tax)
    return totals


def matching(instance: Instance, attribute: str, *, unknown_as: bool) -> Bools:
    """Flags (D) of the dishes with the attribute."""
    dishes = instance.problem.dishes
    return np.array([dishes[d].has(attribute, unknown_as=unknown_as) for d in instance.dishes], dtype=np.bool_)


def looked_at(instance: Instance, rule: MealCount) -> list[int]:
    """Places of the slots whose dishes a count looks at."""
    return [place for place, slot in enumerate(instance.problem.slots) if rule.asked_of(slot) is not None]


def counting(instance: Instance, rule: MealCount, *, unknown_as: bool) -> Bools:
    """Flags (D) of the dishes that are what a count asks of their slot."""
    dishes = [instance.problem.dishes[d] for d in instance.dishes]
    asked = {slot: rule.asked_of(slot) for slot in instance.problem.slots}
    found = [(dish, asked[dish.slot]) for dish in dishes]
    return np.array(
        [name is not None and dish.has(name, unknown_as=unknown_as) for dish, name in found], dtype=np.bool_
    )
