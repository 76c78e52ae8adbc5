"""The kitchens that one may read."""

from typing import Any

from catering.web.asked import Asked
from catering.web.pages import Action, Page

ROWS = 50


def _variables(asked: Asked) -> dict[str, Any]:
    return {"first": ROWS, "after": asked.text("apres") or None}


PAGES: tuple[Page, ...] = (Page("chef/kitchens", "/cuisines", "Cuisines", "chef/Kitchens", _variables),)

ACTIONS: tuple[Action, ...] = ()
