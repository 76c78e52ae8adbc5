"""How the work grows with the kitchens, and what a second process gives.

    python -m benchmarks.scaling PROBLEM_DIR [--kitchens 10,25,50,125] [--weeks 5] [--workers 1,2] [--out FILE]

Each size is solved once per number of processes, seed 0. `own_s` is processor time of all processes together, which
other work on the machine disturbs less than the clock; `same` says whether every number of processes made one plan.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from benchmarks.whole_model import shortened, write_rows
from optimizer import Plan, Problem, solve, verify
from optimizer.solver import solver_versions

FIELDS = (
    "kitchens", "weeks", "workers", "seed", "clock_s", "own_s", "own_s_per_kitchen", "cost_eur", "gap", "faults",
    "same", "versions",
)  # fmt: skip


def own_seconds() -> float:
    """Processor seconds of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measured(problem: Problem, workers: int, time_limit: float) -> tuple[Plan, dict[str, object]]:
    """One solution with its times; verified."""
    clock, own = time.monotonic(), own_seconds()
    plan = solve(problem, workers=workers, seed=0, time_limit=time_limit)
    clock, own = time.monotonic() - clock, own_seconds() - own
    faults = len(verify(problem, plan))
    return plan, {
        "kitchens": len(problem.kitchens), "weeks": len(problem.weeks), "workers": workers, "seed": 0,
        "clock_s": round(clock, 1), "own_s": round(own, 1), "own_s_per_kitchen": round(own / len(problem.kitchens), 2),
        "cost_eur": plan.summary.cost_eur, "gap": plan.summary.gap, "faults": faults, "versions": solver_versions(),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problem", type=Path)
    parser.add_argument("--kitchens", default="10,25,50,125")
    parser.add_argument("--weeks", type=int, default=5)
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--time-limit", type=float, default=600)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/scaling.csv"))
    options = parser.parse_args()
    whole = Problem.from_folder(options.problem)
    rows = []
    for kitchens in map(int, options.kitchens.split(",")):
        problem, first = shortened(whole, kitchens, options.weeks), None
        for workers in map(int, options.workers.split(",")):
            plan, row = measured(problem, workers, options.time_limit)
            first = first or plan
            row["same"] = (plan.menus, plan.sourcing) == (first.menus, first.sourcing)
            rows.append(row)
            print(row, flush=True)
    write_rows(options.out, FIELDS, rows)


if __name__ == "__main__":
    main()
