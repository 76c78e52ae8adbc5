"""What still fits before the time limit, judged by what the same work took a moment ago on the same machine.

Nothing of this touches a plan whose limit is not met: it only says which improvements are left out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class TimeLeft:
    """Seconds until `deadline` (of `time.monotonic`), and the seconds that each named part took the last time."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._took: dict[str, float] = {}

    @contextmanager
    def measured(self, part: str, share: float = 1.0) -> Iterator[None]:
        """Time a part of the work of which `share` is done, to know what the whole of it takes."""
        started = time.monotonic()
        yield
        self._took[part] = (time.monotonic() - started) / share

    def allows(self, *parts: tuple[str, float]) -> bool:
        """Whether these shares of parts fit before the deadline; what was never measured is taken to need nothing."""
        needed = sum(self._took.get(part, 0.0) * share for part, share in parts)
        return time.monotonic() + needed < self._deadline

    def by_the_clock(self, *after: tuple[str, float]) -> float:
        """Until when (seconds of `time.time`) work may go on for these shares of parts still to fit before the end."""
        needed = sum(self._took.get(part, 0.0) * share for part, share in after)
        return time.time() + self._deadline - time.monotonic() - needed
