"""The trace of the market: who changed what, as it was before and after."""

from collections.abc import Mapping
from typing import Any

from catering import moment
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer


def traced(
    viewer: Viewer, table: str, key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> ChangeEvent:
    """The event of one row: only what differs when it was there before and still is.

    Args:
        viewer: who changes it.
        table: name of the table.
        key: natural id of the row.
        before: its values as plain JSON; None when it is new.
        after: the same afterwards; None when it is gone.
    """
    if before is not None and after is not None:
        changed = [name for name in after if before.get(name) != after[name]]
        before = {name: before.get(name) for name in changed}
        after = {name: after[name] for name in changed}
    return ChangeEvent(
        at=moment.now(),
        actor=viewer.actor,
        subject=table,
        key=key,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
    )
