"""Days of a cell put in another order so that fewer sliding windows break their count rules, at no cost at all.

Rules of frequency hold in consecutive blocks; pupils eat any twenty meals in a row. Days of one cell have the same
week, the same blocks and the same covers, so what is served on them may change places without moving a gram, a euro,
or what any rule counts per week or block: whole meals, and single components where pairing, spacing and meals that
several components make together stay as they are. Where covers differ from day to day there is nothing to change.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, permutations
from weakref import WeakKeyDictionary

import numpy as np

from optimizer.engine.history import last_days
from optimizer.engine.instance import Bools, Instance, counting, looked_at
from optimizer.engine.kitchen_year import YearMenu
from optimizer.engine.meetings import Pairing, pairings
from optimizer.rules import CountRule, SpacingRule, WeeklyCountRule
from optimizer.solver import Floats, Ints

PASSES = 3
"""Most times that a kitchen's cells are gone through: on 10 kitchens × 15 weeks three do as well as eight."""
WEIGHT = 10_000  # legal-number: a broken window counts more than all ties of a cell
MOST_PERMUTED = 5
"""Days up to which every order of a cell is tried; of more, every exchange of two."""


@dataclass(frozen=True)
class _Rule:
    """A rule that counts meals: over which slots, dishes (D) read for the minimum and for the maximum."""

    slots: tuple[int, ...]
    every: bool
    sure: Bools
    possible: Bools
    window: int = 0
    """0 for a rule that counts weeks: it slides nowhere."""
    low: int = 0
    high: int = 10**6


def reorder_days(instance: Instance, task: tuple[Sequence[YearMenu], float]) -> list[YearMenu]:
    """The same menus with the days of each cell in the order that breaks the fewest sliding windows.

    From the last entry on (seconds of `time.time`) menus are left as they are.
    """
    menus, until = task
    rules = _rules_of(instance)
    if not rules.sliding:
        return list(menus)
    return [_Kitchen(instance, menu, rules).reordered() if time.time() < until else menu for menu in menus]


@dataclass(frozen=True)
class _Sliding:
    """The rules that count over windows of `window` meals; those of one component as tables, looked at together."""

    window: int
    rules: tuple[_Rule, ...]
    limits: Floats
    """Fewest, most (2 × rules × 1)."""
    table: Floats
    """What each dish counts in both readings (2 × rules × D); 0 for rules over several components."""
    slots: Ints
    """The component (rules) that the table is about."""
    several: tuple[int, ...]
    """Places of the rules over several components."""

    @classmethod
    def of(cls, window: int, rules: Sequence[_Rule]) -> _Sliding:
        single = np.array([len(rule.slots) == 1 for rule in rules])
        flags = np.array([[rule.sure for rule in rules], [rule.possible for rule in rules]])
        limits = np.array([[rule.low for rule in rules], [rule.high for rule in rules]])
        return cls(
            window=window,
            rules=tuple(rules),
            limits=limits.astype(np.float64)[:, :, None],
            table=(flags & single[None, :, None]).astype(np.float64),
            slots=np.array([rule.slots[0] for rule in rules], dtype=np.int64),
            several=tuple(int(r) for r in np.flatnonzero(~single)),
        )

    def counted(self, dishes: Ints) -> Floats:
        """Which of these meals (days × slots) each rule counts (2 × rules × days), as 0 or 1."""
        found: Floats = self.table[:, np.arange(len(self.rules))[:, None], dishes[:, self.slots].T]
        for r in self.several:
            found[:, r] = [_meals(self.rules[r], dishes, sure=sure) for sure in (True, False)]
        return found


@dataclass(frozen=True)
class _Rules:
    """What holds of the order of days: windows that slide, and rules over several components of a meal."""

    sliding: tuple[_Sliding, ...]
    together: tuple[_Rule, ...]
    pairings: tuple[Pairing, ...]


_rules: WeakKeyDictionary[Instance, _Rules] = WeakKeyDictionary()


def _rules_of(instance: Instance) -> _Rules:
    if instance not in _rules:
        every = [_rule(instance, rule) for rule in instance.rules if isinstance(rule, CountRule | WeeklyCountRule)]
        windows = sorted({rule.window for rule in every if rule.window})
        _rules[instance] = _Rules(
            tuple(_Sliding.of(n, [rule for rule in every if rule.window == n]) for n in windows),
            tuple(rule for rule in every if len(rule.slots) > 1),
            tuple(pairings(instance)),
        )
    return _rules[instance]


def _rule(instance: Instance, rule: CountRule | WeeklyCountRule) -> _Rule:
    made = _Rule(
        slots=tuple(looked_at(instance, rule)),
        every=rule.every,
        sure=counting(instance, rule, unknown_as=False),
        possible=counting(instance, rule, unknown_as=True),
    )
    if isinstance(rule, WeeklyCountRule):
        return made
    high = made.high if rule.maximum is None else rule.maximum
    return replace(made, window=rule.window, low=rule.minimum or 0, high=high)


class _Kitchen:
    def __init__(self, instance: Instance, menu: YearMenu, rules: _Rules) -> None:
        self._menu = menu
        self._dishes = np.array(menu.days, dtype=np.int64)
        self._rules = rules
        self._spacing = _spacings(instance)
        self._before = last_days(instance, menu.kitchen)
        pattern = instance.pattern(menu.kitchen)
        self._cells = [np.array(cell.days) for block in pattern.blocks for cell in block.cells if cell.size > 1]
        self._tallies = [_Tally(of, self._dishes) for of in rules.sliding]

    def reordered(self) -> YearMenu:
        for _ in range(PASSES):
            if not sum(self._improve(days) for days in self._cells):
                break
        return replace(self._menu, days=tuple(tuple(int(d) for d in meal) for meal in self._dishes))

    def _improve(self, days: Ints) -> bool:
        """The best order of whole meals, then of each component; whether any is better than what was."""
        better = False
        for slot in (None, *range(self._dishes.shape[1])):
            looks = [tally.look(days, slot) for tally in self._tallies]
            now = sum(look.now for look in looks)
            if now:
                better |= self._take_best(days, slot, looks, now)
        return better

    def _take_best(self, days: Ints, slot: int | None, looks: Sequence[_Look], now: int) -> bool:
        """The order that breaks the fewest windows of those that other rules allow, if they are fewer than `now`."""
        here, orders = self._dishes[days], _orders(len(days))
        broken = sum(look.broken(here, slot, orders) for look in looks)
        assert isinstance(broken, np.ndarray)
        for n in np.argsort(broken, kind="stable"):
            if broken[n] >= now:
                return False
            meals = _moved(here, slot, orders[n])
            if self._far_enough(days, meals) and (slot is None or self._alike(slot, here, meals)):
                self._dishes[days] = meals
                for tally in self._tallies:
                    tally.count(self._dishes, days)
                return True
        return False

    def _alike(self, slot: int, here: Ints, meals: Ints) -> bool:
        """Whether rules that look at this and other components of a meal count in the cell what they counted."""
        for rule in self._rules.together:
            if slot in rule.slots and any(
                _meals(rule, here, sure=sure).sum() != _meals(rule, meals, sure=sure).sum() for sure in (True, False)
            ):
                return False
        of_slot = (each for each in self._rules.pairings if slot in (each.slot_a, each.slot_b))
        return all(_unpaired(each, meals) <= _unpaired(each, here) for each in of_slot)

    def _far_enough(self, days: Ints, meals: Ints) -> bool:
        """Whether rules that count days between two servings of a dish still hold around these days."""
        for slot, within in self._spacing.items():
            column = self._dishes[:, slot].copy()
            column[days] = meals[:, slot]
            for day in days:
                dish = column[day]
                others = np.flatnonzero(column == dish)
                near = np.abs(others[others != day] - day)
                if (near < within).any() or day - self._before.get(int(dish), -within) < within:
                    return False
        return True


class _Tally:
    """Which meals of a kitchen the rules of one window count (2 readings × rules × days), and what they break."""

    def __init__(self, sliding: _Sliding, dishes: Ints) -> None:
        self.sliding = sliding
        self.flags = sliding.counted(dishes)

    def count(self, dishes: Ints, days: Ints) -> None:
        """Look at what is served on these days."""
        self.flags[:, :, days] = self.sliding.counted(dishes[days])

    def look(self, days: Ints, slot: int | None) -> _Look:
        """The windows that cut a cell, by the rules that look at a component (None = at any)."""
        starts = _cutting(days, self.sliding.window, self.flags.shape[2])
        of = [r for r, rule in enumerate(self.sliding.rules) if slot is None or slot in rule.slots]
        return _Look(self, days, starts, np.array(of, dtype=np.int64))


class _Look:
    """Windows that hold some days of a cell and not others: their sums without these days, and how many are broken.

    Those that hold all of the cell or nothing of it stay as they are in whatever order its days come.
    """

    def __init__(self, tally: _Tally, days: Ints, starts: Ints, of: Ints) -> None:
        sliding = tally.sliding
        self._rules = [sliding.rules[r] for r in of]
        self._limits = sliding.limits[:, of]
        self._inside = ((days >= starts[:, None]) & (days < starts[:, None] + sliding.window)).astype(np.float64).T
        near = slice(max(0, days[0] - sliding.window), days[-1] + sliding.window)
        flags = tally.flags[:, of, near]
        self._here = flags[:, :, days - near.start]
        upto = np.zeros((*flags.shape[:2], flags.shape[2] + 1), dtype=np.float64)
        np.cumsum(flags, axis=2, out=upto[:, :, 1:])
        first = starts - near.start
        sums = upto[:, :, first + sliding.window] - upto[:, :, first]
        self._rest = sums - self._here @ self._inside
        # Of orders that break as many, the one that suits the weeks before: what does not fit is passed on, and out.
        self._weights = WEIGHT + (starts <= days[0])
        self.now = int(self._over(sums).sum(axis=0) @ self._weights)

    def broken(self, here: Ints, slot: int | None, orders: Ints) -> Ints:
        """How many windows each order of the cell's days breaks (times `WEIGHT`, and those of the past once more)."""
        moved = self._here[:, :, orders]
        together = [r for r, rule in enumerate(self._rules) if slot is not None and len(rule.slots) > 1]
        if together:
            meals = np.repeat(here[None], len(orders), axis=0)
            meals[:, :, slot] = here[:, slot][orders]
            for r in together:
                moved[:, r] = [_meals(self._rules[r], meals, sure=sure) for sure in (True, False)]
        sums = self._rest[:, :, None] + moved @ self._inside
        over: Ints = self._over(sums).sum(axis=0) @ self._weights
        return over

    def _over(self, sums: Floats) -> Bools:
        """Windows that break their rule (rules × … × windows)."""
        low, high = self._limits.reshape(2, -1, *[1] * (sums.ndim - 2))
        over: Bools = (sums[0] < low) | (sums[1] > high)
        return over


def _meals(rule: _Rule, dishes: Ints, *, sure: bool) -> Bools:
    """Which meals (… × days, of dishes … × days × slots) the rule counts."""
    flags = (rule.sure if sure else rule.possible)[dishes[..., list(rule.slots)]]
    return np.asarray(flags.all(axis=-1) if rule.every else flags.any(axis=-1), dtype=np.bool_)


def _unpaired(of: Pairing, meals: Ints) -> int:
    """Days on which a pairing does not hold."""
    first, second = of.a[meals[:, of.slot_a]], of.b[meals[:, of.slot_b]]
    return int((first & (second != of.require)).sum())


def _moved(meals: Ints, slot: int | None, order: Ints) -> Ints:
    """The meals of a cell, or one component of them, in another order."""
    if slot is None:
        return meals[order]
    changed = meals.copy()
    changed[:, slot] = meals[order, slot]
    return changed


def _cutting(days: Ints, window: int, length: int) -> Ints:
    """First days of the windows that hold some of these days and not others."""
    first, last = int(days[0]), int(days[-1])
    found = {*range(first + 1, last + 1), *range(first - window + 1, last - window + 1)}
    return np.array(sorted(start for start in found if 0 <= start <= length - window), dtype=np.int64)


@lru_cache
def _orders(size: int) -> Ints:
    """Other orders of so many days."""
    found = list(permutations(range(size)))[1:] if size <= MOST_PERMUTED else list(_exchanges(size))
    return np.array(found, dtype=np.int64)


def _exchanges(size: int) -> Iterator[tuple[int, ...]]:
    for a, b in combinations(range(size), 2):
        order = list(range(size))
        order[a], order[b] = b, a
        yield tuple(order)


def _spacings(instance: Instance) -> dict[int, int]:
    """Days within which a slot's dishes are served once."""
    within: dict[int, int] = {}
    for rule in instance.rules:
        if isinstance(rule, SpacingRule) and rule.unit == "days" and rule.within > 1:
            for slot in rule.slots:
                place = instance.problem.slots.index(slot)
                within[place] = max(within.get(place, 0), rule.within)
    return within
