"""Drops that kitchens near each other share: who joins, when together they are worth a supplier's minimum.

A plan in which every drop is worth its minimum alone keeps every rule of shared ones. From it, period by period and at
the prices of the LP that knew no drops, groups are asked to come whose goods save most, lines moving to the supplier
from others that stay worth their own minimum or lose all they bring. One LP then sets the quantities of who joined; it
is kept if it is cheaper and lacks nothing. Kitchens that were mended over their whole horizon stand as they are.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.engine.crew import Crew
from optimizer.engine.drops import Drops
from optimizer.engine.instance import Instance
from optimizer.engine.joining import Joining, cheapest_joining
from optimizer.engine.kitchen_week import CENT, GRAM, KitchenWeek
from optimizer.engine.purchases import Demand, DropKey, Period, Sourced, Together
from optimizer.engine.totals import Buy, Part, counted_of
from optimizer.solver import Floats

TRIES = 3
"""Times that a period is bought, each without the kitchens that lacked something the time before."""
GAIN_EUR = 0.01
"""A change has to save a cent."""
Group = tuple[int, tuple[int, ...]]
"""Supplier and kitchens."""


@dataclass(frozen=True)
class Span:
    """A period as it is bought: its demand and answer without the kitchens that stand, and what these buy."""

    demand: Demand
    period: Period
    before: Sourced
    standing: Sequence[Buy]


def groups_of(instance: Instance) -> list[Group]:
    """Kitchens that may share a supplier's drop, two at least."""
    problem = instance.problem
    found: dict[tuple[str, str], list[int]] = {}
    for k, kitchen in enumerate(instance.kitchens):
        for s in instance.suppliers:
            group = problem.drop_group(s, kitchen)
            if group is not None:
                found.setdefault((s, group), []).append(k)
    return [(instance.suppliers.index(s), tuple(of)) for (s, _), of in sorted(found.items()) if len(of) > 1]


def share_drops(
    crew: Crew, instance: Instance, demand: Demand, spans: Sequence[Period], sourced: Sequence[Sourced]
) -> list[Sourced]:
    """The purchases with drops shared where that is cheaper.

    `sourced` = an answer for each of `spans`, in their order, then those of kitchens mended over the whole horizon.
    """
    if len(sourced) < len(spans) or not groups_of(instance):
        return list(sourced)
    apart = sourced[len(spans) :]
    standing = [buy for answer in apart for buy in answer.buys]
    fixed = {k for _, k, _, _ in standing}
    held = _as_bought(instance, spans, sourced)
    tasks = [
        Span(
            {key: grams for key, grams in demand.items() if key[1] in period.weeks and key[0] not in fixed},
            period,
            answer,
            [buy for buy in standing if buy[2] in period.weeks],
        )
        for period, answer in zip(held, sourced, strict=False)
    ]
    return [*crew.map(_shared, tasks), *apart]


def _as_bought(instance: Instance, spans: Sequence[Period], sourced: Sequence[Sourced]) -> list[Period]:
    """The periods, each with what it adds to every total and an equal part of what all may add or take away."""
    if not instance.totals:
        return list(spans)
    now = [counted_of(instance, answer.buys) for answer in sourced]
    every, parts = sum(now, np.zeros(len(instance.totals))), len(spans)
    return [
        replace(
            period,
            parts={
                t: Part(*(float(mine[t] + (bound - every[t]) / parts) for bound in (total.low, total.high)))
                for t, total in enumerate(instance.totals)
            },
        )
        for period, mine in zip(spans, now, strict=False)
    ]


def _shared(instance: Instance, span: Span) -> Sourced:
    """A period with drops shared; the answer as it was where that saves nothing.

    Only kitchens that share buy again, over the whole period; all others stand as they are. So does, the next time, who
    then lacks something or pays more: prices of ratios say what is dear to many, not to one.
    """
    asked, kept = _without(instance, span, set(range(len(instance.kitchens))) - _members(instance))
    for _ in range(TRIES):
        sharing = _Sharing(_left_by(instance, asked.standing), asked)
        joined = sharing.join()
        if not joined:
            return span.before
        again, stands = _without(instance, asked, _members(instance) - joined)
        again = replace(again, before=replace(again.before, buys=sharing.bought_by(joined)))
        found = _Sharing(_left_by(instance, again.standing), again).settled()
        if not found.lacking and (made := _cheaper(instance, span.before, found, [*kept, *stands])) is not None:
            return made
        asked, stands = _without(instance, asked, found.unmet or _dearer(instance, span.before, found))
        kept += stands
    return span.before


def _dearer(instance: Instance, before: Sourced, found: Sourced) -> set[int]:
    """Kitchens that pay more than before."""
    more: dict[int, float] = {}
    for answer, sign in ((found, 1.0), (before, -1.0)):
        for o, k, w, kg in answer.buys:
            more[k] = more.get(k, 0.0) + sign * instance.objective(o, k, w) * kg
    return {k for k, euros in more.items() if euros > 0}


def _members(instance: Instance) -> set[int]:
    return {k for _, kitchens in groups_of(instance) for k in kitchens}


def _left_by(instance: Instance, standing: Sequence[Buy]) -> Instance:
    capacity = instance.capacity.copy()
    for o, _, w, kg in standing:
        capacity[o, w] = max(0.0, capacity[o, w] - kg)
    return replace(instance, capacity=capacity)


def _without(instance: Instance, span: Span, kitchens: set[int]) -> tuple[Span, list[Buy]]:
    """The period without some kitchens, and what these buy, which then stands."""
    stands = [buy for buy in span.before.buys if buy[1] in kitchens]
    period = span.period
    if period.parts is not None:
        added = counted_of(instance, stands)
        parts = {t: Part(of.low - float(added[t]), of.high - float(added[t])) for t, of in period.parts.items()}
        period = replace(period, parts=parts)
    return Span(
        {key: grams for key, grams in span.demand.items() if key[0] not in kitchens},
        period,
        replace(span.before, buys=[buy for buy in span.before.buys if buy[1] not in kitchens]),
        [*span.standing, *stands],
    ), stands


def _cheaper(instance: Instance, before: Sourced, found: Sourced, kept: Sequence[Buy]) -> Sourced | None:
    """The new answer with what is kept, None if it is not cheaper; penalties of soft rules count against it alone."""
    moved = sum(instance.objective(o, k, w) * kg for o, k, w, kg in before.buys)
    moved -= sum(instance.objective(o, k, w) * kg for o, k, w, kg in kept)
    if found.cost > moved - GAIN_EUR:
        return None
    stands = {k for _, k, _, _ in kept}
    coming = found.open
    if coming is not None and before.open is not None:
        coming |= {drop for drop in before.open if drop[1] in stands}
    return replace(before, cost=before.cost - moved + found.cost, buys=[*found.buys, *kept], open=coming)


class _Sharing(Drops):
    def __init__(self, instance: Instance, span: Span) -> None:
        super().__init__(instance, span.demand, span.period, span.before)
        self._groups = groups_of(instance)
        self._member = {(s, k) for s, kitchens in self._groups for k in kitchens}
        self._standing: dict[DropKey, float] = {}
        for o, k, w, kg in span.standing:
            key, unit = (int(instance.supplier_of[o]), k, w), float(instance.unit[o, k])
            # What whole grams and cents leave of it.
            self._standing[key] = self._standing.get(key, 0.0) + (kg - GRAM) * unit - CENT

    def _week(self, k: int, w: int, priced: Floats) -> KitchenWeek:
        shared = frozenset(s for s, kitchen in self._member if kitchen == k)
        return replace(super()._week(k, w, priced), shared=shared)

    def join(self) -> set[int]:
        """Let the groups come that save most, one after the other; who joined or bought more."""
        self._choose(self._kitchens(), ())
        return {k for w in self._period.weeks for k in self._join_in(w)}

    def bought_by(self, kitchens: Collection[int]) -> list[Buy]:
        """What some kitchens buy now."""
        return [(o, k, w, kg) for (k, w), lines in self._lines.items() if k in kitchens for o, kg in lines.items()]

    def settled(self) -> Sourced:
        """One LP over all, each drop and each shared drop held to its minimum."""
        self._choose(self._kitchens(), ())
        return self._bought()

    def _kitchens(self) -> list[int]:
        return sorted({k for k, _ in self._needs})

    def _join_in(self, week: int) -> set[int]:
        """The best joining first; what another one changed is weighed again before it is made."""
        waiting = [(-found.gain, n) for n in range(len(self._groups)) if (found := self._joining(n, week)) is not None]
        heapq.heapify(waiting)
        joined = set[int]()
        while waiting:
            n = heapq.heappop(waiting)[1]
            found = self._joining(n, week)
            if found is None:
                continue
            if waiting and found.gain < -waiting[0][0]:
                heapq.heappush(waiting, (-found.gain, n))
                continue
            for k, change in found.changes:
                self._weeks[k, week].make(change)
                joined.add(k)
        return joined

    def _joining(self, group: int, week: int) -> Joining | None:
        s, kitchens = self._groups[group]
        there = sum(self._standing.get((s, k, week), 0.0) for k in kitchens)
        weeks = [(k, self._weeks[k, week], self._door(s, k)) for k in kitchens if (k, week) in self._weeks]
        found = cheapest_joining(s, weeks, float(self._instance.least_drop[s]) - there)
        return found if found is not None and found.gain > GAIN_EUR else None

    def _door(self, supplier: int, kitchen: int) -> float:
        of = self._instance
        return float(of.problem.least_drop(of.suppliers[supplier], of.kitchens[kitchen]))

    def _least(self) -> dict[DropKey, float]:
        alone = super()._least()
        return {
            (s, k, w): self._door(s, k) + self._weeks[k, w].rounding(s) if (s, k) in self._member else euros
            for (s, k, w), euros in alone.items()
        }

    def _together(self) -> list[Together]:
        found = []
        for s, kitchens in self._groups:
            for w in self._period.weeks:
                here = tuple(k for k in kitchens if (k, w) in self._weeks and s in self._weeks[k, w].values())
                euros = float(self._instance.least_drop[s]) + sum(self._weeks[k, w].rounding(s) for k in here)
                euros -= sum(self._standing.get((s, k, w), 0.0) for k in kitchens)
                if here and euros > 0:
                    found.append(Together(s, w, here, euros))
        return found
