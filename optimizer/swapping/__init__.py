"""One kitchen-week of a plan, after other dishes are put on it: bought again at what all the others leave.

| module | what it does |
|---|---|
| `kitchen_plan` | one kitchen of a plan, and what the others buy in a week |
| `week_market` | the purchases of a kitchen-week as a live LP, then in whole grams |
| `standing` | what a kitchen's plan costs and emits, and how every rule stands, exactly |
| `near` | the rules that one day can move, and how they stand |
| `swap` | the kitchen-week bought again, and what changed |
| `candidates` | every dish that could take a place, ranked by what it would change |
"""

from optimizer.swapping.candidates import Candidate, candidates
from optimizer.swapping.kitchen_plan import KitchenPlan, UnknownDish
from optimizer.swapping.standing import RuleChange, Standing
from optimizer.swapping.swap import CannotBuy, Swapped, swap

__all__ = ["Candidate", "CannotBuy", "KitchenPlan", "RuleChange", "Standing", "Swapped", "UnknownDish", "candidates",
           "swap"]  # fmt: skip
