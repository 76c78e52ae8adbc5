"""One week chosen day by day, when the dishes that suit it in number cannot be put on its days.

Columns ``x[dish, day]``; the rest of the block stays as it is. Small enough to be solved at once: few days, and first
only dishes that are cheap or needed, then all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.engine.instance import Bools, Instance
from optimizer.engine.meetings import Meeting, Pairing
from optimizer.solver import INFINITY, Floats, Model

POOLS = ((14, 4), (40, 12))
"""Per slot: how many of the cheapest dishes, and of the cheapest that a rule needs; the last resort is all dishes."""
SECONDS = 10.0
GAP = 0.005


@dataclass(frozen=True)
class Target:
    """What some days of a week (`places`) must have at least (low) or may have at most of a rule's matching meals."""

    meeting: Meeting
    places: Sequence[int]
    need: int


@dataclass(frozen=True)
class OpenWeek:
    """What a week may and must be: `may_be(dish, day)`, what the rules ask of it."""

    week: int
    days: Sequence[int]
    may_be: Callable[[int, int], bool]
    once: Bools
    """Slots whose dishes come at most once in the week."""
    pairings: Sequence[Pairing]
    targets: Sequence[Target]
    amounts: Sequence[tuple[Floats, float, float]]
    """Nutrient amounts per dish (D), with the least and the most that the week's dishes may add up to."""


def mend_week(instance: Instance, open_week: OpenWeek, costs: Floats) -> dict[int, list[int]] | None:
    """Cheapest dishes by slot, one per day in order, at `costs` (D × days, euros); None if there is no way."""
    allowed = np.array([[open_week.may_be(d, day) for day in open_week.days] for d in range(len(instance.dishes))])
    allowed &= np.isfinite(costs)
    pools = [_likely(instance, open_week, costs, allowed, *sizes) for sizes in POOLS]
    for pool in (*pools, np.ones(len(instance.dishes), dtype=np.bool_)):
        found = _solve(instance, open_week, costs, allowed & pool[:, None])
        if found is not None:
            return found
    return None


def _likely(instance: Instance, of: OpenWeek, costs: Floats, allowed: Bools, cheapest: int, needed: int) -> Bools:
    """Per slot the cheapest dishes, and the cheapest that each rule still needs."""
    price = np.where(allowed, costs, np.inf).min(axis=1)
    pool = np.zeros(len(price), dtype=np.bool_)
    for slot in range(len(instance.problem.slots)):
        members = np.flatnonzero((instance.slot_of == slot) & np.isfinite(price))
        pool[members[np.argsort(price[members], kind="stable")][:cheapest]] = True
        for target in of.targets:
            if target.meeting.low and target.need > 0 and slot in target.meeting.slots:
                matching = members[target.meeting.chosen[members]]
                pool[matching[np.argsort(price[matching], kind="stable")][:needed]] = True
    return pool


def _solve(instance: Instance, of: OpenWeek, costs: Floats, allowed: Bools) -> dict[int, list[int]] | None:
    model = Model("week")
    columns: dict[tuple[int, int], int] = {}
    for dish, day in zip(*np.nonzero(allowed), strict=True):
        name = f"x.{instance.dishes[dish]}.{of.days[day]}"
        columns[int(dish), int(day)] = model.add(name, float(costs[dish, day]), 0.0, 1.0, integer=True)
    if not _one_dish_each(model, instance, of, columns):
        return None
    rows = _Rows(model, instance, of, columns)
    rows.once_a_week()
    rows.pairings()
    rows.meetings()
    rows.nutrients()
    outcome = model.solve(gap=GAP, time_limit=SECONDS)
    if not outcome.usable:
        return None
    chosen = {key for key, column in columns.items() if outcome.values[column] > 0.5}  # legal-number: a binary is on
    found: dict[int, list[int]] = {}
    for slot in range(len(instance.problem.slots)):
        by_day = {day: dish for dish, day in chosen if instance.slot_of[dish] == slot}
        found[slot] = [by_day[day] for day in range(len(of.days))]
    return found


def _one_dish_each(model: Model, instance: Instance, of: OpenWeek, columns: dict[tuple[int, int], int]) -> bool:
    for slot in range(len(instance.problem.slots)):
        for day in range(len(of.days)):
            here = [c for (dish, d), c in columns.items() if d == day and instance.slot_of[dish] == slot]
            if not here:
                return False
            model.row(f"MENU.{slot}.{day}", here, [1.0] * len(here), 1.0, 1.0)
    return True


class _Rows:
    def __init__(self, model: Model, instance: Instance, of: OpenWeek, columns: dict[tuple[int, int], int]) -> None:
        self._model = model
        self._instance = instance
        self._of = of
        self._columns = columns
        self._of_slot: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for (dish, day), column in columns.items():
            self._of_slot.setdefault((int(instance.slot_of[dish]), day), []).append((dish, column))

    def _serving(self, slot: int, day: int, chosen: Bools) -> list[int]:
        return [column for dish, column in self._of_slot[slot, day] if chosen[dish]]

    def once_a_week(self) -> None:
        by_dish: dict[int, list[int]] = {}
        for (dish, _), column in self._columns.items():
            if self._of.once[self._instance.slot_of[dish]]:
                by_dish.setdefault(dish, []).append(column)
        for dish, columns in by_dish.items():
            if len(columns) > 1:
                self._model.row(f"once.{dish}", columns, [1.0] * len(columns), -INFINITY, 1.0)

    def pairings(self) -> None:
        for n, pairing in enumerate(self._of.pairings):
            for day in range(len(self._of.days)):
                a = self._serving(pairing.slot_a, day, pairing.a)
                b = self._serving(pairing.slot_b, day, pairing.b)
                sign = -1.0 if pairing.require else 1.0
                limit = 0.0 if pairing.require else 1.0
                if a:
                    self._model.row(f"pair.{n}.{day}", [*a, *b], [*[1.0] * len(a), *[sign] * len(b)], -INFINITY, limit)

    def meetings(self) -> None:
        for n, target in enumerate(self._of.targets):
            if target.meeting.low and target.need <= 0:
                continue
            meals = [self._meal(f"{n}.{day}", target.meeting, day) for day in target.places]
            low, high = (float(target.need), INFINITY) if target.meeting.low else (-INFINITY, float(target.need))
            self._model.row(f"meet.{n}", meals, [1.0] * len(meals), low, high)

    def _meal(self, name: str, meeting: Meeting, day: int) -> int:
        """A column that is at most (low) or at least (not low) 1 where the day matches."""
        meal = self._model.add(f"m.{name}", 0.0, 0.0, 1.0)
        by_slot = [self._serving(slot, day, meeting.chosen) for slot in meeting.slots]
        every = [column for columns in by_slot for column in columns]
        if not meeting.rule.every and meeting.low:
            self._model.row(f"any.{name}", [meal, *every], [1.0, *[-1.0] * len(every)], -INFINITY, 0.0)
        elif meeting.rule.every and not meeting.low:
            spare = float(len(by_slot) - 1)
            self._model.row(f"all.{name}", [meal, *every], [-1.0, *[1.0] * len(every)], -INFINITY, spare)
        else:
            sign = 1.0 if meeting.low else -1.0
            for s, columns in enumerate(by_slot):
                coefs = [sign, *[-sign] * len(columns)]
                self._model.row(f"each.{name}.{s}", [meal, *columns], coefs, -INFINITY, 0.0)
        return meal

    def nutrients(self) -> None:
        for n, (amounts, low, high) in enumerate(self._of.amounts):
            terms = [(c, float(amounts[dish])) for (dish, _), c in self._columns.items()]
            self._model.row(f"nutrient.{n}", [c for c, _ in terms], [a for _, a in terms], low, high)
