"""Where imports stand, for whoever sent the file: known to the process that imports, and to nobody else.

A row of the database could not tell it: on SQLite nobody writes while the import writes (decision 0107).
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from catering.progress import Report

MOST_KEPT = 200  # legal-number: entries in memory, nothing of a law
"""Imports of which this process still knows how they stood."""
Key: TypeAlias = tuple[str, str, int]
"""Address of the database, actor and number of the document."""


@dataclass(frozen=True, slots=True)
class ImportStep:
    """Where an import stands: ``done`` lines of a French ``phase``, out of ``total`` (0: unknown yet)."""

    phase: str
    done: int
    total: int
    ended: bool = False


WAITING = ImportStep("En attente", 0, 0)
_steps: OrderedDict[Key, ImportStep] = OrderedDict()


@contextmanager
def following(database: str, actor: str, document: int) -> Iterator[Report]:
    """A report that ``step_of`` reads, until the block ends."""
    key = (database, actor, document)

    def report(phase: str, done: int, total: int, note: str = "") -> None:
        del note
        _steps[key] = ImportStep(phase, done, total)

    _steps[key] = WAITING
    _steps.move_to_end(key)
    while len(_steps) > MOST_KEPT:
        _steps.popitem(last=False)
    try:
        yield report
    finally:
        last = _steps.get(key, WAITING)
        _steps[key] = ImportStep(last.phase, last.done, last.total, ended=True)


def step_of(database: str, actor: str, document: int) -> ImportStep | None:
    """Where the import of a file stands or ended; None when this process knows of none."""
    return _steps.get((database, actor, document))
