"""Problems that nobody can plan, each with the rules that make it so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from optimizer.problem import Capacity, Problem
from optimizer.rules import NutrientTotalRule, PairingRule, Rule
from tests.optimizer.engine.tiny import (
    LONG,
    YEAR,
    D,
    budget,
    count,
    dish,
    head,
    offer,
    ratio,
    spacing,
    tiny,
    weekdays,
    weekly,
)


@dataclass(frozen=True)
class Impossible:
    """`rules` are the ids in conflict, `where` the kitchens, `period` what the conflict names; None = not checked."""

    problem: Problem
    rules: frozenset[str]
    period: str
    kitchens: frozenset[str] = frozenset({"k"})


FOUR_MAINS = [dish("fish", true="fish"), dish("cod", true="fish"), dish("beef", true="red"), dish("pork", true="red")]
ONE_WEEK = "2026-09-07/2026-09-11"


def of(problem: Problem, *rules: str, period: str = ONE_WEEK, kitchens: str = "k") -> Impossible:
    return Impossible(problem, frozenset(rules), period, frozenset(kitchens.split()))


def _no_organic_offer() -> Impossible:
    return of(tiny([dish("rice")], [ratio("ORGANIC", "0.2"), count("X", "none", None, 4)]), "ORGANIC", period="2026")


def _organic_is_only_a_spice() -> Impossible:
    """Pepper can be bought organic, but nobody needs tons of it."""
    curry = dish("curry", needs={"rice": 100, "pepper": 1})
    offers = [offer("pepper.plain", "pepper"), offer("pepper.organic", "pepper", "2", "BIO")]
    return of(tiny([curry], [ratio("ORGANIC", "0.2")], offers=offers), "ORGANIC", period="2026")


def _scarce_organic() -> Impossible:
    offers = [offer("plain", "i_rice"), offer("organic", "i_rice", "1.1", "BIO")]
    problem = tiny([dish("rice")], [ratio("ORGANIC", "0.5")], offers=offers, grams_per_week={"organic": 1000})
    return of(problem, "ORGANIC", "CAPACITY", period="2026")


def _poor() -> Impossible:
    return of(tiny([dish("rice"), dish("wheat")], [budget("BUDGET", "0.09")]), "BUDGET", period="horizon")


def _poor_for_organic() -> Impossible:
    offers = [offer("plain", "i_rice"), offer("organic", "i_rice", "3", "BIO")]
    rules: list[Rule] = [budget("BUDGET", "0.15"), ratio("ORGANIC", "0.6"), spacing("MAIN", 1)]
    return of(tiny([dish("rice")], rules, offers=offers), "BUDGET", "ORGANIC", period="horizon 2026")


def _bare_winter() -> Impossible:
    dishes = [dish("rice"), dish("tomato", "side", months=(6, 7, 8, 9)), dish("beans", "side", months=(7, 8, 9))]
    problem = tiny(dishes, [count("X", "any", None, 4)], dates=weekdays(3, date(2026, 9, 21)))
    return of(problem, "SEASON", period="2026-10-05")


def _too_little_fish() -> Impossible:
    dishes = [dish("fish", true="fish"), *FOUR_MAINS[2:], dish("dahl"), dish("egg")]
    return of(tiny(dishes, [count("FISH", "fish", 2, None), spacing("MAIN", 4)]), "FISH", "MAIN")


def _no_fish() -> Impossible:
    return of(tiny([dish("beef"), dish("egg")], [count("FISH", "fish", 1, None), spacing("MAIN", 2)]), "FISH")


def _no_vegetarian_side() -> Impossible:
    dishes = [dish("dahl", true="vegetarian"), dish("beef"), dish("bacon", "side"), dish("broth", "side")]
    problem = tiny(dishes, [weekly("VEG", "vegetarian", 1, slots="main side")])
    return of(problem, "VEG", period="2026-09-07")


def _exact_counts() -> Impossible:
    rules = [count("FISH", "fish", 3, 3), count("RED", "red", 2, 2), count("X", "fried", None, 1)]
    return of(tiny(FOUR_MAINS, rules), "FISH", "RED")


def _scarce_and_alone() -> Impossible:
    """40 covers × 100 g against 3 kg, and no wholesaler."""
    offers = [offer("farm", "i_rice", supplier="farm")]
    return of(tiny([dish("rice")], offers=offers, grams_per_week={"farm": 3000}), "CAPACITY", period="2026-09-07")


def _scarce_together() -> Impossible:
    """Each kitchen alone would have enough."""
    offers = [offer("farm", "i_rice", supplier="farm")]
    problem = tiny([dish("rice")], offers=offers, grams_per_week={"farm": 6000}, covers={"k1": 10, "k2": 10})
    return of(problem, "CAPACITY", period="2026-09-07", kitchens="k1 k2")


def _not_on_sale_in_time() -> Impossible:
    offers = [offer("farm", "i_rice", supplier="farm")]
    sold = [Capacity("farm", LONG[0], date(2026, 9, 13), None)]
    problem = tiny([dish("rice")], offers=offers, grams_per_week={"farm": sold}, dates=weekdays(2))
    return of(problem, "CAPACITY", period="2026-09-14")


def _meeting_that_pairing_forbids() -> Impossible:
    """Enough of everything by count; but the side a vegetarian main wants is never vegetarian."""
    dishes = [
        dish("dahl", true="vegetarian"), dish("beef"),
        dish("salad", "side", true="vegetarian"), dish("mash", "side", true="starch"),
    ]  # fmt: skip
    pair = PairingRule(
        **head("PAIR"), slot_a="main", attribute_a="vegetarian", slot_b="side", attribute_b="starch", mode="require"
    )
    rules: list[Rule] = [weekly("VEG", "vegetarian", 1, slots="main side"), pair, spacing("MAIN", 1)]
    return of(tiny(dishes, rules), "VEG", "PAIR", period="2026-09-07")


def _no_dish_for_long_enough() -> Impossible:
    """Five mains, none twice in 6 days: 8 days want more."""
    dishes = [dish(f"d{n}") for n in range(5)]
    problem = tiny(dishes, [spacing("MAIN", 6), count("X", "any", None, 4)], dates=weekdays(2))
    return of(problem, "MAIN", period="2026-09-07/2026-09-18")


def _protein() -> Impossible:
    rule = NutrientTotalRule(**head("PROT"), nutrient="protein", window=4, min_per_meal=D(10), max_per_meal=None)
    dishes = [dish("meat", protein="30"), dish("leek", protein="1"), dish("unheard"), dish("egg", protein="6")]
    return of(tiny(dishes, [rule, spacing("MAIN", 4)]), "PROT", "MAIN")


IMPOSSIBLE: Mapping[str, Callable[[], Impossible]] = {
    make.__name__.removeprefix("_"): make
    for make in (
        _no_organic_offer, _organic_is_only_a_spice, _scarce_organic, _poor, _poor_for_organic, _bare_winter,
        _too_little_fish, _no_fish, _no_vegetarian_side, _exact_counts, _scarce_and_alone, _scarce_together,
        _not_on_sale_in_time, _meeting_that_pairing_forbids, _no_dish_for_long_enough, _protein,
    )
}  # fmt: skip


def without(problem: Problem, name: str) -> Problem:
    """The problem without one of its rules; SEASON and CAPACITY stop to matter."""
    if name == "SEASON":
        return replace(problem, dishes={d: replace(of, months=YEAR) for d, of in problem.dishes.items()})
    if name == "CAPACITY":
        return replace(problem, capacities={o: (Capacity(o, *LONG, None),) for o in problem.offers})
    assert name in problem.rules_by_id, name
    return replace(problem, rules=tuple(rule for rule in problem.rules if rule.id != name))
