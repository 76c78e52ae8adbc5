"""Dishes of a week put on its days: spacing in days, pairing, and meals that several components make together.

Counts per cell already satisfy every rule that looks at one component; what is left is who meets whom on a day, and
how far a dish is from its last service. Weeks are ordered one after the other by a depth-first search over the slots,
most constrained first, with each slot's arrangements in a fixed order: small (at most 5 days), exact and
reproducible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from optimizer.blocks import scaled_bounds
from optimizer.engine.calendars import Pattern, PatternBlock
from optimizer.engine.instance import Bools, Instance
from optimizer.engine.menu_rows import matching, owns_week
from optimizer.rules import CountRule, PairingRule, SpacingRule, WeeklyCountRule
from optimizer.solver import Ints

Counts = Mapping[tuple[int, int], int]
MAX_STEPS = 60_000


class NoOrder(Exception):  # noqa: N818 - named for what it says of the week
    """The dishes of a week cannot be put on its days; `tied` had the fewest days to choose from, fewest first."""

    def __init__(self, week: int, tied: Sequence[int]) -> None:
        super().__init__(week)
        self.week = week
        self.tied = tuple(tied)


@dataclass(frozen=True)
class _Pairing:
    slot_a: int
    slot_b: int
    a: Bools
    b: Bools
    require: bool

    def holds(self, dish_a: int, dish_b: int) -> bool:
        return not self.a[dish_a] or bool(self.b[dish_b]) == self.require


@dataclass(frozen=True)
class _Meeting:
    """A count rule over several slots, one side of it: `low` for a minimum, else a maximum."""

    rule: CountRule | WeeklyCountRule
    slots: tuple[int, ...]
    chosen: Bools
    low: bool

    def meals(self, week: Mapping[int, Sequence[int]], days: int) -> int:
        """Matching meals among the slots placed so far: exact when all are, else the most there can be."""
        placed = [s for s in self.slots if s in week]
        if self.rule.match == "all":
            return sum(all(self.chosen[week[s][d]] for s in placed) for d in range(days))
        return sum(any(self.chosen[week[s][d]] for s in placed) for d in range(days))

    def complete(self, week: Mapping[int, Sequence[int]]) -> bool:
        return all(s in week for s in self.slots)


@dataclass
class DayOrder:
    """Orders the weeks of one kitchen; remembers when each dish was served last. Raises `NoOrder`."""

    instance: Instance
    pattern: Pattern
    served: dict[int, int] = field(default_factory=dict)
    placed: dict[int, dict[int, int]] = field(default_factory=dict)
    """dish of each day and slot: placed[day][slot]"""

    def __post_init__(self) -> None:
        self._slots = _slots_by_constraint(self.instance)
        self._pairings = _pairings(self.instance)
        self._meetings = _meetings(self.instance)
        self._spacing = _day_spacing(self.instance)
        self._latest: dict[tuple[int, int], int] = {}

    @property
    def slots(self) -> list[int]:
        """Slots in the order in which they are placed, most constrained first."""
        return self._slots

    def order_block(self, block: PatternBlock, counts: Counts) -> None:
        """Put a block's dishes on its days, after all earlier blocks. Raises `NoOrder`; then nothing has changed."""
        served, placed = dict(self.served), dict(self.placed)
        self._latest = self._latest_days(block, counts)
        try:
            for week in block.weeks:
                self._order_week(block, counts, week)
        except NoOrder:
            self.served, self.placed = served, placed
            raise

    def _latest_days(self, block: PatternBlock, counts: Counts) -> dict[tuple[int, int], int]:
        """By (dish, week): the last day that leaves the dish's next service in the block far enough away."""
        uses: dict[int, dict[int, int]] = {}
        for dish, c in counts:
            cell = block.cells[c]
            if int(self.instance.slot_of[dish]) in self._spacing:
                by_week = uses.setdefault(dish, {})
                by_week[cell.week] = max(cell.days[-1], by_week.get(cell.week, 0))
        latest = {}
        for dish, by_week in uses.items():
            weeks = sorted(by_week)
            within = self._spacing[int(self.instance.slot_of[dish])]
            for week, following in pairwise(weeks):
                latest[dish, week] = by_week[following] - within
        return latest

    def _order_week(self, block: PatternBlock, counts: Counts, week: int) -> None:
        cells = block.cells_of_week(week)
        days = sorted(day for c in cells for day in block.cells[c].days)
        arrangements = {slot: list(self._arrangements(block, counts, cells, days, slot)) for slot in self._slots}
        found = None
        for needs in self._targets(block, counts, week, cells):
            found = found or self._search({}, 0, days, arrangements, needs, [0])
        if found is None:
            raise NoOrder(week, self._tied(block, counts, cells, week))
        for slot, dishes in found.items():
            for day, dish in zip(days, dishes, strict=True):
                self.placed.setdefault(day, {})[slot] = dish
                self.served[dish] = max(day, self.served.get(dish, day))

    def _search(
        self,
        week: dict[int, Sequence[int]],
        depth: int,
        days: Sequence[int],
        arrangements: Mapping[int, list[tuple[int, ...]]],
        needs: Sequence[int],
        steps: list[int],
    ) -> dict[int, Sequence[int]] | None:
        if depth == len(self._slots):
            return dict(week)
        slot = self._slots[depth]
        for dishes in arrangements[slot]:
            steps[0] += 1
            if steps[0] > MAX_STEPS:
                return None
            week[slot] = dishes
            if self._fits(week, slot, len(days), needs):
                found = self._search(week, depth + 1, days, arrangements, needs, steps)
                if found is not None:
                    return found
            del week[slot]
        return None

    def _fits(self, week: Mapping[int, Sequence[int]], slot: int, days: int, needs: Sequence[int]) -> bool:
        for pairing in self._pairings:
            if slot in (pairing.slot_a, pairing.slot_b) and pairing.slot_a in week and pairing.slot_b in week:
                pairs = zip(week[pairing.slot_a], week[pairing.slot_b], strict=True)
                if not all(pairing.holds(a, b) for a, b in pairs):
                    return False
        for meeting, need in zip(self._meetings, needs, strict=True):
            if slot in meeting.slots and not self._meets(meeting, need, week, days):
                return False
        return True

    @staticmethod
    def _meets(meeting: _Meeting, need: int, week: Mapping[int, Sequence[int]], days: int) -> bool:
        if meeting.complete(week):
            meals = meeting.meals(week, days)
            return meals >= need if meeting.low else meals <= need
        if meeting.low and meeting.rule.match == "all":
            return meeting.meals(week, days) >= need
        if not meeting.low and meeting.rule.match == "any":
            return meeting.meals(week, days) <= need
        return True

    def _tied(self, block: PatternBlock, counts: Counts, cells: Sequence[int], week: int) -> list[int]:
        """Dishes of the week that spacing keeps from some of their cell's days, the most restricted first."""
        choices = []
        for dish, c in counts:
            if c in cells and int(self.instance.slot_of[dish]) in self._spacing:
                days = block.cells[c].days
                free = sum(self._may_be_on(dish, day, week) for day in days)
                if free < len(days):
                    choices.append((free, dish))
        return [dish for _, dish in sorted(choices)]

    def _targets(self, block: PatternBlock, counts: Counts, week: int, cells: Sequence[int]) -> Iterator[list[int]]:
        """For each meeting rule what the week should reach: the best it can, then what later weeks cannot make up."""
        yield [
            sum(_extreme(meeting, block, counts, c, self.instance.slot_of) for c in cells) for meeting in self._meetings
        ]
        yield [self._allowance(meeting, block, counts, week) for meeting in self._meetings]

    def _allowance(self, meeting: _Meeting, block: PatternBlock, counts: Counts, week: int) -> int:
        """Matching meals this week must (low) or may (not low) have, for the rest of the period to make up the rule."""
        rule = meeting.rule
        if isinstance(rule, WeeklyCountRule):
            return self._weekly_allowance(meeting, block, week)
        day = block.cells[block.cells_of_week(week)[0]].days[0]
        inside = range(day // rule.window * rule.window, (day // rule.window + 1) * rule.window)
        meals = min(inside.stop, len(self.pattern.dates)) - inside.start
        bounds = scaled_bounds(rule.minimum, rule.maximum, meals, rule.window)
        done = self._done(meeting, [d for d in inside if d < day])
        later = [c for c, cell in enumerate(block.cells) if cell.week > week and cell.days[0] in inside]
        rest = sum(_extreme(meeting, block, counts, c, self.instance.slot_of) for c in later)
        limit = bounds.minimum if meeting.low else bounds.maximum
        assert limit is not None
        return limit - done - rest

    def _weekly_allowance(self, meeting: _Meeting, block: PatternBlock, week: int) -> int:
        first = self.pattern.first_day_of_week(week)
        days = range(first, first + self.pattern.week_days[week])
        here = {day for c in block.cells_of_week(week) for day in block.cells[c].days}
        done = self._done(meeting, [d for d in days if d in self.placed and d not in here])
        limit = meeting.rule.minimum if meeting.low else meeting.rule.maximum
        assert limit is not None
        rest_in_next_block = any(d not in self.placed and d not in here for d in days)
        if meeting.low and rest_in_next_block and not owns_week(self.pattern, block, week):
            return 0
        return limit - done

    def matched(self, rule: WeeklyCountRule, week: int) -> int | None:
        """Meals of a week, among the days ordered so far, that match the rule for sure; None if no day is ordered."""
        first = self.pattern.first_day_of_week(week)
        days = [d for d in range(first, first + self.pattern.week_days[week]) if d in self.placed]
        if not days:
            return None
        slots = tuple(self.instance.problem.slots.index(slot) for slot in rule.slots)
        chosen = matching(self.instance, rule.attribute, unknown_as=rule.maximum is not None)
        return self._done(_Meeting(rule, slots, chosen, rule.minimum is not None), days)

    def _done(self, meeting: _Meeting, days: Sequence[int]) -> int:
        return sum(meeting.meals({s: [self.placed[d][s]] for s in meeting.slots}, 1) for d in days if d in self.placed)

    def _arrangements(
        self, block: PatternBlock, counts: Counts, cells: Sequence[int], days: Sequence[int], slot: int
    ) -> Iterator[tuple[int, ...]]:
        """Every way to put the slot's dishes on the days (in order of `days`) that keeps day spacing."""
        options = []
        for c in cells:
            dishes = [
                d for (d, cell), n in sorted(counts.items())
                if cell == c and self.instance.slot_of[d] == slot for _ in range(n)
            ]  # fmt: skip
            options.append(list(_distinct_permutations(dishes)))
        order = [day for c in cells for day in block.cells[c].days]
        place = [order.index(day) for day in days]
        for choice in product(*options):
            flat = [dish for part in choice for dish in part]
            dishes_by_day = tuple(flat[p] for p in place)
            if self._spaced(slot, dishes_by_day, days, block.cells[cells[0]].week):
                yield dishes_by_day

    def _spaced(self, slot: int, dishes: Sequence[int], days: Sequence[int], week: int) -> bool:
        if slot not in self._spacing:
            return True
        seen: dict[int, int] = {}
        for dish, day in zip(dishes, days, strict=True):
            if not self._may_be_on(dish, day, week) or day - seen.get(dish, -self._spacing[slot]) < self._spacing[slot]:
                return False
            seen[dish] = day
        return True

    def far_enough(self, dish: int, day: int) -> bool:
        """Whether the rules that count days let the dish be served on `day`, after its last service."""
        within = self._spacing.get(int(self.instance.slot_of[dish]))
        return within is None or day - self.served.get(dish, -within) >= within

    def _may_be_on(self, dish: int, day: int, week: int) -> bool:
        """Far enough from the dish's last service, and leaving room for its next one."""
        return self.far_enough(dish, day) and day <= self._latest.get((dish, week), day)


def _extreme(meeting: _Meeting, block: PatternBlock, counts: Counts, cell: int, slot_of: Ints) -> int:
    """Most (low) or fewest matching meals a cell can be arranged to."""
    size = block.cells[cell].size
    by_slot = [
        sum(n for (d, c), n in counts.items() if c == cell and meeting.chosen[d] and slot_of[d] == s)
        for s in meeting.slots
    ]
    if meeting.low:
        return min(size, sum(by_slot)) if meeting.rule.match == "any" else min(by_slot)
    spare = (len(by_slot) - 1) * size
    return max(by_slot) if meeting.rule.match == "any" else max(0, sum(by_slot) - spare)


def _distinct_permutations(dishes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if not dishes:
        yield ()
        return
    for n, first in enumerate(dishes):
        if first not in dishes[:n]:
            for rest in _distinct_permutations([*dishes[:n], *dishes[n + 1 :]]):
                yield (first, *rest)


def _pairings(instance: Instance) -> list[_Pairing]:
    slots = instance.problem.slots
    return [
        _Pairing(
            slots.index(rule.slot_a), slots.index(rule.slot_b),
            matching(instance, rule.attribute_a, unknown_as=True),
            matching(instance, rule.attribute_b, unknown_as=rule.mode == "forbid"),
            rule.mode == "require",
        )
        for rule in instance.rules if isinstance(rule, PairingRule)
    ]  # fmt: skip


def _meetings(instance: Instance) -> list[_Meeting]:
    found = []
    slots = instance.problem.slots
    for rule in instance.rules:
        if isinstance(rule, CountRule | WeeklyCountRule) and len(rule.slots) > 1 and rule.hard:
            places = tuple(slots.index(slot) for slot in rule.slots)
            if rule.minimum is not None:
                found.append(_Meeting(rule, places, matching(instance, rule.attribute, unknown_as=False), True))
            if rule.maximum is not None:
                found.append(_Meeting(rule, places, matching(instance, rule.attribute, unknown_as=True), False))
    return found


def _day_spacing(instance: Instance) -> dict[int, int]:
    within: dict[int, int] = {}
    for rule in instance.rules:
        if isinstance(rule, SpacingRule) and rule.unit == "days":
            for slot in rule.slots:
                place = instance.problem.slots.index(slot)
                within[place] = max(within.get(place, 0), rule.within)
    return within


def _slots_by_constraint(instance: Instance) -> list[int]:
    """Slots whose placing is most constrained first: day spacing, then pairing, then common meals."""
    spacing, pairings, meetings = _day_spacing(instance), _pairings(instance), _meetings(instance)

    def weight(slot: int) -> tuple[int, int, int]:
        paired = sum(slot in (p.slot_a, p.slot_b) for p in pairings)
        met = sum(slot in m.slots for m in meetings)
        return (-int(slot in spacing), -paired, -met)

    return sorted(range(len(instance.problem.slots)), key=weight)
