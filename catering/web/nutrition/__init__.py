"""The pages of the nutrition manager: the grid, what to cure first, one kitchen down to its dishes and purchases."""

from catering.web.nutrition import (
    ahead,
    alerts,
    declaration,
    grid,
    importing,
    kitchen,
    lesson,
    lots,
    meals,
    portions,
    purchases,
    registers,
    restaurants,
)
from catering.web.pages import Action, Page

PAGES: tuple[Page, ...] = (
    *grid.PAGES,
    *alerts.PAGES,
    *kitchen.PAGES,
    *meals.PAGES,
    *purchases.PAGES,
    *ahead.PAGES,
    *importing.PAGES,
    *registers.PAGES,
    *lots.PAGES,
    *declaration.PAGES,
    *lesson.PAGES,
    *portions.PAGES,
)
ACTIONS: tuple[Action, ...] = (
    *kitchen.ACTIONS,
    *importing.ACTIONS,
    *registers.ACTIONS,
    *lots.ACTIONS,
    *declaration.ACTIONS,
    *restaurants.ACTIONS,
    *lesson.ACTIONS,
    *portions.ACTIONS,
)
