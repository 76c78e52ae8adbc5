"""How long work tells a person where it stands: a bar on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

SECONDS_BETWEEN_LINES = 5.0


class Report(Protocol):
    """What long work calls after each step.

    ``phase`` is a French label, ``done`` of ``total`` steps of that phase are behind us (a total of 0 is unknown) and
    ``note`` adds a figure worth watching, e.g. the best cost so far.
    """

    def __call__(self, phase: str, done: int, total: int, note: str = "") -> None:
        """Say where the work stands."""


def silent(phase: str, done: int, total: int, note: str = "") -> None:
    """A report nobody reads."""


@contextmanager
def progress(console: Console | None = None) -> Iterator[Report]:
    """A report shown on the console for as long as the block runs."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=console) as bars:
        yield _Bars(bars)


class _Bars:
    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, phase: str, done: int, total: int, note: str = "") -> None:
        if phase not in self._tasks:
            self._tasks[phase] = self._bars.add_task(phase, note="")
        self._bars.update(self._tasks[phase], completed=done, total=total or None, note=note)


class _Lines:
    """One line when a phase starts, one when it ends, and one every few seconds between."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._phase = ""
        self._ended = False
        self._shown = 0.0

    def __call__(self, phase: str, done: int, total: int, note: str = "") -> None:
        now = time.monotonic()
        ends = bool(total) and done >= total
        if phase == self._phase and (self._ended or (not ends and now - self._shown < SECONDS_BETWEEN_LINES)):
            return
        self._phase, self._ended, self._shown = phase, ends, now
        count = f"{done}/{total}" if total else f"{done}"
        self._console.print(f"{phase} : {count}" + (f" · {note}" if note else ""), markup=False, highlight=False)
