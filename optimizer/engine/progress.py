"""What a running plan tells: phase, steps, best cost and bound so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Progress:
    """`phase` is a French label; `done` of `total` steps of the phase; euros, None while unknown."""

    phase: str
    done: int
    total: int
    best_cost: Decimal | None
    bound: Decimal | None


Listener = Callable[[Progress], None]


class Cancelled(Exception):  # noqa: N818 - a wish, not an error
    """Raise it from a progress listener to stop planning; the best plan so far is returned if there is one."""


class Reporter:
    """Keeps the best figures and passes events on."""

    def __init__(self, listener: Listener | None) -> None:
        self._listener = listener
        self.best_cost: Decimal | None = None
        self.bound: Decimal | None = None
        self.finishing = False
        """There is a plan, its proof and writing are left: a cancellation then ends the telling, nothing else."""

    def silence(self) -> None:
        """Nobody listens any more (after a cancellation)."""
        self._listener = None

    def tell(self, phase: str, done: int, total: int) -> None:
        if self._listener is None:
            return
        try:
            self._listener(Progress(phase, done, total, self.best_cost, self.bound))
        except Cancelled:
            if not self.finishing:
                raise
            self.silence()

    def counter(self, phase: str, total: int) -> Callable[[int], None]:
        """A callback that reports `done` of `total`; announces the phase at once."""
        self.tell(phase, 0, total)
        return lambda done: self.tell(phase, done, total)
