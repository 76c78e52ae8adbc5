"""How long a plan takes, phase by phase, and how good it is.

    python -m benchmarks.plan_year PROBLEM_DIR [--workers 2] [--seed 0] [--time-limit 600] [--out FILE]

Prints and appends one row: size, seconds per phase by the clock, processor seconds of all processes (`own_s`),
verification, cost, bound, gap, peak memory, versions.
"""

from __future__ import annotations

import argparse
import csv
import platform
import time
from pathlib import Path

from benchmarks.scaling import own_seconds
from optimizer import Problem, Progress, solve, verify
from optimizer.solver import solver_versions

FIELDS = (
    "kitchens", "days", "dishes", "offers", "meals", "workers", "seed", "prices_s", "menus_s", "sourcing_s", "rounds_s",
    "drops_s", "mending_s", "order_s", "proof_s", "writing_s", "total_s", "own_s", "verify_s", "faults", "cost_eur",
    "bound_eur", "gap", "peak_mb", "python", "versions",
)  # fmt: skip
PHASES = {
    "Premiers prix": "prices_s", "Menus": "menus_s", "Approvisionnement": "sourcing_s", "Amélioration": "rounds_s",
    "Livraisons": "drops_s", "Derniers réglages": "mending_s", "Ordre des jours": "order_s",
    "Preuve de la borne": "proof_s", "Rédaction du plan": "writing_s",
}  # fmt: skip


class Watch:
    """Adds up seconds by phase as progress events come in."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._column, self._since = "", time.monotonic()

    def __call__(self, event: Progress) -> None:
        column = next((name for phase, name in PHASES.items() if event.phase.startswith(phase)), "")
        now = time.monotonic()
        if column != self._column:
            self.close(now)
            self._column, self._since = column, now

    def close(self, now: float) -> None:
        """End the running phase."""
        if self._column:
            self.seconds[self._column] = self.seconds.get(self._column, 0.0) + now - self._since


def measure_plan(problem: Problem, workers: int, seed: int, time_limit: float) -> dict[str, object]:
    """Solve and verify once."""
    watch, started, own = Watch(), time.monotonic(), own_seconds()
    plan = solve(problem, workers=workers, seed=seed, time_limit=time_limit, progress=watch)
    solved, own = time.monotonic(), own_seconds() - own
    watch.close(solved)
    faults = verify(problem, plan)
    summary = plan.summary
    return {
        "kitchens": len(problem.kitchens),
        "days": len({day.date for day in problem.service_days}),
        "dishes": len(problem.dishes),
        "offers": len(problem.offers),
        "meals": summary.meals,
        "workers": workers,
        "seed": seed,
        **{column: round(seconds, 1) for column, seconds in watch.seconds.items()},
        "total_s": round(solved - started, 1),
        "own_s": round(own, 1),
        "verify_s": round(time.monotonic() - solved, 1),
        "faults": len(faults),
        "cost_eur": summary.cost_eur,
        "bound_eur": summary.lower_bound_eur,
        "gap": summary.gap,
        "peak_mb": summary.peak_memory_mb,
        "python": platform.python_version(),
        "versions": solver_versions(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problem", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--time-limit", type=float, default=600)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/plan_year.csv"))
    options = parser.parse_args()
    row = measure_plan(Problem.from_folder(options.problem), options.workers, options.seed, options.time_limit)
    print(row)
    new = not options.out.exists()
    with options.out.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        if new:
            writer.writeheader()
        writer.writerow(row)


if __name__ == "__main__":
    main()
