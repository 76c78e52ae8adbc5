"""Menus and sourcing in one model: for groups of kitchens (first prices) or single kitchens (small problems, whole).

A **site** is one kitchen or a group that stands for its kitchens: their covers added, an offer on sale where a fair
share of the covers is reached, at the mean price. Columns: ``x`` as in `menu_rows` and ``buy[site, offer, week]`` in
kg.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.engine.calendars import Pattern, PatternBlock, merged
from optimizer.engine.candidates import undominated
from optimizer.engine.history import barred, dish_charges
from optimizer.engine.instance import Instance
from optimizer.engine.menu_rows import MenuPart, Reading, add_menu
from optimizer.engine.totals import share_of, site_amounts
from optimizer.solver import INFINITY, Floats, Ints, Model

REACHED_SHARE = 0.35
"""Share of a group's covers that an offer must reach to be on sale for the group."""


@dataclass(frozen=True)
class Buy:
    offer: int
    week: int
    column: int


class JointModel:
    """Build with `add_site` for each site, then `close`; solve `model`; read duals at `capacity_rows`, `ratio_rows`."""

    def __init__(
        self,
        instance: Instance,
        pattern: int,
        blocks: Sequence[int],
        reading: Reading,
        short_price: float | None,
        *,
        every_offer: bool = False,
    ) -> None:
        self.instance = instance
        self._look_at(pattern, blocks)
        self.model = Model("joint")
        self.capacity_rows: dict[tuple[int, int], int] = {}
        self.ratio_rows: dict[tuple[int, int, int], int] = {}
        """by (site, rule, civil year)"""
        self.budget_rows: dict[int, int] = {}
        self.total_rows: list[tuple[int, int]] = []
        """(total, row), one or two of each"""
        self.buys: list[list[Buy]] = []
        self.parts: list[MenuPart] = []
        self._reading = reading
        self._every_offer = every_offer
        self._short_price = short_price
        self._capacity_terms: dict[tuple[int, int], list[int]] = {}
        self._charge: Floats = np.zeros((2, len(instance.offers)))
        self._total_terms: list[dict[int, float]] = [{} for _ in instance.totals]
        """by column"""
        self._days: list[tuple[int, int, int]] = []
        """kitchen, week, covers"""

    def _look_at(self, pattern: int, blocks: Sequence[int]) -> None:
        self.pattern: Pattern = self.instance.patterns[pattern]
        self.block: PatternBlock = merged([self.pattern.blocks[b] for b in blocks])
        self._places = self.instance.week_place[pattern]

    def add_kitchen(self, kitchen: int, blocks: Sequence[int] | None = None) -> None:
        """One kitchen, whatever its pattern, over some blocks or its whole horizon."""
        pattern = int(self.instance.pattern_of[kitchen])
        self._look_at(pattern, range(len(self.instance.patterns[pattern].blocks)) if blocks is None else blocks)
        self.add_site(np.array([kitchen]))

    def add_site(self, members: Ints) -> None:
        """A group of kitchens (positions) of the pattern, or one kitchen."""
        site = len(self.parts)
        tag = f"s{site}."
        part = add_menu(self.model, self.instance, self.pattern, self.block, self._reading, tag)
        self.parts.append(part)
        self._charge_dishes(part, members)
        self._bar(part, members, tag)
        unit, self._charge = self._unit(members), self._charges(members)
        buys: list[Buy] = []
        for (week, i), terms in sorted(self._needs(part, members).items()):
            buys += self._buy(tag, week, i, terms, unit)
        self.buys.append(buys)
        self._count_totals(members, buys)
        self._add_ratios(site, members, buys, unit)
        self._add_budgets(site, members, buys, unit)

    def close(self) -> None:
        """Add the rows that sites share."""
        for (o, w), columns in self._capacity_terms.items():
            limit = float(self.instance.capacity[o, w]) * self._share_of_week(w)
            name = f"CAPACITY.{self.instance.offers[o]}.{self.instance.weeks[w]}"
            self.capacity_rows[o, w] = self.model.row(name, columns, [1.0] * len(columns), -INFINITY, limit)

        for t in range(len(self.instance.totals)):
            self._add_total(t)

    def _count_totals(self, members: Ints, buys: Sequence[Buy]) -> None:
        of = self.instance
        for total, terms in zip(of.totals, self._total_terms, strict=True):
            amounts = site_amounts(of, total, members)
            terms.update({b.column: amounts[b.offer] for b in buys if b.offer in amounts and total.weeks[b.week]})
        if of.totals:
            cells = self.block.cells
            self._days += [
                (int(k), int(self._places[cell.week]), int(of.covers[k][day]))
                for k in members for cell in cells for day in cell.days
            ]  # fmt: skip

    def _add_total(self, t: int) -> None:
        """purchase_total: least <= Σ measure × buy (+ lack, − excess) <= most, the share of who is looked at."""
        total, terms = self.instance.totals[t], self._total_terms[t]
        share = share_of(self.instance, total, self._days)
        for sign, bound, side in ((1.0, total.low, "least"), (-1.0, total.high, "most")):
            if not np.isfinite(bound) or not share:
                continue
            name = f"{total.rule.id}.{side}"
            columns, coefs = list(terms), list(terms.values())
            if self._short_price is not None or not total.rule.hard or not columns:
                soft = self._short_price is not None or not total.rule.hard
                columns.append(self.model.add(f"beyond.{name}", total.lack, 0.0, INFINITY if soft else 0.0))
                coefs.append(sign)
            low, high = (bound * share, INFINITY) if sign > 0 else (-INFINITY, bound * share)
            self.total_rows.append((t, self.model.row(name, columns, coefs, low, high)))

    def _needs(self, part: MenuPart, members: Ints) -> dict[tuple[int, int], list[tuple[int, float]]]:
        """kg of each ingredient and week as terms over dish counts; column -1 stands for what comes with every meal."""
        of = self.instance
        cells = self.block.cells
        covers = [sum(int(of.covers[k][cell.days[0]]) for k in members) for cell in cells]
        needs: dict[tuple[int, int], list[tuple[int, float]]] = {}
        for column, dish, c in zip(part.columns, part.dishes, part.cells, strict=True):
            week = int(self._places[cells[c].week])
            for i in np.flatnonzero(of.grams[dish]):
                needs.setdefault((week, int(i)), []).append((column, float(of.grams[dish, i]) * covers[c]))
        for c, cell in enumerate(cells):
            for i in np.flatnonzero(of.every_meal):
                kg = float(of.every_meal[i]) * covers[c] * cell.size
                needs.setdefault((int(self._places[cell.week]), int(i)), []).append((-1, kg))
        return needs

    def _charge_dishes(self, part: MenuPart, members: Ints) -> None:
        """Waste and being moved: Σ €/cover × covers × x, in the objective."""
        of = self.instance
        charges = {int(k): dish_charges(of, int(k)) for k in members}
        if not any(each.any() for each in charges.values()):
            return
        for column, dish, c in zip(part.columns, part.dishes, part.cells, strict=True):
            cell = self.block.cells[c]
            week = int(self._places[cell.week])
            cost = sum(float(each[dish, week]) * int(of.covers[k][cell.days[0]]) for k, each in charges.items())
            self.model.charge(column, cost)

    def _bar(self, part: MenuPart, members: Ints, tag: str) -> None:
        """HISTORY: no serving in a week that is too near to one before the horizon; a group looks at no history."""
        if len(members) > 1:
            return
        bars = barred(self.instance, int(members[0]), by_day=self._reading == "exact")
        columns = [
            column
            for column, dish, c in zip(part.columns, part.dishes, part.cells, strict=True)
            if bars[dish, int(self._places[self.block.cells[c].week])]
        ]
        if columns:
            self.model.row(f"HISTORY.{tag}", columns, [1.0] * len(columns), -INFINITY, 0.0)

    def _unit(self, members: Ints) -> Floats:
        of = self.instance
        weights = np.array([of.covers[k].sum() for k in members], dtype=np.float64)
        prices = of.unit[:, members]
        reached = np.isfinite(prices)
        share = reached @ weights
        total = np.where(reached, prices, 0.0) @ weights
        mean = np.divide(total, share, out=np.full(len(share), np.inf), where=share > 0)
        return np.where(share >= REACHED_SHARE * weights.sum(), mean, np.inf)

    def _charges(self, members: Ints) -> Floats:
        """€/kg that goals charge for each offer (2 × O), the mean of who is reached."""
        reached = np.isfinite(self.instance.unit[:, members])
        many = np.maximum(reached.sum(axis=1), 1)
        mean: Floats = (self.instance.charge[:, :, members] * reached).sum(axis=2) / many
        return mean

    def _buy(self, tag: str, week: int, i: int, terms: list[tuple[int, float]], unit: Floats) -> list[Buy]:
        """DEMAND: Σ buy = Σ grams × covers × x, one row per site, week and ingredient."""
        of = self.instance
        offers = [int(o) for o in of.offers_of[i] if np.isfinite(unit[o]) and of.capacity[o, week] > 0]
        buys = []
        for o in offers if self._every_offer else undominated(of, offers, unit, week):
            cost = float(unit[o] + self._charge[int(of.labelled[o, week]), o])
            column = self.model.add(f"buy.{tag}{of.offers[o]}.{of.weeks[week]}", cost)
            buys.append(Buy(o, week, column))
            if np.isfinite(of.capacity[o, week]):
                self._capacity_terms.setdefault((o, week), []).append(column)
        fixed = sum(kg for column, kg in terms if column < 0)
        menu = [(column, kg) for column, kg in terms if column >= 0]
        columns = [*(buy.column for buy in buys), *(c for c, _ in menu)]
        coefs = [*[1.0] * len(buys), *(-kg for _, kg in menu)]
        if not columns:
            columns, coefs = (
                [self.model.add(f"nothing.{tag}{of.ingredients[i]}.{of.weeks[week]}", 0.0, 0.0, 0.0)],
                [1.0],
            )
        self.model.row(f"DEMAND.{tag}{of.ingredients[i]}.{of.weeks[week]}", columns, coefs, fixed, fixed)
        return buys

    def _add_ratios(self, site: int, members: Ints, buys: Sequence[Buy], unit: Floats) -> None:
        """value_ratio: Σ (in numerator − share × in denominator) × price × buy >= −(bought before), per civil year."""
        of = self.instance
        for y, year in enumerate(of.years):
            inside = [buy for buy in buys if of.week_year[buy.week] == y]
            for r, rule in enumerate(of.ratio_rules):
                terms = [
                    (b.column, float(of.ratio[r, b.offer, int(of.labelled[b.offer, b.week])] * unit[b.offer]))
                    for b in inside
                ]
                columns, coefs = [c for c, a in terms if a], [a for _, a in terms if a]
                name = f"{rule.id}.s{site}.{year}"
                price = self._short_price if rule.soft_price is None else float(rule.soft_price)
                if price is not None:
                    columns, coefs = [*columns, self.model.add(f"short.{name}", price)], [*coefs, 1.0]
                if columns:
                    need = -float(of.bought[members, y, r].sum())
                    self.ratio_rows[site, r, y] = self.model.row(name, columns, coefs, need, INFINITY)

    def _add_budgets(self, site: int, members: Ints, buys: Sequence[Buy], unit: Floats) -> None:
        """budget: Σ price × buy <= budget × covers."""
        of = self.instance
        for rule in of.budget_rules:
            limit = 0.0
            for k in members:
                covers = sum(int(of.covers[k][d]) for cell in self.block.cells for d in cell.days)
                limit += float(of.problem.budget_per_meal(rule, of.kitchens[k])) * covers
            columns, coefs = [b.column for b in buys], [float(unit[b.offer]) for b in buys]
            price = self._short_price if rule.soft_price is None else float(rule.soft_price)
            if price is not None:
                columns, coefs = [*columns, self.model.add(f"over.{rule.id}.s{site}", price)], [*coefs, -1.0]
            self.budget_rows[site] = self.model.row(f"{rule.id}.s{site}", columns, coefs, -INFINITY, limit)

    def _share_of_week(self, week: int) -> float:
        """A week cut by the border of these blocks offers them their part of the week's days."""
        if self.block.size == len(self.pattern.dates):
            return 1.0
        local = int(np.flatnonzero(self._places == week)[0])
        here = sum(self.block.cells[c].size for c in self.block.cells_of_week(local))
        return here / self.pattern.week_days[local]


def whole_model(
    instance: Instance, kitchens: Sequence[int], reading: Reading, *, every_offer: bool = False
) -> JointModel:
    """Some kitchens alone in the market, each over its whole horizon, with every hard rule: closed, ready to solve."""
    joint = JointModel(instance, int(instance.pattern_of[kitchens[0]]), [0], reading, None, every_offer=every_offer)
    for kitchen in kitchens:
        joint.add_kitchen(kitchen)
    joint.close()
    return joint
