"""One kitchen over its whole horizon at given prices: block after block, each knowing what was served before."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from weakref import WeakKeyDictionary

import numpy as np

from optimizer.engine.by_day import menus_by_day
from optimizer.engine.calendars import Pattern, PatternBlock, merged
from optimizer.engine.day_order import DayOrder, NoOrder
from optimizer.engine.instance import Bools, Instance
from optimizer.engine.menu_model import BlockMenu, MenuModel, NoMenu
from optimizer.engine.prices import Prices, dish_costs, ingredient_costs
from optimizer.engine.week_mending import OpenWeek, mend_week
from optimizer.rules import SpacingRule, WeeklyCountRule
from optimizer.solver import Floats

ORDER_RETRIES = 12


class KitchenStuck(Exception):  # noqa: N818 - named for what it says of the kitchen
    """A kitchen has no menu for a block; picklable, with what `conflicts` needs."""

    def __init__(self, kitchen: int, block: int) -> None:
        super().__init__(kitchen, block)
        self.kitchen = kitchen
        self.block = block


@dataclass(frozen=True, slots=True)
class YearMenu:
    """`days[day][slot]` = dish; `penalty` in euros of the soft rules that the menu model prices."""

    kitchen: int
    days: tuple[tuple[int, ...], ...]
    penalty: float


class _Models(threading.local):
    """Live models of one thread: HiGHS changes costs and bounds in place, so two threads never share one."""

    def __init__(self) -> None:
        self.by_instance: WeakKeyDictionary[Instance, dict[tuple[int, int], MenuModel]] = WeakKeyDictionary()
        self.fresh: set[MenuModel] = set()
        """Models rewound since the task began: what a task answers must not depend on what its worker did before."""


_models = _Models()
WHOLE_YEAR = -1


def model_of(instance: Instance, pattern: int, block: int) -> MenuModel:
    """The live model of this thread for a block, or for the whole horizon; built at first use."""
    kept = _models.by_instance.setdefault(instance, {})
    if (pattern, block) not in kept:
        blocks = instance.patterns[pattern].blocks
        if block == WHOLE_YEAR:
            kept[pattern, block] = MenuModel(instance, pattern, merged(blocks), "bound")
        else:
            kept[pattern, block] = MenuModel(instance, pattern, blocks[block], "plan")
    model = kept[pattern, block]
    if model not in _models.fresh:
        model.rewind()
        _models.fresh.add(model)
    return model


def priced_dishes(instance: Instance, prices: Prices, kitchen: int) -> tuple[Floats, Floats]:
    """Cost per cover of each dish (D × W) and of what comes with every meal (W), at a kitchen."""
    return dish_costs(instance, ingredient_costs(instance, prices, kitchen))


def cell_covers(instance: Instance, kitchen: int, block: PatternBlock) -> Floats:
    """Covers per day of each cell."""
    return np.array([instance.covers[kitchen][cell.days[0]] for cell in block.cells], dtype=np.float64)


def choose_year(instance: Instance, task: tuple[Prices, Sequence[int]]) -> list[YearMenu]:
    """Menus of some kitchens for the whole horizon. Raises `KitchenStuck`."""
    prices, kitchens = task
    _models.fresh.clear()
    apart: dict[int, Floats | None] = {}
    found = []
    for kitchen in kitchens:
        costs = priced_dishes(instance, prices, kitchen)[0]
        pattern = int(instance.pattern_of[kitchen])
        if pattern not in apart:
            # Per cover it is much the same for all kitchens: the first of a batch speaks for the others.
            apart[pattern] = _keep_apart(instance, kitchen, costs)
        found.append(_choose(instance, kitchen, costs, apart[pattern]))
    return found


def _choose(instance: Instance, kitchen: int, costs: Floats, apart: Floats | None) -> YearMenu:
    """By counts per week; day by day where these find no menu."""
    try:
        return _KitchenYear(instance, kitchen, costs, apart).choose()
    except KitchenStuck:
        found = menus_by_day(instance, kitchen, costs)
        if found is None:
            raise
        return YearMenu(kitchen, *found)


def bound_year(instance: Instance, task: tuple[Prices, Sequence[int]]) -> list[float]:
    """Proven lower bound of the menus of some kitchens over the horizon, in euros. Raises `KitchenStuck`."""
    prices, kitchens = task
    _models.fresh.clear()
    return [_bound(instance, prices, kitchen) for kitchen in kitchens]


def _bound(instance: Instance, prices: Prices, kitchen: int) -> float:
    costs, every_meal = priced_dishes(instance, prices, kitchen)
    pattern = int(instance.pattern_of[kitchen])
    model = model_of(instance, pattern, WHOLE_YEAR)
    covers = cell_covers(instance, kitchen, model.block)
    try:
        value = model.relax(costs, covers).value
    except NoMenu as stuck:
        raise KitchenStuck(kitchen, 0) from stuck
    places = instance.week_place[pattern]
    weeks = np.array([places[cell.week] for cell in model.block.cells])
    sizes = np.array([cell.size for cell in model.block.cells])
    return value + float((every_meal[weeks] * covers * sizes).sum())


def _keep_apart(instance: Instance, kitchen: int, costs: Floats) -> Floats | None:
    """What a day of a dish costs the weeks beyond its block's border (D × service weeks, € per cover).

    By the LP of the whole horizon; None when there is one block, or no answer.
    """
    pattern = int(instance.pattern_of[kitchen])
    if len(instance.patterns[pattern].blocks) == 1:
        return None
    whole = model_of(instance, pattern, WHOLE_YEAR)
    covers = cell_covers(instance, kitchen, whole.block)
    try:
        return whole.relax(costs, covers, borders=True).keep_apart / float(instance.covers[kitchen].mean())
    except NoMenu:
        return None


class _KitchenYear:
    def __init__(self, instance: Instance, kitchen: int, costs: Floats, apart: Floats | None) -> None:
        self._instance = instance
        self._kitchen = kitchen
        self._costs = costs
        self._apart = None if apart is None else apart * float(instance.covers[kitchen].mean())
        self._pattern_index = int(instance.pattern_of[kitchen])
        self._pattern: Pattern = instance.patterns[self._pattern_index]
        self._near = _near_weeks(instance, self._pattern)
        self._order = DayOrder(instance, self._pattern)
        self._banned: Bools = np.zeros((len(instance.dishes), len(self._pattern.weeks)), dtype=np.bool_)

    def choose(self) -> YearMenu:
        menus = [self._block(block, self._apart) for block in self._pattern.blocks]
        slots = range(len(self._instance.problem.slots))
        days = tuple(tuple(self._order.placed[d][slot] for slot in slots) for d in range(len(self._pattern.dates)))
        return YearMenu(self._kitchen, days, sum(menu.penalty for menu in menus))

    def _block(self, block: PatternBlock, apart: Floats | None) -> BlockMenu:
        """Menus of one block that can be put on its days; dishes that stand in the way of that are left out."""
        model = model_of(self._instance, self._pattern_index, block.index)
        covers = cell_covers(self._instance, self._kitchen, block)
        banned, weekly = self._banned.copy(), self._carried(block)
        for _ in range(ORDER_RETRIES):
            try:
                menu = model.solve(self._costs, covers, banned, weekly, apart)
            except NoMenu as stuck:
                raise KitchenStuck(self._kitchen, block.index) from stuck
            try:
                counts = self._order.order_block(block, menu.counts, banned, partial(self._mend, block, covers, apart))
            except NoOrder as stuck:
                banned[self._in_the_way(block, menu, banned, stuck), stuck.week] = True
                continue
            ordered = replace(menu, counts=counts)
            self._remember(block, ordered)
            return ordered
        raise KitchenStuck(self._kitchen, block.index)

    def _mend(
        self, block: PatternBlock, covers: Floats, apart: Floats | None, week: OpenWeek
    ) -> dict[int, list[int]] | None:
        place = self._instance.week_place[self._pattern_index][week.week]
        cell_of = {day: c for c, cell in enumerate(block.cells) for day in cell.days}
        costs = np.column_stack([self._costs[:, place] * covers[cell_of[day]] for day in week.days])
        if apart is not None:
            costs += apart[:, [week.week]]
        costs[~self._instance.season[:, place]] = np.inf
        return mend_week(self._instance, week, costs)

    def _carried(self, block: PatternBlock) -> dict[tuple[str, int], int]:
        """Matching meals that earlier blocks put into the week that the border cuts."""
        week = block.cells[0].week
        carried = {}
        for rule in self._instance.rules:
            if isinstance(rule, WeeklyCountRule):
                done = self._order.matched(rule, week)
                if done is not None:
                    carried[rule.id, week] = done
        return carried

    def _in_the_way(self, block: PatternBlock, menu: BlockMenu, banned: Bools, stuck: NoOrder) -> int:
        """The dish of the week most tied to a day by its other services, else the dearest of the slot placed first."""
        for dish in stuck.tied:
            if not banned[dish, stuck.week]:
                return dish
        place = self._instance.week_place[self._pattern_index][stuck.week]
        here = [dish for dish, c in menu.counts if block.cells[c].week == stuck.week]
        rank = self._order.slots.index
        return min(here, key=lambda d: (rank(int(self._instance.slot_of[d])), -self._costs[d, place], d))

    def _remember(self, block: PatternBlock, menu: BlockMenu) -> None:
        """Keep what was served out of the weeks that have no day far enough from it."""
        for dish, c in menu.counts:
            near = self._near[self._instance.slot_of[dish]][block.cells[c].week]
            self._banned[dish] |= near
            for week in range(block.cells[-1].week, len(self._pattern.weeks)):
                last = self._pattern.first_day_of_week(week + 1) - 1
                if not self._order.far_enough(dish, last):
                    self._banned[dish, week] = True


def _near_weeks(instance: Instance, pattern: Pattern) -> list[Bools]:
    """For each slot, which weeks (W × W) are too near each other for the same dish by the rules that count weeks."""
    count = len(pattern.weeks)
    near = [np.zeros((count, count), dtype=np.bool_) for _ in instance.problem.slots]
    for rule in instance.rules:
        if isinstance(rule, SpacingRule) and rule.unit == "weeks":
            table = np.array([[abs(v - u) < rule.within for v in range(count)] for u in range(count)])
            for slot in rule.slots:
                near[instance.problem.slots.index(slot)] |= table
    return near
