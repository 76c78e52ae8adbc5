"""One kitchen over its whole horizon at given prices: block after block, each knowing what was served before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from optimizer.engine.calendars import Pattern, PatternBlock
from optimizer.engine.day_order import DayOrder, NoOrder, matching_range
from optimizer.engine.instance import Bools, Instance
from optimizer.engine.menu_model import BlockMenu, MenuModel, NoMenu
from optimizer.engine.menu_rows import Reading
from optimizer.engine.prices import Prices, dish_costs, ingredient_costs
from optimizer.engine.spacing import too_near
from optimizer.rules import SpacingRule, WeeklyCountRule
from optimizer.solver import Floats

PLAN_GAP = 0.002
BOUND_GAP = 0.001
ORDER_RETRIES = 12


class KitchenStuck(Exception):
    """A kitchen has no menu for a block; picklable, with what `conflicts` needs."""

    def __init__(self, kitchen: int, block: int) -> None:
        super().__init__(kitchen, block)
        self.kitchen = kitchen
        self.block = block


@dataclass(frozen=True, slots=True)
class YearMenu:
    """`blocks[b]` counts, `days[day][slot]` = dish; `cost` at the prices used, `penalty` of soft rules in euros."""

    kitchen: int
    blocks: tuple[dict[tuple[int, int], int], ...]
    days: tuple[tuple[int, ...], ...]
    cost: float
    penalty: float


_models: WeakKeyDictionary[Instance, dict[tuple[int, int, Reading], MenuModel]] = WeakKeyDictionary()


def model_of(instance: Instance, pattern: int, block: int, reading: Reading) -> MenuModel:
    """The live model of this process for a block; built at first use."""
    kept = _models.setdefault(instance, {})
    key = (pattern, block, reading)
    if key not in kept:
        kept[key] = MenuModel(instance, pattern, block, reading, PLAN_GAP if reading == "plan" else BOUND_GAP)
    return kept[key]


def priced_dishes(instance: Instance, prices: Prices, kitchen: int) -> tuple[Floats, Floats]:
    """Cost per cover of each dish (D × W) and of what comes with every meal (W), at a kitchen."""
    return dish_costs(instance, ingredient_costs(instance, prices, kitchen))


def cell_covers(instance: Instance, kitchen: int, block: PatternBlock) -> Floats:
    """Covers per day of each cell."""
    return np.array([instance.covers[kitchen][cell.days[0]] for cell in block.cells], dtype=np.float64)


def choose_year(instance: Instance, task: tuple[Prices, Sequence[int]]) -> list[YearMenu]:
    """Menus of some kitchens for the whole horizon. Raises `KitchenStuck`."""
    prices, kitchens = task
    return [_KitchenYear(instance, kitchen, priced_dishes(instance, prices, kitchen)[0]).choose() for kitchen in kitchens]


def bound_year(instance: Instance, task: tuple[Prices, Sequence[int]]) -> list[list[float]]:
    """Proven lower bound of each block of some kitchens, in euros. Raises `KitchenStuck`."""
    prices, kitchens = task
    return [_bounds(instance, prices, kitchen) for kitchen in kitchens]


def _bounds(instance: Instance, prices: Prices, kitchen: int) -> list[float]:
    costs, every_meal = priced_dishes(instance, prices, kitchen)
    pattern = int(instance.pattern_of[kitchen])
    places = instance.week_place[pattern]
    found = []
    for block in instance.patterns[pattern].blocks:
        covers = cell_covers(instance, kitchen, block)
        try:
            menu = model_of(instance, pattern, block.index, "bound").solve(costs, covers)
        except NoMenu as stuck:
            raise KitchenStuck(kitchen, block.index) from stuck
        base = sum(
            float(every_meal[places[cell.week]]) * covers[c] * cell.size for c, cell in enumerate(block.cells)
        )
        found.append(menu.bound + base)
    return found


class _KitchenYear:
    def __init__(self, instance: Instance, kitchen: int, costs: Floats) -> None:
        self._instance = instance
        self._kitchen = kitchen
        self._costs = costs
        self._pattern_index = int(instance.pattern_of[kitchen])
        self._pattern: Pattern = instance.patterns[self._pattern_index]
        self._near = _near_weeks(instance, self._pattern)
        # Dishes kept out of a week because the week's days could not be ordered with them.
        self._kept_out: Bools = np.zeros((len(instance.dishes), len(self._pattern.weeks)), dtype=np.bool_)

    def choose(self) -> YearMenu:
        for _ in range(ORDER_RETRIES):
            menus = self._sweep()
            order = DayOrder(self._instance, self._pattern)
            try:
                order.order_year([menu.counts for menu in menus])
            except NoOrder as stuck:
                self._keep_out(menus, stuck.week)
                continue
            return self._year(menus, order)
        raise KitchenStuck(self._kitchen, 0)

    def _sweep(self) -> list[BlockMenu]:
        banned = self._kept_out.copy()
        menus: list[BlockMenu] = []
        for block in self._pattern.blocks:
            model = model_of(self._instance, self._pattern_index, block.index, "plan")
            covers = cell_covers(self._instance, self._kitchen, block)
            weekly = self._carried(block, menus[-1] if menus else None)
            try:
                menu = model.solve(self._costs, covers, banned, weekly)
            except NoMenu as stuck:
                raise KitchenStuck(self._kitchen, block.index) from stuck
            menus.append(menu)
            for dish, c in menu.counts:
                near = self._near[self._instance.slot_of[dish]][block.cells[c].week]
                banned[dish] |= near
        return menus

    def _carried(self, block: PatternBlock, before: BlockMenu | None) -> dict[tuple[str, int], int]:
        """Matching meals that the previous block put into the week that the border cuts."""
        week = block.cells[0].week
        if before is None or block.first_day == self._pattern.first_day_of_week(week):
            return {}
        earlier = self._pattern.blocks[block.index - 1]
        carried = {}
        for rule in self._instance.rules:
            if isinstance(rule, WeeklyCountRule):
                fewest, most = matching_range(self._instance, rule, earlier, before.counts, week)
                carried[rule.id, week] = most if rule.maximum is None else fewest
        return carried

    def _keep_out(self, menus: list[BlockMenu], week: int) -> None:
        """Forbid one more dish of the week, those of the most constrained slot first, the cheapest to lose first."""
        place = self._instance.week_place[self._pattern_index][week]
        here = {
            dish
            for block, menu in zip(self._pattern.blocks, menus, strict=True)
            for dish, c in menu.counts
            if block.cells[c].week == week and not self._kept_out[dish, week]
        }
        if not here:
            raise KitchenStuck(self._kitchen, 0)
        slots = DayOrder(self._instance, self._pattern).slots
        dish = min(here, key=lambda d: (slots.index(int(self._instance.slot_of[d])), -self._costs[d, place], d))
        self._kept_out[dish, week] = True

    def _year(self, menus: list[BlockMenu], order: DayOrder) -> YearMenu:
        slots = range(len(self._instance.problem.slots))
        days = tuple(tuple(order.placed[day][slot] for slot in slots) for day in range(len(self._pattern.dates)))
        return YearMenu(
            self._kitchen,
            tuple(dict(menu.counts) for menu in menus),
            days,
            sum(menu.cost for menu in menus),
            sum(menu.penalty for menu in menus),
        )


def _near_weeks(instance: Instance, pattern: Pattern) -> list[Bools]:
    """For each slot, which weeks (W × W) are too near each other for the same dish."""
    count = len(pattern.weeks)
    near = [np.zeros((count, count), dtype=np.bool_) for _ in instance.problem.slots]
    for rule in instance.rules:
        if isinstance(rule, SpacingRule):
            table = np.array([[too_near(pattern, u, v, rule) for v in range(count)] for u in range(count)])
            for slot in rule.slots:
                near[instance.problem.slots.index(slot)] |= table
    return near
