"""What kitchens would buy of a supplier whose drop they share, and what that saves at given prices.

Lines move to the supplier from others: as far as those stay worth their own minimum, or all that one brings, so that it
need not come. What saves moves first; then, the cheapest euro first, what it takes for each door and for the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from optimizer.engine.kitchen_week import Change, KitchenWeek, Move
from optimizer.engine.week_model import SPECK


@dataclass(frozen=True)
class Joining:
    """Changes by kitchen, and the priced € that they save together."""

    gain: float
    changes: Sequence[tuple[int, Change]]


@dataclass(frozen=True, slots=True)
class _Step:
    """A line that may move: priced € and € of the drop per kg, the line, the supplier's offer, who loses it."""

    cost: float
    worth: float
    line: int
    offer: int
    donor: int


def cheapest_joining(supplier: int, weeks: Sequence[tuple[int, KitchenWeek, float]], least: float) -> Joining | None:
    """The kitchens (number, week, least € at its door) that join, if together they reach `least` €; else None."""
    taken: dict[int, float] = {}
    members = [_Member(k, week, supplier, door + week.rounding(supplier), taken) for k, week, door in weeks]
    joining = [of for of in members if of.joins()]
    needed = least + sum(of.week.rounding(supplier) for of in joining)
    lacks = needed - sum(of.amount for of in joining)
    for step, member in sorted(((s, of) for of in joining for s in of.steps), key=lambda each: _rank(each[0])):
        if lacks <= SPECK:
            break
        lacks -= member.move(step, lacks / step.worth)
    if lacks > SPECK:
        return None
    changed = [of for of in joining if of.moves]
    gain = -sum(of.extra for of in changed)
    return Joining(gain, [(of.kitchen, Change(of.extra, supplier, False, of.moves)) for of in changed])


def _rank(step: _Step) -> tuple[float, int, int]:
    return step.cost / step.worth, step.line, step.offer


@dataclass
class _Member:
    """One kitchen while it is asked: what it has moved so far (`moves`, `extra` priced €) and the drop's € (`amount`).

    `taken` = kg of the supplier's offers that members of the group took already.
    """

    kitchen: int
    week: KitchenWeek
    supplier: int
    door: float
    taken: dict[int, float]
    moves: list[Move] = field(default_factory=list)
    extra: float = 0.0

    def __post_init__(self) -> None:
        values = self.week.values()
        self.amount = values.get(self.supplier, 0.0)
        self._comes = self.supplier in values
        self._kept = dict(self.week.lines)
        self._left = {t: value - self.week.least(t) for t, value in values.items() if t != self.supplier}
        self._room_for_one_more = all(len(values) < of.most for of in self.week.limits)
        self.steps = sorted(self._steps(), key=_rank)

    def joins(self) -> bool:
        """Move what saves, then what the door asks for; whether the kitchen then takes part."""
        if not self._comes and not self._room_for_one_more:
            return False
        for donor in sorted(self._left):
            self._take_from(donor)
        for step in self.steps:
            if self.amount >= self.door - SPECK:
                break
            self.move(step, (self.door - self.amount) / step.worth)
        joined = self._comes or (self.amount >= self.door - SPECK and self.extra < 0)
        if not joined:
            self._undo()
        return joined

    def move(self, step: _Step, most: float) -> float:
        """Move up to so many kg as their seller can lose; the € that the drop gains."""
        left = self._left[step.donor]
        most = min(most, left / float(self.week.unit[step.line]) if left > 0 else 0.0)
        return self._moved(step, most)

    def _moved(self, step: _Step, most: float) -> float:
        kg = min(most, self._kept[step.line], self._free(step.offer))
        if kg <= SPECK:
            return 0.0
        self.moves.append(Move(step.line, step.offer, kg))
        self._kept[step.line] -= kg
        self._left[step.donor] -= kg * float(self.week.unit[step.line])
        self.taken[step.offer] = self.taken.get(step.offer, 0.0) + kg
        self.extra += kg * step.cost
        self.amount += kg * step.worth
        return kg * step.worth

    def _free(self, offer: int) -> float:
        return float(self.week.free[offer]) - self.taken.get(offer, 0.0)

    def _steps(self) -> list[_Step]:
        """The supplier's cheapest offer for each line of another."""
        of, found = self.week, []
        seller = of.instance.supplier_of
        for line, kg in of.lines.items():
            donor = int(seller[line])
            if kg <= SPECK or donor == self.supplier:
                continue
            rivals = of.rivals[int(of.instance.ingredient_of[line])]
            offer = next((o for o in rivals if seller[o] == self.supplier and self._free(o) > SPECK), None)
            if offer is not None:
                cost, worth = float(of.priced[offer] - of.priced[line]), float(of.unit[offer])
                found.append(_Step(cost, max(worth, SPECK), line, offer, donor))
        return found

    def _take_from(self, donor: int) -> None:
        """All that one brings if that saves more than what it can spare; no drop that others count on."""
        steps = [step for step in self.steps if step.donor == donor]
        saving = [step for step in steps if step.cost < 0]
        spared = self._spared(saving, self._left[donor])
        if self._can_do_without(donor, steps):
            whole = sum(self._kept[step.line] * step.cost for step in steps)
            if whole < min(spared, 0.0) - SPECK:
                for step in steps:
                    self._moved(step, self._kept[step.line])
                return
        for step in saving:
            self.move(step, self._kept[step.line])

    def _spared(self, saving: Sequence[_Step], left: float) -> float:
        """Priced € of moving what the seller can lose."""
        cost = 0.0
        for step in saving:
            unit = float(self.week.unit[step.line])
            kg = min(self._kept[step.line], self._free(step.offer), max(0.0, left) / unit)
            left -= kg * unit
            cost += kg * step.cost
        return cost

    def _can_do_without(self, donor: int, steps: Sequence[_Step]) -> bool:
        lines = [o for o, kg in self.week.lines.items() if kg > SPECK and self.week.instance.supplier_of[o] == donor]
        alone = self._left[donor] >= -SPECK and donor not in self.week.shared
        room = all(self._free(step.offer) >= self._kept[step.line] for step in steps)
        return alone and room and len(steps) == len(lines) == len({step.offer for step in steps})

    def _undo(self) -> None:
        for move in self.moves:
            self.taken[move.target] -= move.kg
        self.moves.clear()
        self.extra, self.amount = 0.0, 0.0
