"""The menu problem of one kitchen and block at given prices: a small MILP over dish counts, kept live in HiGHS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from optimizer.engine.calendars import Pattern, PatternBlock
from optimizer.engine.instance import Bools, Instance
from optimizer.engine.menu_rows import MenuPart, Reading, add_menu, owns_week
from optimizer.rules import WeeklyCountRule
from optimizer.solver import INFINITY, Floats, Live, Model, Status

MENU_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class BlockMenu:
    """Chosen counts of one kitchen-block: `counts[dish, cell]` days. `bound` is proven for the rows of the reading."""

    counts: Mapping[tuple[int, int], int]
    cost: float
    bound: float
    penalty: float


class NoMenu(Exception):
    """No menu satisfies the rows of a block (or none was found in time)."""


class MenuModel:
    """One live model per pattern, block and reading; every kitchen of the pattern is a change of costs."""

    def __init__(self, instance: Instance, pattern: int, block: int, reading: Reading, gap: float) -> None:
        self.pattern: Pattern = instance.patterns[pattern]
        self.block: PatternBlock = self.pattern.blocks[block]
        self._instance = instance
        self._model = Model(f"menu.{pattern}.{block}.{reading}")
        self._part: MenuPart = add_menu(self._model, instance, self.pattern, self.block, reading, "")
        self._live: Live = self._model.load(gap=gap)
        self._dishes = np.array(self._part.dishes, dtype=np.int64)
        self._cells = np.array(self._part.cells, dtype=np.int64)
        self._columns = np.array(self._part.columns, dtype=np.int64)
        places = instance.week_place[pattern]
        self._weeks = np.array([places[self.block.cells[c].week] for c in self._part.cells], dtype=np.int64)
        self._local_weeks = np.array([self.block.cells[c].week for c in self._part.cells], dtype=np.int64)
        self._sizes = np.array([cell.size for cell in self.block.cells], dtype=np.float64)

    def solve(
        self,
        dish_cost: Floats,
        covers: Floats,
        banned: Bools | None = None,
        weekly: Mapping[tuple[str, int], int] | None = None,
    ) -> BlockMenu:
        """Cheapest menus at `dish_cost` (D × W, €/cover) for `covers` per day of each cell.

        `banned` (D × service weeks) forbids dishes near other blocks; `weekly` counts what the other part of a cut week already
        holds, by rule and week. Raises `NoMenu`.
        """
        unit = dish_cost[self._dishes, self._weeks]
        allowed = np.isfinite(unit)
        costs = np.zeros(self._model.columns)
        costs[self._columns] = np.where(allowed, unit, 0.0) * covers[self._cells]
        for column, price in self._part.soft:
            costs[column] = price
        if banned is not None:
            allowed &= ~banned[self._dishes, self._local_weeks]
        self._live.set_costs(costs)
        self._restrict(allowed)
        self._carry(weekly or {})
        return self._answer(costs)

    def _restrict(self, allowed: Bools) -> None:
        up = self._model.upper_bounds()
        up[self._columns] = np.where(allowed, self._sizes[self._cells], 0.0)
        self._live.set_bounds(np.zeros(self._model.columns), up)

    def _carry(self, weekly: Mapping[tuple[str, int], int]) -> None:
        for (rule_id, week, side), row in self._part.weekly_rows.items():
            if self._is_whole(week):
                continue
            rule = self._instance.problem.rules_by_id[rule_id]
            assert isinstance(rule, WeeklyCountRule)
            there = weekly.get((rule_id, week))
            if side == "max" and rule.maximum is not None:
                self._live.set_row_bounds(row, -INFINITY, max(0, rule.maximum - (there or 0)))
            if side == "min" and rule.minimum is not None:
                owner = owns_week(self.pattern, self.block, week)
                needed = rule.minimum - there if there is not None else rule.minimum if owner else 0
                self._live.set_row_bounds(row, max(0, needed), INFINITY)

    def _is_whole(self, week: int) -> bool:
        here = sum(self.block.cells[c].size for c in self.block.cells_of_week(week))
        return here == self.pattern.week_days[week]

    def _answer(self, costs: Floats) -> BlockMenu:
        self._live.set_time_limit(MENU_SECONDS)
        outcome = self._live.run()
        if not outcome.usable:
            raise NoMenu(outcome.status is Status.INFEASIBLE)
        counts: dict[tuple[int, int], int] = {}
        values = np.rint(outcome.values[self._columns]).astype(np.int64)
        for j in np.flatnonzero(values):
            counts[int(self._dishes[j]), int(self._cells[j])] = int(values[j])
        chosen = self._columns[values > 0]
        cost = float(costs[chosen] @ values[values > 0])
        penalty = sum(price * float(outcome.values[column]) for column, price in self._part.soft)
        return BlockMenu(counts, cost + penalty, outcome.bound, penalty)
