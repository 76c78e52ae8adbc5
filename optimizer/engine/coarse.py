"""First prices: the LP of one block with kitchens merged into a few groups by place, menus and sourcing together.

Groups are not the problem, but the duals of their LP are good multipliers, and any multipliers give a valid bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.engine.calendars import PatternBlock
from optimizer.engine.instance import Instance
from optimizer.engine.joint import JointModel
from optimizer.solver import Floats, Ints

BATCH = 16
"""Most kitchens of a batch of near neighbours."""
SHORT_EUR_PER_EUR = 5.0
"""What a euro missing in a ratio costs a group: enough to make labels worth buying, finite so that prices exist."""


@dataclass(frozen=True)
class CoarsePrices:
    """Duals of one block: `capacity[offer, week]` €/kg ≤ 0, `ratio` (groups × R × Y) ≥ 0, `total` (T, signed)."""

    groups: list[Ints]
    block: PatternBlock
    capacity: dict[tuple[int, int], float]
    ratio: Floats
    budget: Floats
    total: Floats


def place_groups(instance: Instance, pattern: int, count: int) -> list[Ints]:
    """Kitchens of a pattern in about `count` groups of near neighbours, by repeated halving of the largest group."""
    members = np.flatnonzero(instance.pattern_of == pattern)
    kitchens = [instance.problem.kitchens[instance.kitchens[k]] for k in members]
    # A degree of longitude is shorter than one of latitude by the cosine of the latitude.
    places = np.array([[float(k.lat), float(k.lon) * np.cos(np.radians(float(k.lat)))] for k in kitchens])
    groups = [np.arange(len(members))]
    while len(groups) < min(count, len(members)):
        largest = max(range(len(groups)), key=lambda g: len(groups[g]))
        group = groups.pop(largest)
        axis = int(np.argmax(np.ptp(places[group], axis=0)))
        order = group[np.argsort(places[group, axis], kind="stable")]
        groups += [order[: len(order) // 2], order[len(order) // 2 :]]
    return [members[np.sort(group)] for group in groups]


def near_batches(instance: Instance, kitchens: Sequence[int]) -> list[list[int]]:
    """Near neighbours one after the other: their prices are alike, and each LP begins where the last one ended."""
    wanted, found = set(kitchens), list[list[int]]()
    for p in range(len(instance.patterns)):
        members = int((instance.pattern_of == p).sum())
        groups = place_groups(instance, p, -(-members // BATCH))
        found += [batch for group in groups if (batch := [int(k) for k in group if int(k) in wanted])]
    return found


def coarse_prices(instance: Instance, pattern: int, block: int, groups: Sequence[Ints]) -> CoarsePrices:
    """Solve one block's LP over the groups of one pattern."""
    joint = JointModel(instance, pattern, [block], "bound", SHORT_EUR_PER_EUR)
    for members in groups:
        joint.add_site(members)
    joint.close()
    outcome = joint.model.solve(relax=True, method="ipm")
    if not outcome.usable:
        outcome = joint.model.solve(relax=True)
    if outcome.duals is None:
        # No LP, no first prices: menus are then chosen at market prices and the sourcing LPs give the first duals.
        nothing = np.zeros(len(groups)), np.zeros(len(instance.totals))
        return CoarsePrices(list(groups), joint.block, {}, _zeros(instance, groups), *nothing)
    ratio = _zeros(instance, groups)
    for (site, r, y), row in joint.ratio_rows.items():
        ratio[site, r, y] = max(0.0, outcome.duals[row])
    capacity = {key: min(0.0, float(outcome.duals[row])) for key, row in joint.capacity_rows.items()}
    budget = np.zeros(len(groups))
    for site, row in joint.budget_rows.items():
        budget[site] = max(0.0, -float(outcome.duals[row]))
    total = np.zeros(len(instance.totals))
    for t, row in joint.total_rows:
        total[t] -= float(outcome.duals[row])
    return CoarsePrices(list(groups), joint.block, capacity, ratio, budget, total)


def _zeros(instance: Instance, groups: Sequence[Ints]) -> Floats:
    return np.zeros((len(groups), len(instance.ratio_rules), len(instance.years)))
