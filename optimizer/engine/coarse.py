"""First prices: the LP of one block with kitchens merged into a few groups by place, menus and sourcing together.

A group stands for its kitchens: their covers added, an offer on sale where a fair share of the covers is reached, at the mean
price. That is not the problem, but its duals are good multipliers, and any multipliers give a valid bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.engine.calendars import PatternBlock
from optimizer.engine.instance import Instance
from optimizer.engine.menu_rows import MenuPart, add_menu
from optimizer.engine.sourcing import RATIO_MARGIN
from optimizer.solve import INFINITY, Floats, Ints, Model, Outcome

REACHED_SHARE = 0.35
"""Share of a group's covers that an offer must reach to be on sale for the group."""
SHORT_EUR_PER_EUR = 5.0


@dataclass(frozen=True)
class CoarsePrices:
    """Duals of one block: `capacity[(offer, week)]` €/kg ≤ 0, `ratio` (groups × R) ≥ 0; `value` of the LP in euros."""

    groups: list[Ints]
    block: PatternBlock
    capacity: dict[tuple[int, int], float]
    ratio: Floats
    value: float


def place_groups(instance: Instance, pattern: int, count: int) -> list[Ints]:
    """Kitchens of a pattern in about `count` groups of near neighbours with alike covers, by repeated halving."""
    members = np.flatnonzero(instance.pattern_of == pattern)
    kitchens = [instance.problem.kitchens[instance.kitchens[k]] for k in members]
    places = np.array([[float(k.lat), float(k.lon) * 0.64] for k in kitchens])
    groups = [np.arange(len(members))]
    while len(groups) < min(count, len(members)):
        largest = max(range(len(groups)), key=lambda g: len(groups[g]))
        group = groups.pop(largest)
        axis = int(np.argmax(np.ptp(places[group], axis=0)))
        order = group[np.argsort(places[group, axis], kind="stable")]
        groups += [order[: len(order) // 2], order[len(order) // 2 :]]
    return [members[np.sort(group)] for group in groups]


def coarse_prices(instance: Instance, pattern: int, block: int, groups: Sequence[Ints]) -> CoarsePrices:
    """Solve one block's LP over the groups of one pattern."""
    return _Coarse(instance, pattern, block, groups).solve()


class _Coarse:
    def __init__(self, instance: Instance, pattern: int, block: int, groups: Sequence[Ints]) -> None:
        self._instance = instance
        self._pattern = instance.patterns[pattern]
        self._block = self._pattern.blocks[block]
        self._places = instance.week_place[pattern]
        self._groups = list(groups)
        self._model = Model("coarse")
        self._capacity_terms: dict[tuple[int, int], list[int]] = {}
        self._capacity_rows: dict[tuple[int, int], int] = {}
        self._ratio_rows: dict[tuple[int, int], int] = {}

    def solve(self) -> CoarsePrices:
        for g, members in enumerate(self._groups):
            self._add_group(g, members)
        self._add_capacities()
        outcome = self._model.solve(relax=True, method="ipm")
        if not outcome.usable:
            outcome = self._model.solve(relax=True)
        return self._read(outcome)

    def _add_group(self, g: int, members: Ints) -> None:
        of = self._instance
        tag = f"g{g}."
        part = add_menu(self._model, of, self._pattern, self._block, "bound", tag)
        covers = [sum(int(of.covers[k][cell.days[0]]) for k in members) for cell in self._block.cells]
        needs = self._needs(part, covers)
        unit = self._unit(members)
        buys: list[tuple[int, int, int]] = []
        for (week, i), terms in sorted(needs.items()):
            buys += self._buy(tag, week, i, terms, unit)
        self._add_ratios(g, members, buys, unit)

    def _needs(self, part: MenuPart, covers: Sequence[int]) -> dict[tuple[int, int], list[tuple[int, float]]]:
        """kg of each ingredient and week as terms over dish counts; column -1 stands for what comes with every meal."""
        of = self._instance
        needs: dict[tuple[int, int], list[tuple[int, float]]] = {}
        for column, dish, c in zip(part.columns, part.dishes, part.cells, strict=True):
            week = int(self._places[self._block.cells[c].week])
            for i in np.flatnonzero(of.grams[dish]):
                needs.setdefault((week, int(i)), []).append((column, float(of.grams[dish, i]) * covers[c]))
        for c, cell in enumerate(self._block.cells):
            for i in np.flatnonzero(of.every_meal):
                kg = float(of.every_meal[i]) * covers[c] * cell.size
                needs.setdefault((int(self._places[cell.week]), int(i)), []).append((-1, kg))
        return needs

    def _unit(self, members: Ints) -> Floats:
        of = self._instance
        weights = np.array([of.covers[k].sum() for k in members], dtype=np.float64)
        prices = of.unit[:, members]
        reached = np.isfinite(prices)
        share = reached @ weights
        total = np.where(reached, prices, 0.0) @ weights
        mean = np.divide(total, share, out=np.full(len(share), np.inf), where=share > 0)
        return np.where(share >= REACHED_SHARE * weights.sum(), mean, np.inf)

    def _buy(
        self, tag: str, week: int, i: int, terms: list[tuple[int, float]], unit: Floats
    ) -> list[tuple[int, int, int]]:
        of, model = self._instance, self._model
        offers = [int(o) for o in of.offers_of[i] if np.isfinite(unit[o]) and of.capacity[o, week] > 0]
        columns = []
        for o in _undominated(of, offers, unit, week):
            column = model.add(f"buy.{tag}{of.offers[o]}.{of.weeks[week]}", float(unit[o]))
            columns.append((o, week, column))
            if np.isfinite(of.capacity[o, week]):
                self._capacity_terms.setdefault((o, week), []).append(column)
        fixed = sum(kg for column, kg in terms if column < 0)
        menu = [(column, kg) for column, kg in terms if column >= 0]
        model.row(
            f"DEMAND.{tag}{of.ingredients[i]}.{of.weeks[week]}",
            [*(c for _, _, c in columns), *(c for c, _ in menu)],
            [*[1.0] * len(columns), *(-kg for _, kg in menu)],
            fixed,
            INFINITY,
        )
        return columns

    def _add_ratios(self, g: int, members: Ints, buys: list[tuple[int, int, int]], unit: Floats) -> None:
        of = self._instance
        spend = 2.0 * sum(int(of.covers[k][d]) for k in members for cell in self._block.cells for d in cell.days)
        for r, rule in enumerate(of.ratio_rules):
            terms = [(c, float(of.ratio[r, o, int(of.labelled[o, w])] * unit[o])) for o, w, c in buys]
            terms = [(c, a) for c, a in terms if a != 0.0]
            short = self._model.add(f"short.{rule.id}.g{g}", SHORT_EUR_PER_EUR)
            columns, coefs = [c for c, _ in terms], [a for _, a in terms]
            self._ratio_rows[g, r] = self._model.row(
                f"{rule.id}.g{g}", [*columns, short], [*coefs, 1.0], RATIO_MARGIN * spend, INFINITY
            )

    def _add_capacities(self) -> None:
        for (o, w), columns in self._capacity_terms.items():
            limit = float(self._instance.capacity[o, w]) * self._share_of_week(w)
            name = f"CAPACITY.{self._instance.offers[o]}.{self._instance.weeks[w]}"
            self._capacity_rows[o, w] = self._model.row(name, columns, [1.0] * len(columns), -INFINITY, limit)

    def _share_of_week(self, week: int) -> float:
        """A week cut by the block border offers the block its part of the week's days."""
        local = int(np.flatnonzero(self._places == week)[0])
        here = sum(self._block.cells[c].size for c in self._block.cells_of_week(local))
        return here / self._pattern.week_days[local]

    def _read(self, outcome: Outcome) -> CoarsePrices:
        assert outcome.duals is not None
        duals = outcome.duals
        ratio = np.zeros((len(self._groups), len(self._instance.ratio_rules)))
        for (g, r), row in self._ratio_rows.items():
            ratio[g, r] = max(0.0, duals[row])
        capacity = {key: min(0.0, float(duals[row])) for key, row in self._capacity_rows.items()}
        return CoarsePrices(self._groups, self._block, capacity, ratio, outcome.objective)


def _undominated(instance: Instance, offers: Sequence[int], unit: Floats, week: int) -> list[int]:
    """Offers that no offer of unlimited quantity beats on price and ratios at once."""
    def coefficients(o: int) -> Floats:
        return instance.ratio[:, o, int(instance.labelled[o, week])]

    unlimited = [o for o in offers if not np.isfinite(instance.capacity[o, week])]
    return [
        o for o in offers
        if not any(
            a != o and unit[a] <= unit[o] and (coefficients(a) >= coefficients(o)).all()
            and (a < o or unit[a] < unit[o] or (coefficients(a) > coefficients(o)).any())
            for a in unlimited
        )
    ]  # fmt: skip
