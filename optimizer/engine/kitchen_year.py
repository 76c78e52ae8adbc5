"""One kitchen over its whole horizon at given prices: how often each dish is served in each week, then on which day."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from weakref import WeakKeyDictionary

import numpy as np

from optimizer.basis import Basis
from optimizer.engine.by_day import menus_by_day
from optimizer.engine.calendars import Pattern, PatternBlock, merged
from optimizer.engine.day_order import DayOrder, NoOrder
from optimizer.engine.history import barred, dish_charges, last_days
from optimizer.engine.instance import Bools, Instance
from optimizer.engine.menu_model import BlockMenu, MenuModel, NoMenu, Standing
from optimizer.engine.menu_rows import Reading
from optimizer.engine.prices import Prices, costs_in_store, dish_costs, ingredient_costs
from optimizer.engine.week_mending import OpenWeek, mend_week
from optimizer.solver import Floats

ORDER_RETRIES = 30


class KitchenStuck(Exception):  # noqa: N818 - named for what it says of the kitchen
    """A kitchen has no menu for a block; picklable, with what `conflicts` needs."""

    def __init__(self, kitchen: int, block: int) -> None:
        super().__init__(kitchen, block)
        self.kitchen = kitchen
        self.block = block


@dataclass(frozen=True, slots=True)
class YearMenu:
    """`days[day][slot]` = dish; `penalty` in euros: soft rules that the menu model prices, and waste."""

    kitchen: int
    days: tuple[tuple[int, ...], ...]
    penalty: float
    basis: Basis | None = field(default=None, compare=False, repr=False)
    """Where the kitchen's LP ended, for its next one to begin there."""


class _Models(threading.local):
    """Live models of one thread: HiGHS changes costs and bounds in place, so two threads never share one."""

    def __init__(self) -> None:
        self.by_instance: WeakKeyDictionary[Instance, dict[tuple[int, Reading], MenuModel]] = WeakKeyDictionary()
        self.fresh: set[MenuModel] = set()
        """Models rewound since the task began: what a task answers must not depend on what its worker did before."""


_models = _Models()


def model_of(instance: Instance, pattern: int, reading: Reading) -> MenuModel:
    """The live model of this thread for the whole horizon of a pattern; built at first use."""
    kept = _models.by_instance.setdefault(instance, {})
    if (pattern, reading) not in kept:
        kept[pattern, reading] = MenuModel(instance, pattern, merged(instance.patterns[pattern].blocks), reading)
    model = kept[pattern, reading]
    if model not in _models.fresh:
        model.rewind()
        _models.fresh.add(model)
    return model


def priced_dishes(
    instance: Instance, prices: Prices, kitchen: int, *, from_store: bool = False
) -> tuple[Floats, Floats]:
    """Cost per cover of each dish (D × W), what it charges included, and of what comes with every meal (W), at a
    kitchen; inf for a dish that what was served before keeps out of the week. ``from_store``: of what keeps, bought
    ahead where that is cheaper."""
    bought = ingredient_costs(instance, prices, kitchen)
    costs, every_meal = dish_costs(instance, costs_in_store(instance, bought) if from_store else bought)
    costs += dish_charges(instance, kitchen)
    costs[barred(instance, kitchen)] = np.inf
    return costs, every_meal


def menu_waste(instance: Instance, kitchen: int, days: Sequence[Sequence[int]]) -> float:
    """Euros of waste, and of being moved, of the dishes of each service day."""
    charges, places = dish_charges(instance, kitchen), instance.week_place[instance.pattern_of[kitchen]]
    weeks = np.repeat(places, instance.pattern(kitchen).week_days)
    many = instance.covers[kitchen]
    return float(sum(charges[list(day), w].sum() * n for day, w, n in zip(days, weeks, many, strict=True)))


def cell_covers(instance: Instance, kitchen: int, block: PatternBlock) -> Floats:
    """Covers per day of each cell."""
    return np.array([instance.covers[kitchen][cell.days[0]] for cell in block.cells], dtype=np.float64)


Choice = tuple[Prices, Sequence[int], Sequence[Basis | None]]
"""Prices, kitchens that choose at them, and where the last LP of each ended."""


def choose_year(instance: Instance, task: Choice) -> list[YearMenu]:
    """Menus of some kitchens for the whole horizon. Raises `KitchenStuck`."""
    prices, kitchens, bases = task
    _models.fresh.clear()
    return [
        _choose(instance, kitchen, priced_dishes(instance, prices, kitchen)[0], basis)
        for kitchen, basis in zip(kitchens, bases, strict=True)
    ]


def choose_weeks(instance: Instance, prices: Prices, menu: YearMenu, weeks: Collection[int]) -> YearMenu:
    """The menu with some weeks (of the horizon) chosen again, all others as they are. Raises `KitchenStuck`."""
    _models.fresh.clear()
    costs = priced_dishes(instance, prices, menu.kitchen)[0]
    return _KitchenYear(instance, menu.kitchen, costs, menu.basis).choose_weeks(menu, weeks)


def _choose(instance: Instance, kitchen: int, costs: Floats, basis: Basis | None) -> YearMenu:
    """By counts per week; day by day where these find no menu."""
    try:
        return _KitchenYear(instance, kitchen, costs, basis).choose()
    except KitchenStuck:
        found = menus_by_day(instance, kitchen, costs)
        if found is None:
            raise
        days, penalty = found
        return YearMenu(kitchen, days, penalty + menu_waste(instance, kitchen, days))


def bound_year(instance: Instance, task: tuple[Sequence[Prices], Sequence[int], float]) -> list[list[float]]:
    """Proven lower bounds, one for each of the prices, of the menus of each kitchen over the horizon, in euros.

    From the last entry on (seconds of `time.time`) nothing more is solved: what is left is proven by the duals of the
    kitchen before, which always holds and proves less. Raises `KitchenStuck`.
    """
    tried, kitchens, until = task
    _models.fresh.clear()
    return [[_bound(instance, of, kitchen, solving=time.time() < until) for of in tried] for kitchen in kitchens]


def _bound(instance: Instance, prices: Prices, kitchen: int, *, solving: bool) -> float:
    costs, every_meal = priced_dishes(instance, prices, kitchen, from_store=True)
    pattern = int(instance.pattern_of[kitchen])
    model = model_of(instance, pattern, "bound")
    covers = cell_covers(instance, kitchen, model.block)
    try:
        value = None if solving else model.shadowed(costs, covers)
        if value is None:
            value = model.relax(costs, covers)
    except NoMenu as stuck:
        raise KitchenStuck(kitchen, 0) from stuck
    places = instance.week_place[pattern]
    weeks = np.array([places[cell.week] for cell in model.block.cells])
    sizes = np.array([cell.size for cell in model.block.cells])
    return value + float((every_meal[weeks] * covers * sizes).sum())


class _KitchenYear:
    def __init__(self, instance: Instance, kitchen: int, costs: Floats, basis: Basis | None) -> None:
        self._instance = instance
        self._kitchen = kitchen
        self._costs = costs
        self._pattern_index = int(instance.pattern_of[kitchen])
        self._pattern: Pattern = instance.patterns[self._pattern_index]
        self._model = model_of(instance, self._pattern_index, "plan")
        if basis is not None:
            self._model.start(basis)
        self._covers = cell_covers(instance, kitchen, self._model.block)

    def choose_weeks(self, menu: YearMenu, weeks: Collection[int]) -> YearMenu:
        """As `choose`, but only some weeks of the horizon; the others keep their dishes."""
        places, cells = self._instance.week_place[self._pattern_index], self._model.block.cells
        counts: Counter[tuple[int, int]] = Counter()
        stays = frozenset(c for c, cell in enumerate(cells) if int(places[cell.week]) not in weeks)
        for c in stays:
            counts.update((dish, c) for day in cells[c].days for dish in menu.days[day])
        return self.choose(Standing(stays, counts), menu.basis)

    def choose(self, standing: Standing | None = None, basis: Basis | None = None) -> YearMenu:
        """Menus that can be put on their days; dishes that stand in the way of that are left out of their week."""
        banned: Bools = np.zeros((len(self._instance.dishes), len(self._pattern.weeks)), dtype=np.bool_)
        week = 0
        for _ in range(ORDER_RETRIES):
            try:
                menu = self._model.solve(self._costs, self._covers, banned, standing)
            except NoMenu as stuck:
                if standing is not None:
                    raise KitchenStuck(self._kitchen, 0) from stuck
                raise KitchenStuck(self._kitchen, self._block_without_menu(banned)) from stuck
            order = DayOrder(self._instance, self._pattern, last_days(self._instance, self._kitchen))
            try:
                order.order(self._model.block, menu.counts, banned, partial(self._mend, self._model.block))
            except NoOrder as stuck:
                week = stuck.week
                if standing is not None and self._stays(week, standing):
                    break
                banned[self._in_the_way(menu, banned, stuck), week] = True
                continue
            slots = range(len(self._instance.problem.slots))
            days = tuple(tuple(order.placed[d][slot] for slot in slots) for d in range(len(self._pattern.dates)))
            penalty = menu.penalty + menu_waste(self._instance, self._kitchen, days)
            return YearMenu(self._kitchen, days, penalty, basis or self._model.basis)
        raise KitchenStuck(self._kitchen, self._block_of(week))

    def _stays(self, week: int, standing: Standing) -> bool:
        return any(c in standing.cells for c in self._model.block.cells_of_week(week))

    def _mend(self, block: PatternBlock, week: OpenWeek) -> dict[int, list[int]] | None:
        place = self._instance.week_place[self._pattern_index][week.week]
        cell_of = {day: c for c in block.cells_of_week(week.week) for day in block.cells[c].days}
        costs = np.column_stack([self._costs[:, place] * self._covers[cell_of[day]] for day in week.days])
        costs[~self._instance.season[:, place]] = np.inf
        return mend_week(self._instance, week, costs)

    def _in_the_way(self, menu: BlockMenu, banned: Bools, stuck: NoOrder) -> int:
        """The dish of the week most tied to a day by its other services, else the dearest of the slot placed first."""
        for dish in stuck.tied:
            if not banned[dish, stuck.week]:
                return dish
        place = self._instance.week_place[self._pattern_index][stuck.week]
        here = [dish for dish, c in menu.counts if self._model.block.cells[c].week == stuck.week]
        rank = DayOrder(self._instance, self._pattern).slots.index
        return min(here, key=lambda d: (rank(int(self._instance.slot_of[d])), -self._costs[d, place], d))

    def _block_without_menu(self, banned: Bools) -> int:
        """The first block that has no menu by itself; the first of all when they have none only together."""
        for block in self._pattern.blocks:
            model = MenuModel(self._instance, self._pattern_index, block, "bound")
            try:
                model.solve(self._costs, cell_covers(self._instance, self._kitchen, block), banned)
            except NoMenu:
                return block.index
        return 0

    def _block_of(self, week: int) -> int:
        return next(block.index for block in self._pattern.blocks if week in block.weeks)
