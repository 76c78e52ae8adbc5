"""From the LP's kilograms to whole grams: every need met exactly, no capacity passed by a gram.

Kilograms are cut to whole grams; what then lacks is bought where it changes ratios and cost least. If everything a
kitchen may buy from is sold out, another kitchen gives way and buys its grams elsewhere: a flow found path by path.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from optimizer.engine.instance import Instance
from optimizer.engine.purchases import Demand, DropKey, Sourced

Flows = dict[tuple[int, int, int], dict[int, int]]
"""grams by (kitchen, week, ingredient) and offer"""
UNLIMITED = 10**15
NOISE = 1e-4
"""Grams by which an LP value may miss a whole number of grams."""


def exact_grams(instance: Instance, demand: Demand, sourced: Sequence[Sourced]) -> Flows:
    """Integer grams that meet every demand exactly inside every capacity, as near the LP's kg as can be.

    Raises `ValueError` if capacities cannot meet the demand at all.
    """
    grams = _Grams(instance, demand, _coming(sourced))
    for answer in sourced:
        for o, k, w, kg in answer.buys:
            grams.cut(o, k, w, kg)
    for key in grams.flows:
        grams.settle(key)
    return {key: {o: g for o, g in lines.items() if g > 0} for key, lines in grams.flows.items()}


class _Grams:
    def __init__(self, instance: Instance, demand: Demand, coming: frozenset[DropKey] | None) -> None:
        self._instance = instance
        self._demand = demand
        self._coming = coming
        self.flows: Flows = {key: {} for key, grams in demand.items() if grams > 0}
        self._left: dict[tuple[int, int], int] = {}

    def cut(self, offer: int, kitchen: int, week: int, kg: float) -> None:
        """Buy the whole grams of an LP value."""
        grams = min(int(kg * 1000 + NOISE), self._free(offer, week))
        if grams > 0:
            self.flows[kitchen, week, int(self._instance.ingredient_of[offer])][offer] = grams
            self._left[offer, week] = self._free(offer, week) - grams

    def settle(self, key: tuple[int, int, int]) -> None:
        """Buy exactly what a kitchen needs of an ingredient in a week."""
        lines = self.flows[key]
        rest = self._demand[key] - sum(lines.values())
        for o in self._in_order(key):
            change = max(-lines.get(o, 0), rest) if rest < 0 else min(rest, self._free(o, key[1]))
            if change:
                lines[o] = lines.get(o, 0) + change
                self._left[o, key[1]] = self._free(o, key[1]) - change
                rest -= change
        while rest > 0:
            rest -= self._make_way(key, rest)

    def _make_way(self, key: tuple[int, int, int], most: int) -> int:
        """Let other kitchens buy elsewhere so that this one gets up to `most` grams; returns how many."""
        _, week, ingredient = key
        path = self._path(key)
        if not path:
            raise ValueError(f"no capacity left for {most} g of {self._instance.ingredients[ingredient]}")
        given = [self.flows[other, week, ingredient][o] for (_, o), (other, _) in pairwise(path)]
        last = path[-1][1]
        moved = min(most, self._free(last, week), *given)
        for (_, o), (other, _) in pairwise(path):
            self.flows[other, week, ingredient][o] -= moved
        for kitchen, o in path:
            lines = self.flows[kitchen, week, ingredient]
            lines[o] = lines.get(o, 0) + moved
        self._left[last, week] = self._free(last, week) - moved
        return moved

    def _path(self, key: tuple[int, int, int]) -> list[tuple[int, int]]:
        """Shortest chain of (kitchen, offer it takes): each next kitchen gives that offer up, the last is free."""
        _, week, ingredient = key
        reached: dict[int, tuple[int, int | None]] = {}
        open_: list[tuple[int, int | None]] = [(key[0], None)]
        for kitchen, given in open_:
            for o in self._in_order((kitchen, week, ingredient)):
                if o not in reached:
                    reached[o] = (kitchen, given)
                    if self._free(o, week) > 0:
                        return _back(reached, o)
                    open_ += [(k, o) for (k, w, i), lines in self.flows.items() if (w, i) == key[1:] and lines.get(o)]
        return []

    def _in_order(self, key: tuple[int, int, int]) -> list[int]:
        """Offers for the last grams: those bought from already, best ratios first, then any other that is on sale."""
        of, (k, w, i) = self._instance, key
        lines = self.flows[key]

        def value(o: int) -> tuple[bool, float, float]:
            ratio = of.ratio[:, o, int(of.labelled[o, w])].sum() if len(of.ratio_rules) else 0.0
            return o not in lines, -float(ratio), float(of.unit[o, k])

        sold = (int(o) for o in of.offers_of[i] if np.isfinite(of.unit[o, k]) and of.capacity[o, w] > 0)
        return sorted((o for o in sold if self._comes(o, k, w)), key=value)

    def _comes(self, offer: int, kitchen: int, week: int) -> bool:
        return self._coming is None or (int(self._instance.supplier_of[offer]), kitchen, week) in self._coming

    def _free(self, offer: int, week: int) -> int:
        limit = self._instance.capacity[offer, week]
        start = round(float(limit) * 1000) if np.isfinite(limit) else UNLIMITED
        return self._left.setdefault((offer, week), start)


def _coming(sourced: Sequence[Sourced]) -> frozenset[DropKey] | None:
    """The drops of all answers; None when any supplier may come."""
    if not sourced or any(answer.open is None for answer in sourced):
        return None
    return frozenset().union(*(answer.open or () for answer in sourced))


def _back(reached: dict[int, tuple[int, int | None]], last: int) -> list[tuple[int, int]]:
    path: list[tuple[int, int]] = []
    offer: int | None = last
    while offer is not None:
        kitchen, given = reached[offer]
        path.append((kitchen, offer))
        offer = given
    return path[::-1]
