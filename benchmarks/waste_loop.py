"""Does the loop close? Two terms in simulation: weigh the first, plan the second with and without what was learnt.

    python -m benchmarks.waste_loop PROBLEM_DIR [--seeds 12] [--workers 2] [--time-limit 60] [--out FILE] [--plans FILE]
        [--truth additions|diners]

The problem is a folder of ``catering plan --problem-out``; its service weeks are cut in two terms. What the planner
does not know is drawn from a seed: how much of each dish comes back in each kitchen, and who comes. See
docs/waste-learning.md for what is assumed and what was found.

Plans are searched for until the clock says stop, so that two machines find two of them near the best. Those found are
kept in ``--plans``; where that file holds a plan it is taken instead of searched for, and every figure comes again.
With ``--kept-only`` no other plan is searched for: seeds without one tell of covers alone.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.waste_truth import TRUTHS, Truth, since_served
from catering.attendance.forecasting import decision_costs, forecasts_of
from catering.attendance.grounds import Ground
from catering.attendance.rules.history import PastDay, Series
from catering.kitchens.calendar import ServiceDay as CalendarDay
from catering.rules import law
from catering.waste.rules.costs import waste_costs
from catering.waste.rules.estimate import student
from catering.waste.rules.families import family_of
from catering.waste.rules.pooling import Learnt, Returned, learn
from optimizer import Plan, Problem, solve, verify
from optimizer.problem import ServiceDay

WAYS = ("without", "corrected", "covers", "dishes", "both")
FEWEST_PAIRS = 2
"""Seeds below which a mean has no interval."""
WEEKS_BEFORE = 40
"""Weeks of covers counted before the first term: the year that the forecast learns from."""
SEEDS_OF_DISHES = Path(__file__).parent.parent / "seeds" / "dishes"


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
    since = since_served(menus)
    for (kitchen, day), dishes in menus.items():
        come = truth.eating(kitchen, day, announced[kitchen, day])
        ate = min(come, prepared[kitchen, day])
        tray = sum(truth.served_g[dish] for dish in dishes)
        shares = truth.tray(kitchen, day, dishes, since[kitchen, day])
        plates += ate * sum(truth.served_g[dish] * share for dish, share in zip(dishes, shares, strict=True))
        left += (prepared[kitchen, day] - ate) * tray
        missing += come - ate
        eaten += ate
    return Outcome(plates / eaten, left / eaten, 1000 * missing / (eaten + missing), cost / eaten)


def weighed(truth: Truth, menus: Mapping[tuple[str, date], Sequence[str]], ids: Ids) -> list[Returned]:
    """The bins of a term, as the scale shows them."""
    since = since_served(menus)
    return [
        Returned(ids.kitchen[kitchen], {ids.dish[dish]: grams for dish, grams in served_of.items()}, share)
        for (kitchen, day), dishes in menus.items()
        for served_of, share in truth.scale(kitchen, day, dishes, truth.tray(kitchen, day, dishes, since[kitchen, day]))
    ]


@dataclass(frozen=True)
class Ids:
    """Numbers of kitchens and dishes, as the platform learns by."""

    kitchen: Mapping[str, int]
    dish: Mapping[str, int]


def corrected_covers(
    truth: Truth, first: Iterable[ServiceDay], second: Iterable[ServiceDay]
) -> dict[tuple[str, date], int]:
    """What a kitchen without any model does: announced covers times one ratio of its own, that was enough in the first
    term as often as the platform's decision is (three days in four)."""
    came: dict[str, list[float]] = defaultdict(list)
    begins = None
    for day in first:
        begins = min(begins or day.date, day.date)
        came[day.kitchen].append(truth.eating(day.kitchen, day.date, day.covers) / day.covers)
    assert begins is not None, "a term without a day of service"
    level = float(decision_costs(begins).level)
    ratio = {kitchen: float(np.quantile(some, level)) for kitchen, some in came.items()}
    return {(each.kitchen, each.date): math.ceil(each.covers * ratio[each.kitchen]) for each in second}


def covers_to_prepare(
    truth: Truth, first: Iterable[ServiceDay], second: Iterable[ServiceDay], ids: Mapping[str, int]
) -> dict[tuple[str, date], int]:
    """The platform's own forecast and its decision, made the day before the second term for all of its days.

    It knows who came in the first term and in the weeks before it; nobody announces a day months before.
    """
    known, coming = list(first), list(second)
    usual = {(each.kitchen, each.date.weekday()): each.covers for each in known}
    begins = min(each.date for each in known)
    before = [
        ServiceDay(kitchen, day, many)
        for (kitchen, weekday), many in usual.items()
        for week in range(1, WEEKS_BEFORE + 1)
        for day in [begins - timedelta(days=begins.weekday() - weekday + 7 * week)]
    ]
    history = sorted([*before, *known], key=lambda each: (each.kitchen, each.date))
    grounds = [
        Ground(
            number,
            Series(
                kitchen,
                [
                    PastDay(each.date, truth.eating(kitchen, each.date, each.covers), each.covers)
                    for each in history
                    if each.kitchen == kitchen
                ],
                sorted(each.date for each in [*history, *coming] if each.kitchen == kitchen),
            ),
            [CalendarDay(each.date, each.covers) for each in coming if each.kitchen == kitchen],
            [],
        )
        for kitchen, number in ids.items()
    ]
    names = {number: kitchen for kitchen, number in ids.items()}
    made = forecasts_of(grounds, min(each.date for each in coming) - timedelta(days=1))
    return {
        (names[int(str(row["kitchen_id"]))], date.fromisoformat(str(row["day"]))): int(str(row["recommended"]))
        for row in made
    }


@dataclass(frozen=True)
class Kept:
    """What the simulation asks of a plan."""

    menus: Mapping[tuple[str, date], Sequence[str]]
    cost_eur: float
    gap: str


class Plans:
    """Plans by name, each kept in a file as soon as it is found."""

    def __init__(self, file: Path, workers: int, seconds: float) -> None:
        self._file, self._workers, self._seconds = file, workers, seconds
        self._kept: dict[str, dict[str, Any]] = json.loads(gzip.decompress(file.read_bytes())) if file.exists() else {}

    def __contains__(self, name: str) -> bool:
        return name in self._kept

    def __call__(self, name: str, problem: Problem) -> Kept:
        """The plan of this name, searched for if it is not kept."""
        if name not in self._kept:
            plan = planned(problem, self._workers, self._seconds)
            days = {f"{kitchen} {day}": dishes for (kitchen, day), dishes in sorted(menus_of(plan).items())}
            self._kept[name] = {"cost": str(plan.summary.cost_eur), "gap": str(plan.summary.gap), "menus": days}
            self._file.write_bytes(gzip.compress(json.dumps(self._kept).encode(), mtime=0))
        found = self._kept[name]
        menus = {
            (kitchen, date.fromisoformat(day)): dishes
            for key, dishes in found["menus"].items()
            for kitchen, day in [key.split(" ")]
        }
        return Kept(menus, float(found["cost"]), found["gap"])


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
    costs = waste_costs(learnt, names, {ids.dish[d]: served_g[d] for d in problem.dishes}, price, problem.weeks[0])
    return replace(problem, waste={(names[k], dishes[d]): eur for (k, d), eur in costs.items()})


@dataclass
class Loop:
    """What does not depend on the seed: the problem, the plans made without learning."""

    problem: Problem
    plans: Plans
    kept_only: bool = False
    truth: str = "additions"
    served_g: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.served_g = served_grams()
        self.first, self.second = terms(self.problem)
        self.before = self.plans("first term", self.first)
        self.without = self.plans("second term", self.second)
        self.ids = Ids(
            {name: n for n, name in enumerate(sorted(self.problem.kitchens), 1)},
            {name: n for n, name in enumerate(sorted(self.problem.dishes), 1)},
        )
        self.price = law().parameter("GAS-PRIX-KG", self.problem.weeks[0])

    def run(self, seed: int) -> dict[str, object]:
        """One simulated year: what the second term wastes without, with one, and with both of the two lessons."""
        truth = TRUTHS[self.truth](self.problem, self.served_g, seed)
        families = {self.ids.dish[d]: family_of(of.slot, of.attributes) for d, of in self.problem.dishes.items()}
        learnt = learn(weighed(truth, self.before.menus, self.ids), families)
        announced = {(d.kitchen, d.date): d.covers for d in self.second.service_days}
        cooked = covers_to_prepare(truth, self.first.service_days, self.second.service_days, self.ids.kitchen)
        days = [ServiceDay(d.kitchen, d.date, cooked[d.kitchen, d.date]) for d in self.second.service_days]
        problem = taught(replace(self.second, service_days=tuple(days)), learnt, self.ids, self.served_g, self.price)
        plan, name = None, f"seed {seed}" if self.truth == "additions" else f"{self.truth}, seed {seed}"
        if not self.kept_only or name in self.plans:
            plan = self.plans(name, problem)
        old, cost = self.without.menus, self.without.cost_eur
        share = sum(cooked.values()) / sum(announced.values())
        by_hand = corrected_covers(truth, self.first.service_days, self.second.service_days)
        ways = {
            "without": served(truth, old, announced, announced, cost),
            "corrected": served(truth, old, by_hand, announced, cost * sum(by_hand.values()) / sum(announced.values())),
            "covers": served(truth, old, cooked, announced, cost * share),
        }
        if plan is not None:
            ways |= {
                "dishes": served(truth, plan.menus, announced, announced, plan.cost_eur / share),
                "both": served(truth, plan.menus, cooked, announced, plan.cost_eur),
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
            "gap": plan and plan.gap,
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
    of = {way: [row for row in rows if f"{way}_total" in row] for way in WAYS}
    for way, some in of.items():
        if not some:
            print(way, "(no seed: its plans are not kept)")
            continue
        means = {
            name: np.mean([float(str(row[f"{way}_{name}"])) for row in some])
            for name in ("plates", "unserved", "total", "short", "eur")
        }
        print(way, f"({len(some)} seeds)", " ".join(f"{name} {value:.2f}" for name, value in means.items()))
    for way in WAYS[1:]:
        if len(of[way]) < FEWEST_PAIRS:
            continue
        for name in ("plates", "unserved", "total", "short", "eur"):
            print(way, name, "{:+.2f} [{:+.2f}, {:+.2f}]".format(*difference(of[way], way, name)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problem", type=Path)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--time-limit", type=float, default=60)
    parser.add_argument("--out", type=Path, default=Path("waste_loop.csv"))
    parser.add_argument("--plans", type=Path, default=Path("waste_loop_plans.json.gz"))
    parser.add_argument("--kept-only", action="store_true")
    parser.add_argument("--truth", choices=sorted(TRUTHS), default="additions", help="how the year is drawn")
    given = parser.parse_args()
    loop = Loop(
        Problem.from_folder(given.problem),
        Plans(given.plans, given.workers, given.time_limit),
        given.kept_only,
        given.truth,
    )
    rows = []
    for seed in range(given.seeds):
        rows.append(loop.run(seed))
        print(rows[-1], flush=True)
    with given.out.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, max((list(row) for row in rows), key=len), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    report(rows)


if __name__ == "__main__":
    main()
