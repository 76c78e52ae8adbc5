"""The order of work: prices, menus, sourcing, a few rounds of improvement, the bound, and the plan."""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import repeat

import numpy as np

from optimizer.engine.assembly import assemble
from optimizer.engine.certificate import bound_terms, lower_bound, own_terms, soft_limits
from optimizer.engine.coarse import CoarsePrices, coarse_prices, place_groups
from optimizer.engine.conflicts import Infeasible, explain_drops, explain_kitchen, explain_rounding, explain_sourcing
from optimizer.engine.crew import Crew
from optimizer.engine.day_swaps import reorder_days
from optimizer.engine.demand import menu_demand
from optimizer.engine.drops import absences, has_drops, source_in_drops
from optimizer.engine.instance import Instance, compile_instance
from optimizer.engine.kitchen_year import KitchenStuck, YearMenu, bound_year, choose_year
from optimizer.engine.last_mile import finish
from optimizer.engine.prices import Prices, no_prices
from optimizer.engine.progress import Cancelled, Listener, Reporter
from optimizer.engine.sourcing import Period, Sourced, periods, settled_totals, source, with_parts
from optimizer.engine.totals import counted_by_week, even_prices, moved, no_total_prices, period_prices, worth_of_bounds
from optimizer.plan import Plan, Price
from optimizer.problem import Problem
from optimizer.solver import Floats, Ints

GROUPS = 3
KITCHENS_PER_GROUP = 20  # legal-number: kitchens merged into one group
ROUNDS = 2
DROP_ROUNDS = 1
"""Rounds at drops of any size, then in drops worth their minimum: only the first give prices that prove a bound."""
DROPS = "Livraisons"
MOST_ROUNDS = 15
"""Rounds go on after the last, and after the time limit, only while a kitchen lacks something."""
SHARE_PER_ROUND = 3
BATCH = 4
SAMPLE, FEW = 8, 4
"""About as many kitchens tell which of two prices prove more."""
DAMPING = 0.5
MET_BELOW = 1e-6
AMPLE = 1.06
"""First menus are chosen at ratio prices a little above the LP's: at its own, menus with and without labels cost the
same, and half of the kitchens would miss their ratios. It costs about 0.01 % and saves a round for every kitchen."""
FIRST_BUDGET_PRICE = 0.1
RATIO_MET, RATIO_SHORT = 0.99, 1.15
"""How a kitchen's ratio multiplier moves when its menus met the ratio with ease, or could not be sourced to meet it."""


@dataclass
class _Best:
    menus: list[YearMenu]
    sourced: list[Sourced]
    cost: float
    lacking: float
    """What no purchase could provide (see `Sourced.lacking`): less of it is better than any saving."""


def solve(
    problem: Problem,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Listener | None = None,
    time_limit: float = 600,
    seed: int = 0,
) -> Plan:
    """Plan menus and sourcing of every kitchen over the horizon, with cost, lower bound and gap.

    `executor` runs the parts elsewhere (default: a pool of `workers` processes, one per core); `time_limit` seconds
    stops improving, never before a first complete plan; same problem and seed give the same plan when the limit is
    not met. Raises `Infeasible` with the rules in conflict.
    """
    started = time.monotonic()
    reporter = Reporter(progress)
    reporter.tell("Lecture du problème", 0, 1)
    instance = compile_instance(problem)
    with Crew(instance, executor, workers) as crew:
        search = _Search(instance, crew, reporter, started + time_limit, seed)
        best, terms = search.run()
    reporter.tell("Rédaction du plan", 0, 1)
    plan = assemble(
        instance,
        best.menus,
        best.sourced,
        terms,
        seconds=time.monotonic() - started,
        peak_mb=peak_memory_mb(),
        seed=seed,
    )
    if broken := [*explain_rounding(problem, plan.summary.rules), *explain_drops(problem, plan)]:
        raise Infeasible(broken)
    reporter.best_cost, reporter.bound = plan.summary.cost_eur, plan.summary.lower_bound_eur
    reporter.tell("Rédaction du plan", 1, 1)
    return plan


def peak_memory_mb() -> int:
    """Peak resident memory of this process plus its largest finished child, in MB (Linux counts kB, macOS bytes)."""
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return int((own + 2 * child) / unit)


class _Search:
    def __init__(self, instance: Instance, crew: Crew, reporter: Reporter, deadline: float, seed: int) -> None:
        self._instance = instance
        self._crew = crew
        self._reporter = reporter
        self._deadline = deadline
        self._random = random.Random(seed)
        self._periods = periods(instance)
        self._best: _Best | None = None
        self._terms: list[Price] = []
        self._order = list(range(len(instance.kitchens)))
        self._random.shuffle(self._order)

    def run(self) -> tuple[_Best, list[Price]]:
        prices = self._first_prices()
        ample = replace(prices, ratio=prices.ratio * AMPLE)
        menus = self._choose(ample, range(len(self._instance.kitchens)))
        self._source(menus, "Approvisionnement")
        last = ample
        try:
            last = self._improve(ample)
        except Cancelled:
            # Stopped by the person who waits: the best plan is kept, and still gets its proof.
            self._reporter.silence()
        assert self._best is not None
        in_drops = self._in_drops(last) if has_drops(self._instance) else last
        self._reporter.finishing = True
        self._finish(in_drops)
        if self._unmet():
            raise Infeasible(explain_sourcing(self._instance, self._best.sourced))
        self._best.menus = self._in_best_order(self._best.menus)
        self._prove(prices, last)
        return self._best, self._terms

    def _finish(self, prices: Prices) -> None:
        """Mend what the rounds left (`last_mile`)."""
        assert self._best is not None
        self._reporter.tell("Derniers réglages", 0, 1)
        settled = finish(self._instance, self._best.menus, self._best.sourced, prices)
        lacking = sum(answer.lacking for answer in settled.sourced)
        self._best = _Best(settled.menus, settled.sourced, settled.cost, lacking)
        self._reporter.tell("Derniers réglages", 1, 1)

    def _in_best_order(self, menus: list[YearMenu]) -> list[YearMenu]:
        """The menus with their days in the order that breaks the fewest sliding windows; purchases stay as they are."""
        batches = [menus[n : n + BATCH] for n in range(0, len(menus), BATCH)]
        return [menu for batch in self._crew.map(reorder_days, batches) for menu in batch]

    def _unmet(self) -> set[int]:
        """Kitchens of the best plan that lack an ingredient, a share of a ratio, or money."""
        assert self._best is not None
        return {kitchen for answer in self._best.sourced for kitchen in answer.unmet}

    def _first_prices(self) -> Prices:
        """Duals of the block LPs over groups of kitchens."""
        tasks: list[tuple[int, int, list[Ints]]] = []
        for p, pattern in enumerate(self._instance.patterns):
            members = int((self._instance.pattern_of == p).sum())
            groups = place_groups(self._instance, p, max(1, min(GROUPS, members // KITCHENS_PER_GROUP)))
            tasks += [(p, block.index, groups) for block in pattern.blocks]
        done = self._reporter.counter("Premiers prix", len(tasks))
        answers = self._crew.map(_coarse_task, tasks, done)
        return _spread(self._instance, [(task[0], answer) for task, answer in zip(tasks, answers, strict=True)])

    def _choose(self, prices: Prices, kitchens: Sequence[int], phase: str = "Menus") -> list[YearMenu]:
        batches = [list(kitchens[n : n + BATCH]) for n in range(0, len(kitchens), BATCH)]
        done = self._reporter.counter(phase, len(batches))
        try:
            found = self._crew.map(choose_year, [(prices, batch) for batch in batches], done)
        except KitchenStuck as stuck:
            raise Infeasible(explain_kitchen(self._instance, stuck.kitchen, stuck.block)) from stuck
        return [menu for batch in found for menu in batch]

    def _source(self, menus: list[YearMenu], phase: str, relaxed: Sequence[Sourced] | None = None) -> Sequence[Sourced]:
        """Purchases of the menus, in drops when those with drops of any size are told; the best plan is kept."""
        sourced = self._bought(menus, phase, relaxed)
        cost = sum(answer.cost for answer in sourced) + sum(menu.penalty for menu in menus)
        lacking = sum(answer.lacking for answer in sourced)
        if self._best is None or (lacking, cost) < (self._best.lacking, self._best.cost):
            self._best = _Best(menus, sourced, cost, lacking)
            self._reporter.best_cost = Decimal(f"{cost:.2f}")
        return sourced

    def _bought(self, menus: list[YearMenu], phase: str, relaxed: Sequence[Sourced] | None) -> list[Sourced]:
        demand = menu_demand(self._instance, menus)
        spans = with_parts(self._instance, demand, self._periods)
        tasks = [
            ({key: grams for key, grams in demand.items() if key[1] in period.weeks}, period, answer)
            for period, answer in zip(spans, relaxed or repeat(None, len(spans)), strict=True)
        ]
        found = self._crew.map(_source_task, tasks, self._reporter.counter(phase, len(tasks)))
        return settled_totals(self._instance, found)

    def _improve(self, prices: Prices) -> Prices:
        """Some kitchens at a time choose again at the marginal prices of what all the others buy."""
        assert self._best is not None
        order = self._order
        sourced: Sequence[Sourced] = self._best.sourced
        for round_ in range(MOST_ROUNDS):
            prices = _moved(self._instance, prices, self._periods, sourced)
            unmet = self._unmet()
            if not unmet and (round_ >= ROUNDS or time.monotonic() > self._deadline):
                break
            chosen = unmet.union(order[round_ % SHARE_PER_ROUND :: SHARE_PER_ROUND])
            phase = f"Amélioration {round_ + 1}"
            sourced = self._source(self._chosen_again(prices, chosen, phase), phase)
        return prices

    def _chosen_again(self, prices: Prices, kitchens: set[int], phase: str) -> list[YearMenu]:
        """The menus of the best plan, those of some kitchens chosen again."""
        assert self._best is not None
        again = {menu.kitchen: menu for menu in self._choose(prices, sorted(kitchens), phase)}
        return [again.get(menu.kitchen, menu) for menu in self._best.menus]

    def _in_drops(self, prices: Prices) -> Prices:
        """The best plan bought in drops that can be; stopping improves it no further. Prices that tell who comes."""
        assert self._best is not None
        menus, relaxed, self._best = self._best.menus, self._best.sourced, None
        try:
            sourced = self._source(menus, DROPS, relaxed)
            return self._improve_in_drops(prices, sourced)
        except Cancelled:
            self._reporter.silence()
            return self._told_who_comes(prices, self._found() or self._source(menus, DROPS, relaxed))

    def _found(self) -> Sequence[Sourced]:
        """Purchases of the best plan, none while there is no plan."""
        return self._best.sourced if self._best is not None else []

    def _improve_in_drops(self, prices: Prices, sourced: Sequence[Sourced]) -> Prices:
        """Some kitchens choose again at prices that tell them who comes."""
        for round_ in range(DROP_ROUNDS):
            if time.monotonic() > self._deadline:
                break
            prices = self._told_who_comes(_moved(self._instance, prices, self._periods, sourced), sourced)
            chosen = self._unmet().union(self._order[round_ % SHARE_PER_ROUND :: SHARE_PER_ROUND])
            phase = f"{DROPS} {round_ + 1}"
            menus = self._chosen_again(prices, chosen, phase)
            sourced = self._source(menus, phase, self._bought(menus, phase, None))
        return self._told_who_comes(prices, sourced)

    def _told_who_comes(self, prices: Prices, sourced: Sequence[Sourced]) -> Prices:
        return replace(prices, absent=absences(self._instance, sourced, prices.absent))

    def _prove(self, first: Prices, last: Prices) -> None:
        """Lower bound at the last capacity prices, with the first or last ratio prices: which, a few kitchens tell."""
        assert self._best is not None
        bought = [buy for answer in self._best.sourced for buy in answer.buys] if self._instance.totals else []
        counted = counted_by_week(self._instance, bought)
        tried = [
            soft_limits(
                self._instance, replace(last, ratio=of.ratio, budget=of.budget).per_year(self._instance, counted)
            ).rounded()
            for of in (first, last)
        ]
        every = list(range(len(self._instance.kitchens)))
        sample = every[:: max(1, len(every) // SAMPLE)]
        own = [sum(self._bounds(prices, sample)) - own_terms(self._instance, prices)[sample].sum() for prices in tried]
        prices = self._with_best_totals(tried[0] if own[0] > own[1] else tried[1], first, counted)
        self._terms = bound_terms(self._instance, prices, self._bounds(prices, every))
        self._reporter.bound = lower_bound(self._terms)

    def _with_best_totals(self, prices: Prices, first: Prices, counted: Floats) -> Prices:
        """The prices with those of totals that prove most of a few: the last or a part of them, the first, none."""
        if prices.total is None or not prices.total.any():
            return prices
        assert first.total is not None
        choices = [prices.total, prices.total / 2, prices.total / 8, even_prices(self._instance, first.total, counted)]
        every = list(range(len(self._instance.kitchens)))
        sample = every[:: max(1, len(every) // FEW)]
        best = [replace(prices, total=of).rounded() for of in (*choices, np.zeros_like(prices.total))]

        def proven(of: Prices) -> float:
            assert of.total is not None
            menus = sum(self._bounds(of, sample)) * len(every) / len(sample)
            return menus - worth_of_bounds(self._instance, of.total)

        return max(best, key=proven)

    def _bounds(self, prices: Prices, kitchens: Sequence[int]) -> list[float]:
        batches = [list(kitchens[n : n + BATCH]) for n in range(0, len(kitchens), BATCH)]
        done = self._reporter.counter("Preuve de la borne", len(batches))
        try:
            found = self._crew.map(bound_year, [(prices, batch) for batch in batches], done)
        except KitchenStuck as stuck:
            raise Infeasible(explain_kitchen(self._instance, stuck.kitchen, stuck.block)) from stuck
        return [bound for batch in found for bound in batch]


def _coarse_task(instance: Instance, task: tuple[int, int, list[Ints]]) -> CoarsePrices:
    return coarse_prices(instance, *task)


def _source_task(instance: Instance, task: tuple[dict[tuple[int, int, int], int], Period, Sourced | None]) -> Sourced:
    demand, period, relaxed = task
    return source(instance, demand, period) if relaxed is None else source_in_drops(instance, demand, period, relaxed)


def _spread(instance: Instance, answers: Sequence[tuple[int, CoarsePrices]]) -> Prices:
    """Group prices handed to their kitchens and weeks; a week in two blocks takes the mean."""
    prices = no_prices(instance)
    seen = np.zeros(len(instance.weeks))
    ratio_seen = np.zeros((len(instance.kitchens), len(instance.weeks)))
    for pattern, answer in answers:
        places = instance.week_place[pattern]
        weeks = [int(places[week]) for week in answer.block.weeks]
        for w in weeks:
            seen[w] += 1
        for (o, w), price in answer.capacity.items():
            prices.capacity[o, w] += price
        share = answer.block.size / len(instance.patterns[pattern].dates)
        assert prices.total is not None
        prices.total[:, weeks] += period_prices(instance, dict(enumerate(answer.total)))[:, weeks]
        for members, ratio, budget in zip(answer.groups, answer.ratio, answer.budget, strict=True):
            prices.budget[members] += share * budget
            for w in weeks:
                prices.ratio[members, w] += ratio[:, instance.week_year[w]]
                ratio_seen[members, w] += 1
    return Prices(
        prices.capacity / np.maximum(seen, 1),
        prices.ratio / np.maximum(ratio_seen, 1)[:, :, None],
        prices.budget,
        total=prices.total / np.maximum(seen, 1) if prices.total is not None else None,
    )


def _moved(instance: Instance, prices: Prices, spans: Sequence[Period], sourced: Sequence[Sourced]) -> Prices:
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
        moved(instance, total, weeks, answer.total_prices, {t for t, _, _ in answer.off})
        step = np.where(answer.ratio_prices <= MET_BELOW, RATIO_MET, 1.0)
        for k, r, _ in answer.short:
            step[k, r] = RATIO_SHORT
        ratio[:, weeks] *= step[:, None, :]
        for k, _, _ in answer.over:
            budget[k] = budget[k] * RATIO_SHORT + FIRST_BUDGET_PRICE
    return Prices(capacity, ratio, budget, prices.absent, total)
