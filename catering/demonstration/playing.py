"""Acts in order of time, each at its own moment: what would happen after the present is left to people."""

import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from catering.moment import shown_at

Act: TypeAlias = Callable[[datetime], Awaitable[None]]
"""Something somebody does at a moment; it may have other acts follow."""


@dataclass(slots=True)
class Play:
    """Acts that wait for their moment; ``until`` is the present."""

    until: datetime
    _waiting: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _number: int = 0

    def follow(self, at: datetime, act: Act) -> None:
        """Have an act done at a moment; one of the future is never done."""
        self._number += 1
        if at <= self.until:
            heapq.heappush(self._waiting, (at, self._number, act))

    async def run(self) -> None:
        """Do all acts, and those they have follow; the clock of the process shows the moment of each."""
        while self._waiting:
            at, _, act = heapq.heappop(self._waiting)
            with shown_at(at):
                await act(at)
