"""Plans, as GraphQL shows them: runs, how rules stand in them, what they buy, and kitchens' weeks."""

from catering.planning.graph.left_overs import OF_BASKET
from catering.planning.graph.runs import PlanRun, Query, run_number, show_run
from catering.planning.graph.weeks import OF_KITCHEN, OF_SUPPLIER

__all__ = ["OF_BASKET", "OF_KITCHEN", "OF_SUPPLIER", "PlanRun", "Query", "run_number", "show_run"]
