"""Whole days out of an LP that serves some dishes by halves: round a few up, solve again, until none is left.

Menu LPs have many optima of the same cost, so that a MILP spends seconds on cuts that close nothing, and stops where
the clock says. Rounding up changes bounds only: the live LP goes on from its last basis, and the same LP gives the
same menus on any machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimizer.solver import Floats, Ints, Outcome

INTEGRAL = 1e-6
MOST_EXTRA = 0.02
"""Share of the LP's value by which the cost may grow; more, and the rounding is taken back like an impossible one."""
MOST_RUNS = 400
"""LPs after which the dive is given up."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Counts of which at least the part `sure` of a day is served are rounded up together; where none is so sure, one
    in `part` of the open counts."""

    sure: float
    part: int


QUICK, SLOW = Pace(0.7, 20), Pace(0.9, 40)  # legal-number: paces of a rounding

Run = Callable[[Floats, Floats], Outcome]
"""The LP solved under lower and upper bounds, one pair per column."""


def dive(
    run: Run, relaxed: Outcome, columns: Ints, groups: Ints, bounds: tuple[Floats, Floats], pace: Pace = QUICK
) -> Outcome | None:
    """An outcome whole in `columns`, from the LP's `relaxed` one between `bounds`; None if none is found.

    `groups` (one per entry of `columns`): of each one count is rounded up at a time, as they share days.
    """
    return _Dive(run, relaxed, columns, groups, bounds, pace).down()


class _Dive:
    def __init__(
        self, run: Run, relaxed: Outcome, columns: Ints, groups: Ints, bounds: tuple[Floats, Floats], pace: Pace
    ) -> None:
        self._run = run
        self._outcome = relaxed
        self._limit = relaxed.objective + MOST_EXTRA * abs(relaxed.objective)
        self._columns = columns
        self._groups = groups
        self._low, self._up = bounds[0].copy(), bounds[1].copy()
        self._pace = pace
        self._runs = 0

    def down(self) -> Outcome | None:
        while self._runs < MOST_RUNS:
            values = self._outcome.values[self._columns]
            whole = np.floor(values + INTEGRAL)
            # What is served on whole days stays: the few dishes served by halves are found around it.
            self._low[self._columns] = np.maximum(self._low[self._columns], whole)
            chosen = self._surest(values - whole)
            if not len(chosen):
                return self._outcome
            if not self._round_up(chosen, whole):
                return None
        return None

    def _surest(self, halves: Floats) -> Ints:
        """Places in `columns` to round up next, the surest of each group."""
        open_ = np.flatnonzero(halves > INTEGRAL)
        ordered = open_[np.argsort(-halves[open_], kind="stable")]
        sure = ordered[halves[ordered] >= self._pace.sure]
        if not len(sure):
            sure = ordered[: -(-len(ordered) // self._pace.part)]
        _, first = np.unique(self._groups[sure], return_index=True)
        chosen: Ints = sure[np.sort(first)]
        return chosen

    def _round_up(self, chosen: Ints, whole: Floats) -> bool:
        """As many of the surest as can be, or the surest of all down where not even it can; False if stuck."""
        while True:
            low = self._low.copy()
            low[self._columns[chosen]] = whole[chosen] + 1
            if self._try(low, self._up):
                self._low = low
                return True
            if len(chosen) == 1:
                break
            chosen = chosen[: max(1, len(chosen) // 4)]
        self._up[self._columns[chosen]] = whole[chosen]
        return self._try(self._low, self._up)

    def _try(self, low: Floats, up: Floats) -> bool:
        self._runs += 1
        outcome = self._run(low, up)
        if not outcome.usable or outcome.objective > self._limit:
            return False
        self._outcome = outcome
        return True
