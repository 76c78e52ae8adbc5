"""Check a plan from its two folders alone, in exact arithmetic, with nothing of the solver.

One module per kind of rule and per structural rule; ``docs/problem-format.md`` states what each of them checks.
"""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.faults import Fault
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.verification.bound import check_bound
from optimizer.verification.drops import check_drops, check_min_drops, drop_week
from optimizer.verification.measuring import Measures, lower_bound, measure
from optimizer.verification.menu import check_menu, check_season
from optimizer.verification.sourcing import check_amount, check_capacity, check_demand, check_reach
from optimizer.verification.summary import check_summary

__all__ = ["Measures", "drop_week", "lower_bound", "measure", "verify"]


def verify(problem: Problem, plan: Plan) -> list[Fault]:
    """All faults of the plan: structural rules first, then the hard rules of the problem in their order.

    Everything is recomputed from the menus and the sourcing lines; nothing of the summary is trusted. A broken soft
    rule is no fault, but its price must be in the penalty that the summary states.
    """
    return list(_faults(problem, plan))


def _faults(problem: Problem, plan: Plan) -> Iterator[Fault]:
    found = measure(problem, plan.menus, plan.sourcing)
    yield from check_menu(problem, plan.menus)
    yield from check_season(problem, plan.menus)
    yield from check_demand(problem, plan.menus, plan.sourcing)
    yield from check_reach(problem, plan.sourcing)
    yield from check_capacity(problem, plan.sourcing)
    yield from check_amount(problem, plan.sourcing)
    yield from check_drops(problem, plan.sourcing, plan.drops)
    yield from check_min_drops(problem, plan.sourcing)
    for finding in found.broken:
        yield finding.fault()
    yield from check_summary(problem, plan.summary, found)
    yield from check_bound(problem, plan, found)
