"""Who may meet whom on a day, and which meals a rule counts: rules over several slots, ready for days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimizer.engine.calendars import PatternBlock
from optimizer.engine.instance import Bools, Instance, counting, looked_at, matching
from optimizer.rules import CountRule, PairingRule, WeeklyCountRule
from optimizer.solver import Ints

Counts = Mapping[tuple[int, int], int]
"""Days by (dish, cell)."""


@dataclass(frozen=True)
class Pairing:
    """A pairing rule over dish flags (D)."""

    slot_a: int
    slot_b: int
    a: Bools
    b: Bools
    require: bool

    def holds(self, dish_a: int, dish_b: int) -> bool:
        return not self.a[dish_a] or bool(self.b[dish_b]) == self.require


@dataclass(frozen=True)
class Meeting:
    """One side of a count rule: `low` for a minimum, else a maximum."""

    rule: CountRule | WeeklyCountRule
    slots: tuple[int, ...]
    chosen: Bools
    low: bool

    def meals(self, week: Mapping[int, Sequence[int]], places: Sequence[int]) -> int:
        """Matching meals on these places of the week, over the slots placed so far.

        Exact when all are placed; before that the most there can be (all), or the fewest (any).
        """
        placed = [s for s in self.slots if s in week]
        if self.rule.every:
            return sum(all(self.chosen[week[s][p]] for s in placed) for p in places)
        return sum(any(self.chosen[week[s][p]] for s in placed) for p in places)

    def complete(self, week: Mapping[int, Sequence[int]]) -> bool:
        return all(s in week for s in self.slots)


def extreme(meeting: Meeting, block: PatternBlock, counts: Counts, cell: int, slot_of: Ints) -> int:
    """Most (low) or fewest matching meals a cell can be arranged to."""
    size = block.cells[cell].size
    by_slot = [
        sum(n for (d, c), n in counts.items() if c == cell and meeting.chosen[d] and slot_of[d] == s)
        for s in meeting.slots
    ]
    if meeting.low:
        return min(by_slot) if meeting.rule.every else min(size, sum(by_slot))
    spare = (len(by_slot) - 1) * size
    return max(0, sum(by_slot) - spare) if meeting.rule.every else max(by_slot)


def pairings(instance: Instance) -> list[Pairing]:
    """Every pairing rule."""
    slots = instance.problem.slots
    return [
        Pairing(
            slots.index(rule.slot_a), slots.index(rule.slot_b),
            matching(instance, rule.attribute_a, unknown_as=True),
            matching(instance, rule.attribute_b, unknown_as=rule.mode == "forbid"),
            rule.mode == "require",
        )
        for rule in instance.rules if isinstance(rule, PairingRule)
    ]  # fmt: skip


def meetings(instance: Instance) -> list[Meeting]:
    """Every hard count rule, one entry per side."""
    found = []
    for rule in instance.rules:
        if isinstance(rule, CountRule | WeeklyCountRule) and rule.hard:
            places = tuple(looked_at(instance, rule))
            if rule.minimum is not None:
                found.append(Meeting(rule, places, counting(instance, rule, unknown_as=False), True))
            if rule.maximum is not None:
                found.append(Meeting(rule, places, counting(instance, rule, unknown_as=True), False))
    return found
