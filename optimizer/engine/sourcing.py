"""Who buys what from whom, for given menus: an LP over a few whole weeks.

Demand per kitchen, week and ingredient is met exactly; capacities are shared by all kitchens; each kitchen meets the
value ratios of each civil year within the period (a year's ratio holds when each of its periods holds it) and the
budget. Columns: ``buy[offer, kitchen, week]`` in kg, for offers that could be worth buying. What cannot be met is
bought from nobody at a price no offer has (`missing`, kg), lacks in a ratio (`short`, euros) or is spent beyond the
budget (`over`, euros): the caller turns these into conflicts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from optimizer.engine.candidates import on_sale, worth_buying
from optimizer.engine.instance import Instance
from optimizer.engine.purchases import Demand, DropKey, Period, Sourced, Together
from optimizer.engine.totals import Total, counted_of, held, part_of, parted
from optimizer.rules import ValueRatioRule
from optimizer.solver import INFINITY, Ints, Model, Outcome

MOST_AT_ONCE = 60
"""Kitchens × weeks that are sourced in one LP."""
MISSING_EUR_PER_KG, MISSING_TIMES = 200.0, 10.0
"""Price of what nobody can sell: 200 €/kg and ten times the dearest offer, so that going short always costs more."""
SHORT_EUR_PER_EUR = 5.0
SMALL_EUR_PER_EUR = 10.0
"""A drop is made up before a ratio is met: a kitchen short of one then chooses other suppliers."""
RATIO_MARGIN = 1e-4
"""Share of the spend by which a ratio is overshot, so that rounding to grams and cents cannot undo it."""
GRAM_KG = 1e-3
ROUNDING_EUR = 0.01
"""Euros by which whole grams and cents can move the purchases of one ingredient and week, at most."""


def periods(instance: Instance, length: int = 5) -> list[Period]:
    """Runs of about `length` weeks within a civil year; what is small is sourced as one, over its whole horizon."""
    if len(instance.kitchens) * len(instance.weeks) <= MOST_AT_ONCE:
        return [Period(tuple(range(len(instance.weeks))))]
    found = []
    for year in range(len(instance.years)):
        weeks = np.flatnonzero(instance.week_year == year)
        parts = max(1, round(len(weeks) / length))
        found += [Period(tuple(int(w) for w in part)) for part in np.array_split(weeks, parts) if len(part)]
    return found


def source(
    instance: Instance, demand: Demand, period: Period, method: str = "choose", *, every_offer: bool = False
) -> Sourced:
    """Solve the LP of one period. `demand` may hold other weeks; they are ignored.

    `every_offer` looks at offers that are dearer and no better too: a dearer label makes a greater share.
    """
    return Sourcing(instance, demand, period, every_offer=every_offer).solve(method)


def with_parts(instance: Instance, demand: Demand, spans: Sequence[Period]) -> list[Period]:
    """The periods, each with its part of the totals' bounds for menus that need `demand`."""
    if not instance.totals:
        return list(spans)
    parts = parted(instance, demand, [period.weeks for period in spans])
    return [replace(period, parts=of) for period, of in zip(spans, parts, strict=True)]


def settled_totals(instance: Instance, sourced: Sequence[Sourced]) -> list[Sourced]:
    """The answers of all periods, without what one missed of a total that all of them together keep."""
    if not any(answer.off for answer in sourced):
        return list(sourced)
    sums = counted_of(instance, [buy for answer in sourced for buy in answer.buys])
    missed = {t for t, total in enumerate(instance.totals) if not held(total, float(sums[t]))}
    return [replace(answer, off=[of for of in answer.off if of[0] in missed]) for answer in sourced]


def sourcing_model(instance: Instance, demand: Demand, period: Period) -> Model:
    """The LP of one period, not solved: to be read."""
    made = Sourcing(instance, demand, period)
    made.build()
    return made.model


class Sourcing:
    """The LP of one period; `offers` by need and `least` (€ by drop) hold it to suppliers that come and to minima,
    `together` to those of drops that kitchens share."""

    def __init__(
        self,
        instance: Instance,
        demand: Demand,
        period: Period,
        *,
        every_offer: bool = False,
        offers: Mapping[tuple[int, int, int], Sequence[int]] | None = None,
        least: Mapping[DropKey, float] | None = None,
        together: Sequence[Together] = (),
    ) -> None:
        self._instance = instance
        self._period = period
        self._every_offer = every_offer
        self._offers = offers
        self._least = least
        self._together = together
        inside = set(period.weeks)
        self._demand = {key: grams for key, grams in sorted(demand.items()) if key[1] in inside and grams > 0}
        self.model = Model("sourcing")
        self._buys: list[tuple[int, int, int]] = []
        self._columns: list[int] = []
        self._missing: list[tuple[tuple[int, int, int], int]] = []
        self._short: list[tuple[int, int, int, float]] = []
        self._over: list[tuple[int, int, int, float]] = []
        self._capacity_rows: list[tuple[tuple[int, int], int]] = []
        self._ratio_rows: list[tuple[tuple[int, int], int]] = []
        self._budget_rows: list[tuple[int, int]] = []
        self._small: list[tuple[DropKey, int]] = []
        self._total_rows: list[tuple[int, int]] = []
        self._off: list[tuple[int, tuple[int, ...], int, float]] = []

    def build(self) -> None:
        self._add_demand()
        self._add_capacities()
        self._add_ratios()
        self._add_budgets()
        self._add_totals()
        self._add_drops()

    def solve(self, method: str = "choose") -> Sourced:
        """Build and solve. Raises `RuntimeError` when the solver has no answer."""
        self.build()
        outcome = self.model.solve(method=method)
        if not outcome.usable:
            raise RuntimeError(f"sourcing LP: {outcome.status.value}")
        return self._read(outcome)

    def _add_demand(self) -> None:
        """DEMAND: Σ buy + missing = need, one row per kitchen, week and ingredient."""
        of = self._instance
        for (k, w, i), grams in self._demand.items():
            offers = self._sellers(k, w, i)
            kg = grams / 1000
            name = f"{of.kitchens[k]}.{of.weeks[w]}.{of.ingredients[i]}"
            columns = []
            for o in offers:
                columns.append(self.model.add(f"buy.{of.offers[o]}.{name}", of.objective(int(o), k, w), 0.0, kg))
                self._buys.append((int(o), k, w))
            self._columns += columns
            if not np.isinf(of.capacity[offers, w]).any():
                dearest = float(of.unit[offers, k].max(initial=0.0))
                lack = (MISSING_EUR_PER_KG + MISSING_TIMES * dearest) * of.dearness
                missing = self.model.add(f"missing.{name}", lack, 0.0, kg)
                self._missing.append(((k, w, i), missing))
                columns = [*columns, missing]
            self.model.row(f"DEMAND.{name}", columns, [1.0] * len(columns), kg, kg)

    def _sellers(self, k: int, w: int, i: int) -> Ints:
        if self._offers is not None:
            return np.array(self._offers[k, w, i], dtype=np.int64)
        return (on_sale if self._every_offer else worth_buying)(self._instance, k, w, i)

    def _add_capacities(self) -> None:
        """CAPACITY: Σ over kitchens of buy <= capacity, for offers that this demand could exhaust."""
        users: dict[tuple[int, int], list[int]] = {}
        for column, (o, _, w) in zip(self._columns, self._buys, strict=True):
            if np.isfinite(self._instance.capacity[o, w]):
                users.setdefault((o, w), []).append(column)
        ups = self.model.upper_bounds()
        for (o, w), columns in users.items():
            limit = float(self._instance.capacity[o, w])
            if ups[columns].sum() > limit:
                name = f"CAPACITY.{self._instance.offers[o]}.{self._instance.weeks[w]}"
                row = self.model.row(name, columns, [1.0] * len(columns), -INFINITY, limit)
                self._capacity_rows.append(((o, w), row))

    def _add_ratios(self) -> None:
        """value_ratio: Σ (in numerator − share) × unit price × buy + short >= margin − what was bought before."""
        of = self._instance
        for year in sorted({int(of.week_year[w]) for w in self._period.weeks}):
            inside = [w for w in self._period.weeks if of.week_year[w] == year]
            part = len(inside) / int((of.week_year == year).sum())
            for k, everything in sorted(self._by_kitchen.items()):
                mine = [j for j in everything if self._buys[j][2] in inside]
                for r, rule in enumerate(of.ratio_rules if mine else ()):
                    self._add_ratio(k, (r, rule), year, mine, part * float(of.bought[k, year, r]))

    def _add_ratio(
        self, k: int, numbered: tuple[int, ValueRatioRule], year: int, mine: Sequence[int], bought: float
    ) -> None:
        """`bought` = this period's part of what was bought before, in euros of numerator − share × denominator."""
        (r, rule), of = numbered, self._instance
        coefs = [self._ratio_value(r, j) for j in mine]
        spend = sum(self._typical(j) for j, coef in zip(mine, coefs, strict=True) if coef != 0.0)
        name = f"{rule.id}.{of.kitchens[k]}.{of.years[year]}"
        price = _short_price(rule) * of.dearness if rule.soft_price is None else float(rule.soft_price)
        short = self.model.add(f"short.{name}", price)
        margin = max(RATIO_MARGIN * spend, self._rounding(k))
        if rule.hard:
            self._short.append((k, r, short, margin))
        columns = [*(self._columns[j] for j in mine), short]
        row = self.model.row(name, columns, [*coefs, 1.0], margin - bought, INFINITY)
        self._ratio_rows.append(((k, r), row))

    @cached_property
    def _by_kitchen(self) -> dict[int, list[int]]:
        """Places of each kitchen's buys; asked for once all demand is in."""
        grouped: dict[int, list[int]] = {}
        for j, (_, k, _) in enumerate(self._buys):
            grouped.setdefault(k, []).append(j)
        return grouped

    @cached_property
    def _by_offer(self) -> dict[int, list[int]]:
        """Places of each offer's buys: a total looks at its own offers alone, not at all that is bought."""
        grouped: dict[int, list[int]] = {}
        for j, (o, _, _) in enumerate(self._buys):
            grouped.setdefault(o, []).append(j)
        return grouped

    def _rounding(self, kitchen: int) -> float:
        """Euros by which rounding can move a kitchen's purchases of the period, at most."""
        return ROUNDING_EUR * self._needs[kitchen]

    @cached_property
    def _needs(self) -> Counter[int]:
        """Ingredients × weeks that each kitchen needs."""
        return Counter(k for k, _, _ in self._demand)

    def _ratio_value(self, rule: int, j: int) -> float:
        o, k, w = self._buys[j]
        label = int(self._instance.labelled[o, w])
        return float(self._instance.ratio[rule, o, label] * self._instance.unit[o, k])

    def _typical(self, j: int) -> float:
        """Rough spend behind a column: used for the margin only."""
        o, k, w = self._buys[j]
        need = self._demand[k, w, int(self._instance.ingredient_of[o])]
        return float(self._instance.unit[o, k]) * need / 1000 / 3

    def _add_budgets(self) -> None:
        """budget: Σ unit price × buy − over <= budget × covers of the period."""
        of = self._instance
        for b, rule in enumerate(of.budget_rules):
            for k, mine in self._by_kitchen.items():
                covers = int(of.week_covers(k)[list(self._period.weeks)].sum())
                limit = float(of.problem.budget_per_meal(rule, of.kitchens[k])) * covers
                price = SHORT_EUR_PER_EUR * of.dearness if rule.soft_price is None else float(rule.soft_price)
                name = f"{rule.id}.{of.kitchens[k]}"
                over = self.model.add(f"over.{name}", price)
                margin = self._rounding(k)
                if rule.hard:
                    self._over.append((k, b, over, margin))
                units = [float(of.unit[self._buys[j][0], k]) for j in mine]
                row = self.model.row(
                    name, [*(self._columns[j] for j in mine), over], [*units, -1.0], -INFINITY, limit - margin
                )
                self._budget_rows.append((k, row))

    def _add_totals(self) -> None:
        """purchase_total: part of the least <= Σ measure × buy (+ lack, − excess) <= part of the most."""
        for t, total in enumerate(self._instance.totals):
            part = part_of(total, self._period.weeks) if self._period.parts is None else self._period.parts.get(t)
            terms = list(self._counted(total))
            if part is None or not (terms or part.low > 0):
                continue
            per_line = ROUNDING_EUR / 2 if total.rule.measure == "eur" else 0.0
            margin = sum(GRAM_KG * amount + per_line for _, amount, _ in terms)
            if np.isfinite(part.low) and np.isfinite(part.high):
                margin = min(margin, (part.high - part.low) / 2)
            kitchens = tuple(sorted({k for _, _, k in terms})) or tuple(np.flatnonzero(total.amount.any(axis=0)))
            for sign, bound in ((1.0, part.low), (-1.0, part.high)):
                if np.isfinite(bound):
                    self._add_total((t, total), sign, bound + sign * margin, margin, terms, kitchens)

    def _add_total(
        self,
        numbered: tuple[int, Total],
        sign: float,
        bound: float,
        margin: float,
        terms: Sequence[tuple[int, float, int]],
        kitchens: tuple[int, ...],
    ) -> None:
        """One side of a total; what is beyond it pays for each unit."""
        t, total = numbered
        name = f"{total.rule.id}.{'least' if sign > 0 else 'most'}"
        times = self._instance.dearness if total.rule.hard else 1.0
        beyond = self.model.add(f"beyond.{name}", total.lack * times)
        columns, coefs = [*(c for c, _, _ in terms), beyond], [*(a for _, a, _ in terms), sign]
        low, high = (bound, INFINITY) if sign > 0 else (-INFINITY, bound)
        self._total_rows.append((t, self.model.row(name, columns, coefs, low, high)))
        if total.rule.hard:
            self._off.append((t, kitchens, beyond, margin))

    def _counted(self, total: Total) -> Iterator[tuple[int, float, int]]:
        """Columns that a total counts, what a kg of each adds to it, and their kitchens."""
        places = sorted(j for o in total.place for j in self._by_offer.get(o, ()))
        for j in places:
            o, k, w = self._buys[j]
            amount = float(total.amount[total.place[o], k])
            if total.weeks[w] and amount > 0:
                yield self._columns[j], amount, k

    def _add_drops(self) -> None:
        """MIN_DROP: Σ unit price × buy of a supplier + small >= its minimum, per kitchen and week in which it comes.

        The same over the kitchens that share a drop; what lacks of that is told of the first of them.
        """
        of, columns = self._instance, dict[DropKey, list[tuple[int, float]]]()
        for column, (o, k, w) in zip(self._columns, self._buys, strict=True):
            columns.setdefault((int(of.supplier_of[o]), k, w), []).append((column, float(of.unit[o, k])))
        for (s, k, w), euros in (self._least or {}).items():
            if euros > 0:
                name = f"MIN_DROP.{of.suppliers[s]}.{of.kitchens[k]}.{of.weeks[w]}"
                small = self.model.add(f"small.{name}", SMALL_EUR_PER_EUR)
                terms = [*columns.get((s, k, w), []), (small, 1.0)]
                self.model.row(name, [c for c, _ in terms], [a for _, a in terms], euros, INFINITY)
                self._small.append(((s, k, w), small))
        for drop in self._together:
            s, first, w = drop.supplier, drop.kitchens[0], drop.week
            name = f"MIN_DROP.{of.suppliers[s]}.{of.kitchens[first]}.{of.weeks[w]}.together"
            small = self.model.add(f"small.{name}", SMALL_EUR_PER_EUR)
            terms = [*(term for k in drop.kitchens for term in columns.get((s, k, w), ())), (small, 1.0)]
            self.model.row(name, [c for c, _ in terms], [a for _, a in terms], drop.euros, INFINITY)
            self._small.append(((s, first, w), small))

    def _read(self, outcome: Outcome) -> Sourced:
        of, values = self._instance, outcome.values
        assert outcome.duals is not None
        duals = outcome.duals
        ratio = np.zeros((len(of.kitchens), len(of.ratio_rules)))
        for (k, r), row in self._ratio_rows:
            ratio[k, r] = max(ratio[k, r], duals[row])
        budget = np.zeros(len(of.kitchens))
        for k, row in self._budget_rows:
            budget[k] = max(budget[k], -min(0.0, duals[row]))
        totals: dict[int, float] = {}
        for t, row in self._total_rows:
            totals[t] = totals.get(t, 0.0) - float(duals[row])
        buys = [
            (o, k, w, float(values[c]))
            for c, (o, k, w) in zip(self._columns, self._buys, strict=True)
            if values[c] > 1e-9
        ]
        return Sourced(
            cost=outcome.objective,
            buys=buys,
            capacity_prices={key: min(0.0, float(duals[row])) for key, row in self._capacity_rows},
            ratio_prices=ratio,
            budget_prices=budget,
            missing=[(*key, float(values[c])) for key, c in self._missing if values[c] > 1e-6],
            short=[(k, r, lack) for k, r, c, margin in self._short if (lack := float(values[c]) - margin) > 1e-4],
            over=[(k, b, lack) for k, b, c, margin in self._over if (lack := float(values[c]) - margin) > 1e-4],
            small=[(*drop, float(values[c])) for drop, c in self._small if values[c] > 1e-4],
            open=None if self._least is None else frozenset(self._least),
            total_prices=totals,
            off=[(t, ks, lack) for t, ks, c, margin in self._off if (lack := float(values[c]) - margin) > 1e-4],
        )


def _short_price(rule: ValueRatioRule) -> float:
    """Euros per euro short: more than any label can cost, which for a share s is 1 / (1 − s) euros per euro of it."""
    return SHORT_EUR_PER_EUR * max(1.0, 1.0 / (2.0 * max(1.0 - float(rule.min_share), 0.001)))
