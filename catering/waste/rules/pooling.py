"""Share of each dish that comes back, learnt from few weighings by partial pooling (decision 0096).

One row is what came back of some components of one service of one kitchen, as a share of what one cover was served:
of one dish where it was weighed by itself, of the whole tray where only the total was. The share of dish d (family f)
in kitchen k is

    μ + family_f + dish_d + kitchen_k + cell_dk        every effect normal around 0, with a variance of its own

and a row is the mean of its dishes' shares, weighted by what they weigh, plus noise. Known variances make it a linear
system (Henderson's equations) whose solution shrinks each effect towards 0 as its own weighings are few; the variances
are those that EM finds, with a weak prior so that three kitchens do not decide that kitchens are all alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MODEL = "pooling/2"
"""Changed with anything that changes a figure: it is kept with what was learnt."""
Z = 1.96  # legal-number: 95 of 100 of a normal law
ROUNDS = 300  # legal-number: most rounds of EM
SETTLED = 1e-4
OF_NORMAL = 1.4826  # legal-number: standard deviation of a normal law over its median distance
FLAT = 1.0
"""Variance of the overall mean: as good as unknown, for a share."""
PRIOR_ROWS = 2.0
"""How many observations the prior of a variance is worth."""
PRIOR = {
    "family": 0.0025,  # legal-number: 0.05 squared
    "dish": 0.0025,  # legal-number: 0.05 squared
    "kitchen": 0.0009,  # legal-number: 0.03 squared
    "cell": 0.0009,  # legal-number: 0.03 squared
    "noise": 0.0064,  # legal-number: 0.08 squared
}
"""Where variances start from and what they are drawn to: five points of share between dishes, eight between days."""
EFFECTS = ("family", "dish", "kitchen")
TAME, LEAST_TAME = 4.0, 0.16  # legal-number: spreads from a dish's median, and the least of it: two usual days of noise
"""Beyond so many usual spreads a weighing is drawn in: one slip must not make noise of all the others."""
FEWEST = 3
"""Weighings of a dish by itself that have a median."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back of some dishes of one service. ``share`` of what a cover of them weighs; ``grams`` of each."""

    kitchen: int
    grams: Mapping[int, int]
    """Grams served per cover, by dish; one dish when it was weighed by itself."""
    share: float


@dataclass(frozen=True, slots=True)
class DishShare:
    """What is known of one dish in a kitchen like the others. ``weight``: how much of it is its own weighings' doing.

    ``weight`` = i / (i + 1 / variance between dishes), i being what its weighings by itself tell (1 / variance of a
    cell's mean, added): 0 says that the dish is taken for its family, 1 that its own weighings settle it. What trays
    weighed whole tell is in ``error`` alone. ``alone`` and ``together`` count its weighings of both sorts.
    """

    mean: float
    error: float
    weight: float
    alone: int
    together: int
    family: float = 0.0
    """Mean share of the dishes of its family: what a dish is taken for until it was weighed enough."""

    @property
    def interval(self) -> tuple[float, float]:
        """Ends that hold the share 95 times in 100, never outside of 0 to 1."""
        return max(0.0, self.mean - Z * self.error), min(1.0, self.mean + Z * self.error)


@dataclass(frozen=True)
class Learnt:
    """What weighings say of every dish, of every kitchen, and of a dish in a kitchen beyond both."""

    dishes: Mapping[int, DishShare]
    kitchens: Mapping[int, float]
    cells: Mapping[tuple[int, int], float]
    """Own effect of (kitchen, dish), where the dish was weighed by itself."""
    variances: Mapping[str, float]
    rows: int
    covariance: Floats = field(repr=False, compare=False)
    order: tuple[int, ...] = field(repr=False, compare=False)
    """Dishes that were weighed, in the order of ``covariance``."""

    def share(self, kitchen: int, dish: int) -> float:
        """Expected share of a dish that comes back in a kitchen, 0 to 1."""
        known = self.dishes[dish].mean + self.kitchens.get(kitchen, 0.0) + self.cells.get((kitchen, dish), 0.0)
        return min(1.0, max(0.0, known))

    def family_share(self, kitchen: int, dish: int) -> float:
        """The same of a dish of its family that nobody weighed: nothing of its own weighings but what moved both."""
        return min(1.0, max(0.0, self.dishes[dish].family + self.kitchens.get(kitchen, 0.0)))

    def difference_error(self, one: int, other: int) -> float:
        """Standard error of the difference of two dishes: what their family and kitchens share cancels out."""
        i, j = self.order.index(one), self.order.index(other)
        of = self.covariance
        return sqrt(max(0.0, float(of[i, i] + of[j, j] - 2 * of[i, j])))


def learn(rows: Iterable[Returned], families: Mapping[int, str]) -> Learnt:
    """What some weighings say of the dishes of ``families`` (family by dish), weighed or not.

    Raises:
        KeyError: a row names a dish without a family.
        ValueError: there is no row: nothing can be learnt from nothing.
    """
    given = list(rows)
    if not given:
        raise ValueError("no weighing to learn from")
    given = _tamed(given)
    # A dish that no row names moves nothing: it is left out of the equations and taken for its family at the end.
    named = {dish: families[dish] for row in given for dish in row.grams}
    system = _System(_cells(given), named)
    variances = system.settle()
    found = system.learnt(variances, given)
    others = {dish: system.of_family(variances, family) for dish, family in families.items() if dish not in named}
    return replace(found, dishes={**found.dishes, **others})


def _tamed(rows: Sequence[Returned]) -> list[Returned]:
    """Rows with what lies far from the median of its dish drawn in to where a usual day may still lie.

    The spread is the median distance of all dishes' weighings (times 1.4826: that of a normal law), so that no single
    weighing moves it; of normal days six in 100,000 are drawn in.
    """
    alone: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        if len(row.grams) == 1:
            alone[next(iter(row.grams))].append(row.share)
    middles = {dish: median(shares) for dish, shares in alone.items() if len(shares) >= FEWEST}
    away = [abs(share - middles[dish]) for dish, shares in alone.items() if dish in middles for share in shares]
    if not away:
        return list(rows)
    far = max(LEAST_TAME, TAME * OF_NORMAL * median(away))

    def tamed(row: Returned) -> Returned:
        middle = middles.get(next(iter(row.grams))) if len(row.grams) == 1 else None
        return row if middle is None else replace(row, share=min(middle + far, max(middle - far, row.share)))

    return [tamed(row) for row in rows]


@dataclass
class _Cell:
    """Rows that nothing tells apart: same kitchen, same dishes. ``within`` is the sum of squares around their mean."""

    kitchen: int
    weights: Mapping[int, float]
    count: int
    mean: float
    within: float

    @property
    def spread(self) -> float:
        """Sum of squared weights: how much of the variance of one dish is left in a mean of several."""
        return sum(weight**2 for weight in self.weights.values())


def _cells(rows: Sequence[Returned]) -> list[_Cell]:
    together: dict[tuple[int, tuple[tuple[int, int], ...]], list[float]] = defaultdict(list)
    for row in rows:
        together[row.kitchen, tuple(sorted(row.grams.items()))].append(row.share)
    return [_cell(kitchen, dict(grams), shares) for (kitchen, grams), shares in sorted(together.items())]


def _cell(kitchen: int, grams: Mapping[int, int], shares: Sequence[float]) -> _Cell:
    total = sum(grams.values())
    mean = sum(shares) / len(shares)
    within = sum((share - mean) ** 2 for share in shares)
    return _Cell(kitchen, {dish: each / total for dish, each in grams.items()}, len(shares), mean, within)


class _System:
    """Henderson's equations of the cells, one column per effect: overall mean, families, dishes, kitchens."""

    def __init__(self, cells: Sequence[_Cell], families: Mapping[int, str]) -> None:
        self._cells = cells
        self._families = families
        self._kept: tuple[dict[str, float], Floats, Floats] | None = None
        names: dict[str, list[Any]] = {
            "family": sorted(set(families.values())),
            "dish": sorted(families),
            "kitchen": sorted({cell.kitchen for cell in cells}),
        }
        self._at: dict[str, dict[int | str, int]] = {}
        place = 1
        for effect in EFFECTS:
            self._at[effect] = {name: place + n for n, name in enumerate(names[effect])}
            place += len(names[effect])
        self._size = place
        self._design = np.array([self._row(cell) for cell in cells])
        self._seen = np.array([cell.mean for cell in cells])
        self._counts = np.array([cell.count for cell in cells], dtype=np.float64)
        self._spread = np.array([cell.spread for cell in cells])

    def _row(self, cell: _Cell) -> Floats:
        row = np.zeros(self._size)
        row[0] = 1.0
        row[self._at["kitchen"][cell.kitchen]] = 1.0
        for dish, weight in cell.weights.items():
            row[self._at["dish"][dish]] += weight
            row[self._at["family"][self._families[dish]]] += weight
        return row

    def settle(self) -> dict[str, float]:
        """The variances that EM comes to."""
        variances = dict(PRIOR)
        for _ in range(ROUNDS):
            after = self._again(variances)
            moved = max(abs(after[name] - variances[name]) / PRIOR[name] for name in PRIOR)
            variances = after
            if moved < SETTLED:
                break
        return variances

    def _solve(self, variances: Mapping[str, float]) -> tuple[Floats, Floats]:
        """Posterior mean and covariance of every effect."""
        noise = (variances["cell"] + variances["noise"] / self._counts) * self._spread
        prior = np.full(self._size, 1 / FLAT)
        for effect in EFFECTS:
            prior[list(self._at[effect].values())] = 1 / variances[effect]
        weighted = self._design / noise[:, None]
        # Centred on the plain mean, so that the flat prior of the overall mean draws towards no figure of ours.
        centre = float(np.average(self._seen, weights=1 / noise))
        covariance = np.linalg.inv(self._design.T @ weighted + np.diag(prior))
        mean = covariance @ (weighted.T @ (self._seen - centre))
        mean[0] += centre
        return mean, covariance

    def _solved(self, variances: Mapping[str, float]) -> tuple[Floats, Floats]:
        """The same, worked out once at the variances that are settled."""
        if self._kept is None or self._kept[0] != variances:
            self._kept = (dict(variances), *self._solve(variances))
        return self._kept[1], self._kept[2]

    def _again(self, variances: Mapping[str, float]) -> dict[str, float]:
        mean, covariance = self._solve(variances)
        after = {}
        for effect in EFFECTS:
            places = list(self._at[effect].values())
            squares = float((mean[places] ** 2).sum() + np.diag(covariance)[places].sum())
            after[effect] = _drawn(effect, squares, len(places))
        return after | self._of_rows(variances, mean, covariance)

    def _of_rows(self, variances: Mapping[str, float], mean: Floats, covariance: Floats) -> dict[str, float]:
        """Variance of a dish in a kitchen beyond both, and of a day: E-step of what each cell's mean leaves."""
        left = (self._seen - self._design @ mean) / np.sqrt(self._spread)
        fitted = np.einsum("ij,jk,ik->i", self._design, covariance, self._design) / self._spread
        day = variances["noise"] / self._counts
        kept = variances["cell"] / (variances["cell"] + day)
        cell = (kept * left) ** 2 + kept * day + kept**2 * fitted
        error = ((1 - kept) * left) ** 2 + kept * day + (1 - kept) ** 2 * fitted
        within = sum(of.within / of.spread for of in self._cells)
        squares = within + float((self._counts * error).sum())
        return {
            "cell": _drawn("cell", float(cell.sum()), len(cell)),
            "noise": _drawn("noise", squares, int(self._counts.sum())),
        }

    def learnt(self, variances: Mapping[str, float], rows: Sequence[Returned]) -> Learnt:
        """Effects at the settled variances, as shares."""
        mean, covariance = self._solved(variances)
        dishes = self._at["dish"]
        combined = np.zeros((len(dishes), self._size))
        for n, (dish, place) in enumerate(dishes.items()):
            combined[n, [0, place, self._at["family"][self._families[int(dish)]]]] = 1.0
        shares, spread = combined @ mean, combined @ covariance @ combined.T
        of_family = self._families_mean(mean)
        told = self._told_alone(variances)
        alone, together = _counted(rows)
        return Learnt(
            dishes={
                int(dish): DishShare(
                    float(shares[n]),
                    sqrt(float(spread[n, n])),
                    told[int(dish)] / (told[int(dish)] + 1 / variances["dish"]),
                    alone[int(dish)],
                    together[int(dish)],
                    of_family[self._families[int(dish)]],
                )
                for n, dish in enumerate(dishes)
            },
            kitchens={int(kitchen): float(mean[place]) for kitchen, place in self._at["kitchen"].items()},
            cells=self._own_cells(variances, mean),
            variances=variances,
            rows=len(rows),
            covariance=spread,
            order=tuple(int(dish) for dish in dishes),
        )

    def of_family(self, variances: Mapping[str, float], family: str) -> DishShare:
        """A dish of a family that nobody weighed: as uncertain as dishes of a family differ, and families if new."""
        mean, covariance = self._solved(variances)
        at = self._at["family"].get(family)
        places = [0] if at is None else [0, at]
        spread = float(covariance[np.ix_(places, places)].sum()) + variances["dish"]
        spread += variances["family"] if at is None else 0.0
        found = float(mean[places].sum())
        return DishShare(found, sqrt(spread), 0.0, 0, 0, found)

    def _families_mean(self, mean: Floats) -> Mapping[str, float]:
        return {str(family): float(mean[0] + mean[place]) for family, place in self._at["family"].items()}

    def _told_alone(self, variances: Mapping[str, float]) -> Mapping[int, float]:
        told: dict[int, float] = defaultdict(float)
        for cell in self._cells:
            if len(cell.weights) == 1:
                told[next(iter(cell.weights))] += 1 / (variances["cell"] + variances["noise"] / cell.count)
        return told

    def _own_cells(self, variances: Mapping[str, float], mean: Floats) -> dict[tuple[int, int], float]:
        left = self._seen - self._design @ mean
        kept = variances["cell"] / (variances["cell"] + variances["noise"] / self._counts)
        return {
            (cell.kitchen, next(iter(cell.weights))): float(kept[n] * left[n])
            for n, cell in enumerate(self._cells)
            if len(cell.weights) == 1
        }


def _drawn(name: str, squares: float, many: int) -> float:
    return (squares + PRIOR_ROWS * PRIOR[name]) / (many + PRIOR_ROWS)


def _counted(rows: Sequence[Returned]) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Weighings of each dish by itself, and among others."""
    alone: dict[int, int] = defaultdict(int)
    together: dict[int, int] = defaultdict(int)
    for row in rows:
        counts = alone if len(row.grams) == 1 else together
        for dish in row.grams:
            counts[dish] += 1
    return alone, together
