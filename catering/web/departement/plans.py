"""Plans: every run, newest first, with what it gave."""

from typing import Any

from catering.web.asked import Asked
from catering.web.pages import Action, Page

PATH = "/departement/plans"
ROWS = 20  # legal-number: rows of a page


def _variables(asked: Asked) -> dict[str, Any]:
    return {"first": ROWS, "after": asked.text("apres") or None}


PAGES: tuple[Page, ...] = (Page("departement/plans", PATH, "Plans", "administrator/Plans", _variables),)
ACTIONS: tuple[Action, ...] = ()
