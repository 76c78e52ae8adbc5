"""The chef's pages: kitchens, the week, orders, deliveries, weighings, covers, dishes."""

from catering.web.chef import kitchens
from catering.web.pages import Action, Page

PAGES: tuple[Page, ...] = (*kitchens.PAGES,)
ACTIONS: tuple[Action, ...] = ()
