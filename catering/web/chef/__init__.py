"""The chef's pages: kitchens, the week, orders, deliveries, weighings, covers, dishes."""

from catering.web.chef import (
    adding,
    basket,
    consultation,
    consultations,
    covers,
    diagnostic,
    dish,
    duties,
    kitchens,
    order,
    reception,
    substitutes,
    surplus,
    swap,
    waste,
    week,
    weighing,
)
from catering.web.pages import Action, Page

_WASTE = (weighing, covers, waste, diagnostic, duties, surplus)
_PARTS = (
    kitchens,
    week,
    swap,
    basket,
    adding,
    substitutes,
    order,
    reception,
    consultations,
    consultation,
    *_WASTE,
    dish,
)
PAGES: tuple[Page, ...] = tuple(page for part in _PARTS for page in part.PAGES)
ACTIONS: tuple[Action, ...] = tuple(action for part in _PARTS for action in part.ACTIONS)
