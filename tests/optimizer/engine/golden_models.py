"""The smallest model in which each rule kind and each structural row shows, as `tests/optimizer/golden/*.lp` state it.

When a row is meant to change, write the files anew and read the difference before you commit it:

    python -m tests.optimizer.engine.golden_models
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np

from optimizer.engine.calendars import merged
from optimizer.engine.instance import compile_instance
from optimizer.engine.joint import JointModel
from optimizer.engine.kitchen_week import KitchenWeek
from optimizer.engine.menu_rows import Reading, add_menu
from optimizer.engine.purchases import Period, Together
from optimizer.engine.sourcing import Sourcing, periods, sourcing_model
from optimizer.engine.week_model import week_model
from optimizer.problem import Problem, Purchase
from optimizer.rules import DropCountRule, NutrientTotalRule, PairingMode, PairingRule, PurchaseTotalRule, Rule
from optimizer.solver import Model
from tests.optimizer.engine.tiny import (
    FAMILY,
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

FOLDER = Path(__file__).parents[1] / "golden"
FISH, BEEF = dish("fish", true="fish"), dish("beef", unknown="fish")
SOUP, SALAD = dish("soup", "starter", true="vegetarian"), dish("salad", "starter")
TWO_DAYS = (0, 1)


@dataclass(frozen=True)
class Golden:
    """`meaning` heads the file; `shows` are the rule kinds or structural rows it is there for."""

    meaning: str
    shows: tuple[str, ...]
    problem: Problem
    write: Callable[[Problem], str] = field(default=lambda problem: menu_text(problem, "plan"))

    def text(self) -> str:
        return f"\\ {self.meaning}\n{self.write(self.problem)}"


def menu_text(problem: Problem, reading: Reading) -> str:
    """The menu rows of the first kitchen over its whole horizon."""
    instance = compile_instance(problem)
    pattern, model = instance.patterns[0], Model("menu")
    add_menu(model, instance, pattern, merged(pattern.blocks), reading, "")
    return model.text()


def bound_text(problem: Problem) -> str:
    return menu_text(problem, "bound")


def joint_text(problem: Problem) -> str:
    """Menus and purchases of every kitchen in one model."""
    instance = compile_instance(problem)
    joint = JointModel(instance, 0, range(len(instance.patterns[0].blocks)), "plan", None)
    for kitchen in range(len(instance.kitchens)):
        joint.add_site(np.array([kitchen]))
    joint.close()
    return joint.model.text()


def sourcing_text(problem: Problem) -> str:
    """The purchases of every kitchen for 1 kg of each ingredient a week."""
    instance = compile_instance(problem)
    keys = [
        (k, w, i)
        for k in range(len(instance.kitchens))
        for w in range(len(instance.weeks))
        for i in range(len(instance.ingredients))
    ]
    return sourcing_model(instance, dict.fromkeys(keys, 1000), periods(instance)[0]).text()


def days(number: int) -> list[date]:
    return weekdays(-(-number // 4))[:number]


def mains(*rules: Rule, meals: int = 4) -> Problem:
    return tiny([FISH, BEEF], rules, dates=days(meals))


def meals(*rules: Rule, served: int = 2) -> Problem:
    return tiny([SOUP, SALAD, dish("dahl", true="vegetarian pulses"), BEEF], rules, dates=days(served))


def nutrient(minimum: str | None, maximum: str | None) -> Problem:
    rule = NutrientTotalRule(
        **head("PROT"), nutrient="protein", window=4,
        min_per_meal=None if minimum is None else D(minimum), max_per_meal=None if maximum is None else D(maximum),
    )  # fmt: skip
    return tiny([dish("meat", protein="20.5"), dish("pasta", protein="8"), dish("unheard")], [rule])


def paired(mode: PairingMode) -> Problem:
    rule = PairingRule(
        **head("PAIR"), slot_a="starter", attribute_a="vegetarian", slot_b="main", attribute_b="vegetarian", mode=mode
    )
    return meals(rule)


def market(*rules: Rule) -> Problem:
    """One main and its rice: plain, organic, and a farm's within 1 kg a week; a baker; 12 € were bought before."""
    offers = [offer("plain", "rice", "1.5"), offer("organic", "rice", "2.4", "BIO"), offer("farm", "rice", "1.2")]
    offers.append(offer("baker", "bread"))
    return tiny(
        [dish("risotto", needs={"rice": 80})], rules, dates=days(2), covers={"k1": 10, "k2": 20}, offers=offers,
        grams_per_week={"farm": 1000, "baker": 9000}, every_meal={"bread": 40},
        purchases=[Purchase("k1", date(2026, 3, 2), FAMILY, "BIO", D(12))],
    )  # fmt: skip


def small_market() -> Problem:
    """Rice of a wholesaler and of a farm with a minimum of 20 €, bread of a baker; two may come."""
    rule = DropCountRule(**head("RECEPTIONS"), maximum=2)
    offers = [offer("plain", "rice"), offer("farm", "rice", "0.9", supplier="farm")]
    offers.append(offer("loaf", "bread", supplier="baker"))
    made = tiny([dish("risotto", needs={"rice": 80})], [rule], offers=offers, every_meal={"bread": 40}, dates=days(1))
    return replace(made, suppliers={**made.suppliers, "farm": replace(made.suppliers["farm"], min_drop_eur=D(20))})


def week_text(problem: Problem) -> str:
    """The week of a kitchen that buys 1 kg of each ingredient, first of the cheapest."""
    of = compile_instance(problem)
    unit = of.unit[:, 0]
    rivals = {i: sorted(map(int, offers), key=lambda o: unit[o]) for i, offers in enumerate(of.offers_of)}
    lines = {offers[0]: 1.0 for offers in rivals.values()}
    week = KitchenWeek(of, lines, unit, unit, of.capacity[:, 0], rivals, frozenset(), of.drop_limits[0])
    return week_model(week)[0].text()


def two_to_share() -> Problem:
    """Rice of a wholesaler and of a hub, for two kitchens."""
    offers = [offer("plain", "rice"), offer("hub", "rice", "0.9", supplier="hub")]
    return tiny([dish("risotto", needs={"rice": 80})], offers=offers, covers={"k1": 100, "k2": 200}, dates=days(1))


def shared_text(problem: Problem) -> str:
    """What both buy when the wholesaler and the hub come to them."""
    of, hub = compile_instance(problem), 1
    demand = {(0, 0, 0): 8_000, (1, 0, 0): 16_000}
    least = {(hub, k, 0): 5.0 for k in (0, 1)}
    made = Sourcing(of, demand, Period((0,)), least=least, together=[Together(hub, 0, (0, 1), 20.0)])
    made.build()
    return made.model.text()


TOTAL = PurchaseTotalRule(
    **head("LOT"), measure="eur", offers=None, suppliers=frozenset({"gros"}), kitchens=frozenset({"k2"}),
    valid_from=None, valid_to=None, per="meal", minimum=D("0.05"), maximum=D("0.10"),
)  # fmt: skip
RATIO, BUDGET = ratio("ORGANIC", "0.20"), budget("BUDGET", "0.25")
TWO = "starter main"

GOLDEN: Mapping[str, Golden] = {
    "menu": Golden("One dish per slot and day: the counts of a cell add up to its days.", ("MENU",), meals()),
    "season": Golden(
        "A dish out of season has no column in that week.", ("SEASON",),
        tiny([FISH, dish("chard", months=(9,))], dates=weekdays(2, date(2026, 9, 28), TWO_DAYS)),
    ),
    "count_min": Golden(
        "At least 2 of 4 meals, what is unknown does not count.", ("count",), mains(count("FISH", "fish", 2, None))
    ),
    "count_max": Golden(
        "At most 1 of 4 meals, what is unknown counts.", ("count",), mains(count("FISH", "fish", None, 1))
    ),
    "count_exact": Golden("Exactly 2 of 4 meals: both sides.", ("count",), mains(count("FISH", "fish", 2, 2))),
    "count_partial": Golden(
        "Windows of 4 over 6 meals: the last 2 are held to floor(3*2/4) and ceil(3*2/4).", ("count",),
        mains(count("FISH", "fish", 3, 3), meals=6),
    ),
    "count_soft": Golden(
        "A soft rule pays for each meal short.", ("count",), mains(count("FISH", "fish", 2, None, soft_price="3.5"))
    ),
    "count_any_min": Golden(
        "Meals with a vegetarian starter or main: at most the sum of both.", ("count",),
        meals(count("VEG", "vegetarian", 1, None, slots=TWO, window=2)),
    ),
    "count_any_max": Golden(
        "The plan counts both slots: they may meet on a day or not.", ("count",),
        meals(count("VEG", "vegetarian", None, 1, slots=TWO, window=2)),
    ),
    "count_any_max_bound": Golden(
        "The bound counts the fewest meals that the two slots can make.", ("count",),
        meals(count("VEG", "vegetarian", None, 1, slots=TWO, window=2)), bound_text,
    ),
    "count_all_max": Golden(
        "Meals all vegetarian, at most: what the days cannot keep apart.", ("count",),
        meals(count("VEG", "vegetarian", None, 1, slots=TWO, match="all", window=2)),
    ),
    "count_menu_min": Golden(
        "A main of pulses counts where every other dish of the meal is vegetarian.", ("count",),
        meals(count("PULSES", "pulses", 1, None, menu="vegetarian", window=2)),
    ),
    "count_menu_max": Golden(
        "The same, at most: what the days cannot keep apart.", ("count",),
        meals(count("PULSES", "pulses", None, 1, menu="vegetarian", window=2)),
    ),
    "weekly_all": Golden(
        "One meal a week whose every dish is vegetarian.", ("weekly_count",),
        meals(weekly("VEG", "vegetarian", 1, slots=TWO), served=6),
    ),
    "nutrient_min": Golden("At least 12 g per meal, what is unknown is 0.", ("nutrient_total",), nutrient("12", None)),
    "nutrient_max": Golden("At most 15 g per meal, what is unknown is 15.", ("nutrient_total",), nutrient(None, "15")),
    "spacing_days": Golden(
        "Once in 6 service days: once a week, and next week far enough from this one.", ("spacing",),
        tiny([FISH, BEEF, dish("dahl")], [spacing("MAIN", 6)], dates=days(12)),
    ),
    "spacing_days_bound": Golden(
        "Once in 3 service days: some order of 4 days serves a dish twice, 12 days serve it four times.", ("spacing",),
        mains(spacing("MAIN", 3), meals=12),
        bound_text,
    ),
    "spacing_weeks": Golden(
        "Once in 2 service weeks.", ("spacing",),
        tiny([FISH, BEEF], [spacing("MAIN", 2, "weeks")], dates=weekdays(3, served=TWO_DAYS)),
    ),
    "pairing_require": Golden("A vegetarian starter wants a vegetarian main.", ("pairing",), paired("require")),
    "pairing_forbid": Golden("A vegetarian starter forbids a vegetarian main.", ("pairing",), paired("forbid")),
    "demand": Golden(
        "Kilograms bought cover the menus and what every meal takes; kitchens share an offer.", ("DEMAND", "CAPACITY"),
        market(), joint_text,
    ),
    "value_ratio": Golden(
        "Organic euros at least 20 % of all, with what was bought before.", ("value_ratio",), market(RATIO), joint_text
    ),
    "purchase_total": Golden(
        "From 2 to 4 € over 40 covers; what is short of it or beyond pays for each euro.", ("purchase_total",),
        market(TOTAL), sourcing_text,
    ),
    "budget": Golden("At most 0.25 EUR per cover over the horizon.", ("budget",), market(BUDGET), joint_text),
    "sourcing": Golden(
        "Purchases for given menus: what is missing, short or over has a price that no offer has.",
        ("DEMAND", "CAPACITY", "value_ratio", "budget"), market(RATIO, BUDGET), sourcing_text,
    ),
    "drops": Golden(
        "One kitchen's week: a supplier comes with its minimum or not at all, and at most two come.",
        ("DEMAND", "MIN_DROP", "drop_count"), small_market(), week_text,
    ),
    "shared_drop": Golden(
        "Two kitchens share a drop of 20 €, each at least 5 € of it.", ("DEMAND", "MIN_DROP"), two_to_share(),
        shared_text,
    ),
}  # fmt: skip


def write_all() -> None:
    """Write every file anew and remove those of no model."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.lp"):
        path.unlink()
    for name, golden in GOLDEN.items():
        (FOLDER / f"{name}.lp").write_text(golden.text(), encoding="utf-8")


if __name__ == "__main__":
    write_all()
    print(f"{len(GOLDEN)} models written to {FOLDER}: read `git diff` before committing them.")  # noqa: T201
