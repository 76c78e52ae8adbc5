"""The pages of the nutrition manager: the grid of all collèges and rules, and what to cure first."""

from catering.web.nutrition import alerts, grid
from catering.web.pages import Action, Page

PAGES: tuple[Page, ...] = (*grid.PAGES, *alerts.PAGES)
ACTIONS: tuple[Action, ...] = ()
