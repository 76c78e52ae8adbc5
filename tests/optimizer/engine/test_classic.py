"""Small problems of textbooks, whose best plan is known: the engine takes any slots, calendar and nutrients.

Nothing is sourced in them: a dish is bought as itself, at one price without limit (docs/problem-format.md).
"""

from __future__ import annotations

import random
from decimal import Decimal

import pulp
import pytest

from optimizer.engine.planner import solve
from optimizer.problem import NutrientTotalRule, PairingRule, Problem
from optimizer.verification import verify
from tests.optimizer.engine.tiny import count, dish, head, offer, spacing, tiny, weekdays

D = Decimal
FOODS = {
    # € a serving, then per serving: kcal, protein (g), calcium (mg)
    "bread": ("0.10", 180, 6, 20),
    "milk": ("0.25", 120, 8, 300),
    "potato": ("0.15", 170, 4, 10),
    "egg": ("0.30", 150, 12, 50),
    "lentils": ("0.20", 230, 18, 40),
    "cheese": ("0.45", 200, 14, 400),
    "apple": ("0.35", 80, 0, 10),
}
NEEDS = {"kcal": 170, "protein": 10, "calcium": 120}
"""At least so much in the mean of the servings."""


def nutrient(name: str, window: int, least: int | None, most: int | None = None) -> NutrientTotalRule:
    bounds = [None if bound is None else D(bound) for bound in (least, most)]
    return NutrientTotalRule(
        **head(f"N-{name}"), nutrient=name, window=window, min_per_meal=bounds[0], max_per_meal=bounds[1]
    )


def diet(servings: int) -> Problem:
    """The diet problem: so many servings of the cheapest foods that together feed."""
    foods = [
        dish(name, "food", kcal=str(kcal), protein=str(protein), calcium=str(calcium))
        for name, (_, kcal, protein, calcium) in FOODS.items()
    ]
    prices = [offer(f"o_{name}", f"i_{name}", str(D(price) * 10)) for name, (price, *_) in FOODS.items()]
    rules = [nutrient(name, servings, least) for name, least in NEEDS.items()]
    return tiny(foods, rules, dates=weekdays(servings // 4), offers=prices, covers={"k": 1})


def best_diet(servings: int) -> Decimal:
    """€ of the best whole numbers of servings, by another model and another solver."""
    model = pulp.LpProblem("diet", pulp.LpMinimize)
    eaten = {name: pulp.LpVariable(name, 0, servings, "Integer") for name in FOODS}
    model += pulp.lpSum(float(FOODS[name][0]) * of for name, of in eaten.items())
    model += pulp.lpSum(eaten.values()) == servings
    for rank, least in enumerate(NEEDS.values(), start=1):
        model += pulp.lpSum(FOODS[name][rank] * of for name, of in eaten.items()) >= least * servings
    model.solve(pulp.HiGHS(msg=False, threads=1))
    return sum((D(FOODS[name][0]) * round(of.value()) for name, of in eaten.items()), D(0))


@pytest.mark.parametrize("servings", [4, 20, 60])
def test_the_diet_problem(servings: int) -> None:
    problem = diet(servings)
    plan = solve(problem, workers=1)
    assert verify(problem, plan) == []
    assert plan.summary.lower_bound_eur <= best_diet(servings) == plan.summary.cost_eur


def test_three_slots_over_sixty_days_without_periods_of_twenty() -> None:
    """Fish on 15 of 60 days, with a red side; nothing twice in five days: the best plan is counted on the fingers.

    A dish comes back 12 times at most, so that each slot takes its cheapest five dishes evenly; the cheaper fish and
    the cheaper red side fill 12 of the 15 days. 10 covers of 100 g at p €/kg cost p €.
    """
    prices = {
        "first": ("1", "1", "2", "2", "3"),
        "second": ("2", "2", "3", "3", "5", "8", "9"),
        "third": ("1", "1", "1", "1", "1", "4", "6"),
    }
    marks = {"second_5": "fish", "second_6": "fish", "third_5": "red", "third_6": "red"}
    names = {f"{slot}_{n}": (slot, price) for slot, of in prices.items() for n, price in enumerate(of)}
    pairing = PairingRule(
        **head("P"), slot_a="second", attribute_a="fish", slot_b="third", attribute_b="red", mode="require"
    )
    problem = tiny(
        [dish(name, slot, marks.get(name, "")) for name, (slot, _) in names.items()],
        [spacing("S", 5, slots="first second third"), count("F", "fish", 15, 15, slots="second", window=60), pairing],
        dates=weekdays(15),
        offers=[offer(f"o_{name}", f"i_{name}", price) for name, (_, price) in names.items()],
    )
    first = 12 * (1 + 1 + 2 + 2 + 3)
    second = (12 * 8 + 3 * 9) + (12 * (2 + 2 + 3) + 9 * 3)
    third = (12 * 4 + 3 * 6) + 45 * 1
    plan = solve(problem, workers=1)
    assert verify(problem, plan) == []
    assert plan.summary.lower_bound_eur <= first + second + third == plan.summary.cost_eur


def test_one_kitchen_one_day_is_the_cheapest_dish_of_each_slot() -> None:
    rng = random.Random(5)
    dishes = [dish(f"{slot}_{n}", slot) for slot in ("a", "b") for n in range(6)]
    prices = {of.id: D(rng.randint(100, 900)) / 100 for of in dishes}
    offers = [offer(f"o_{name}", f"i_{name}", str(price)) for name, price in prices.items()]
    problem = tiny(dishes, dates=weekdays(1)[:1], offers=offers, covers={"k": 1000})
    plan = solve(problem, workers=1)
    assert verify(problem, plan) == []
    cheapest = sum(min(prices[of.id] for of in dishes if of.slot == slot) for slot in ("a", "b"))
    assert plan.summary.cost_eur == 100 * cheapest
    assert plan.summary.gap < D("0.001")
