"""Service days cut into blocks, weeks and cells.

A **block** is as many consecutive meals as every windowed rule fits into (20 for the arrêté). A **cell** is a set of
days of one kitchen that no rule tells apart: same week, same rule windows, same covers. Menus are decided as dish
counts per cell; days are chosen afterwards. Kitchens whose cells are alike share a **pattern**, hence one menu model
per block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import lcm

from optimizer.problem import Problem
from optimizer.rules import CountRule, NutrientTotalRule

DEFAULT_BLOCK = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """`days` are positions in the kitchen's service days; `week` is a position in its service weeks."""

    week: int
    days: tuple[int, ...]
    covers_class: int

    @property
    def size(self) -> int:
        return len(self.days)


@dataclass(frozen=True, slots=True)
class PatternBlock:
    """Cells of one block, in order of date."""

    index: int
    cells: tuple[Cell, ...]
    first_day: int
    size: int

    @property
    def weeks(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(cell.week for cell in self.cells))

    @property
    def days_by_week(self) -> dict[int, tuple[int, ...]]:
        """Service days of the block by service week, in order."""
        return {w: tuple(sorted(d for c in self.cells if c.week == w for d in c.days)) for w in self.weeks}

    def cells_of_week(self, week: int) -> list[int]:
        return [c for c, cell in enumerate(self.cells) if cell.week == week]


@dataclass(frozen=True)
class Pattern:
    """The calendar shared by some kitchens. `week_days[w]` = number of service days of the w-th service week;
    `before` = service days before the horizon, from which the windows of rules are counted."""

    dates: tuple[date, ...]
    weeks: tuple[date, ...]
    week_days: tuple[int, ...]
    blocks: tuple[PatternBlock, ...]
    before: int = 0

    def window_of(self, day: int, window: int) -> int:
        """Which window of so many meals a service day is in."""
        return (day + self.before) // window

    def window_days(self, index: int, window: int) -> range:
        """Service days of the horizon in a window."""
        first = index * window - self.before
        return range(max(0, first), min(first + window, len(self.dates)))

    def first_day_of_week(self, week: int) -> int:
        return sum(self.week_days[:week])

    def days_between(self, first: int, last: int) -> int:
        """Service days of the weeks `first` … `last`, both included."""
        return sum(self.week_days[first : last + 1])


def merged(blocks: Sequence[PatternBlock]) -> PatternBlock:
    """Consecutive blocks as one."""
    cells = tuple(cell for block in blocks for cell in block.cells)
    return PatternBlock(blocks[0].index, cells, blocks[0].first_day, sum(block.size for block in blocks))


def block_length(problem: Problem) -> int:
    """Meals per block: the least number that every windowed rule divides."""
    windows = {rule.window for rule in problem.rules if isinstance(rule, CountRule | NutrientTotalRule)}
    return lcm(*windows) if windows else DEFAULT_BLOCK


def rule_windows(problem: Problem) -> tuple[int, ...]:
    windows = {rule.window for rule in problem.rules if isinstance(rule, CountRule | NutrientTotalRule)}
    return tuple(sorted(windows))


def patterns(problem: Problem, *, by_day: bool = False) -> tuple[tuple[Pattern, ...], dict[str, int]]:
    """Distinct patterns, and the pattern of each kitchen. `by_day`: every service day is a cell of its own."""
    length, windows = block_length(problem), rule_windows(problem)
    found: dict[tuple[tuple[date, ...], tuple[int, ...], int], int] = {}
    made: list[Pattern] = []
    of_kitchen: dict[str, int] = {}
    for kitchen in problem.kitchens:
        days = problem.days(kitchen)
        dates = tuple(day.date for day in days)
        classes = _covers_classes([(day.week, day.covers) for day in days], by_day)
        before = len(problem.history(kitchen))
        key = (dates, classes, before)
        if key not in found:
            found[key] = len(made)
            made.append(_pattern(dates, [day.week for day in days], classes, (length, windows), before))
        of_kitchen[kitchen] = found[key]
    return tuple(made), of_kitchen


def _covers_classes(days: Sequence[tuple[date, int]], by_day: bool) -> tuple[int, ...]:
    """Within each week, days with equal covers get the same class, numbered in order of appearance."""
    seen: dict[date, dict[tuple[int, int], int]] = {}
    keys = [(week, (covers, n if by_day else 0)) for n, (week, covers) in enumerate(days)]
    return tuple(seen.setdefault(week, {}).setdefault(key, len(seen[week])) for week, key in keys)


def _pattern(
    dates: tuple[date, ...],
    weeks: Sequence[date],
    classes: Sequence[int],
    lengths: tuple[int, Sequence[int]],
    before: int,
) -> Pattern:
    length, windows = lengths
    mondays = tuple(dict.fromkeys(weeks))
    place = {monday: w for w, monday in enumerate(mondays)}
    blocks: list[PatternBlock] = []
    stop = 0
    while stop < len(dates):
        start, stop = stop, min(stop + length - (stop + before) % length, len(dates))
        groups: dict[tuple[int, ...], list[int]] = {}
        for day in range(start, stop):
            key = (place[weeks[day]], *((day + before) // window for window in windows), classes[day])
            groups.setdefault(key, []).append(day)
        cells = tuple(Cell(key[0], tuple(days), key[-1]) for key, days in groups.items())
        blocks.append(PatternBlock(len(blocks), cells, start, stop - start))
    counts = tuple(sum(1 for week in weeks if week == monday) for monday in mondays)
    return Pattern(dates, mondays, counts, tuple(blocks), before)
