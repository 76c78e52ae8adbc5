"""Does the loop close? Two terms in simulation: weigh the first, plan the second with and without what was learnt.

    python -m benchmarks.waste_loop PROBLEM_DIR [--seeds 12] [--workers 2] [--time-limit 60] [--out FILE]

The problem is a folder of ``catering plan --problem-out``; its service weeks are cut in two terms. What the planner
does not know is drawn from a seed: how much of each dish comes back in each kitchen, and who comes. See
docs/waste-learning.md for what is assumed and what was found.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import numpy as np

from catering.rules import law
from catering.waste.rules.costs import waste_costs
from catering.waste.rules.estimate import student
from catering.waste.rules.families import family_of
from catering.waste.rules.pooling import Learnt, Returned, learn
from optimizer import Plan, Problem, solve, verify
from optimizer.problem import ServiceDay

MEAN_SHARE = 0.13
"""Of about 620 g served: 80 g, six tenths of the 135 g of the pilot collèges (REF-PILOTES-62, REF-ASSIETTES)."""
FAMILY_SD, DISH_SD, KITCHEN_SD, CELL_SD, DAY_SD = 0.03, 0.05, 0.02, 0.02, 0.06
LEAST, MOST = 0.01, 0.80
COME, COME_SD, WEEKDAY_SD, DAY_COME_SD = 0.95, 0.015, 0.015, 0.03
"""Share of the announced covers that come: of a kitchen, of its weekdays, of a day (seeds/waste/covers.csv: 0.95)."""
WEIGHED_WEEKDAY = 3
"""Thursdays the bins of each dish are weighed by themselves; on other days the trays are weighed whole."""
QUANTILE = 0.90
"""Of who comes: a cover that is missing is taken for nine times as bad as one too many."""
SEEDS_OF_DISHES = Path(__file__).parent.parent / "seeds" / "dishes"


class CoversAt(Protocol):
    """All that the loop asks of a forecast of covers."""

    def __call__(self, kitchen: str, day: date, announced: int, quantile: float) -> int:
        """Covers that are enough on that day with this probability."""


@dataclass
class Truth:
    """What really happens in one simulated year; dishes and kitchens by id."""

    problem: Problem
    served_g: Mapping[str, int]
    seed: int
    shares: Mapping[tuple[str, str], float] = field(init=False)
    comes: Mapping[tuple[str, int], float] = field(init=False)

    def __post_init__(self) -> None:
        draws = np.random.default_rng([self.seed, 1])
        families = {d: family_of(of.slot, of.attributes) for d, of in sorted(self.problem.dishes.items())}
        family = {name: FAMILY_SD * draws.standard_normal() for name in sorted(set(families.values()))}
        dish = {d: family[families[d]] + DISH_SD * draws.standard_normal() for d in sorted(families)}
        kitchen = {k: KITCHEN_SD * draws.standard_normal() for k in sorted(self.problem.kitchens)}
        self.shares = {
            (k, d): float(np.clip(MEAN_SHARE + kitchen[k] + dish[d] + CELL_SD * draws.standard_normal(), LEAST, MOST))
            for k in kitchen
            for d in dish
        }
        self.comes = {
            (k, weekday): COME + COME_SD * level + WEEKDAY_SD * draws.standard_normal()
            for k in kitchen
            for level in [draws.standard_normal()]
            for weekday in range(7)
        }

    def day(self, kitchen: str, on: date) -> np.random.Generator:
        """The same day draws the same luck whatever is on the menu: plans are compared in pairs."""
        place = sorted(self.problem.kitchens).index(kitchen)
        return np.random.default_rng([self.seed, 2, place, on.toordinal()])

    def eating(self, kitchen: str, on: date, announced: int) -> int:
        """Who comes."""
        rate = self.comes[kitchen, on.weekday()] + DAY_COME_SD * self.day(kitchen, on).standard_normal()
        return max(0, round(announced * rate))

    def back(self, kitchen: str, on: date, dish: str, slot: int) -> float:
        """Share of a dish that comes back on a day."""
        luck = self.day(kitchen, on).standard_normal(slot + 2)[slot + 1]
        return float(np.clip(self.shares[kitchen, dish] + DAY_SD * luck, 0.0, 1.0))


@dataclass(frozen=True)
class Outcome:
    """Grams per cover served over a term; ``short`` covers without a full tray, of 1,000."""

    plates: float
    unserved: float
    short: float
    cost: float

    @property
    def total(self) -> float:
        return self.plates + self.unserved


def served(truth: Truth, menus: Mapping[tuple[str, date], Sequence[str]], prepared: Mapping[tuple[str, date], int],
           announced: Mapping[tuple[str, date], int], cost: float) -> Outcome:  # fmt: skip
    """What a term of menus wastes when these covers are cooked."""
    plates = left = missing = eaten = 0.0
    for (kitchen, day), dishes in menus.items():
        come = truth.eating(kitchen, day, announced[kitchen, day])
        ate = min(come, prepared[kitchen, day])
        tray = sum(truth.served_g[dish] for dish in dishes)
        plates += ate * sum(
            truth.served_g[dish] * truth.back(kitchen, day, dish, slot) for slot, dish in enumerate(dishes)
        )
        left += (prepared[kitchen, day] - ate) * tray
        missing += come - ate
        eaten += ate
    return Outcome(plates / eaten, left / eaten, 1000 * missing / (eaten + missing), cost / eaten)


def weighed(truth: Truth, menus: Mapping[tuple[str, date], Sequence[str]], ids: Ids) -> list[Returned]:
    """The bins of a term: by dish on one weekday, whole trays on the others."""
    rows = []
    for (kitchen, day), dishes in menus.items():
        grams = {dish: truth.served_g[dish] for dish in dishes}
        shares = {dish: truth.back(kitchen, day, dish, slot) for slot, dish in enumerate(dishes)}
        if day.weekday() == WEIGHED_WEEKDAY:
            rows += [Returned(ids.kitchen[kitchen], {ids.dish[d]: grams[d]}, shares[d]) for d in dishes]
        else:
            total = sum(grams.values())
            whole = sum(grams[d] * shares[d] for d in dishes) / total
            rows.append(Returned(ids.kitchen[kitchen], {ids.dish[d]: grams[d] for d in dishes}, whole))
    return rows


@dataclass(frozen=True)
class Ids:
    """Numbers of kitchens and dishes, as the platform learns by."""

    kitchen: Mapping[str, int]
    dish: Mapping[str, int]


def from_history(truth: Truth, history: Mapping[tuple[str, date], int]) -> CoversAt:
    """A simple forecast that stands in for the platform's: quantile of served over announced, by kitchen and weekday.

    Days of the kitchen's other weekdays count for a quarter: a term has few Thursdays.
    """
    rates: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
    for (kitchen, day), announced in history.items():
        rate = truth.eating(kitchen, day, announced) / announced
        for weekday in range(7):
            rates[kitchen, weekday].append((rate, 1.0 if weekday == day.weekday() else 0.25))

    def covers(kitchen: str, day: date, announced: int, quantile: float) -> int:
        known = sorted(rates[kitchen, day.weekday()])
        goal, reached = quantile * sum(weight for _, weight in known), 0.0
        for rate, weight in known:
            reached += weight
            if reached >= goal:
                return max(1, math.ceil(rate * announced))
        raise AssertionError("a quantile below 1 is reached")

    return covers


def menus_of(plan: Plan) -> dict[tuple[str, date], list[str]]:
    """Dishes of each kitchen-day, in the order of the lines."""
    found: dict[tuple[str, date], list[str]] = defaultdict(list)
    for line in plan.menus:
        found[line.kitchen, line.date].append(line.dish)
    return dict(found)


def terms(problem: Problem) -> tuple[Problem, Problem]:
    """The first and the second half of the weeks."""
    middle = problem.weeks[len(problem.weeks) // 2]
    halves = (
        [d for d in problem.service_days if d.week < middle],
        [d for d in problem.service_days if d.week >= middle],
    )
    first, second = (
        replace(problem, name=f"{problem.name}, {n}", service_days=tuple(days)) for n, days in enumerate(halves, 1)
    )
    return first, second


def planned(problem: Problem, workers: int, seconds: float) -> Plan:
    """A plan that the independent check accepts."""
    plan = solve(problem, workers=workers, time_limit=seconds, seed=0)
    faults = verify(problem, plan)
    assert not faults, faults[:3]
    return plan


def taught(problem: Problem, learnt: Learnt, ids: Ids, served_g: Mapping[str, int], price: Decimal) -> Problem:
    """The problem with what weighings say of waste."""
    names = {number: name for name, number in ids.kitchen.items()}
    dishes = {number: name for name, number in ids.dish.items()}
    costs = waste_costs(learnt, names, {ids.dish[d]: served_g[d] for d in problem.dishes}, price)
    return replace(problem, waste={(names[k], dishes[d]): eur for (k, d), eur in costs.items()})


@dataclass
class Loop:
    """What does not depend on the seed: the problem, the plans made without learning."""

    problem: Problem
    workers: int
    seconds: float
    served_g: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.served_g = served_grams()
        self.first, self.second = terms(self.problem)
        self.before = planned(self.first, self.workers, self.seconds)
        self.without = planned(self.second, self.workers, self.seconds)
        self.ids = Ids(
            {name: n for n, name in enumerate(sorted(self.problem.kitchens), 1)},
            {name: n for n, name in enumerate(sorted(self.problem.dishes), 1)},
        )
        self.price = law().parameter("GAS-PRIX-KG", self.problem.weeks[0])

    def run(self, seed: int) -> dict[str, object]:
        """One simulated year: what the second term wastes without, with one, and with both of the two lessons."""
        truth = Truth(self.problem, self.served_g, seed)
        families = {self.ids.dish[d]: family_of(of.slot, of.attributes) for d, of in self.problem.dishes.items()}
        learnt = learn(weighed(truth, menus_of(self.before), self.ids), families)
        announced = {(d.kitchen, d.date): d.covers for d in self.second.service_days}
        forecast = from_history(truth, {(d.kitchen, d.date): d.covers for d in self.first.service_days})
        cooked = {key: forecast(*key, many, QUANTILE) for key, many in announced.items()}
        days = [ServiceDay(d.kitchen, d.date, cooked[d.kitchen, d.date]) for d in self.second.service_days]
        problem = taught(replace(self.second, service_days=tuple(days)), learnt, self.ids, self.served_g, self.price)
        plan = planned(problem, self.workers, self.seconds)
        old, new = menus_of(self.without), menus_of(plan)
        cost, cheaper = float(self.without.summary.cost_eur), float(plan.summary.cost_eur)
        share = sum(cooked.values()) / sum(announced.values())
        ways = {
            "without": served(truth, old, announced, announced, cost),
            "covers": served(truth, old, cooked, announced, cost * share),
            "dishes": served(truth, new, announced, announced, cheaper / share),
            "both": served(truth, new, cooked, announced, cheaper),
        }
        seen = np.array(
            [
                [learnt.share(k, d), truth.shares[kn, dn]]
                for kn, k in self.ids.kitchen.items()
                for dn, d in self.ids.dish.items()
            ]
        )
        row: dict[str, object] = {
            "seed": seed,
            "rows": learnt.rows,
            "r": round(float(np.corrcoef(seen.T)[0, 1]), 3),
            "gap": plan.summary.gap,
        }
        for way, of in ways.items():
            figures = {
                "plates": of.plates,
                "unserved": of.unserved,
                "total": of.total,
                "short": of.short,
                "eur": of.cost,
            }
            row |= {f"{way}_{name}": round(value, 3) for name, value in figures.items()}
        return row


def served_grams() -> dict[str, int]:
    """Weight of a cover of each dish of the demonstration."""
    found = {}
    for slot in ("starter", "main", "side", "dairy", "dessert"):
        with (SEEDS_OF_DISHES / f"{slot}.csv").open(encoding="utf-8", newline="") as table:
            found |= {row["id"]: int(row["served_g"]) for row in csv.DictReader(table)}
    return found


def difference(rows: Sequence[Mapping[str, object]], way: str, figure: str) -> tuple[float, float, float]:
    """Mean over the seeds of a way minus without, with the interval of Student at 95 %; seeds are paired."""
    gaps = np.array([float(str(row[f"{way}_{figure}"])) - float(str(row[f"without_{figure}"])) for row in rows])
    mean = float(gaps.mean())
    half = student(len(gaps) - 1) * float(gaps.std(ddof=1)) / math.sqrt(len(gaps))
    return mean, mean - half, mean + half


def report(rows: Sequence[Mapping[str, object]]) -> None:
    """Means and paired differences, as docs/waste-learning.md states them."""
    for way in ("without", "covers", "dishes", "both"):
        means = {
            name: np.mean([float(str(row[f"{way}_{name}"])) for row in rows])
            for name in ("plates", "unserved", "total", "short", "eur")
        }
        print(way, " ".join(f"{name} {value:.2f}" for name, value in means.items()))
    for way in ("covers", "dishes", "both"):
        for name in ("plates", "unserved", "total", "short", "eur"):
            print(way, name, "{:+.2f} [{:+.2f}, {:+.2f}]".format(*difference(rows, way, name)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problem", type=Path)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--time-limit", type=float, default=60)
    parser.add_argument("--out", type=Path, default=Path("waste_loop.csv"))
    given = parser.parse_args()
    loop = Loop(Problem.from_folder(given.problem), given.workers, given.time_limit)
    rows = []
    for seed in range(given.seeds):
        rows.append(loop.run(seed))
        print(rows[-1], flush=True)
    with given.out.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    report(rows)


if __name__ == "__main__":
    main()
