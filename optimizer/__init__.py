"""Plan menus and sourcing for many kitchens at once, and check such plans: a pure engine, no database, no web."""

from optimizer.engine.conflicts import Conflict, Infeasible
from optimizer.engine.planner import solve
from optimizer.engine.progress import Cancelled, Progress
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.verification import verify

__all__ = ["Cancelled", "Conflict", "Infeasible", "Plan", "Problem", "Progress", "solve", "verify"]
