"""Purchases of a period in drops worth their minimum, and no more of them than a kitchen receives in a week.

The LP of `sourcing` buys a little of everybody. From its answer, at its prices, each kitchen's week chooses which
suppliers come (`kitchen_week`), the smallest kitchens first: what they give up of a farm is there for the next. Then
the LP is solved again with the suppliers that come alone, each drop held to its minimum, so that capacities, ratios
and budgets are met as before. A kitchen that cannot meet a ratio so chooses again at a higher price of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np

from optimizer.engine.candidates import on_sale, undominated
from optimizer.engine.instance import Instance
from optimizer.engine.kitchen_week import KitchenWeek
from optimizer.engine.prices import offer_costs
from optimizer.engine.purchases import Demand, DropKey, Period, Sourced, Together
from optimizer.engine.sourcing import Sourcing, source
from optimizer.engine.totals import period_prices
from optimizer.engine.week_model import SPECK
from optimizer.solver import Floats

ATTEMPTS = 4
DEARER = 1.25
FIRST_RATIO_PRICE = 0.05
"""How a kitchen's price of a ratio grows while its drops cannot meet it."""
ABSENT_SHARE = 0.25
"""How much dearer the goods of who does not come are seen: about what they cost of another."""
SMALL_SHARE = 1e3
"""The same where a drop is too small and nobody else has its goods."""


def has_drops(instance: Instance) -> bool:
    """Whether drops are limited at all."""
    return bool(instance.least_drop.any()) or bool(instance.drop_limits)


def source_in_drops(
    instance: Instance, demand: Demand, period: Period, relaxed: Sourced | None = None, *, every_offer: bool = False
) -> Sourced:
    """The LP's answer (`relaxed`, found here if not told) bought in drops; `Sourced.small` = what cannot be."""
    if relaxed is None:
        relaxed = source(instance, demand, period, every_offer=every_offer)
    if not has_drops(instance):
        return relaxed
    return Drops(instance, demand, period, relaxed).fit()


def bought_again(
    instance: Instance, demand: Demand, period: Period, before: Sourced, changed: Collection[tuple[int, int]]
) -> Sourced:
    """`before`, an answer in drops, with the (kitchen, week) whose menus have `changed` bought again.

    These buy of the cheapest at the prices of the LP that knew no drops, then it is chosen who comes to them; to all
    others come who came before. Quantities are those of one LP over all.
    """
    return Drops(instance, demand, period, before, frozenset(changed)).fit()


class Drops:
    """A period bought in drops.

    `afresh` = (kitchen, week) of which `relaxed` tells nothing; None: it is an LP's answer and all are to choose.
    """

    def __init__(
        self,
        instance: Instance,
        demand: Demand,
        period: Period,
        relaxed: Sourced,
        afresh: Collection[tuple[int, int]] | None = None,
    ) -> None:
        self._instance = instance
        self._period = period
        inside = set(period.weeks)
        self._demand = {key: grams for key, grams in demand.items() if key[1] in inside and grams > 0}
        self._relaxed = relaxed
        self._ratio = relaxed.ratio_prices.copy()
        self._free = instance.capacity.copy()
        self._lines: dict[tuple[int, int], dict[int, float]] = {}
        self._weeks: dict[tuple[int, int], KitchenWeek] = {}
        self._needs: dict[tuple[int, int], list[int]] = {}
        for k, w, i in sorted(self._demand):
            self._needs.setdefault((k, w), []).append(i)
            self._lines.setdefault((k, w), {})
        self._afresh = afresh
        for o, k, w, kg in relaxed.buys:
            if afresh is None or (k, w) not in afresh:
                self._lines[k, w][o] = kg
                self._free[o, w] = max(0.0, float(self._free[o, w]) - kg)
        self._capacity = np.zeros_like(instance.capacity)
        for (o, w), price in relaxed.capacity_prices.items():
            self._capacity[o, w] = price
        self._totals = period_prices(instance, relaxed.total_prices)

    def fit(self) -> Sourced:
        kitchens = sorted({k for k, _ in self._needs}, key=lambda k: (self._meals(k), k))
        best: Sourced | None = None
        other = {k for k, _ in self._afresh or ()}
        short = {(k, r) for k, r, _ in self._relaxed.short if k not in other}
        missed = {t for t, ks, _ in self._relaxed.off if not other.intersection(ks)}
        if self._afresh is not None:
            self._start_again(kitchens, self._afresh)
        for n in range(ATTEMPTS):
            self._choose(kitchens, self._afresh if n == 0 else None)
            answer = self._bought()
            if best is None or (answer.lacking, answer.cost) < (best.lacking, best.cost):
                best = answer
            now_short = {(k, r) for k, r, _ in answer.short} - short
            off = [of for of in answer.off if of[0] not in missed]
            if not now_short and not off:
                break
            self._raise_prices(now_short)
            self._move_totals(answer, sorted({t for t, _, _ in off}))
            again = {k for k, _ in now_short}.union(*(ks for _, ks, _ in off))
            kitchens = sorted(again, key=lambda k: (self._meals(k), k))
            self._start_again(kitchens)
        assert best is not None
        # Menus are chosen again at prices that a bound can use: those of the LP that knows no drops.
        duals = self._relaxed.capacity_prices, self._relaxed.ratio_prices
        totals = self._relaxed.total_prices
        return replace(best, capacity_prices=duals[0], ratio_prices=duals[1], total_prices=totals)

    def _crowded(self) -> list[tuple[int, int, float]]:
        """Weeks with more drops than a hard rule allows."""
        counts = {(k, w): len(week.values()) for (k, w), week in self._weeks.items()}
        most = {
            k: min((of.most for of in limits if of.hard), default=np.inf)
            for k, limits in self._instance.drop_limits.items()
        }
        return [(k, w, n - most[k]) for (k, w), n in sorted(counts.items()) if n > most.get(k, np.inf)]

    def _meals(self, kitchen: int) -> int:
        return int(self._instance.week_covers(kitchen)[list(self._period.weeks)].sum())

    def _choose(self, kitchens: Sequence[int], only: Collection[tuple[int, int]] | None) -> None:
        """Which suppliers come, kitchen after kitchen; those of other weeks than `only` come as before."""
        for k in kitchens:
            priced = self._priced(k)
            for w in self._period.weeks:
                if (k, w) in self._needs:
                    self._weeks[k, w] = self._week(k, w, priced[:, w])
                    if only is None or (k, w) in only:
                        self._weeks[k, w].settle()

    def _priced(self, k: int) -> Floats:
        """Priced €/kg of each offer in each week at a kitchen (O × W)."""
        budget = self._relaxed.budget_prices[k]
        return offer_costs(self._instance, self._capacity, self._ratio[k], budget, k, self._totals)

    def _week(self, k: int, w: int, priced: Floats) -> KitchenWeek:
        of = self._instance
        rivals = {i: _cheapest(on_sale(of, k, w, i), priced) for i in self._needs[k, w]}
        sellers = {int(of.supplier_of[o]) for offers in rivals.values() for o in offers}
        resort = frozenset(s for s in sellers if of.problem.suppliers[of.suppliers[s]].kind == "wholesaler")
        limits = of.drop_limits.get(k, ())
        return KitchenWeek(of, self._lines[k, w], of.unit[:, k], priced, self._free[:, w], rivals, resort, limits)

    def _raise_prices(self, short: set[tuple[int, int]]) -> None:
        for k, r in short:
            self._ratio[k, r] = self._ratio[k, r] * DEARER + FIRST_RATIO_PRICE

    def _move_totals(self, answer: Sourced, missed: Sequence[int]) -> None:
        """Make dearer, or cheaper, what a missed total counts."""
        for t in missed:
            step = FIRST_RATIO_PRICE * self._instance.totals[t].usual
            self._totals[t] = self._totals[t] * DEARER + np.sign(answer.total_prices[t]) * step

    def _start_again(self, kitchens: Sequence[int], only: Collection[tuple[int, int]] | None = None) -> None:
        """These kitchens buy of the cheapest at the new prices what the others leave, all suppliers welcome."""
        for k in kitchens:
            priced = self._priced(k)
            for w in self._period.weeks:
                if (k, w) in self._needs and (only is None or (k, w) in only):
                    self._buy_afresh(k, w, priced[:, w])

    def _buy_afresh(self, k: int, w: int, priced: Floats) -> None:
        lines = self._lines[k, w]
        for o, kg in lines.items():
            self._free[o, w] += kg
        lines.clear()
        for i in self._needs[k, w]:
            rest = self._demand[k, w, i] / 1000
            for o in _cheapest(on_sale(self._instance, k, w, i), priced):
                kg = min(rest, float(self._free[o, w]))
                if kg > SPECK:
                    lines[o] = kg
                    self._free[o, w] -= kg
                    rest -= kg

    def _least(self) -> dict[DropKey, float]:
        """€ that the drop of each supplier that comes is worth at least."""
        return {(s, k, w): week.least(s) for (k, w), week in self._weeks.items() for s in week.values()}

    def _together(self) -> list[Together]:
        """Drops that kitchens share: none while it is chosen who comes (`shared_drops`)."""
        return []

    def _bought(self) -> Sourced:
        """The LP with the suppliers that come, each held to its minimum; the lines become its answer."""
        least = self._least()
        offers = {
            (k, w, i): self._kept(k, w, i, week) for (k, w), week in self._weeks.items() for i in self._needs[k, w]
        }
        held = Sourcing(
            self._instance, self._demand, self._period, offers=offers, least=least, together=self._together()
        )
        answer = held.solve()
        for (_, w), lines in self._lines.items():
            for o, kg in lines.items():
                self._free[o, w] += kg
            lines.clear()
        for o, k, w, kg in answer.buys:
            self._lines[k, w][o] = kg
            self._free[o, w] = max(0.0, float(self._free[o, w]) - kg)
        return replace(answer, crowded=self._crowded())

    def _kept(self, k: int, w: int, i: int, week: KitchenWeek) -> list[int]:
        """Offers of those who come: what is bought already, and what none of unlimited quantity beats."""
        of = self._instance
        coming = week.values()
        open_ = [o for o in week.rivals[i] if int(of.supplier_of[o]) in coming]
        kept = set(undominated(of, open_, of.unit[:, k], w))
        return [o for o in open_ if o in kept or o in week.lines]


def _cheapest(offers: Iterable[int], priced: Floats) -> list[int]:
    return sorted((int(o) for o in offers), key=lambda o: (float(priced[o]), o))


def absences(instance: Instance, sourced: Sequence[Sourced], before: Floats | None = None) -> Floats | None:
    """How much dearer menus see the goods of who does not come (S × K × W, share of the price); None without limits.

    A drop that stays too small is one nobody else could replace: its goods are to be left out of the week's menus, and
    of those chosen later (`before`).
    """
    if not has_drops(instance):
        return None
    absent = np.full((len(instance.suppliers), len(instance.kitchens), len(instance.weeks)), ABSENT_SHARE)
    for answer in sourced:
        for drop in answer.open or ():
            absent[drop] = 0.0
    if before is not None:
        absent[before >= SMALL_SHARE] = SMALL_SHARE
    for answer in sourced:
        for s, k, w, _ in answer.small:
            absent[s, k, w] = SMALL_SHARE
    return absent
