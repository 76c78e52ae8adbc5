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
from itertools import chain, repeat

from optimizer.engine.assembly import assemble
from optimizer.engine.certificate import lower_bound
from optimizer.engine.coarse import CoarsePrices, coarse_prices, near_batches, place_groups
from optimizer.engine.conflicts import Infeasible, explain_drops, explain_kitchen, explain_rounding, explain_sourcing
from optimizer.engine.crew import Crew, one_thread
from optimizer.engine.day_swaps import reorder_days
from optimizer.engine.demand import changed_weeks, menu_demand
from optimizer.engine.drops import absences, bought_again, has_drops, source_in_drops
from optimizer.engine.instance import Instance, compile_instance
from optimizer.engine.kitchen_year import KitchenStuck, YearMenu, choose_year
from optimizer.engine.last_mile import finish
from optimizer.engine.price_steps import moved, spread
from optimizer.engine.prices import Prices
from optimizer.engine.progress import Cancelled, Listener, Reporter
from optimizer.engine.proving import WRITING, Proof, prove
from optimizer.engine.purchases import Period, Sourced
from optimizer.engine.shared_drops import share_drops
from optimizer.engine.sourcing import periods, settled_totals, source, with_parts
from optimizer.engine.time_left import TimeLeft
from optimizer.plan import Plan, Price
from optimizer.problem import Problem
from optimizer.solver import Ints

GROUPS = 3
KITCHENS_PER_GROUP = 20  # legal-number: kitchens merged into one group
ROUNDS, ROUNDS_BEFORE_DROPS = 2, 0
DROP_ROUNDS = 2
"""Rounds at drops of any size; in drops worth their minimum. Before drops a round is worth 0.02 % and lost in them."""
DROPS, SHARED = "Livraisons", "Livraisons partagées"
MOST_ROUNDS = 5
"""While kitchens lack something, rounds for them alone follow; what stays so is mended over the year (`last_mile`)."""
SHARE_PER_ROUND = 3
PROOF = ("menus", 1.0)
"""The proof solves an LP per kitchen, as the menus do, and a few more, and rounds nothing."""
ORDER, ORDERED_AT_ONCE = ("menus", 0.2), 4  # legal-number: kitchens per task
"""A third of a second a kitchen puts its days in order, if time is left; kitchens per task."""
DROPS_BY_SOURCING = 3.0
"""Buying in drops solves the LP of a period again, up to four times; about this often until it was measured."""
AMPLE = 1.06
"""First menus are chosen at ratio prices a little above the LP's: at its own, menus with and without labels cost the
same, and half of the kitchens would miss their ratios. It costs about 0.01 % and saves a round for every kitchen."""


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

    `executor` runs the parts elsewhere (default: a pool of `workers` processes, one per core); within `time_limit`
    seconds everything is done, proof and writing included: an improvement that would not leave time for them is not
    begun. A limit too short for one plan and its proof is passed by what these need. Same problem and seed give the
    same plan when the limit leaves nothing out. Raises `Infeasible` with the rules in conflict.
    """
    started = time.monotonic()
    reporter = Reporter(progress)
    reporter.tell("Lecture du problème", 0, 1)
    instance = compile_instance(problem)
    with one_thread(), Crew(instance, executor, workers) as crew:
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
        self._time = TimeLeft(deadline)
        self._random = random.Random(seed)
        self._periods = periods(instance)
        self._best: _Best | None = None
        self._rounds = ROUNDS_BEFORE_DROPS if has_drops(instance) else ROUNDS
        self._order = list(range(len(instance.kitchens)))
        self._random.shuffle(self._order)

    def run(self) -> tuple[_Best, list[Price]]:
        prices = self._first_prices()
        ample = replace(prices, ratio=prices.ratio * AMPLE)
        with self._time.measured("menus"):
            menus = self._choose(ample, range(len(self._instance.kitchens)))
        with self._time.measured("sourcing"):
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
        self._share_drops()
        self._best.menus = self._in_best_order(self._best.menus)
        return self._best, self._proven(prices, last)

    def _proven(self, first: Prices, last: Prices) -> list[Price]:
        """The terms of the lower bound."""
        assert self._best is not None
        bought = [buy for answer in self._best.sourced for buy in answer.buys]
        terms = prove(Proof(self._instance, self._crew, self._reporter, self._time), first, last, bought)
        self._reporter.bound = lower_bound(terms)
        return terms

    def _finish(self, prices: Prices) -> None:
        """Mend what the rounds left (`last_mile`)."""
        assert self._best is not None
        self._reporter.tell("Derniers réglages", 0, 1)
        settled = finish(self._crew, self._instance, self._best.menus, self._best.sourced, prices)
        lacking = sum(answer.lacking for answer in settled.sourced)
        self._best = _Best(settled.menus, settled.sourced, settled.cost, lacking)
        self._reporter.tell("Derniers réglages", 1, 1)

    def _share_drops(self) -> None:
        """Kitchens near each other share drops where that is cheaper (`shared_drops`), if there is time for it."""
        assert self._best is not None
        if self._instance.problem.shared_drops and self._time.allows(("drops", 1.0), ORDER, PROOF, WRITING):
            self._reporter.tell(SHARED, 0, 1)
            demand = menu_demand(self._instance, self._best.menus)
            found = share_drops(self._crew, self._instance, demand, self._periods, self._best.sourced)
            self._best = replace(self._best, sourced=found)
            self._reporter.tell(SHARED, 1, 1)

    def _in_best_order(self, menus: list[YearMenu]) -> list[YearMenu]:
        """The menus with their days in the order that breaks the fewest sliding windows; purchases stay as they are."""
        plain = [replace(menu, basis=None) for menu in menus]
        batches = [plain[n : n + ORDERED_AT_ONCE] for n in range(0, len(plain), ORDERED_AT_ONCE)]
        until = self._time.by_the_clock(PROOF, WRITING)
        done = self._reporter.counter("Ordre des jours", len(batches))
        ordered = self._crew.map(reorder_days, [(batch, until) for batch in batches], done)
        return list(chain.from_iterable(ordered))

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
        return spread(self._instance, [(task[0], answer) for task, answer in zip(tasks, answers, strict=True)])

    def _choose(self, prices: Prices, kitchens: Sequence[int], phase: str = "Menus") -> list[YearMenu]:
        batches = near_batches(self._instance, kitchens)
        done = self._reporter.counter(phase, len(batches))
        bases = {menu.kitchen: menu.basis for menu in (self._best.menus if self._best is not None else ())}
        try:
            tasks = [(prices, batch, [bases.get(kitchen) for kitchen in batch]) for batch in batches]
            found = self._crew.map(choose_year, tasks, done)
        except KitchenStuck as stuck:
            raise Infeasible(explain_kitchen(self._instance, stuck.kitchen, stuck.block)) from stuck
        return sorted((menu for batch in found for menu in batch), key=lambda menu: menu.kitchen)

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
            prices = moved(self._instance, prices, self._periods, sourced)
            unmet = self._unmet()
            others = round_ < self._rounds and self._time_for_a_round()
            if not unmet and not others:
                break
            chosen = unmet.union(order[round_ % SHARE_PER_ROUND :: SHARE_PER_ROUND] if others else ())
            phase = f"Amélioration {round_ + 1}"
            sourced = self._source(self._chosen_again(prices, chosen, phase), phase)
        return prices

    def _time_for_a_round(self) -> bool:
        """Whether a third of the kitchens can choose again and still everything that must follow fits."""
        drops = ("sourcing", DROPS_BY_SOURCING) if has_drops(self._instance) else ("sourcing", 0.0)
        return self._time.allows(("menus", 1 / SHARE_PER_ROUND), ("sourcing", 1.0), drops, ORDER, PROOF, WRITING)

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
            with self._time.measured("drops"):
                self._keep(menus, self._bought(menus, DROPS, relaxed))
            return self._improve_in_drops(prices)
        except Cancelled:
            self._reporter.silence()
            if self._best is None:
                self._keep(menus, self._bought(menus, DROPS, relaxed))
            return self._told_who_comes(prices, self._found())

    def _found(self) -> Sequence[Sourced]:
        """Purchases of the best plan, none while there is no plan."""
        return self._best.sourced if self._best is not None else []

    def _improve_in_drops(self, prices: Prices) -> Prices:
        """Some kitchens choose again at prices that tell them who comes; others only weeks in which a drop is small."""
        for round_ in range(DROP_ROUNDS):
            if not self._time.allows(("menus", 1 / SHARE_PER_ROUND), ("drops", 1.0), ORDER, PROOF, WRITING):
                break
            prices = self._told_who_comes(moved(self._instance, prices, self._periods, self._found()), self._found())
            phase = f"{DROPS} {round_ + 1}"
            self._round_in_drops(prices, set(self._order[round_ % SHARE_PER_ROUND :: SHARE_PER_ROUND]), phase)
        return self._told_who_comes(prices, self._found())

    def _round_in_drops(self, prices: Prices, kitchens: set[int], phase: str) -> None:
        assert self._best is not None
        before = self._best
        menus = self._chosen_again(prices, kitchens, phase)
        changed = {
            key for old, new in zip(before.menus, menus, strict=True) for key in changed_weeks(self._instance, old, new)
        }
        demand = menu_demand(self._instance, menus)
        spans = with_parts(self._instance, demand, self._periods)
        tasks = [
            ({key: grams for key, grams in demand.items() if key[1] in period.weeks}, period, answer, changed)
            for period, answer in zip(spans, before.sourced, strict=True)
        ]
        sourced = self._crew.map(_again_task, tasks, self._reporter.counter(phase, len(tasks)))
        self._keep(menus, settled_totals(self._instance, sourced))

    def _keep(self, menus: list[YearMenu], sourced: list[Sourced]) -> None:
        """Keep a plan in drops if it is cheaper, what it lacks counted at the prices of a shortage."""
        cost = sum(answer.cost for answer in sourced) + sum(menu.penalty for menu in menus)
        lacking = sum(answer.lacking for answer in sourced)
        if self._best is None or cost < self._best.cost:
            self._best = _Best(menus, sourced, cost, lacking)
            self._reporter.best_cost = Decimal(f"{cost:.2f}")

    def _told_who_comes(self, prices: Prices, sourced: Sequence[Sourced]) -> Prices:
        return replace(prices, absent=absences(self._instance, sourced, prices.absent))


def _coarse_task(instance: Instance, task: tuple[int, int, list[Ints]]) -> CoarsePrices:
    return coarse_prices(instance, *task)


def _source_task(instance: Instance, task: tuple[dict[tuple[int, int, int], int], Period, Sourced | None]) -> Sourced:
    demand, period, relaxed = task
    return source(instance, demand, period) if relaxed is None else source_in_drops(instance, demand, period, relaxed)


def _again_task(
    instance: Instance, task: tuple[dict[tuple[int, int, int], int], Period, Sourced, set[tuple[int, int]]]
) -> Sourced:
    return bought_again(instance, *task)
