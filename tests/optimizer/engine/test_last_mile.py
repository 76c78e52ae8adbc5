"""What the rounds of prices leave unmet is met in the end, when it can be at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from optimizer import Problem, solve, verify
from optimizer.engine.crew import Crew
from optimizer.engine.demand import menu_demand
from optimizer.engine.drops import source_in_drops
from optimizer.engine.instance import compile_instance
from optimizer.engine.kitchen_year import choose_year
from optimizer.engine.last_mile import Settled, finish
from optimizer.engine.prices import no_prices
from optimizer.engine.purchases import Period
from optimizer.engine.sourcing import MOST_AT_ONCE
from optimizer.plan import Plan
from optimizer.problem import Capacity, Purchase
from optimizer.rules import Rule
from tests.optimizer.engine.tiny import FAMILY, LONG, D, budget, count, dish, offer, ratio, spacing, tiny, weekdays

FIVE = {f"k{n}": 10 + n for n in range(5)}
WEEKS = 13


def planned(problem: Problem) -> Plan:
    plan = solve(problem, workers=1)
    assert verify(problem, plan) == []
    return plan


def least_share(plan: Plan) -> Decimal:
    """The smallest share of any kitchen and civil year."""
    return min(share or D(0) for of in plan.summary.kitchens for share in of.ratios["ORGANIC"].values())


def test_a_ratio_that_only_the_year_as_a_whole_can_meet() -> None:
    """Organic rice comes in November: bought alone it makes up for the plain rice of the autumn."""
    assert len(FIVE) * WEEKS > MOST_AT_ONCE, "otherwise everything is bought at once and nothing is shown"
    problem = tiny(
        [dish("rice")], [ratio("ORGANIC", "0.25")], dates=weekdays(WEEKS), covers=FIVE,
        offers=[offer("plain", "i_rice"), offer("organic", "i_rice", "1.2", "BIO")],
        grams_per_week={"organic": [Capacity("organic", date(2026, 11, 2), LONG[1], None)]},
    )  # fmt: skip
    assert least_share(planned(problem)) >= Decimal("0.25")


def test_what_was_bought_before_counts_for_the_whole_year() -> None:
    """So much organic was bought in spring that none is needed, though some weeks alone would be short."""
    problem = tiny(
        [dish("rice")], [ratio("ORGANIC", "0.25")], dates=weekdays(WEEKS), covers=FIVE,
        offers=[offer("plain", "i_rice"), offer("organic", "i_rice", "3", "BIO")],
        purchases=[Purchase(k, date(2026, 4, 1), FAMILY, "BIO", D(100)) for k in FIVE],
    )  # fmt: skip
    lines = planned(problem).sourcing
    assert {line.offer for line in lines} == {"plain"}


def test_a_budget_that_a_dear_autumn_passes_and_a_cheap_winter_makes_up_for() -> None:
    dishes = [dish("fish", months=(9, 10)), dish("leek", months=(11, 12))]
    problem = tiny(
        dishes, [budget("BUDGET", "0.35")], dates=weekdays(WEEKS), covers=FIVE,
        offers=[offer("fish", "i_fish", "5"), offer("leek", "i_leek", "1")],
    )  # fmt: skip
    spent = {of.id: of.cost_per_meal_eur for of in planned(problem).summary.kitchens}
    assert set(spent.values()) == {Decimal("0.3462")}, "8 weeks at 50 cents, 5 at 10"


@pytest.mark.parametrize("share", ["0.85", "0.95"])
def test_a_label_dearer_than_any_price_of_the_search(share: str) -> None:
    """Only the dear organic curry brings the share: every other meal must stay cheap."""
    dishes = [dish("rice"), dish("wheat"), dish("curry", needs={"spice": 100})]
    offers = [offer("spice", "spice", "20"), offer("spice.organic", "spice", "60", "BIO")]
    problem = tiny(dishes, [ratio("ORGANIC", share), spacing("MAIN", 1)], offers=offers)
    assert least_share(planned(problem)) >= Decimal(share)


def test_everything_organic_is_possible_when_everything_can_be_bought_so() -> None:
    offers = [offer("plain", "i_rice"), offer("organic", "i_rice", "1.5", "BIO")]
    plan = planned(tiny([dish("rice")], [ratio("ORGANIC", "1")], offers=offers))
    assert {line.offer for line in plan.sourcing} == {"organic"}


def test_a_share_that_only_a_dearer_label_makes() -> None:
    """Two organic apples: the dear one makes a greater share of the euros, and here nothing else will do."""
    dishes = [dish("stew", needs={"meat": 100, "apple": 50})]
    offers = [offer("meat", "meat", "4"), offer("apple", "apple", "2", "BIO"), offer("apple.old", "apple", "5", "BIO")]
    assert least_share(planned(tiny(dishes, [ratio("ORGANIC", "0.30")], offers=offers))) >= Decimal("0.30")


def test_a_small_problem_gets_its_best_plan() -> None:
    """Fish on Monday or on Friday: each alone is dear for somebody, together they are cheapest."""
    dishes = [dish("fish", true="fish"), dish("cod", true="fish"), dish("beef"), dish("egg"), dish("leek")]
    prices = {"fish": "3", "cod": "2.9", "beef": "2", "egg": "1", "leek": "0.5"}
    offers = [offer(name, f"i_{name}", price) for name, price in prices.items()]
    rules: list[Rule] = [count("FISH", "fish", 1, None), spacing("MAIN", 4)]
    plan = planned(tiny(dishes, rules, offers=offers))
    assert plan.summary.cost_eur == Decimal("6.40"), "leek, egg, beef and cod, 10 covers of 100 g each"


def test_kitchens_that_lack_something_are_mended_at_once_and_sell_nothing_twice() -> None:
    """The farm of the cheap dish comes to nobody for so little; of the other good 100 g are a bargain."""
    three = {f"k{n}": 10 for n in range(3)}
    made = tiny(
        [dish("cheap", needs={"i_farm": 10}), dish("dear", needs={"i_gros": 100})], dates=weekdays(1)[:1], covers=three,
        offers=[
            offer("farm", "i_farm", "0.1", supplier="farm"), offer("bargain", "i_gros", "0.5"), offer("plain", "i_gros")
        ],
        grams_per_week={"bargain": 100},
    )  # fmt: skip
    farm = replace(made.suppliers["farm"], min_drop_eur=D(30))
    instance = compile_instance(replace(made, suppliers={**made.suppliers, "farm": farm}))
    menus = choose_year(instance, (no_prices(instance), [0, 1, 2], [None] * 3))
    before = Settled(menus, [source_in_drops(instance, menu_demand(instance, menus), Period((0,)))])
    assert before.unmet == {0, 1, 2}
    with Crew(instance, None, 1) as crew:
        settled = finish(crew, instance, before.menus, before.sourced, no_prices(instance))
    assert settled.unmet == set()
    bargain = instance.offers.index("bargain")
    assert sum(kg for of in settled.sourced for o, _, _, kg in of.buys if o == bargain) <= 0.1 + 1e-6
