"""Plan menus and sourcing for many kitchens at once, and check such plans: a pure engine, no database, no web."""

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.verification import verify

__all__ = ["Plan", "Problem", "verify"]
