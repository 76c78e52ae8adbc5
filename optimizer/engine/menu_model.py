"""The menu problem of one kitchen over its whole horizon (or a block) at given prices, kept live in HiGHS.

Only costs and a few bounds change from kitchen to kitchen, and the LP relaxation is nearly always integral: a re-run
of the live LP takes hundredths of a second. When it is not, a MILP over the columns that the LP's reduced costs leave
open follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from optimizer.engine.calendars import Pattern, PatternBlock
from optimizer.engine.instance import Bools, Instance
from optimizer.engine.menu_rows import MenuPart, Reading, add_menu
from optimizer.solver import INFINITY, Floats, Live, Model, Outcome

MENU_SECONDS = 20.0  # legal-number: seconds given to a solver
GAP = 0.002
INTEGRAL = 1e-6
NEAR, FAR = 2e-6, 1e-3
"""Columns whose reduced cost is above this share of the LP's value are left out of the MILP."""


@dataclass(frozen=True, slots=True)
class BlockMenu:
    """Chosen `counts[dish, cell]` in days; `cost` in euros at the prices used, of which `penalty` for soft rules."""

    counts: Mapping[tuple[int, int], int]
    cost: float
    penalty: float


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

    def rewind(self) -> None:
        """Make the next answers independent of what this model was asked before."""
        self._lp.rewind()
        if self._mip is not None:
            self._mip.rewind()

    def solve(self, dish_cost: Floats, covers: Floats, banned: Bools | None = None) -> BlockMenu:
        """Cheapest menus at `dish_cost` (D × W, €/cover) for `covers` per day of each cell.

        `banned` (D × service weeks) keeps dishes out of weeks. Raises `NoMenu`.
        """
        costs, up = self._costs(dish_cost, covers, banned)
        outcome = self._relax(costs, up)
        if not self._is_integral(outcome):
            outcome = self._integer(costs, up, outcome)
        return self._menu(outcome, costs)

    def relax(self, dish_cost: Floats, covers: Floats) -> float:
        """LP value in euros, a lower bound. Raises `NoMenu`."""
        return self._relax(*self._costs(dish_cost, covers, None)).bound

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
        outcome = _run(self._lp, costs, np.zeros(len(up)), up)
        if not outcome.usable:
            raise NoMenu
        return outcome

    def _is_integral(self, outcome: Outcome) -> bool:
        values = outcome.values[self._columns]
        return bool(np.abs(values - np.rint(values)).max() < INTEGRAL)

    def _integer(self, costs: Floats, up: Floats, relaxed: Outcome) -> Outcome:
        """A MILP over the columns that the LP's reduced costs leave open; over more of them if that has no menu.

        First what the LP serves as whole days stays: the few dishes it serves by halves are then found at once.
        """
        if self._mip is None:
            self._mip = self._model.load(gap=GAP)
        assert relaxed.reduced is not None
        values, reduced = relaxed.values[self._columns], relaxed.reduced[self._columns]
        whole = np.zeros(len(up))
        whole[self._columns] = np.floor(values + INTEGRAL)
        nothing = np.zeros(len(up))
        for low, within in ((whole, NEAR), (nothing, NEAR), (nothing, FAR), (nothing, INFINITY)):
            near = up.copy()
            kept = (reduced <= within * abs(relaxed.objective)) | (values > INTEGRAL)
            near[self._columns] = np.where(kept, up[self._columns], 0.0)
            self._mip.set_time_limit(MENU_SECONDS)
            outcome = _run(self._mip, costs, low, near)
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
