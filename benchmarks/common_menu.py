"""What deciding menus and purchases together saves against the habit of the trade: one menu for all, then bought.

    python -m benchmarks.common_menu PROBLEM_DIR [--kitchens 5,10,25] [--weeks 5] [--out FILE]

The common menu is the best plan of one kitchen, the one with most covers of each calendar, alone in the market; every
kitchen serves it and buys at the true capacities, in drops that suppliers accept. `lacking` adds kg nobody can sell
and euros short of a ratio, a budget or a minimum: where it is not 0 the habit has no lawful plan, and its cost holds
what is missing at the price of a shortage (`cost_eur`); `bought_eur` is what is bought alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.whole_model import shortened, write_rows
from optimizer import Plan, Problem, solve, verify
from optimizer.engine.demand import menu_demand
from optimizer.engine.drops import source_in_drops
from optimizer.engine.impossibility import of_kitchens
from optimizer.engine.instance import Instance, compile_instance
from optimizer.engine.kitchen_year import YearMenu
from optimizer.engine.purchases import Sourced
from optimizer.engine.sourcing import periods
from optimizer.solver import solver_versions

FIELDS = (
    "kitchens", "weeks", "way", "cost_eur", "bought_eur", "eur_per_meal", "producer_share", "lacking", "gap", "faults",
    "versions",
)  # fmt: skip


def common_menus(instance: Instance) -> list[YearMenu]:
    """The menu of the kitchen with most covers, for all kitchens of its calendar."""
    menus: list[YearMenu] = []
    for pattern in range(len(instance.patterns)):
        members = np.flatnonzero(instance.pattern_of == pattern)
        chief = max(members, key=lambda k: int(instance.covers[k].sum()))
        plan = solve(of_kitchens(instance.problem, [instance.kitchens[chief]]), workers=1)
        days = _days(instance, pattern, plan)
        menus += [YearMenu(int(k), days, 0.0) for k in members]
    return sorted(menus, key=lambda menu: menu.kitchen)


def _days(instance: Instance, pattern: int, plan: Plan) -> tuple[tuple[int, ...], ...]:
    served = {(line.date, line.slot): instance.dishes.index(line.dish) for line in plan.menus}
    slots = instance.problem.slots
    return tuple(tuple(served[date, slot] for slot in slots) for date in instance.patterns[pattern].dates)


def bought(instance: Instance, menus: Sequence[YearMenu]) -> list[Sourced]:
    """Purchases at the true capacities, period by period."""
    demand = menu_demand(instance, menus)
    return [source_in_drops(instance, demand, period) for period in periods(instance)]


def habit(problem: Problem) -> dict[str, object]:
    """One menu first, then its purchases."""
    instance = compile_instance(problem)
    sourced = bought(instance, common_menus(instance))
    euros = [(o, kg * float(instance.unit[o, k])) for of in sourced for o, k, _, kg in of.buys]
    total = sum(each for _, each in euros)
    kinds = {o: problem.suppliers[problem.offers[offer].supplier] for o, offer in enumerate(instance.offers)}
    farms = sum(each for o, each in euros if kinds[o].kind == "producer" and kinds[o].local)
    return {
        "way": "common menu, then bought", "cost_eur": round(sum(of.cost for of in sourced), 2),
        "bought_eur": round(total, 2), "eur_per_meal": round(total / problem.meals, 4),
        "producer_share": round(farms / total, 4), "lacking": round(sum(of.lacking for of in sourced), 2),
    }  # fmt: skip


def together(problem: Problem) -> dict[str, object]:
    """Menus and purchases decided together."""
    plan = solve(problem, workers=1)
    summary = plan.summary
    return {
        "way": "together", "cost_eur": summary.cost_eur, "bought_eur": summary.cost_eur,
        "eur_per_meal": round(float(summary.cost_eur) / problem.meals, 4),
        "producer_share": summary.indicators.get("producer_share"), "lacking": 0, "gap": summary.gap,
        "faults": len(verify(problem, plan)),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problem", type=Path)
    parser.add_argument("--kitchens", default="5,10,25")
    parser.add_argument("--weeks", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/common_menu.csv"))
    options = parser.parse_args()
    whole, rows = Problem.from_folder(options.problem), []
    for kitchens in map(int, options.kitchens.split(",")):
        problem = shortened(whole, kitchens, options.weeks)
        for way in (habit, together):
            head = {"kitchens": kitchens, "weeks": options.weeks, "versions": solver_versions()}
            rows.append({**head, **way(problem)})
            print(rows[-1], flush=True)
    write_rows(options.out, FIELDS, rows)


if __name__ == "__main__":
    main()
