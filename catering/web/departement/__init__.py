"""The pages of the Département: plans, their comparison and publication, the map, thresholds, permits, waste."""

from catering.web.departement import (
    compare,
    establishments,
    fairness,
    follow,
    new_plan,
    permits,
    plan,
    plan_map,
    plans,
    thresholds,
    waste,
    what_if,
)
from catering.web.departement.stream import router
from catering.web.pages import Action, Page

__all__ = ["ACTIONS", "PAGES", "router"]

_OF_PLANS = (plans, new_plan, follow, plan, fairness, what_if, compare, plan_map)
_PARTS = (*_OF_PLANS, thresholds, permits, waste, establishments)
PAGES: tuple[Page, ...] = tuple(page for part in _PARTS for page in part.PAGES)
ACTIONS: tuple[Action, ...] = tuple(action for part in _PARTS for action in part.ACTIONS)
