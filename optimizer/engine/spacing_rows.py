"""Spacing rules as rows over dish counts per week: what whole weeks can say about days that are chosen later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from optimizer.engine.spacing import closed_runs, counted_pairs, repeats_in_week, roomy_runs
from optimizer.rules import SpacingRule
from optimizer.solver import INFINITY, Model

if TYPE_CHECKING:
    from optimizer.engine.menu_rows import MenuPart

Servings = Mapping[tuple[int, int], list[int]]
"""Columns by (dish, service week)."""


def most_repeats(part: MenuPart) -> dict[tuple[int, int], int]:
    """Most servings of one dish by (slot, service week), under every spacing rule."""
    most: dict[tuple[int, int], int] = {}
    slots = part.instance.problem.slots
    for week, dates in part.block.days_by_week.items():
        days = len(dates)
        for s in range(len(slots)):
            most[s, week] = days
        for rule in part.instance.rules:
            if isinstance(rule, SpacingRule) and (rule.hard or part.reading == "plan"):
                for slot in rule.slots:
                    key = (slots.index(slot), week)
                    most[key] = min(most[key], repeats_in_week(days, rule, part.reading))
    return most


def add_spacing(model: Model, part: MenuPart, rule: SpacingRule) -> None:
    """spacing: a dish once in weeks that are too near; of weeks nearly far enough, at most n dishes in common."""
    if part.reading != "plan" and not rule.hard:
        return
    if part.reading == "exact" and rule.unit == "days":
        _space_days(model, part, rule)
        return
    servings = _servings(part, rule)
    weeks = part.block.days_by_week
    split = [
        (w, w, repeats_in_week(len(days), rule, part.reading))
        for w, days in weeks.items()
        if len(part.block.cells_of_week(w)) > 1
    ]
    closed = [(u, v, 1) for u, v in closed_runs(weeks, rule)]
    for first, last, most in [*split, *closed, *roomy_runs(weeks, rule)]:
        _at_most(model, part, rule, servings, (first, last, most))
    for first, last, limit in counted_pairs(weeks, rule):
        _count_reuse(model, part, rule, servings, (first, last, limit))


def _space_days(model: Model, part: MenuPart, rule: SpacingRule) -> None:
    """Where every cell is one day: a dish once in any `within` consecutive days."""
    slots = [part.instance.problem.slots.index(slot) for slot in rule.slots]
    days = {cell.days[0]: cell.days for cell in part.block.cells}
    servings: dict[int, dict[int, int]] = {}
    for j, column in enumerate(part.columns):
        if part.instance.slot_of[part.dishes[j]] in slots:
            servings.setdefault(part.dishes[j], {})[part.block.cells[part.cells[j]].days[0]] = column
    for first, last in closed_runs(days, rule):
        for dish, by_day in sorted(servings.items()):
            columns = [by_day[day] for day in range(first, last + 1) if day in by_day]
            if len(columns) > 1:
                name = f"{rule.id}.{part.tag}{part.instance.dishes[dish]}.{part.pattern.dates[first]}"
                model.row(name, columns, [1.0] * len(columns), -INFINITY, 1.0)


def _servings(part: MenuPart, rule: SpacingRule) -> Servings:
    slots = [part.instance.problem.slots.index(slot) for slot in rule.slots]
    servings: dict[tuple[int, int], list[int]] = {}
    for j, column in enumerate(part.columns):
        if part.instance.slot_of[part.dishes[j]] in slots:
            servings.setdefault((part.dishes[j], part.block.cells[part.cells[j]].week), []).append(column)
    return servings


def _at_most(model: Model, part: MenuPart, rule: SpacingRule, servings: Servings, run: tuple[int, int, int]) -> None:
    first, last, most = run
    for dish in sorted({dish for dish, _ in servings}):
        columns = [c for week in range(first, last + 1) for c in servings.get((dish, week), ())]
        if sum(model.upper_bound(column) for column in columns) > most:
            span = f"{part.pattern.weeks[first]}.{last - first + 1}.{most}"
            name = f"{rule.id}.{part.tag}{part.instance.dishes[dish]}.{span}"
            model.row(name, columns, [1.0] * len(columns), -INFINITY, most)


def _count_reuse(
    model: Model, part: MenuPart, rule: SpacingRule, servings: Servings, pair: tuple[int, int, int]
) -> None:
    """Of each slot by itself: every slot has its own dish on each of the days that are far enough apart."""
    first, last, limit = pair
    name = f"{rule.id}.{part.tag}{part.pattern.weeks[first]}.{part.pattern.weeks[last]}"
    both: dict[int, list[int]] = {}
    for dish in sorted({dish for dish, week in servings if week == first}):
        if (dish, last) in servings:
            columns = [*servings[dish, first], *servings[dish, last]]
            again = model.add(f"again.{name}.{part.instance.dishes[dish]}", 0.0, 0.0, 1.0)
            row = f"{name}.{part.instance.dishes[dish]}"
            model.row(row, [*columns, again], [*[1.0] * len(columns), -1.0], -INFINITY, 1.0)
            both.setdefault(int(part.instance.slot_of[dish]), []).append(again)
    for slot, agains in both.items():
        if len(agains) > limit:
            tag = f".{part.instance.problem.slots[slot]}" if len(rule.slots) > 1 else ""
            model.row(f"{name}.common{tag}", agains, [1.0] * len(agains), -INFINITY, limit)
