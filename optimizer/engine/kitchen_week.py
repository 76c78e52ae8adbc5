"""One kitchen's week at given prices: which suppliers come, so that no drop is below its minimum nor one too many.

A drop that is too small is either made up with goods that the kitchen buys of others, or given up and its goods bought
of those who come anyway; of all such changes the cheapest is made first. A supplier given up does not come back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from optimizer.engine.instance import DropLimit, Instance
from optimizer.engine.week_model import SPECK, best_week
from optimizer.solver import Floats

GRAM = 1e-3
CENT = 0.005
"""Euros that rounding an amount to the cent can take away."""


@dataclass(frozen=True, slots=True)
class Move:
    """kg of an ingredient bought of another offer."""

    source: int
    target: int
    kg: float


@dataclass(frozen=True, slots=True)
class Change:
    """Moves that make up or give up a supplier's drop, and what they add to the priced cost (€)."""

    extra: float
    supplier: int
    given_up: bool
    moves: Sequence[Move]


@dataclass
class KitchenWeek:
    """`lines` = kg by offer; `unit`, `priced` = €/kg by offer (O), true and at prices; `free` = kg left that week (O).

    `rivals` = offers on sale at the kitchen by ingredient, cheapest priced first; `resort` = suppliers that may come
    although they do not yet; `limits` = how many may come; `shared` = suppliers whose drop others may count on.
    """

    instance: Instance
    lines: dict[int, float]
    unit: Floats
    priced: Floats
    free: Floats
    rivals: Mapping[int, Sequence[int]]
    resort: frozenset[int]
    limits: Sequence[DropLimit]
    shared: frozenset[int] = frozenset()
    shut: set[int] = field(default_factory=set)
    made_up: set[int] = field(default_factory=set)
    _least: dict[int, float] = field(default_factory=dict)

    def settle(self) -> None:
        """Change what is bought until every drop is worth its minimum and few enough come; what cannot be, stays.

        The cheapest change first, each once; a week that is still not right is solved whole.
        """
        start = dict(self.lines)
        while choices := self._choices():
            self.make(min(choices, key=lambda change: (change.extra, change.supplier)))
        if not self.right():
            self.buy(start)
            self.buy(best_week(self) or start)

    def right(self) -> bool:
        """Whether every drop is worth its minimum, and no limit that cannot be bought off is passed."""
        values = self.values()
        enough = all(value >= self.least(s) - SPECK for s, value in values.items())
        return enough and all(len(values) <= of.most for of in self.limits if of.hard)

    def fee(self, drops: int) -> float:
        """€ of so many drops: of each limit passed, its price for every drop beyond."""
        return sum(max(0, drops - of.most) * of.price for of in self.limits)

    def buy(self, lines: Mapping[int, float]) -> None:
        """Buy this instead of what is bought."""
        for o, kg in self.lines.items():
            self.free[o] += kg
        self.lines.clear()
        for o, kg in lines.items():
            self.lines[o] = kg
            self.free[o] = max(0.0, float(self.free[o]) - kg)

    def _choices(self) -> list[Change]:
        values = self.values()
        small = {s for s, value in values.items() if value < self.least(s) - SPECK}
        saved = self.fee(len(values)) - self.fee(len(values) - 1)
        return [change for s in sorted(values) for change in self._changes(s, values, s in small, saved)]

    def values(self) -> dict[int, float]:
        """€ of each supplier's drop."""
        found: dict[int, float] = {}
        for o, kg in self.lines.items():
            if kg > SPECK:
                s = int(self.instance.supplier_of[o])
                found[s] = found.get(s, 0.0) + kg * float(self.unit[o])
        return found

    def least(self, supplier: int) -> float:
        """€ from which a drop stays worth its minimum whatever whole grams and cents take from its lines."""
        if supplier not in self._least:
            minimum = float(self.instance.least_drop[supplier])
            self._least[supplier] = minimum + self.rounding(supplier) if minimum > 0 else 0.0
        return self._least[supplier]

    def rounding(self, supplier: int) -> float:
        """€ that whole grams and cents can take from a drop: of each line it could have a gram and half a cent."""
        mine = self.instance.supplier_of
        units = [float(self.unit[o]) for of in self.rivals.values() for o in of if mine[o] == supplier]
        return sum(GRAM * unit + CENT for unit in units)

    def _changes(self, s: int, values: Mapping[int, float], small: bool, saved: float) -> list[Change]:
        """Ways to mend a drop that is too small, or to do without one of too many."""
        found = [self._made_up(s, values)] if small and s not in self.made_up else []
        if small or saved > 0:
            found.append(self._given_up(s, saved, needed=small))
        return [change for change in found if change is not None]

    def _given_up(self, s: int, saved: float, *, needed: bool) -> Change | None:
        """All goods of a drop bought of others; None if nobody has them, or without need if that saves nothing."""
        moves: list[Move] = []
        taken: dict[int, float] = {}
        extra = -saved
        for o, kg in self.lines.items():
            if self.instance.supplier_of[o] != s or kg <= SPECK:
                continue
            rest = kg
            for other in self.rivals[int(self.instance.ingredient_of[o])]:
                if not self._open(int(self.instance.supplier_of[other]), s):
                    continue
                part = min(rest, float(self.free[other]) - taken.get(other, 0.0))
                if part > SPECK:
                    moves.append(Move(o, other, part))
                    taken[other] = taken.get(other, 0.0) + part
                    extra += part * float(self.priced[other] - self.priced[o])
                    rest -= part
                if rest <= SPECK:
                    break
            if rest > SPECK:
                return None
        return Change(extra, s, True, moves) if needed or extra < 0 else None

    def _open(self, supplier: int, given_up: int) -> bool:
        if supplier == given_up or supplier in self.shut:
            return False
        return supplier in self.resort or any(
            kg > SPECK and self.instance.supplier_of[o] == supplier for o, kg in self.lines.items()
        )

    def _made_up(self, s: int, values: Mapping[int, float]) -> Change | None:
        """Enough goods of others bought of this supplier too, where that is cheapest; None if there are not enough."""
        gap = self.least(s) - values[s]
        moves: list[Move] = []
        left = {t: value - self.least(t) for t, value in values.items()}
        kept, taken, extra = dict(self.lines), dict[int, float](), 0.0
        for cost, gain, o, j in self._offered(s):
            donor = int(self.instance.supplier_of[j])
            part = min(kept[j], float(self.free[o]) - taken.get(o, 0.0), gap / gain)
            if donor != s and left[donor] >= 0:
                part = min(part, left[donor] / float(self.unit[j]))
            if part <= SPECK:
                continue
            moves.append(Move(j, o, part))
            kept[j] -= part
            taken[o] = taken.get(o, 0.0) + part
            if donor != s:
                left[donor] -= part * float(self.unit[j])
            extra += part * cost
            gap -= part * gain
            if gap <= SPECK:
                return Change(extra, s, False, moves)
        return None

    def _offered(self, s: int) -> list[tuple[float, float, int, int]]:
        """(priced €, true € gained, offer of the supplier, line that gives way) per kg, the cheapest euro first."""
        found = []
        for j, kg in self.lines.items():
            if kg <= SPECK:
                continue
            same = self.instance.supplier_of[j] == s
            for o in self.rivals[int(self.instance.ingredient_of[j])]:
                if o == j or self.instance.supplier_of[o] != s:
                    continue
                gain = float(self.unit[o] - (self.unit[j] if same else 0.0))
                if gain > GRAM:
                    found.append((float(self.priced[o] - self.priced[j]), gain, o, j))
        return sorted(found, key=lambda each: (each[0] / each[1], each[2], each[3]))

    def make(self, change: Change) -> None:
        for move in change.moves:
            self.lines[move.source] -= move.kg
            self.lines[move.target] = self.lines.get(move.target, 0.0) + move.kg
            self.free[move.source] += move.kg
            self.free[move.target] -= move.kg
        for o in [o for o, kg in self.lines.items() if kg <= SPECK]:
            del self.lines[o]
        (self.shut if change.given_up else self.made_up).add(change.supplier)
