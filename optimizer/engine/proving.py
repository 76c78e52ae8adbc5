"""The lower bound of a plan: at which prices it is proven, and kitchen by kitchen how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from optimizer.engine.certificate import bound_terms, expected_bound, soft_limits
from optimizer.engine.coarse import near_batches
from optimizer.engine.conflicts import Infeasible, explain_kitchen
from optimizer.engine.crew import Crew
from optimizer.engine.instance import Instance
from optimizer.engine.kitchen_year import KitchenStuck, bound_year
from optimizer.engine.prices import Prices
from optimizer.engine.progress import Reporter
from optimizer.engine.time_left import TimeLeft
from optimizer.engine.totals import counted_by_week, even_prices
from optimizer.plan import Price
from optimizer.solver import Floats

SAMPLE = 6
"""About as many kitchens tell which prices prove most."""
CAPACITY_TRIED = (1.0, 1.25, 1.5)
"""Shares of the first capacity prices: groups of kitchens compete less for a farm than its nearest kitchens do."""
PROVEN = 0.7
"""Time that an LP of the proof takes, by that of the menus of a kitchen."""
WRITING = ("sourcing", 1.0)
"""Whole grams, every figure of the plan and what the last mile may still have to mend: about as long as sourcing."""
Bought = Sequence[tuple[int, int, int, float]]
"""Offer, kitchen, week, kg of all that a plan buys."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proof works with."""

    instance: Instance
    crew: Crew
    reporter: Reporter
    time: TimeLeft

    @property
    def kitchens(self) -> list[int]:
        """All of them."""
        return list(range(len(self.instance.kitchens)))


def prove(proof: Proof, first: Prices, last: Prices, bought: Bought) -> list[Price]:
    """Terms of the lower bound at those of a few prices of which some kitchens tell that they prove most.

    `first` are the prices that menus were first chosen at, `last` those they ended with. Raises `Infeasible`.
    """
    instance, every = proof.instance, proof.kitchens
    counted = counted_by_week(instance, bought) if instance.totals else None
    tried = [replace(first, capacity=first.capacity * of, total=last.total) for of in CAPACITY_TRIED]
    tried += [replace(first, capacity=last.capacity, total=last.total), last]
    tried = [soft_limits(instance, of.per_year(instance, counted)).rounded() for of in tried]
    sample = every[:: max(1, len(every) // SAMPLE)]
    prices, known = _most_proving(proof, _fitting(proof, tried, len(sample)), sample)
    if counted is not None and (others := _other_totals(instance, prices, first, counted)):
        prices, known = _most_proving(proof, [prices, *others], sample, [known])
    rest = sorted(set(every) - set(sample))
    of_kitchen = dict(zip(rest, chain(*_bounds(proof, [prices], rest)), strict=True))
    of_kitchen.update(zip(sample, known, strict=True))
    return bound_terms(instance, prices, [of_kitchen[k] for k in every])


def _fitting(proof: Proof, tried: Sequence[Prices], sample: int) -> Sequence[Prices]:
    """As many of the prices, the likeliest first, as leave time to prove every kitchen at the best of them.

    A kitchen that no time is left for is proven by its neighbour's duals, which costs more than prices can gain.
    """
    kitchens = len(proof.kitchens)
    for many in range(len(tried), 1, -1):
        asked = kitchens + (many - 1) * sample
        if proof.time.allows(("menus", PROVEN * asked / kitchens), WRITING):
            return tried[:many]
    return tried[:1]


def _most_proving(
    proof: Proof, tried: Sequence[Prices], sample: Sequence[int], known: Sequence[list[float]] = ()
) -> tuple[Prices, list[float]]:
    """The prices that prove most by what they prove of a sample (`known` of the first of them), and that."""
    found = _bounds(proof, tried[len(known) :], sample)
    proven = [*known, *([bounds[n] for bounds in found] for n in range(len(tried) - len(known)))]
    told = [expected_bound(proof.instance, of, sample, mine) for of, mine in zip(tried, proven, strict=True)]
    best = max(range(len(tried)), key=lambda n: (told[n], -n))
    return tried[best], proven[best]


def _other_totals(instance: Instance, prices: Prices, first: Prices, counted: Floats) -> list[Prices]:
    """The prices with other ones of totals: parts of the last, the first, none."""
    assert prices.total is not None
    assert first.total is not None
    evenly = even_prices(instance, first.total, counted)
    choices = [prices.total / 2, prices.total / 8, evenly, prices.total * 0.0]
    return [replace(prices, total=of).rounded() for of in choices if (of != prices.total).any()]


def _bounds(proof: Proof, tried: Sequence[Prices], kitchens: Sequence[int]) -> list[list[float]]:
    """Proven minima of each kitchen's menus, one for each of the prices."""
    batches = near_batches(proof.instance, kitchens)
    done = proof.reporter.counter("Preuve de la borne", len(batches))
    until = proof.time.by_the_clock(WRITING)
    try:
        found = proof.crew.map(bound_year, [(tried, batch, until) for batch in batches], done)
    except KitchenStuck as stuck:
        raise Infeasible(explain_kitchen(proof.instance, stuck.kitchen, stuck.block)) from stuck
    of_kitchen = dict(zip(chain(*batches), chain(*found), strict=True))
    return [of_kitchen[k] for k in kitchens]
