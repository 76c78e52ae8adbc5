"""The small drawn signs that stand beside words: icons, chips, the line of a figure. Made once each, then taken again.

A grid shows thousands of them: as macros of a template they took a third of its time, and each icon drawn anew half of
its bytes. The shapes themselves stand once in ``layout.html``.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup

SIZE = 20  # legal-number: pixels of an icon
KINDS = ("ok", "watch", "missed", "unknown")
"""What a sign says: it holds, look at it, it is missed, nobody knows."""
ICON = Markup(
    '<svg class="icon" width="{size}" height="{size}" aria-hidden="true" focusable="false">'
    '<use href="#signe-{kind}"/></svg>'
)


@lru_cache(maxsize=len(KINDS))
def icon(kind: str) -> Markup:
    """The sign of one of `KINDS`, for the eye alone: words beside it say the same."""
    assert kind in KINDS, kind
    return ICON.format(size=SIZE, kind=kind)


@lru_cache(maxsize=4_096)
def chip(kind: str, text: str) -> Markup:
    """Words with their sign, in the colour of what they say."""
    return Markup('<span class="chip {kind}">{icon}<span>{text}</span></span>').format(
        kind=kind, icon=icon(kind), text=text
    )


def spark(drawn: Mapping[str, Any] | None, label: str) -> Markup:
    """The small line of a figure: full what it was, dashed where it is projected, dotted what is asked.

    Args:
        drawn: of `catering.web.nutrition.sparkline.sparkline`; None draws nothing.
        label: what a screen reader says of it.
    """
    if drawn is None:
        return Markup()
    return _spark(drawn["line"], drawn["ahead"], drawn["bound"], drawn["width"], drawn["height"], label)


@lru_cache(maxsize=4_096)
def _spark(line: str, ahead: str, bound: int | None, width: int, height: int, label: str) -> Markup:
    asked = Markup('<path class="asked" d="M0 {}H{}"/>').format(bound, width) if bound is not None else ""
    later = Markup('<path class="ahead" d="{}"/>').format(ahead) if ahead else ""
    return Markup(
        '<svg class="spark" width="{}" height="{}" role="img" aria-label="{}">{}<path d="{}"/>{}</svg>'
    ).format(width, height, label, asked, line, later)
