"""Plans, as GraphQL shows them: runs, how rules stand in them, what they buy, and kitchens' weeks and years."""

from strawberry.tools import merge_types

from catering.planning.graph import demand, egalim, rate_ahead, runs, suppositions, swaps, weeks
from catering.planning.graph.left_overs import OF_BASKET
from catering.planning.graph.runs import PlanRun, show_run
from catering.planning.graph.shared_rounds import OF_BASKET_DROP
from catering.planning.graph.weeks import OF_SUPPLIER

OF_KITCHEN = (*weeks.OF_KITCHEN, *egalim.OF_KITCHEN)
Query = merge_types(
    "Query", (runs.Query, egalim.Query, rate_ahead.Query, demand.Query, swaps.Query, suppositions.Query)
)

__all__ = ["OF_BASKET", "OF_BASKET_DROP", "OF_KITCHEN", "OF_SUPPLIER", "PlanRun", "Query", "show_run"]
