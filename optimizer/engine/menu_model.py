"""The menu problem of one kitchen over its whole horizon (or a block) at given prices, kept live in HiGHS.

Only costs and a few bounds change from kitchen to kitchen: the live LP is run again, from the basis that the same
kitchen's last LP ended with if there is one. What the LP serves by halves is rounded (`diving`); where that finds no
menu, a MILP over the columns that the LP's reduced costs leave open follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from optimizer.basis import Basis
from optimizer.engine.calendars import Pattern, PatternBlock
from optimizer.engine.diving import INTEGRAL, QUICK, SLOW, dive
from optimizer.engine.instance import Bools, Instance
from optimizer.engine.menu_rows import MenuPart, Reading, add_menu
from optimizer.solver import INFINITY, Floats, Live, Model, Outcome

MENU_SECONDS = 20.0  # legal-number: seconds given to a solver
GAP = 0.002
DOUBT = 1e-5
"""Share of an LP's value that its duals may leave unproven before it is solved again."""
NEAR, OPEN, FAR = 2e-6, 1e-4, 1e-3
"""Columns whose reduced cost is above this share of the LP's value are left out: of the MILP, of the dive (OPEN)."""
DIVES = ((OPEN, QUICK), (OPEN, SLOW), (INFINITY, QUICK))
"""Rounding that gets stuck is tried again, in smaller steps and then over all columns."""


@dataclass(frozen=True, slots=True)
class BlockMenu:
    """Chosen `counts[dish, cell]` in days; `cost` in euros at the prices used, of which `penalty` for soft rules."""

    counts: Mapping[tuple[int, int], int]
    cost: float
    penalty: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Cells whose menus stay, and the `counts[dish, cell]` of these."""

    cells: frozenset[int]
    counts: Mapping[tuple[int, int], int]


class NoMenu(Exception):  # noqa: N818 - named for what it says
    """No menu satisfies the rows (or none was found in time)."""


class MenuModel:
    """One live model per pattern, block and reading; every kitchen of the pattern is a change of costs."""

    def __init__(self, instance: Instance, pattern: int, block: PatternBlock, reading: Reading) -> None:
        self.pattern: Pattern = instance.patterns[pattern]
        self.block = block
        self._instance = instance
        self._model = Model(f"menu.{pattern}.{block.index}.{reading}")
        self._part: MenuPart = add_menu(self._model, instance, self.pattern, block, reading, "")
        self._lp: Live = self._model.load(relax=True)
        self._mip: Live | None = None
        self._dishes = np.array(self._part.dishes, dtype=np.int64)
        self._cells = np.array(self._part.cells, dtype=np.int64)
        self._columns = np.array(self._part.columns, dtype=np.int64)
        places = instance.week_place[pattern]
        self._local_weeks = np.array([block.cells[c].week for c in self._part.cells], dtype=np.int64)
        self._weeks = places[self._local_weeks]
        self._most = self._model.upper_bounds()
        self._groups = self._cells * len(instance.problem.slots) + instance.slot_of[self._dishes]
        self.basis: Basis | None = None
        """Where the last LP ended."""
        self._shadow: Floats | None = None
        """Row duals of the last LP per cover."""

    def start(self, basis: Basis) -> None:
        """The next LP begins where an earlier one of this model ended, in whatever process that was."""
        self.basis = basis

    def rewind(self) -> None:
        """Make the next answers independent of what this model was asked before."""
        self.basis = self._shadow = None
        self._lp.rewind()
        if self._mip is not None:
            self._mip.rewind()

    def solve(
        self, dish_cost: Floats, covers: Floats, banned: Bools | None = None, standing: Standing | None = None
    ) -> BlockMenu:
        """Cheapest menus at `dish_cost` (D × W, €/cover) for `covers` per day of each cell.

        `banned` (D × service weeks) keeps dishes out of weeks, `standing` keeps cells as they are. Raises `NoMenu`.
        """
        costs, up = self._costs(dish_cost, covers, banned)
        if standing is None:
            low, outcome = np.zeros(len(up)), self._relax(costs, up)
        else:
            low, outcome = self._around(standing, costs, up)
        if not self._is_integral(outcome):
            outcome = self._dive(costs, low, up, outcome) or self._integer(costs, low, up, outcome)
        return self._menu(outcome, costs)

    def relax(self, dish_cost: Floats, covers: Floats) -> float:
        """Lower bound of the LP in euros, summed from its duals: the solver is not believed. Raises `NoMenu`."""
        asked = self._costs(dish_cost, covers, None)
        found = self._relax(*asked).objective
        duals = self._lp.row_duals()
        proven = self._lp.proven(duals)
        if proven < found - DOUBT * abs(found):
            # What the solver calls an optimum is none: once more from nothing; then only what the sums prove counts.
            self.rewind()
            self._relax(*asked)
            duals = self._lp.row_duals()
            proven = max(proven, self._lp.proven(duals), self._lp.proven(None))
        self._shadow = duals / max(1.0, float(covers.sum()))
        return proven

    def shadowed(self, dish_cost: Floats, covers: Floats) -> float | None:
        """A lower bound without solving, by the duals of the LP before at as many covers; None if there was none."""
        if self._shadow is None:
            return None
        costs, up = self._costs(dish_cost, covers, None)
        self._lp.set_costs(costs)
        self._lp.set_bounds(np.zeros(len(up)), up)
        return self._lp.proven(self._shadow * float(covers.sum()))

    def _costs(self, dish_cost: Floats, covers: Floats, banned: Bools | None) -> tuple[Floats, Floats]:
        unit = dish_cost[self._dishes, self._weeks]
        allowed = np.isfinite(unit)
        costs = np.zeros(self._model.columns)
        costs[self._columns] = np.where(allowed, unit, 0.0) * covers[self._cells]
        for column, price in self._part.soft:
            costs[column] = price
        if banned is not None:
            allowed &= ~banned[self._dishes, self._local_weeks]
        up = self._most.copy()
        up[self._columns] = np.where(allowed, up[self._columns], 0.0)
        return costs, up

    def _relax(self, costs: Floats, up: Floats) -> Outcome:
        if self.basis is not None:
            self._lp.start(self.basis)
        outcome = _run(self._lp, costs, np.zeros(len(up)), up)
        if not outcome.usable:
            raise NoMenu
        self.basis = self._lp.basis()
        return outcome

    def _around(self, standing: Standing, costs: Floats, up: Floats) -> tuple[Floats, Outcome]:
        """Lower bounds (`up` is brought down too) and the LP with the standing cells as they are."""
        low = np.zeros(len(up))
        for j, (dish, cell) in enumerate(zip(self._dishes, self._cells, strict=True)):
            if int(cell) in standing.cells:
                column = self._columns[j]
                low[column] = up[column] = standing.counts.get((int(dish), int(cell)), 0)
        # Nearly all is fixed: presolve leaves little, where a basis of another LP would keep it whole.
        self._lp.rewind()
        outcome = _run(self._lp, costs, low, up)
        if not outcome.usable:
            raise NoMenu
        return low, outcome

    def _dive(self, costs: Floats, low: Floats, up: Floats, relaxed: Outcome) -> Outcome | None:
        """Whole days by rounding, first over the columns that the LP's reduced costs leave open; None if stuck."""
        assert relaxed.reduced is not None
        values, reduced = relaxed.values[self._columns], relaxed.reduced[self._columns]
        for within, pace in DIVES:
            near = up.copy()
            kept = (reduced <= within * abs(relaxed.objective)) | (values > INTEGRAL)
            near[self._columns] = np.where(kept, up[self._columns], 0.0)
            found = dive(
                lambda low, up: _run(self._lp, costs, low, up), relaxed, self._columns, self._groups, (low, near), pace
            )
            if found is not None:
                return found
            self._lp.rewind()
        return None

    def _is_integral(self, outcome: Outcome) -> bool:
        values = outcome.values[self._columns]
        return bool(np.abs(values - np.rint(values)).max() < INTEGRAL)

    def _integer(self, costs: Floats, low: Floats, up: Floats, relaxed: Outcome) -> Outcome:
        """A MILP over the columns that the LP's reduced costs leave open; over more of them if that has no menu.

        First what the LP serves as whole days stays: the few dishes it serves by halves are then found at once.
        """
        if self._mip is None:
            self._mip = self._model.load(gap=GAP)
        assert relaxed.reduced is not None
        values, reduced = relaxed.values[self._columns], relaxed.reduced[self._columns]
        whole = np.zeros(len(up))
        whole[self._columns] = np.floor(values + INTEGRAL)
        for least, within in ((whole, NEAR), (low, NEAR), (low, FAR), (low, INFINITY)):
            near = up.copy()
            kept = (reduced <= within * abs(relaxed.objective)) | (values > INTEGRAL)
            near[self._columns] = np.where(kept, up[self._columns], 0.0)
            self._mip.set_time_limit(MENU_SECONDS)
            outcome = _run(self._mip, costs, least, near)
            if outcome.usable:
                return outcome
        raise NoMenu

    def _menu(self, outcome: Outcome, costs: Floats) -> BlockMenu:
        values = np.rint(outcome.values[self._columns]).astype(np.int64)
        served = np.flatnonzero(values)
        counts = {(int(self._dishes[j]), int(self._cells[j])): int(values[j]) for j in served}
        cost = float(costs[self._columns[served]] @ values[served])
        penalty = sum(price * float(outcome.values[column]) for column, price in self._part.soft)
        return BlockMenu(counts, cost + penalty, penalty)


def _run(live: Live, costs: Floats, low: Floats, up: Floats) -> Outcome:
    live.set_costs(costs)
    live.set_bounds(low, up)
    return live.run()
