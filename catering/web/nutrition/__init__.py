"""The pages of the nutrition manager: the grid, what to cure first, one kitchen down to its dishes and purchases."""

from catering.web.nutrition import alerts, declaration, grid, importing, kitchen, lesson, meals, portions, purchases
from catering.web.pages import Action, Page

PAGES: tuple[Page, ...] = (
    *grid.PAGES,
    *alerts.PAGES,
    *kitchen.PAGES,
    *meals.PAGES,
    *purchases.PAGES,
    *importing.PAGES,
    *declaration.PAGES,
    *lesson.PAGES,
    *portions.PAGES,
)
ACTIONS: tuple[Action, ...] = (*importing.ACTIONS, *declaration.ACTIONS, *lesson.ACTIONS, *portions.ACTIONS)
