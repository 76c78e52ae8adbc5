"""Totals over kitchens and weeks (`purchase_total`) for the engine: what counts, and each period's part of a bound.

The certificate has one signed price λ per total (> 0 for its most, < 0 for its least). Purchases are found period by
period: a bound is parted over the periods so that each lies as far between the least and the most that its menus allow
as the bound itself between those of the whole (`parted`); the parts add up to the bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from optimizer.measures import MEASURES
from optimizer.problem import Problem
from optimizer.rules import PurchaseTotalRule
from optimizer.solver import INFINITY, Floats, Ints

if TYPE_CHECKING:
    from optimizer.engine.instance import Bools, Instance
    from optimizer.engine.purchases import Demand

Buy = tuple[int, int, int, float]
"""offer, kitchen, week, kg"""

MOST_TIMES = 3.0
"""A price of a total moves what a kg costs by so many times its usual price at most."""
MISSED, FIRST_STEP, IDLE = 1.15, 0.02, 0.97
"""How a price moves when its total's part is missed in a period, and when nothing has to be paid for keeping it."""
IDLE_BELOW = 1e-6
LACK_TIMES = 30.0
"""What a unit lacks or is too many costs, in usual prices of what is measured: more than any purchase saves."""


@dataclass(frozen=True, eq=False)
class Total:
    """`offers` (positions, n) and `amount` (n × K, measure per kg, 0 where nothing counts); `weeks` (W).

    `low` and `high` bound the sum over all kitchens and weeks; `usual` = € that a unit of the measure costs as a rule.
    """

    rule: PurchaseTotalRule
    offers: Ints
    amount: Floats
    weeks: Bools
    low: float
    high: float
    usual: float

    @property
    def lack(self) -> float:
        """€ per unit beyond a bound."""
        return self.usual * LACK_TIMES if self.rule.soft_price is None else float(self.rule.soft_price)

    @property
    def dearest(self) -> float:
        """The greatest size of a price that is asked for: of a soft rule what breaking it costs."""
        most = self.usual * MOST_TIMES
        return most if self.rule.soft_price is None else min(most, float(self.rule.soft_price))

    @cached_property
    def place(self) -> Mapping[int, int]:
        """Row of `amount` by offer that counts; looked up for every line of a market, so it is made once."""
        return {int(o): n for n, o in enumerate(self.offers)}

    def of(self, offer: int) -> Floats | None:
        """Measure per kg of an offer at each kitchen (K); None of one that does not count."""
        n = self.place.get(offer)
        return None if n is None else self.amount[n]

    def of_each(self, offers: Ints) -> Floats | None:
        """The same of several (offers × K), 0 where nothing counts; None if none of them counts."""
        counted = [(row, n) for row, o in enumerate(offers) if (n := self.place.get(int(o))) is not None]
        if not counted:
            return None
        found = np.zeros((len(offers), self.amount.shape[1]))
        for row, n in counted:
            found[row] = self.amount[n]
        return found


def compile_totals(problem: Problem, kitchens: Sequence[str], offers: Sequence[str], unit: Floats) -> tuple[Total, ...]:
    """The totals of a problem whose offers reach kitchens at `unit` €/kg (O × K, inf = not)."""
    return tuple(
        _total(problem, rule, kitchens, offers, unit) for rule in problem.rules if isinstance(rule, PurchaseTotalRule)
    )


def _total(
    problem: Problem, rule: PurchaseTotalRule, kitchens: Sequence[str], offers: Sequence[str], unit: Floats
) -> Total:
    counted = np.array([n for n, o in enumerate(offers) if rule.sells(o, problem.offers[o].supplier)], dtype=np.int64)
    per_kg = MEASURES[rule.measure].per_kg
    amount = np.zeros((len(counted), len(kitchens)))
    for row, n in enumerate(counted):
        for k, kitchen in enumerate(kitchens):
            if rule.buys(kitchen) and np.isfinite(unit[n, k]):
                amount[row, k] = float(per_kg(problem, offers[n], kitchen))
    low, high = problem.total_bounds(rule)
    return Total(
        rule=rule,
        offers=counted,
        amount=amount,
        weeks=np.array([rule.during(week) for week in problem.weeks], dtype=np.bool_),
        low=-INFINITY if low is None else float(low),
        high=INFINITY if high is None else float(high),
        usual=_usual(unit[counted], amount),
    )


def _usual(unit: Floats, amount: Floats) -> float:
    counts = amount > 0
    return float(unit[counts].mean() / amount[counts].mean()) if counts.any() else 1.0


def total_charges(instance: Instance, prices: Floats | None, kitchen: int) -> Floats | None:
    """What prices of totals (T × W) make a kg of each offer dearer at a kitchen in each week (O × W); None without."""
    if prices is None or not prices.any():
        return None
    cost = np.zeros((len(instance.offers), len(instance.weeks)))
    for total, price in zip(instance.totals, prices, strict=True):
        cost[total.offers] += total.amount[:, kitchen][:, None] * (price * total.weeks)
    return cost


def no_total_prices(instance: Instance) -> Floats:
    return np.zeros((len(instance.totals), len(instance.weeks)))


def period_prices(instance: Instance, prices: Mapping[int, float]) -> Floats:
    """Prices of one period's totals as T × W, of a size that can be asked for."""
    found = no_total_prices(instance)
    for t, price in prices.items():
        found[t] = _lawful(instance.totals[t], price)
    return found


def move(instance: Instance, prices: Floats, weeks: Sequence[int], duals: Mapping[int, float], off: set[int]) -> None:
    """Move prices of totals (T × W) in some weeks a step, in place: up while their part is missed, down while idle.

    As for ratios: with menus fixed a dual says what is dear within these menus; only whether there is one is used.
    """
    for t, total in enumerate(instance.totals):
        dual = duals.get(t, 0.0)
        if t in off:
            prices[t, weeks] = prices[t, weeks] * MISSED + np.sign(dual) * FIRST_STEP * total.usual
        elif abs(dual) <= IDLE_BELOW * total.usual:
            prices[t, weeks] *= IDLE
        prices[t, weeks] = np.clip(prices[t, weeks], -total.dearest, total.dearest)


def even_prices(instance: Instance, prices: Floats, weights: Floats | None = None) -> Floats:
    """One price per total as the certificate needs it, of a side that has a bound: the mean over its weeks.

    `weights` (T × W) = what each week adds to a total, so that weeks in which nothing of it can be bought say nothing.
    """
    even = np.zeros_like(prices)
    for t, total in enumerate(instance.totals):
        if total.weeks.any():
            counts = np.ones(len(total.weeks)) if weights is None or not weights[t].any() else weights[t]
            price = float(np.average(prices[t, total.weeks], weights=counts[total.weeks]))
            even[t, total.weeks] = _lawful(total, price)
    return even


def worth_of_bounds(instance: Instance, prices: Floats) -> float:
    """What even prices of totals take off the bound, in euros."""
    taken = 0.0
    for total, of_weeks in zip(instance.totals, prices, strict=True):
        price = float(of_weeks[total.weeks][0]) if total.weeks.any() else 0.0
        taken += price * (total.high if price > 0 else total.low) if price else 0.0
    return taken


def _lawful(total: Total, price: float) -> float:
    if (price > 0 and not np.isfinite(total.high)) or (price < 0 and not np.isfinite(total.low)):
        return 0.0
    return float(np.clip(price, -total.dearest, total.dearest))


@dataclass(frozen=True)
class Part:
    """What a period's purchases add to a total: at least `low`, at most `high`."""

    low: float
    high: float


def totals_beaten(instance: Instance, offers: Ints, by: int) -> Bools:
    """Flags (of `offers`) of those that serve no bound of any total better than the one at position `by`."""
    beaten = np.ones(len(offers), dtype=np.bool_)
    for total in instance.totals:
        amounts = total.of_each(offers)
        if amounts is None:
            continue
        if np.isfinite(total.low):
            beaten &= (amounts <= amounts[by]).all(axis=1)
        if np.isfinite(total.high):
            beaten &= (amounts >= amounts[by]).all(axis=1)
    return beaten


def site_amounts(instance: Instance, total: Total, members: Ints) -> dict[int, float]:
    """Measure per kg by offer for a group of kitchens that buys as one: the mean of who is reached."""
    weights = np.array([instance.covers[k].sum() for k in members], dtype=np.float64)
    reached = np.isfinite(instance.unit[np.ix_(total.offers, members)])
    mean = (total.amount[:, members] * reached) @ weights / np.maximum(reached @ weights, 1e-9)
    return {int(o): float(amount) for o, amount in zip(total.offers, mean, strict=True) if amount > 0}


def share_of(instance: Instance, total: Total, days: Sequence[tuple[int, int, int]]) -> float:
    """Which share of the covers that a total looks at some days are, told as (kitchen, week, covers)."""
    inside = sum(n for k, w, n in days if total.weeks[w] and total.rule.buys(instance.kitchens[k]))
    return inside / max(1, instance.problem.covers_under(total.rule))


def part_of(total: Total, weeks: Sequence[int]) -> Part:
    """The part of a bound by the number of weeks alone; the whole of it for the whole horizon."""
    share = float(total.weeks[list(weeks)].sum()) / max(1, int(total.weeks.sum()))
    return Part(total.low * share if share else -INFINITY, total.high * share if share else INFINITY)


def parted(instance: Instance, demand: Demand, spans: Sequence[Sequence[int]]) -> list[dict[int, Part]]:
    """Each span's part of every total, by its position, for menus that need `demand`."""
    parts: list[dict[int, Part]] = [{} for _ in spans]
    for t, total in enumerate(instance.totals):
        least, most = _reach(instance, total, demand)
        lows, highs = (np.array([of[list(span)].sum() for span in spans]) for of in (least, most))
        room = highs.sum() - lows.sum()
        for n, span in enumerate(spans):
            if total.weeks[list(span)].any():
                share = (highs[n] - lows[n]) / room if room > 0 else 1.0 / len(spans)
                bounds = [
                    lows[n] + share * (bound - lows.sum()) if np.isfinite(bound) else bound
                    for bound in (total.low, total.high)
                ]
                parts[n][t] = Part(*bounds)
    return parts


def _reach(instance: Instance, total: Total, demand: Demand) -> tuple[Floats, Floats]:
    """Least and most that the purchases of each week can add to a total, capacities shared out as if by one buyer."""
    least, most = np.zeros(len(instance.weeks)), np.zeros(len(instance.weeks))
    needs: dict[tuple[int, int], Floats] = {}
    for (k, w, i), grams in demand.items():
        if total.weeks[w]:
            needs.setdefault((w, i), np.zeros(len(instance.kitchens)))[k] += grams / 1000
    counted = np.zeros(len(instance.offers), dtype=np.bool_)
    counted[total.offers] = True
    for (w, i), kg in needs.items():
        offers = instance.offers_of[i]
        mine = offers[counted[offers] & (instance.capacity[offers, w] > 0)]
        if len(mine):
            low, high = _week_reach(instance, total, (offers, mine), kg, w)
            least[w] += low
            most[w] += high
    return least, most


def _week_reach(
    instance: Instance, total: Total, sold: tuple[Ints, Ints], kg: Floats, week: int
) -> tuple[float, float]:
    offers, mine = sold
    amounts = total.of_each(offers)
    if amounts is None:
        return 0.0, 0.0
    on_sale = np.isfinite(instance.unit[offers]) & (instance.capacity[offers, week] > 0)[:, None]
    low = np.where(on_sale, amounts, np.inf).min(axis=0, initial=np.inf)
    high = np.where(on_sale, amounts, 0.0).max(axis=0, initial=0.0)
    ceiling = float(np.minimum(instance.capacity[mine, week], kg.sum()).sum()) * float(high.max(initial=0.0))
    return float(kg @ np.where(np.isfinite(low), low, 0.0)), min(float(kg @ high), ceiling)


def counted_of(instance: Instance, buys: Sequence[Buy]) -> Floats:
    """What purchases (offer, kitchen, week, kg) add to each total (T)."""
    every: Floats = counted_by_week(instance, buys).sum(axis=1)
    return every


def counted_by_week(instance: Instance, buys: Sequence[Buy]) -> Floats:
    """The same, week by week (T × W)."""
    sums = no_total_prices(instance)
    for t, total in enumerate(instance.totals):
        place = total.place
        for o, k, w, kg in buys:
            if o in place and total.weeks[w]:
                sums[t, w] += float(total.amount[place[o], k]) * kg
    return sums


def left_for(instance: Instance, others: Floats) -> tuple[Total, ...]:
    """The totals less what others add to them."""
    return tuple(
        replace(total, low=total.low - done, high=total.high - done)
        for total, done in zip(instance.totals, others, strict=True)
    )


def parts_of(
    instance: Instance, kitchens: Sequence[int], own: Sequence[Sequence[Buy]], others: Sequence[Buy]
) -> list[list[Part]]:
    """Each kitchen's part of every total when all of them buy again at once, others buying what they do.

    What a kitchen adds now (`own`), and by its meals its part of what all of them may still add, or must. The parts
    and what others add are together the bounds, and stay so when only some of the kitchens buy again.
    """
    now = [counted_of(instance, buys) for buys in own]
    sums = sum(now, counted_of(instance, others))
    found: list[list[Part]] = [[] for _ in kitchens]
    for t, total in enumerate(instance.totals):
        meals = [int(instance.covers[k].sum()) if total.amount[:, k].any() else 0 for k in kitchens]
        for parts, mine, many in zip(found, now, meals, strict=True):
            share = many / max(1, sum(meals))
            bounds = (float(mine[t]) + share * (bound - float(sums[t])) for bound in (total.low, total.high))
            parts.append(Part(*bounds) if many else Part(-INFINITY, INFINITY))
    return found


def within(instance: Instance, parts: Sequence[Part]) -> tuple[Total, ...]:
    """The totals, each held to a part of its bounds."""
    return tuple(replace(of, low=part.low, high=part.high) for of, part in zip(instance.totals, parts, strict=True))


def held(total: Total, value: float) -> bool:
    """Whether the whole stays between its bounds, but for the solver's own arithmetic."""
    slack = 1e-6 * max(1.0, abs(value))
    return total.low - slack <= value <= total.high + slack
