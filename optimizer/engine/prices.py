"""Multipliers of the rules that kitchens and blocks share, and what things cost at these prices.

For a line of offer o at kitchen k in week w, with unit price u (€/kg, delivered), the priced cost per kg is

    u · (1 + β_k − Σ_r θ_{k,y(w),r} · a_{r,o,w}) − μ_{o,w} + Σ_t λ_t · m_{t,o,k} + g

where g is what goals charge per kg (`Instance.charge`), a = in numerator − share × in denominator and m = the measure
of a total per kg. Any μ ≤ 0, θ ≥ 0, β ≥ 0, and λ of a side that its rule bounds gives a valid lower bound
(`certificate`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.engine.instance import Instance
from optimizer.engine.totals import even_prices, no_total_prices, total_charges
from optimizer.solver import Floats


@dataclass(frozen=True)
class Prices:
    """`capacity` μ (O × W, €/kg, ≤ 0), `ratio` θ (K × W × R, ≥ 0), `budget` β (K, ≥ 0), `total` λ (T × W, signed).

    θ and λ are kept per week so that menus may be chosen at the marginal prices of a period; a bound needs one θ per
    civil year and one λ in all (`per_year`). `absent` (S × K × W, share of the price) makes the goods dearer of
    suppliers that do not come to a kitchen in a week: for a search for menus only, never in a bound.
    """

    capacity: Floats
    ratio: Floats
    budget: Floats
    absent: Floats | None = None
    total: Floats | None = None

    def per_year(self, instance: Instance, counted: Floats | None = None) -> Prices:
        """The same prices with θ averaged over each kitchen's weeks of a civil year, weighted by covers, and λ over all
        weeks, weighted by what each adds to its total (`counted`, T × W)."""
        ratio = np.zeros_like(self.ratio)
        weights = np.array([instance.week_covers(k) for k in range(len(instance.kitchens))], dtype=np.float64)
        for year in range(len(instance.years)):
            weeks = instance.week_year == year
            weight = weights[:, weeks]
            total = np.maximum(weight.sum(axis=1), 1e-9)
            mean = np.einsum("kw,kwr->kr", weight, self.ratio[:, weeks]) / total[:, None]
            ratio[:, weeks] = mean[:, None, :]
        total_price = None if self.total is None else even_prices(instance, self.total, counted)
        return Prices(self.capacity, ratio, self.budget, total=total_price)

    def rounded(self, digits: int = 6) -> Prices:
        """Prices as they can be written down, so that a bound proven with them is proven with what is published."""
        return Prices(
            np.minimum(np.round(self.capacity, digits), 0.0) + 0.0,
            np.maximum(np.round(self.ratio, digits), 0.0),
            np.maximum(np.round(self.budget, digits), 0.0),
            total=None if self.total is None else np.round(self.total, digits) + 0.0,
        )


def no_prices(instance: Instance) -> Prices:
    kitchens, weeks = len(instance.kitchens), len(instance.weeks)
    rules = len(instance.ratio_rules)
    return Prices(
        np.zeros((len(instance.offers), weeks)),
        np.zeros((kitchens, weeks, rules)),
        np.zeros(kitchens),
        total=no_total_prices(instance),
    )


def ingredient_costs(instance: Instance, prices: Prices, kitchen: int) -> Floats:
    """Cheapest priced cost of each ingredient at a kitchen in each week (I × W, €/kg), inf where nobody sells it."""
    unit = instance.unit[:, kitchen]
    costs = np.full((len(instance.ingredients), len(instance.weeks)), np.inf)
    reached = np.isfinite(unit)
    plain, labelled = _factors(instance, prices, kitchen)
    totals = total_charges(instance, prices.total, kitchen)
    for i, offers in enumerate(instance.offers_of):
        here = offers[reached[offers]]
        if len(here):
            factor = np.where(instance.labelled[here], labelled[here], plain[here])
            priced = unit[here, None] * factor - prices.capacity[here]
            if instance.problem.goals:
                label = instance.labelled[here].astype(np.int64)
                priced += instance.charge[label, here[:, None], kitchen]
            if totals is not None:
                priced = priced + totals[here]
            if prices.absent is not None:
                priced = priced + prices.absent[instance.supplier_of[here], kitchen] * unit[here, None]
            priced[instance.capacity[here] <= 0] = np.inf
            costs[i] = priced.min(axis=0)
    return costs


def costs_in_store(instance: Instance, costs: Floats) -> Floats:
    """The same where what keeps may have come in any of the weeks before its use that it keeps for (I × W, €/kg).

    For bounds: a plan may buy ahead whatever pays, in weeks in which it has no class too.
    """
    cheapest, weeks = costs.copy(), instance.weeks
    for ingredient, ahead in instance.problem.weeks_ahead.items():
        i = instance.ingredients.index(ingredient)
        for w, week in enumerate(weeks):
            before = [v for v in range(w) if (week - weeks[v]).days <= 7 * ahead]
            if before:
                cheapest[i, w] = min(cheapest[i, w], costs[i, before].min())
    return cheapest


def offer_costs(
    instance: Instance, capacity: Floats, ratio: Floats, budget: float, kitchen: int, total: Floats | None = None
) -> Floats:
    """Priced cost of each offer at a kitchen in each week (O × W, €/kg, inf where not delivered).

    At capacity prices (O × W), ratio prices (R), a budget price and prices of totals (T × W) of one period.
    """
    coefs = np.where(
        instance.labelled, *(np.einsum("r,ro->o", ratio, instance.ratio[:, :, n])[:, None] for n in (1, 0))
    )
    cost: Floats = instance.unit[:, kitchen][:, None] * (1.0 + budget - coefs) - capacity
    totals = total_charges(instance, total, kitchen)
    return cost if totals is None else cost + totals


def _factors(instance: Instance, prices: Prices, kitchen: int) -> tuple[Floats, Floats]:
    """1 + β − Σ θ a without and with the label (each O × W)."""
    theta = prices.ratio[kitchen]
    base = 1.0 + prices.budget[kitchen]
    plain = base - np.einsum("wr,ro->ow", theta, instance.ratio[:, :, 0])
    labelled = base - np.einsum("wr,ro->ow", theta, instance.ratio[:, :, 1])
    return plain, labelled


def dish_costs(instance: Instance, ingredient_cost: Floats) -> tuple[Floats, Floats]:
    """Priced cost per cover of each dish in each week (D × W), and of what comes with every meal (W).

    A dish with an ingredient that nobody sells that week costs inf.
    """
    missing = ~np.isfinite(ingredient_cost)
    known = np.where(missing, 0.0, ingredient_cost)
    costs = instance.grams @ known
    costs[(instance.grams > 0).astype(np.float64) @ missing > 0] = np.inf
    base = instance.every_meal @ known
    base[(instance.every_meal > 0).astype(np.float64) @ missing > 0] = np.inf
    return costs, base
