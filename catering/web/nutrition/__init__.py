"""The pages of the nutrition manager: the grid, what to cure first, one kitchen down to its dishes and purchases."""

from catering.web.nutrition import ahead, alerts, declaration, grid, importing, kitchen, meals, purchases
from catering.web.pages import Action, Page

PAGES: tuple[Page, ...] = (
    *grid.PAGES,
    *alerts.PAGES,
    *kitchen.PAGES,
    *meals.PAGES,
    *purchases.PAGES,
    *ahead.PAGES,
    *importing.PAGES,
    *declaration.PAGES,
)
ACTIONS: tuple[Action, ...] = (*importing.ACTIONS, *declaration.ACTIONS)
