"""Dishes of a week put on its days: spacing in days, pairing, and meals that several components make together.

Counts per cell already satisfy every rule that looks at one component; what is left is who meets whom on a day, and how
far a dish is from its last service. Weeks are ordered one after the other by a depth-first search over the slots, most
constrained first, with each slot's arrangements in a fixed order: small (at most 5 days) and reproducible. A week that
cannot be ordered is opened again (`week_mending`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

import numpy as np

from optimizer.blocks import scaled_bounds
from optimizer.engine.calendars import Pattern, PatternBlock
from optimizer.engine.instance import Bools, Instance
from optimizer.engine.meetings import Counts, Meeting, extreme, meetings, pairings
from optimizer.engine.week_mending import OpenWeek, Target
from optimizer.rules import NutrientTotalRule, SpacingRule, WeeklyCountRule
from optimizer.solver import INFINITY, Floats

MAX_STEPS = 1_500
Week = dict[int, Sequence[int]]
"""Dishes by slot, one per day in order."""
Mend = Callable[[OpenWeek], Mapping[int, Sequence[int]] | None]


class NoOrder(Exception):  # noqa: N818 - an answer to the search, not a failure of it
    """The dishes of a week cannot be put on its days; `tied` had the fewest days to choose from, fewest first."""

    def __init__(self, week: int, tied: Sequence[int]) -> None:
        super().__init__(week)
        self.week = week
        self.tied = tuple(tied)


@dataclass
class DayOrder:
    """Orders the weeks of one kitchen; remembers when each dish was served last."""

    instance: Instance
    pattern: Pattern
    served: dict[int, int] = field(default_factory=dict)
    placed: dict[int, dict[int, int]] = field(default_factory=dict)
    """dish of each day and slot: placed[day][slot]"""

    def __post_init__(self) -> None:
        self._pairings = pairings(self.instance)
        self._rules = meetings(self.instance)
        self._meetings = [rule for rule in self._rules if len(rule.slots) > 1]
        self._spacing = _day_spacing(self.instance)
        self._once = _once_a_week(self.instance)
        self.slots = self._slots_by_constraint()

    def order(self, block: PatternBlock, chosen: Counts, banned: Bools, mend: Mend) -> dict[tuple[int, int], int]:
        """Put the dishes of a block on its days, week after week; returns the counts as they then are.

        A week that cannot be ordered is given to `mend`; `banned` (D × weeks) says what is kept out of it. Raises
        `NoOrder` if that does not help either.
        """
        counts = dict(chosen)
        for week in block.weeks:
            try:
                found = self._order_week(block, counts, week)
            except NoOrder:
                mended = mend(self._open(block, counts, week, banned))
                if mended is None:
                    raise
                found = dict(mended)
                counts = self._recount(block, counts, week, found)
            self._place(block.days_by_week[week], found)
        return counts

    def far_enough(self, dish: int, day: int) -> bool:
        """Whether the rules that count days let the dish be served on `day`, after its last service."""
        within = self._spacing.get(int(self.instance.slot_of[dish]))
        return within is None or day - self.served.get(dish, -within) >= within

    def _order_week(self, block: PatternBlock, counts: Counts, week: int) -> Week:
        days = block.days_by_week[week]
        latest = self._latest_days(block, counts)
        options = {slot: list(self._arrangements(block, counts, week, slot, latest)) for slot in self.slots}
        for best in (True, False):
            targets = self._targets(block, counts, week, self._meetings, best=best)
            found = self._search({}, days, options, targets, [0])
            if found is not None:
                return found
        raise NoOrder(week, self._tied(block, counts, week, latest))

    def _place(self, days: Sequence[int], week: Week) -> None:
        for slot, dishes in week.items():
            for day, dish in zip(days, dishes, strict=True):
                self.placed[day] = {**self.placed.get(day, {}), slot: dish}
                self.served[dish] = max(day, self.served.get(dish, day))

    # -- search ---------------------------------------------------------------------------------------------------

    def _search(
        self,
        week: Week,
        days: Sequence[int],
        options: Mapping[int, list[tuple[int, ...]]],
        targets: Sequence[Target],
        steps: list[int],
    ) -> Week | None:
        if len(week) == len(self.slots):
            return dict(week)
        slot = self.slots[len(week)]
        for dishes in options[slot]:
            steps[0] += 1
            if steps[0] > MAX_STEPS:
                return None
            week[slot] = dishes
            if self._fits(week, slot, targets):
                found = self._search(week, days, options, targets, steps)
                if found is not None:
                    return found
            del week[slot]
        return None

    def _fits(self, week: Week, slot: int, targets: Sequence[Target]) -> bool:
        for pairing in self._pairings:
            if slot in (pairing.slot_a, pairing.slot_b) and pairing.slot_a in week and pairing.slot_b in week:
                pairs = zip(week[pairing.slot_a], week[pairing.slot_b], strict=True)
                if not all(pairing.holds(a, b) for a, b in pairs):
                    return False
        return all(self._meets(target, week) for target in targets if slot in target.meeting.slots)

    @staticmethod
    def _meets(target: Target, week: Week) -> bool:
        """Whether the slots placed so far can still reach the target."""
        meeting, low = target.meeting, target.meeting.low
        if not meeting.complete(week) and low != meeting.rule.every:
            return True
        meals = meeting.meals(week, target.places)
        return meals >= target.need if low else meals <= target.need

    def _arrangements(
        self, block: PatternBlock, counts: Counts, week: int, slot: int, latest: Mapping[tuple[int, int], int]
    ) -> Iterator[tuple[int, ...]]:
        """Every way to put the slot's dishes on the days of the week that keeps day spacing."""
        cells = block.cells_of_week(week)
        choices = []
        for c in cells:
            dishes = [
                d for (d, cell), n in sorted(counts.items())
                if cell == c and self.instance.slot_of[d] == slot for _ in range(n)
            ]  # fmt: skip
            choices.append(list(_distinct_permutations(dishes)))
        order = [day for c in cells for day in block.cells[c].days]
        days = block.days_by_week[week]
        place = [order.index(day) for day in days]
        for choice in product(*choices):
            flat = [dish for part in choice for dish in part]
            by_day = tuple(flat[p] for p in place)
            if self._spaced(slot, by_day, days, week, latest):
                yield by_day

    def _spaced(
        self, slot: int, dishes: Sequence[int], days: Sequence[int], week: int, latest: Mapping[tuple[int, int], int]
    ) -> bool:
        within = self._spacing.get(slot)
        if within is None:
            return True
        seen: dict[int, int] = {}
        for dish, day in zip(dishes, days, strict=True):
            late = day > latest.get((dish, week), day)
            if late or not self.far_enough(dish, day) or day - seen.get(dish, -within) < within:
                return False
            seen[dish] = day
        return True

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
            within = self._spacing[int(self.instance.slot_of[dish])]
            for week, following in pairwise(sorted(by_week)):
                latest[dish, week] = by_week[following] - within
        return latest

    def _tied(self, block: PatternBlock, counts: Counts, week: int, latest: Mapping[tuple[int, int], int]) -> list[int]:
        """Dishes of the week that spacing keeps from some of their cell's days, the most restricted first."""
        choices = []
        for dish, c in counts:
            if block.cells[c].week == week and int(self.instance.slot_of[dish]) in self._spacing:
                days = block.cells[c].days
                free = sum(self.far_enough(dish, day) and day <= latest.get((dish, week), day) for day in days)
                if free < len(days):
                    choices.append((free, dish))
        return [dish for _, dish in sorted(choices)]

    # -- what rules ask of a week -----------------------------------------------------------------------------------

    def _targets(
        self, block: PatternBlock, counts: Counts, week: int, rules: Sequence[Meeting], *, best: bool
    ) -> list[Target]:
        """What the week's days of each period should reach: the best they can, or what the rest cannot make up."""
        days = block.days_by_week[week]
        targets = []
        for meeting in rules:
            if isinstance(meeting.rule, WeeklyCountRule):
                periods = [(tuple(range(len(days))), _weekly_need(meeting))]
            else:
                periods = self._window_needs(meeting, block, counts, week)
            for places, need in periods:
                if best:
                    cells = [
                        c for c in block.cells_of_week(week) if block.cells[c].days[0] in {days[p] for p in places}
                    ]
                    need = sum(extreme(meeting, block, counts, c, self.instance.slot_of) for c in cells)
                targets.append(Target(meeting, places, need))
        return targets

    def _window_needs(
        self, meeting: Meeting, block: PatternBlock, counts: Counts, week: int
    ) -> list[tuple[tuple[int, ...], int]]:
        """Per window that the week touches: the places of its days, and what they must (low) or may have."""
        rule = meeting.rule
        assert not isinstance(rule, WeeklyCountRule)
        days = block.days_by_week[week]
        needs = []
        for window in sorted({self.pattern.window_of(day, rule.window) for day in days}):
            inside = self.pattern.window_days(window, rule.window)
            bounds = scaled_bounds(rule.minimum, rule.maximum, len(inside), rule.window)
            done = self._done(meeting, [d for d in inside if d < days[0]])
            later = [c for c, cell in enumerate(block.cells) if cell.week > week and cell.days[0] in inside]
            rest = sum(extreme(meeting, block, counts, c, self.instance.slot_of) for c in later)
            limit = bounds.minimum if meeting.low else bounds.maximum
            assert limit is not None
            needs.append((tuple(p for p, day in enumerate(days) if day in inside), limit - done - rest))
        return needs

    def _done(self, meeting: Meeting, days: Sequence[int]) -> int:
        served = [{s: [self.placed[d][s]] for s in meeting.slots} for d in days if d in self.placed]
        return sum(meeting.meals(meal, (0,)) for meal in served)

    # -- a week opened again ----------------------------------------------------------------------------------------

    def _open(self, block: PatternBlock, counts: Counts, week: int, banned: Bools) -> OpenWeek:
        """The week without its dishes: what may be on each day, and what the rules ask, given the rest of the block."""
        rest = {key: n for key, n in counts.items() if block.cells[key[1]].week != week}
        near = self._kept_out(block, rest, week)
        last = {
            d: min(block.cells[c].days[-1] for e, c in rest if e == d and block.cells[c].week > week)
            for d, cell in rest
            if block.cells[cell].week > week
        }

        def may_be(dish: int, day: int) -> bool:
            within = self._spacing.get(int(self.instance.slot_of[dish]), 0)
            room = not within or day <= last.get(dish, day + within) - within
            return not banned[dish, week] and dish not in near and room and self.far_enough(dish, day)

        targets = self._targets(block, rest, week, self._rules, best=False)
        amounts = self._amounts(block, rest, week)
        return OpenWeek(week, block.days_by_week[week], may_be, self._once, self._pairings, targets, amounts)

    def _kept_out(self, block: PatternBlock, rest: Counts, week: int) -> set[int]:
        """Dishes that rules counting weeks keep out, because the block serves them in a near week."""
        out = set()
        for rule in self.instance.rules:
            if isinstance(rule, SpacingRule) and rule.unit == "weeks":
                slots = {self.instance.problem.slots.index(slot) for slot in rule.slots}
                near = [d for d, c in rest if abs(block.cells[c].week - week) < rule.within]
                out |= {d for d in near if int(self.instance.slot_of[d]) in slots}
        return out

    def _amounts(self, block: PatternBlock, rest: Counts, week: int) -> list[tuple[Floats, float, float]]:
        """Nutrient rules: amount per dish, and what the week's dishes may add up to, other weeks being as they are."""
        found = []
        for rule in self.instance.rules:
            if not isinstance(rule, NutrientTotalRule) or not rule.hard:
                continue
            days = block.days_by_week[week]
            inside = self.pattern.window_days(self.pattern.window_of(days[0], rule.window), rule.window)
            for limit, low in ((rule.min_per_meal, True), (rule.max_per_meal, False)):
                if limit is None:
                    continue
                dishes = [self.instance.problem.dishes[d] for d in self.instance.dishes]
                unknown = 0.0 if low else float(limit)
                amounts = np.array([float(dish.nutrients.get(rule.nutrient, unknown)) for dish in dishes])
                done = sum(amounts[d] for day in inside if day < days[0] for d in self.placed.get(day, {}).values())
                later = sum(
                    amounts[d] * n for (d, c), n in rest.items()
                    if block.cells[c].week > week and block.cells[c].days[0] in inside
                )  # fmt: skip
                left = float(limit) * len(inside) - float(done) - float(later)
                found.append((amounts, left, INFINITY) if low else (amounts, -INFINITY, left))
        return found

    def _recount(self, block: PatternBlock, counts: Counts, week: int, found: Week) -> dict[tuple[int, int], int]:
        kept = {key: n for key, n in counts.items() if block.cells[key[1]].week != week}
        days = block.days_by_week[week]
        for c in block.cells_of_week(week):
            for day in block.cells[c].days:
                for dishes in found.values():
                    key = (dishes[days.index(day)], c)
                    kept[key] = kept.get(key, 0) + 1
        return kept

    def _slots_by_constraint(self) -> list[int]:
        """Slots whose placing is most constrained first: day spacing, then pairing, then common meals."""

        def weight(slot: int) -> tuple[int, int, int]:
            paired = sum(slot in (p.slot_a, p.slot_b) for p in self._pairings)
            met = sum(slot in m.slots for m in self._meetings)
            return (-int(slot in self._spacing), -paired, -met)

        return sorted(range(len(self.instance.problem.slots)), key=weight)


def _weekly_need(meeting: Meeting) -> int:
    limit = meeting.rule.minimum if meeting.low else meeting.rule.maximum
    assert limit is not None
    return limit


def _distinct_permutations(dishes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if not dishes:
        yield ()
        return
    for n, first in enumerate(dishes):
        if first not in dishes[:n]:
            for rest in _distinct_permutations([*dishes[:n], *dishes[n + 1 :]]):
                yield (first, *rest)


def _day_spacing(instance: Instance) -> dict[int, int]:
    within: dict[int, int] = {}
    for rule in instance.rules:
        if isinstance(rule, SpacingRule) and rule.unit == "days":
            for slot in rule.slots:
                place = instance.problem.slots.index(slot)
                within[place] = max(within.get(place, 0), rule.within)
    return within


def _once_a_week(instance: Instance) -> Bools:
    """Slots whose dishes the plan serves at most once a week."""
    once = np.zeros(len(instance.problem.slots), dtype=np.bool_)
    for rule in instance.rules:
        if isinstance(rule, SpacingRule) and (rule.unit == "weeks" or rule.within > 1):
            once[[instance.problem.slots.index(slot) for slot in rule.slots]] = True
    return once
