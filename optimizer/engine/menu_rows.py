"""Each rule kind of menus as rows over dish counts per cell, for one kitchen and block.

Three readings of the same rule:

- ``plan``: what the rows allow can be put on days (`day_order`); they may forbid a little more than the rule does.
- ``bound``: every lawful menu satisfies the rows; they may allow a little more. Lower bounds are proven with these.
- ``exact``: where every cell is one day, whole counts satisfy the rows iff the menu keeps every hard rule.

Columns: ``x[dish, cell]`` = how many days of the cell serve the dish. For a rule that looks at several slots at once
a column ``m[cell]`` counts its matching meals. All counts are in meals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from optimizer.blocks import scaled_bounds
from optimizer.engine.calendars import Pattern, PatternBlock
from optimizer.engine.exclusions import exclusions
from optimizer.engine.instance import Bools, Instance, counting, looked_at, matching
from optimizer.engine.spacing_rows import add_spacing, most_repeats
from optimizer.rules import CountRule, NutrientTotalRule, PairingRule, SpacingRule, WeeklyCountRule
from optimizer.solver import INFINITY, Model

Reading = Literal["plan", "bound", "exact"]
Terms = tuple[list[int], list[float]]


@dataclass
class MenuPart:
    """The columns of one kitchen over a block (or merged blocks) inside a model."""

    instance: Instance
    pattern: Pattern
    block: PatternBlock
    reading: Reading
    tag: str
    dishes: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    by_cell_slot: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    soft: list[tuple[int, float]] = field(default_factory=list)

    def serving(self, cells: Sequence[int], slot: int, chosen: Bools) -> list[int]:
        """Columns of the slot's dishes flagged in `chosen` (D), over these cells."""
        return [self.columns[j] for c in cells for j in self.by_cell_slot.get((c, slot), ()) if chosen[self.dishes[j]]]


def add_menu(
    model: Model, instance: Instance, pattern: Pattern, block: PatternBlock, reading: Reading, tag: str
) -> MenuPart:
    """Add one kitchen's columns and every menu row of a block (or merged blocks) to `model`; `tag` prefixes names."""
    part = MenuPart(instance, pattern, block, reading, tag)
    _add_columns(model, part)
    _one_dish_per_day_and_slot(model, part)
    for rule in instance.rules:
        builder = _BUILDERS.get(type(rule))
        if builder is not None:
            builder(model, part, rule)
    _exclusions(model, part)
    return part


def _add_columns(model: Model, part: MenuPart) -> None:
    places = part.instance.week_place[_pattern_index(part)]
    repeats = most_repeats(part)
    for c, cell in enumerate(part.block.cells):
        week = places[cell.week]
        for d in np.flatnonzero(part.instance.season[:, week]):
            j = len(part.columns)
            name = f"x.{part.tag}{part.instance.dishes[d]}.{part.instance.weeks[week]}.{_cell_mark(part, c)}"
            most = min(cell.size, repeats[int(part.instance.slot_of[d]), cell.week])
            part.columns.append(model.add(name, 0.0, 0.0, most, integer=True))
            part.dishes.append(int(d))
            part.cells.append(c)
            part.by_cell_slot.setdefault((c, int(part.instance.slot_of[d])), []).append(j)


def _pattern_index(part: MenuPart) -> int:
    return next(p for p, pattern in enumerate(part.instance.patterns) if pattern is part.pattern)


def _one_dish_per_day_and_slot(model: Model, part: MenuPart) -> None:
    """MENU: Σ x over the slot's dishes = days of the cell."""
    for c, cell in enumerate(part.block.cells):
        for s, slot in enumerate(part.instance.problem.slots):
            columns = [part.columns[j] for j in part.by_cell_slot.get((c, s), ())]
            name = f"MENU.{part.tag}{slot}.{_cell_name(part, c)}"
            model.row(name, columns or [_nothing(model, name)], [1.0] * max(1, len(columns)), cell.size, cell.size)


def _nothing(model: Model, name: str) -> int:
    """A column fixed at 0: makes the row of a slot that nothing can fill infeasible, with its name."""
    return model.add(f"nothing.{name}", 0.0, 0.0, 0.0)


def _cell_name(part: MenuPart, cell: int) -> str:
    of = part.block.cells[cell]
    return f"{part.pattern.weeks[of.week]}.{_cell_mark(part, cell)}"


def _cell_mark(part: MenuPart, cell: int) -> str:
    """Tells the cells of a week apart: position of the first day in the week."""
    of = part.block.cells[cell]
    return str(of.days[0] - part.pattern.first_day_of_week(of.week))


def _count(model: Model, part: MenuPart, rule: CountRule) -> None:
    """count: min <= Σ over the window of matching meals <= max."""
    for cells, meals, name in _windows(part, rule.window):
        low, high = scaled_bounds(rule.minimum, rule.maximum, meals, rule.window)
        _bounded_matches(model, part, rule, cells, low, high, f"{rule.id}.{part.tag}{name}")


def _weekly_count(model: Model, part: MenuPart, rule: WeeklyCountRule) -> None:
    """weekly_count: min <= Σ over the week of matching meals <= max; part of a week says nothing about its minimum."""
    for week in part.block.weeks:
        cells = part.block.cells_of_week(week)
        whole = sum(part.block.cells[c].size for c in cells) == part.pattern.week_days[week]
        name = f"{rule.id}.{part.tag}{part.pattern.weeks[week]}"
        _bounded_matches(model, part, rule, cells, rule.minimum if whole else None, rule.maximum, name)


def _bounded_matches(
    model: Model,
    part: MenuPart,
    rule: CountRule | WeeklyCountRule,
    cells: Sequence[int],
    low: int | None,
    high: int | None,
    name: str,
) -> None:
    if low is not None:
        columns, coefs = _matches(model, part, rule, cells, name, at_least=True)
        columns, coefs = _soften(model, part, rule.soft_price, columns, coefs, +1.0, name + ".short")
        model.row(name + ".at_least", columns or [_nothing(model, name)], coefs or [1.0], low, INFINITY)
    if high is not None:
        columns, coefs = _matches(model, part, rule, cells, name, at_least=False)
        columns, coefs = _soften(model, part, rule.soft_price, columns, coefs, -1.0, name + ".over")
        if columns:
            model.row(name + ".at_most", columns, coefs, -INFINITY, high)


def _soften(
    model: Model, part: MenuPart, price: object, columns: list[int], coefs: list[float], sign: float, name: str
) -> Terms:
    if price is None:
        return columns, coefs
    slack = model.add(name, float(price), 0.0, INFINITY)  # type: ignore[arg-type]
    part.soft.append((slack, float(price)))  # type: ignore[arg-type]
    return [*columns, slack], [*coefs, sign]


def _matches(
    model: Model,
    part: MenuPart,
    rule: CountRule | WeeklyCountRule,
    cells: Sequence[int],
    name: str,
    *,
    at_least: bool,
) -> Terms:
    """Terms whose sum is the number of matching meals (or bounds it on the side that the reading needs)."""
    chosen = counting(part.instance, rule, unknown_as=not at_least)
    slots = looked_at(part.instance, rule)
    if len(slots) == 1:
        columns = part.serving(cells, slots[0], chosen)
        return columns, [1.0] * len(columns)
    if not rule.every and not at_least and part.reading == "plan":
        # Two matching components may or may not meet on a day: counting both is on the safe side.
        columns = [column for slot in slots for column in part.serving(cells, slot, chosen)]
        return columns, [1.0] * len(columns)
    meals = []
    for c in cells:
        size = part.block.cells[c].size
        meal = model.add(f"m.{name}.{_cell_name(part, c)}.{'min' if at_least else 'max'}", 0.0, 0.0, size)
        by_slot = [part.serving([c], slot, chosen) for slot in slots]
        _link(model, f"{name}.{_cell_name(part, c)}", meal, by_slot, size, every=rule.every, at_least=at_least)
        meals.append(meal)
    return meals, [1.0] * len(meals)


def _link(
    model: Model, name: str, meal: int, by_slot: list[list[int]], size: int, *, every: bool, at_least: bool
) -> None:
    """Most (`at_least`) or fewest matching meals of a cell whose slots hold these matching counts."""
    everything = [column for columns in by_slot for column in columns]
    ones = [1.0] * len(everything)
    if not every and at_least:
        model.row(f"{name}.most", [meal, *everything], [1.0, *[-one for one in ones]], -INFINITY, 0.0)
    elif every and not at_least:
        spare = (len(by_slot) - 1) * size
        model.row(f"{name}.fewest", [meal, *everything], [-1.0, *ones], -INFINITY, spare)
    else:
        sign = 1.0 if at_least else -1.0
        for s, columns in enumerate(by_slot):
            model.row(f"{name}.{s}", [meal, *columns], [sign, *[-sign] * len(columns)], -INFINITY, 0.0)


def _nutrient_total(model: Model, part: MenuPart, rule: NutrientTotalRule) -> None:
    """nutrient_total: min × meals <= Σ amount × x <= max × meals, unknown amounts read unfavourably."""
    for cells, meals, name in _windows(part, rule.window):
        inside = [j for j, c in enumerate(part.cells) if c in set(cells)]
        for side, limit in (("at_least", rule.min_per_meal), ("at_most", rule.max_per_meal)):
            if limit is None:
                continue
            unknown = 0.0 if side == "at_least" else float(limit)
            amounts = [_amount(part.instance, part.dishes[j], rule.nutrient, unknown) for j in inside]
            columns = [part.columns[j] for j in inside]
            sign = 1.0 if side == "at_least" else -1.0
            price = None if rule.soft_price is None else rule.soft_price
            row = f"{rule.id}.{part.tag}{name}.{side}"
            slack_price = None if price is None else float(price) / meals
            columns, amounts = _soften(model, part, slack_price, columns, amounts, sign, row + ".slack")
            total = float(limit) * meals
            model.row(row, columns, amounts, total if sign > 0 else -INFINITY, INFINITY if sign > 0 else total)


def _amount(instance: Instance, dish: int, nutrient: str, unknown: float) -> float:
    amount = instance.problem.dishes[instance.dishes[dish]].nutrients.get(nutrient)
    return unknown if amount is None else float(amount)


def _pairing(model: Model, part: MenuPart, rule: PairingRule) -> None:
    """pairing: in each cell, days with a <= days with b (require); days with a + days with b <= days (forbid)."""
    slots = part.instance.problem.slots
    first = matching(part.instance, rule.attribute_a, unknown_as=True)
    second = matching(part.instance, rule.attribute_b, unknown_as=rule.mode == "forbid")
    if part.reading != "plan" and not rule.hard:
        return
    for c, cell in enumerate(part.block.cells):
        a = part.serving([c], slots.index(rule.slot_a), first)
        b = part.serving([c], slots.index(rule.slot_b), second)
        if not a:
            continue
        sign = -1.0 if rule.mode == "require" else 1.0
        limit = 0.0 if rule.mode == "require" else float(cell.size)
        name = f"{rule.id}.{part.tag}{_cell_name(part, c)}"
        model.row(name, [*a, *b], [*[1.0] * len(a), *[sign] * len(b)], -INFINITY, limit)


def _exclusions(model: Model, part: MenuPart) -> None:
    """pairing, taken together: days with any of the dishes that exclude each other <= days of the cell."""
    if any(isinstance(rule, PairingRule) and not rule.hard for rule in part.instance.rules):
        return
    for n, exclusion in enumerate(exclusions(part.instance)):
        for c, cell in enumerate(part.block.cells):
            columns = [column for slot, chosen in exclusion.parts for column in part.serving([c], slot, chosen)]
            if columns:
                name = f"together.{part.tag}{n}.{_cell_name(part, c)}"
                model.row(name, columns, [1.0] * len(columns), -INFINITY, cell.size)


def _windows(part: MenuPart, window: int) -> list[tuple[list[int], int, str]]:
    """Rule windows inside the block: cells, meals, and the name of the period."""
    groups: dict[int, list[int]] = {}
    for c, cell in enumerate(part.block.cells):
        groups.setdefault(part.pattern.window_of(cell.days[0], window), []).append(c)
    found = []
    for cells in groups.values():
        days = sorted(day for c in cells for day in part.block.cells[c].days)
        found.append((cells, len(days), f"{part.pattern.dates[days[0]]}"))
    return found


_BUILDERS: dict[type, Callable[[Model, MenuPart, object], None]] = {
    CountRule: _count,  # type: ignore[dict-item]
    WeeklyCountRule: _weekly_count,  # type: ignore[dict-item]
    NutrientTotalRule: _nutrient_total,  # type: ignore[dict-item]
    SpacingRule: add_spacing,  # type: ignore[dict-item]
    PairingRule: _pairing,  # type: ignore[dict-item]
}
