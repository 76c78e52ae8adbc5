"""The menu problem of one kitchen over a block (or its whole horizon) at given prices, kept live in HiGHS.

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
from optimizer.engine.menu_rows import MenuPart, Reading, add_menu, owns_week
from optimizer.rules import WeeklyCountRule
from optimizer.solver import INFINITY, Floats, Live, Model, Outcome

MENU_SECONDS = 20.0  # legal-number: seconds given to a solver
GAP = 0.002
INTEGRAL = 1e-6
KEEP_WITHIN = 0.004
"""Columns whose reduced cost is above this share of the LP's value are left out of the MILP."""


@dataclass(frozen=True, slots=True)
class BlockMenu:
    """Chosen `counts[dish, cell]` in days; `cost` in euros at the prices used, of which `penalty` for soft rules."""

    counts: Mapping[tuple[int, int], int]
    cost: float
    penalty: float


@dataclass(frozen=True, slots=True)
class Relaxed:
    """LP relaxation: its `value` is a lower bound; `keep_apart` (D × service weeks, €/day) is what each serving adds
    through the spacing rows that the caller asked for."""

    value: float
    keep_apart: Floats


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

    def solve(
        self,
        dish_cost: Floats,
        covers: Floats,
        banned: Bools | None = None,
        weekly: Mapping[tuple[str, int], int] | None = None,
        extra: Floats | None = None,
    ) -> BlockMenu:
        """Cheapest menus at `dish_cost` (D × W, €/cover) for `covers` per day of each cell.

        `banned` (D × service weeks) forbids dishes near other blocks; `weekly` counts what the other part of a cut
        week already holds, by rule and week; `extra` (D × service weeks, €/day) is added to the costs. Raises
        `NoMenu`.
        """
        costs, up = self._costs(dish_cost, covers, banned, extra)
        sides = self._carried(weekly or {})
        outcome = self._relax(costs, up, sides)
        if not self._is_integral(outcome):
            outcome = self._integer(costs, up, sides, outcome)
        return self._menu(outcome, costs)

    def relax(self, dish_cost: Floats, covers: Floats, borders: bool = False) -> Relaxed:
        """LP value in euros; with `borders` also prices of spacing rows that cross block borders. Raises `NoMenu`."""
        costs, up = self._costs(dish_cost, covers, None, None)
        outcome = self._relax(costs, up, self._carried({}))
        apart = np.zeros((len(self._instance.dishes), len(self.pattern.weeks)))
        if borders and outcome.duals is not None:
            home = {cell.week: block.index for block in self.pattern.blocks for cell in block.cells}
            for row, dish, first, last in self._part.spacing_rows:
                if outcome.duals[row] < 0.0 and home[first] != home[last]:
                    apart[dish, first : last + 1] -= outcome.duals[row]
        return Relaxed(outcome.bound, apart)

    def _costs(
        self, dish_cost: Floats, covers: Floats, banned: Bools | None, extra: Floats | None
    ) -> tuple[Floats, Floats]:
        unit = dish_cost[self._dishes, self._weeks]
        allowed = np.isfinite(unit)
        costs = np.zeros(self._model.columns)
        costs[self._columns] = np.where(allowed, unit, 0.0) * covers[self._cells]
        if extra is not None:
            costs[self._columns] += extra[self._dishes, self._local_weeks]
        for column, price in self._part.soft:
            costs[column] = price
        if banned is not None:
            allowed &= ~banned[self._dishes, self._local_weeks]
        up = self._most.copy()
        up[self._columns] = np.where(allowed, up[self._columns], 0.0)
        return costs, up

    def _carried(self, weekly: Mapping[tuple[str, int], int]) -> list[tuple[int, float, float]]:
        """Sides of the weekly rows of weeks that a block border cuts: (row, low, up)."""
        sides = []
        for (rule_id, week, side), row in self._part.weekly_rows.items():
            if self._is_whole(week):
                continue
            rule = self._instance.problem.rules_by_id[rule_id]
            assert isinstance(rule, WeeklyCountRule)
            there = weekly.get((rule_id, week))
            if side == "max" and rule.maximum is not None:
                sides.append((row, -INFINITY, float(max(0, rule.maximum - (there or 0)))))
            if side == "min" and rule.minimum is not None:
                owner = owns_week(self.pattern, self.block, week)
                needed = rule.minimum - there if there is not None else rule.minimum if owner else 0
                sides.append((row, float(max(0, needed)), INFINITY))
        return sides

    def _is_whole(self, week: int) -> bool:
        here = sum(self.block.cells[c].size for c in self.block.cells_of_week(week))
        return here == self.pattern.week_days[week]

    def _relax(self, costs: Floats, up: Floats, sides: list[tuple[int, float, float]]) -> Outcome:
        outcome = _run(self._lp, costs, up, sides)
        if not outcome.usable:
            raise NoMenu
        return outcome

    def _is_integral(self, outcome: Outcome) -> bool:
        values = outcome.values[self._columns]
        return bool(np.abs(values - np.rint(values)).max() < INTEGRAL)

    def _integer(self, costs: Floats, up: Floats, sides: list[tuple[int, float, float]], relaxed: Outcome) -> Outcome:
        """MILP over the columns that may be in a menu within `KEEP_WITHIN` of the LP; over all if that has none."""
        if self._mip is None:
            self._mip = self._model.load(gap=GAP)
        assert relaxed.reduced is not None
        dear = relaxed.reduced[self._columns] > KEEP_WITHIN * abs(relaxed.objective)
        near = up.copy()
        near[self._columns] = np.where(dear, 0.0, up[self._columns])
        for bounds in (near, up):
            self._mip.set_time_limit(MENU_SECONDS)
            outcome = _run(self._mip, costs, bounds, sides)
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


def _run(live: Live, costs: Floats, up: Floats, sides: list[tuple[int, float, float]]) -> Outcome:
    live.set_costs(costs)
    live.set_bounds(np.zeros(len(up)), up)
    for row, low, high in sides:
        live.set_row_bounds(row, low, high)
    return live.run()
