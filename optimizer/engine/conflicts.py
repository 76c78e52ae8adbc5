from __future__ import annotations
class Infeasible(Exception):
    pass
def explain_kitchen(*a): return []
def explain_sourcing(*a): return []
