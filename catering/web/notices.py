"""Notices of pages that their reader may put away: what names each holds what it says, so that it comes back when that
changes."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from catering.web.asked import Asked
from catering.web.messages import with_message
from catering.web.pages import Action


def named(kind: str, *said: object) -> str:
    """What names a notice: its kind, then what it says, as far as its reader should see it again for another."""
    return ":".join([kind, *map(str, said)])


def with_standing(
    notices: Iterable[Mapping[str, Any]], name: Callable[[Mapping[str, Any]], str], away: Collection[str]
) -> list[dict[str, Any]]:
    """Notices with their name (``id``; empty for what nobody may put away) and whether the reader put them ``away``."""
    found = [(each, name(each)) for each in notices]
    return [dict(each) | {"id": called, "away": bool(called) and called in away} for each, called in found]


def putting_away(action: str, path: str, page: str, leads: Callable[[Asked], str]) -> Action:
    """The form that puts a notice of a page away.

    Args:
        action: its name.
        path: where it is sent.
        page: name of the page that shows the notice.
        leads: that page's address, as its reader saw it.
    """
    return Action(
        action,
        path,
        "account/PutAwayNotice",
        lambda asked: {"notice": asked.text("avis"), "idempotencyKey": asked.text("cle")},
        done="NoticePutAway",
        leads=lambda _result, asked: with_message(leads(asked), "avis"),
        page=page,
    )
