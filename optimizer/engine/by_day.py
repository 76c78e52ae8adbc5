"""Menus of one kitchen decided day by day: exact and dear, for calendars and rules that counts per week cannot settle.

Counts per week ask for a little more than the rules do (a dish once a week under any spacing in days) and may promise
meals that no order of the days delivers. A kitchen that is stuck there and small enough gets the `exact` model.
"""

from __future__ import annotations

import numpy as np

from optimizer.engine.calendars import merged
from optimizer.engine.history import barred
from optimizer.engine.impossibility import MOST_DAY_COLUMNS, day_columns, of_kitchens
from optimizer.engine.instance import Instance, compile_instance
from optimizer.engine.menu_model import MenuModel, NoMenu
from optimizer.solver import Floats

Days = tuple[tuple[int, ...], ...]
"""Dish by service day and slot."""


def menus_by_day(instance: Instance, kitchen: int, dish_cost: Floats) -> tuple[Days, float] | None:
    """Dish of each service day and slot at `dish_cost` (D × W, €/cover), and the penalty of soft rules in euros.

    None if there is no menu, or the kitchen is too large to say.
    """
    problem = of_kitchens(instance.problem, [instance.kitchens[kitchen]])
    if day_columns(problem) > MOST_DAY_COLUMNS:
        return None
    alone = compile_instance(problem, by_day=True)
    pattern = alone.patterns[0]
    block = merged(pattern.blocks)
    weeks = [instance.weeks.index(week) for week in alone.weeks]
    covers = np.array([alone.covers[0][cell.days[0]] for cell in block.cells], dtype=np.float64)
    costs = np.where(barred(instance, kitchen, by_day=True), np.inf, dish_cost)
    try:
        menu = MenuModel(alone, 0, block, "exact").solve(costs[:, weeks], covers)
    except NoMenu:
        return None
    served = {(block.cells[c].days[0], int(alone.slot_of[dish])): dish for dish, c in menu.counts}
    slots = range(len(problem.slots))
    return tuple(tuple(served[day, slot] for slot in slots) for day in range(len(pattern.dates))), menu.penalty
