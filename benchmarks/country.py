"""A simulated country: several départements planned as independent tasks, and what that says of a hundred and one.

    python -m benchmarks.country PROBLEM_DIR [--departements 4] [--kitchens 25] [--weeks 5] [--at-once 1,2] [--out FILE]

Each département is the first kitchens and weeks of the problem at prices and covers of its own (seeded: every price
within 8 %, the covers of every kitchen within 20 %), so that none is a copy. It is planned and verified in one process
that nobody else uses; `at_once` = how many such processes there are. The capacities of farms are each one's own: no
farm sells across a border, so that the tasks share nothing and a country is their sum.

What is extrapolated is arithmetic alone, printed with what it takes for granted: `own_s` a département, so many
processors, none of them waiting. It is measured at the size asked for, not at that of a département-year.
"""

from __future__ import annotations

import argparse
import random
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from decimal import Decimal
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

from benchmarks.scaling import measured
from benchmarks.whole_model import shortened, write_rows
from optimizer import Problem
from optimizer.solver import solver_versions

DEPARTEMENTS = 101
PRICES_WITHIN, COVERS_WITHIN = 8, 20
"""Per cent by which a département's prices and covers differ from those of the problem, at most."""
FIELDS = (
    "departements", "kitchens", "weeks", "at_once", "clock_s", "own_s", "own_s_per_departement", "efficiency",
    "departements_per_hour", "worst_gap", "cost_eur", "faults", "versions",
)  # fmt: skip


def departement(problem: Problem, number: int) -> Problem:
    """The problem at other prices and covers, the same for the same number."""
    draw = random.Random(number)

    def percent(within: int) -> Decimal:
        return Decimal(100 + draw.randint(-within, within)) / 100

    offers = {
        name: replace(of, price_eur_per_kg=(of.price_eur_per_kg * percent(PRICES_WITHIN)).quantize(Decimal("0.0001")))
        for name, of in sorted(problem.offers.items())
    }
    times = {kitchen: percent(COVERS_WITHIN) for kitchen in sorted(problem.kitchens)}
    days = (replace(day, covers=max(1, round(day.covers * times[day.kitchen]))) for day in problem.service_days)
    return replace(problem, name=f"{problem.name} {number}", offers=offers, service_days=tuple(days))


def planned(folder: Path, kitchens: int, weeks: int, number: int) -> dict[str, object]:
    """One département read, planned and verified in this process, with its times."""
    problem = departement(shortened(Problem.from_folder(folder), kitchens, weeks), number)
    return measured(problem, workers=1, time_limit=600)[1]


def country(folder: Path, kitchens: int, weeks: int, many: int, at_once: int) -> dict[str, object]:
    """So many départements, `at_once` at a time."""
    started = time.monotonic()
    with ProcessPoolExecutor(at_once, get_context("spawn"), max_tasks_per_child=1) as pool:
        found = list(pool.map(planned, repeat(folder), repeat(kitchens), repeat(weeks), range(many)))
    clock = time.monotonic() - started
    own = sum(float(str(row["own_s"])) for row in found)
    return {
        "departements": many, "kitchens": kitchens, "weeks": weeks, "at_once": at_once, "clock_s": round(clock, 1),
        "own_s": round(own, 1), "own_s_per_departement": round(own / many, 1),
        "efficiency": round(own / (clock * at_once), 2), "departements_per_hour": round(many * 3600 / clock, 1),
        "worst_gap": max(Decimal(str(row["gap"])) for row in found),
        "cost_eur": sum(Decimal(str(row["cost_eur"])) for row in found),
        "faults": sum(int(str(row["faults"])) for row in found), "versions": solver_versions(),
    }  # fmt: skip


def extrapolated(own_per_departement: float, processors: int) -> str:
    """Hours for all départements of this size, and what that takes for granted."""
    hours = DEPARTEMENTS * own_per_departement / processors / 3600
    return (
        f"{DEPARTEMENTS} départements of this size: {hours:.2f} h on {processors} processors like these, if none of "
        f"them waits and each task has its memory; {DEPARTEMENTS} were not run."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problem", type=Path)
    parser.add_argument("--departements", type=int, default=4)
    parser.add_argument("--kitchens", type=int, default=25)
    parser.add_argument("--weeks", type=int, default=5)
    parser.add_argument("--at-once", default="1,2")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/country.csv"))
    options = parser.parse_args()
    rows = []
    for at_once in map(int, options.at_once.split(",")):
        row = country(options.problem, options.kitchens, options.weeks, options.departements, at_once)
        rows.append(row)
        print(row, extrapolated(float(str(row["own_s_per_departement"])), at_once), sep="\n", flush=True)
    write_rows(options.out, FIELDS, rows)


if __name__ == "__main__":
    main()
