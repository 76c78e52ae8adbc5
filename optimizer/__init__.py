"""Plan menus and sourcing for many kitchens at once, and check such plans: a pure engine, no database, no web."""

from typing import TYPE_CHECKING, Any

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.verification import verify

if TYPE_CHECKING:
    from optimizer.engine.conflicts import Conflict, Infeasible
    from optimizer.engine.planner import solve
    from optimizer.engine.progress import Cancelled, Progress

__all__ = ["Cancelled", "Conflict", "Infeasible", "Plan", "Problem", "Progress", "solve", "verify"]

_HOMES = {
    "Cancelled": "optimizer.engine.progress",
    "Conflict": "optimizer.engine.conflicts",
    "Infeasible": "optimizer.engine.conflicts",
    "Progress": "optimizer.engine.progress",
    "solve": "optimizer.engine.planner",
}


def __getattr__(name: str) -> Any:
    """The engine is loaded when it is asked for: checking a plan needs no solver, and must not depend on one."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
