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
)
from catering.web.departement.stream import router
from catering.web.pages import Action, Page

__all__ = ["ACTIONS", "PAGES", "router"]

_PARTS = (plans, new_plan, follow, plan, fairness, compare, plan_map, thresholds, permits, waste, establishments)
PAGES: tuple[Page, ...] = tuple(page for part in _PARTS for page in part.PAGES)
ACTIONS: tuple[Action, ...] = tuple(action for part in _PARTS for action in part.ACTIONS)
