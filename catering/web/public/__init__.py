"""Pages for everybody, without an account."""

from catering.web.pages import Action, Page

PAGES: tuple[Page, ...] = ()
ACTIONS: tuple[Action, ...] = ()
