"""Every page and every action, by name."""

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from catering.web import account, chef, departement, nutrition, producer, public
from catering.web.pages import Action, Page

PERSONAS = (account, chef, producer, nutrition, departement, public)
"""The modules that state ``PAGES`` and ``ACTIONS``: one per persona."""


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)


def _by_name(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    found: dict[str, Entry] = {}
    for each in entries:
        assert each.name not in found, f"two are named {each.name}"
        found[each.name] = each
    return found


PAGES: Mapping[str, Page] = _by_name(page for persona in PERSONAS for page in persona.PAGES)
ACTIONS: Mapping[str, Action] = _by_name(action for persona in PERSONAS for action in persona.ACTIONS)
