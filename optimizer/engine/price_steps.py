"""How prices come about: from the LPs over groups of kitchens, then from what a sourcing says of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimizer.engine import totals
from optimizer.engine.coarse import CoarsePrices
from optimizer.engine.instance import Instance
from optimizer.engine.prices import Prices, no_prices
from optimizer.engine.purchases import Period, Sourced
from optimizer.engine.totals import no_total_prices, period_prices

DAMPING = 0.5
MET_BELOW = 1e-6
SAME = 1e-6
FIRST_BUDGET_PRICE = 0.1
RATIO_MET, RATIO_SHORT = 0.99, 1.15
"""How a kitchen's ratio multiplier moves when its menus met the ratio with ease, or could not be sourced to meet it."""


def spread(instance: Instance, answers: Sequence[tuple[int, CoarsePrices]]) -> Prices:
    """Group prices handed to their kitchens and weeks; a week in two blocks takes the mean."""
    prices = no_prices(instance)
    seen = np.zeros(len(instance.weeks))
    ratio_seen = np.zeros((len(instance.kitchens), len(instance.weeks)))
    total = no_total_prices(instance)
    for pattern, answer in answers:
        places = instance.week_place[pattern]
        weeks = [int(places[week]) for week in answer.block.weeks]
        for w in weeks:
            seen[w] += 1
        for (o, w), price in answer.capacity.items():
            prices.capacity[o, w] += price
        reached = {t: float(price) for t, price in enumerate(answer.total) if not _out_of_reach(instance, t, price)}
        total[:, weeks] += period_prices(instance, reached)[:, weeks]
        share = answer.block.size / len(instance.patterns[pattern].dates)
        for members, ratio, budget in zip(answer.groups, answer.ratio, answer.budget, strict=True):
            prices.budget[members] += share * budget
            for w in weeks:
                prices.ratio[members, w] += ratio[:, instance.week_year[w]]
                ratio_seen[members, w] += 1
    return Prices(
        prices.capacity / np.maximum(seen, 1),
        prices.ratio / np.maximum(ratio_seen, 1)[:, :, None],
        prices.budget,
        total=total / np.maximum(seen, 1),
    )


def _out_of_reach(instance: Instance, t: int, price: float) -> bool:
    """Whether groups lack of a hard total: its price is then that of a shortage and says nothing of what it costs.

    Groups look at few offers, and at one block: a kitchen's year may well have what they lack. Menus chosen at such a
    price buy nothing else.
    """
    total = instance.totals[t]
    return total.rule.hard and abs(price) >= total.lack * (1.0 - SAME)


def moved(instance: Instance, prices: Prices, spans: Sequence[Period], sourced: Sequence[Sourced]) -> Prices:
    """Prices after looking at a sourcing: capacity follows its duals half-way, ratios, totals and budget move a step.

    With menus fixed, the dual of a ratio says what labels cost within these menus, not what other menus would cost;
    it jumps between 0 and the price of a shortage. Only its sign is used.
    """
    capacity, ratio, budget = prices.capacity.copy(), prices.ratio.copy(), prices.budget.copy()
    total = no_total_prices(instance) if prices.total is None else prices.total.copy()
    for period, answer in zip(spans, sourced, strict=True):
        weeks = list(period.weeks)
        duals = np.zeros((len(instance.offers), len(weeks)))
        for (o, w), price in answer.capacity_prices.items():
            duals[o, weeks.index(w)] = max(price, -instance.unit[o][np.isfinite(instance.unit[o])].max())
        capacity[:, weeks] += DAMPING * (duals - capacity[:, weeks])
        totals.move(instance, total, weeks, answer.total_prices, {t for t, _, _ in answer.off})
        step = np.where(answer.ratio_prices <= MET_BELOW, RATIO_MET, 1.0)
        for k, r, _ in answer.short:
            step[k, r] = RATIO_SHORT
        ratio[:, weeks] *= step[:, None, :]
        for k, _, _ in answer.over:
            budget[k] = budget[k] * RATIO_SHORT + FIRST_BUDGET_PRICE
    return Prices(capacity, ratio, budget, prices.absent, total)
