"""The same instance given whole to one PuLP model, with HiGHS and with CBC, beside the decomposition.

    python -m benchmarks.whole_model PROBLEM_DIR [--kitchens 1,2,5,10] [--weeks 5] [--seconds 120] [--out FILE]

Each run is a process of its own, so that its peak memory is its own. The whole model holds menus by dish counts per
week and sourcing together (`optimizer.engine.joint`, `plan` reading); it leaves out days and whole grams, which the
decomposition delivers. Objectives and bounds are euros, times seconds, memory MB.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from optimizer import Problem, solve, verify
from optimizer.engine.instance import compile_instance
from optimizer.engine.joint import JointModel
from optimizer.solver import Status, solver_versions

GAP = 0.001
WAYS = ("whole-highs", "whole-cbc", "decomposition")
FIELDS = (
    "kitchens", "weeks", "way", "columns", "rows", "build_s", "solve_s", "status", "objective_eur", "bound_eur", "gap",
    "peak_mb", "versions",
)  # fmt: skip


def shortened(problem: Problem, kitchens: int, weeks: int) -> Problem:
    """The first kitchens and the first service weeks of a problem."""
    chosen = sorted(problem.kitchens)[:kitchens]
    last = problem.weeks[weeks - 1] + timedelta(days=6)
    return replace(
        problem,
        kitchens={kitchen: problem.kitchens[kitchen] for kitchen in chosen},
        service_days=tuple(d for d in problem.service_days if d.kitchen in chosen and d.date <= last),
        deliveries={key: value for key, value in problem.deliveries.items() if key[1] in chosen},
        purchases=tuple(p for p in problem.purchases if p.kitchen in chosen),
    )


def run_whole(problem: Problem, solver: str, seconds: float) -> dict[str, object]:
    """Build and solve the one model."""
    started = time.monotonic()
    instance = compile_instance(problem)
    joint = JointModel(instance, 0, [block.index for block in instance.patterns[0].blocks], "plan", None)
    for kitchen in range(len(instance.kitchens)):
        joint.add_site(np.array([kitchen]))
    joint.close()
    built = time.monotonic()
    outcome = joint.model.solve(solver=solver, gap=GAP, time_limit=seconds)
    solved = time.monotonic()
    proven = outcome.usable and outcome.bound > -np.inf
    return {
        "columns": joint.model.columns,
        "rows": joint.model.rows,
        "build_s": round(built - started, 1),
        "solve_s": round(solved - built, 1),
        "status": outcome.status.value,
        "objective_eur": round(outcome.objective, 2) if outcome.usable else "",
        "bound_eur": round(outcome.bound, 2) if proven else "",
        "gap": round(1 - outcome.bound / outcome.objective, 5) if proven else "",
    }


def run_decomposition(problem: Problem, seconds: float) -> dict[str, object]:
    """The engine itself, one process, so that time and memory compare."""
    started = time.monotonic()
    plan = solve(problem, workers=1, time_limit=seconds)
    took = time.monotonic() - started
    faults = len(verify(problem, plan))
    summary = plan.summary
    return {
        "columns": "",
        "rows": "",
        "build_s": "",
        "solve_s": round(took, 1),
        "status": Status.FEASIBLE.value if not faults else f"{faults} faults",
        "objective_eur": summary.objective_eur,
        "bound_eur": summary.lower_bound_eur,
        "gap": summary.gap,
    }


def run_one(folder: Path, kitchens: int, weeks: int, way: str, seconds: float) -> dict[str, object]:
    problem = shortened(Problem.from_folder(folder), kitchens, weeks)
    if way == "decomposition":
        found = run_decomposition(problem, seconds)
    else:
        found = run_whole(problem, way.removeprefix("whole-"), seconds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    head = {"kitchens": kitchens, "weeks": weeks, "way": way}
    return {**head, **found, "peak_mb": peak // 1024, "versions": solver_versions()}


def write_rows(out: Path, fields: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write what was measured as a table."""
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problem", type=Path)
    parser.add_argument("--kitchens", default="1,2,5,10")
    parser.add_argument("--weeks", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/whole_model.csv"))
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        kitchens, way = options.one.split(":")
        print(json.dumps(run_one(options.problem, int(kitchens), options.weeks, way, options.seconds), default=str))
        return
    rows = [_in_process(options, int(kitchens), way) for kitchens in options.kitchens.split(",") for way in WAYS]
    write_rows(options.out, FIELDS, rows)


def _in_process(options: argparse.Namespace, kitchens: int, way: str) -> dict[str, object]:
    command = [
        sys.executable, "-m", "benchmarks.whole_model", str(options.problem), "--weeks", str(options.weeks),
        "--seconds", str(options.seconds), "--one", f"{kitchens}:{way}",
    ]  # fmt: skip
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        reason = answer.stderr.strip().splitlines()[-1] if answer.stderr else f"exit {answer.returncode}"
        row: dict[str, object] = {"kitchens": kitchens, "weeks": options.weeks, "way": way, "status": reason}
    else:
        row = json.loads(answer.stdout.splitlines()[-1])
    print(row, flush=True)
    return row


if __name__ == "__main__":
    main()
