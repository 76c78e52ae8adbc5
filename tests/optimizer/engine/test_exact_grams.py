"""Whole grams: every need met to the gram, no farm oversold by one, however tight the capacities are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.engine.grams import Flows, exact_grams
from optimizer.engine.instance import Instance, compile_instance
from optimizer.engine.purchases import Sourced
from optimizer.engine.sourcing import periods, source
from optimizer.problem import Capacity, Offer, Problem
from tests.optimizer.engine.tiny import D, dish, offer, ratio, tiny, weekdays

KITCHENS, INGREDIENTS, OFFERS, WEEKS = 3, 2, 4, 2
FLOW = st.integers(0, 40_000)


@dataclass(frozen=True)
class Market:
    """A market in which some purchases in grams, by (offer, kitchen, week), are known to be possible."""

    problem: Problem
    bought: dict[tuple[str, str, int], int]

    @property
    def instance(self) -> Instance:
        return compile_instance(self.problem)

    def demand(self, instance: Instance) -> dict[tuple[int, int, int], int]:
        total: Counter[tuple[int, int, int]] = Counter()
        for (name, kitchen, week), grams in self.bought.items():
            ingredient = instance.ingredients.index(self.problem.offers[name].ingredient)
            total[instance.kitchens.index(kitchen), week, ingredient] += grams
        return {key: grams for key, grams in total.items() if grams}


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """Offers sold out to the gram, or nearly; some farms reach some kitchens only; sometimes a ratio splits lines."""
    kitchens = [f"k{n}" for n in range(draw(st.integers(1, KITCHENS)))]
    names = [(f"o{n}.i{i}", f"i{i}") for i in range(INGREDIENTS) for n in range(draw(st.integers(1, OFFERS)))]
    prices = {name: str(draw(st.decimals("0.5", "9", places=4))) for name, _ in names}
    buckets = {name: draw(st.sampled_from(["BIO", "NON_EGALIM"])) for name, _ in names}
    offers = [offer(name, i, prices[name], buckets[name], supplier=f"farm {name}") for name, i in names]
    bought = {(of.id, k, w): draw(FLOW) for of in offers for k in kitchens for w in range(WEEKS)}
    reached = {(of.supplier, k) for of in offers for k in kitchens if any(bought[of.id, k, w] for w in range(WEEKS))}
    return Market(_problem(draw, kitchens, offers, bought, reached), bought)


def _problem(
    draw: st.DrawFn,
    kitchens: list[str],
    offers: list[Offer],
    bought: dict[tuple[str, str, int], int],
    reached: set[tuple[str, str]],
) -> Problem:
    monday = weekdays(WEEKS)[::4]
    limits = {
        of.id: [
            Capacity(of.id, monday[w], monday[w], sum(bought[of.id, k, w] for k in kitchens) + draw(st.integers(0, 2)))
            for w in range(WEEKS)
        ]
        for of in offers
    }
    rules = [ratio("ORGANIC", str(draw(st.sampled_from(["0.2", "0.5"]))))] if draw(st.booleans()) else []
    made = tiny(
        [dish("d", needs={"i0": 100, "i1": 100})], rules, dates=weekdays(WEEKS), covers=dict.fromkeys(kitchens, 1),
        offers=offers, grams_per_week=limits,
    )  # fmt: skip
    return replace(made, deliveries={key: of for key, of in made.deliveries.items() if key in reached})


def bought_in_grams(market: Market) -> tuple[Instance, list[Sourced], Flows]:
    instance = market.instance
    demand = market.demand(instance)
    sourced = [source(instance, demand, period) for period in periods(instance)]
    return instance, sourced, exact_grams(instance, demand, sourced)


@settings(deadline=None, max_examples=150)
@given(markets())
def test_every_need_is_met_to_the_gram_inside_every_capacity(market: Market) -> None:
    instance, sourced, flows = bought_in_grams(market)
    assert [of.missing for of in sourced] == [[] for _ in sourced]
    assert {key: sum(lines.values()) for key, lines in flows.items()} == market.demand(instance)
    sold: Counter[tuple[int, int]] = Counter()
    for (k, w, i), lines in flows.items():
        for o, grams in lines.items():
            assert grams > 0
            assert instance.ingredient_of[o] == i
            assert market.problem.reaches(instance.offers[o], instance.kitchens[k])
            sold[o, w] += grams
    for (o, w), grams in sold.items():
        assert grams <= (market.problem.capacity(instance.offers[o], instance.weeks[w]) or 0)


@settings(deadline=None, max_examples=60)
@given(markets())
def test_whole_grams_are_near_what_the_lp_buys(market: Market) -> None:
    """A line moves by a few grams, never by a kilogram: what the LP found for ratios and cost stays true."""
    _, sourced, flows = bought_in_grams(market)
    wanted = {(k, w, o): kg * 1000 for of in sourced for o, k, w, kg in of.buys}
    got = {(k, w, o): grams for (k, w, _), lines in flows.items() for o, grams in lines.items()}
    moved = {key: abs(got.get(key, 0) - wanted.get(key, 0.0)) for key in {*got, *wanted}}
    assert max(moved.values(), default=0.0) <= OFFERS * KITCHENS


def test_what_only_one_kitchen_can_buy_is_left_to_it() -> None:
    """The far kitchen has one offer; the near one, which also has its own, must not take its last gram."""
    offers = [offer("both", "i", supplier="both"), offer("near", "i", "1", supplier="near")]
    made = tiny(
        [dish("d", needs={"i": 100})], dates=weekdays(1)[:1], covers={"far": 1, "near": 1}, offers=offers,
        grams_per_week={"both": 1001, "near": 999},
    )  # fmt: skip
    problem = replace(made, deliveries={key: of for key, of in made.deliveries.items() if key != ("near", "far")})
    instance = compile_instance(problem)
    far, near, both, own = 0, 1, 0, 1
    buys = [(both, far, 0, 0.4999), (both, near, 0, 0.5001), (own, near, 0, 0.4999)]
    answer = replace(source(instance, {}, periods(instance)[0]), buys=buys)
    flows = exact_grams(instance, {(near, 0, 0): 1499, (far, 0, 0): 501}, [answer])
    assert flows[far, 0, 0] == {both: 501}
    assert flows[near, 0, 0] == {both: 500, own: 999}


def test_too_little_for_all_is_refused() -> None:
    instance = compile_instance(tiny([dish("d")], offers=[offer("farm", "i_d")], grams_per_week={"farm": 99}))
    with pytest.raises(ValueError, match="no capacity left for 1 g of i_d"):
        exact_grams(instance, {(0, 0, 0): 100}, [])


def test_amounts_are_cents_of_whole_grams() -> None:
    problem = tiny([dish("rice")], offers=[offer("plain", "i_rice", "2.345")])
    assert problem.amount("plain", "k", 1001) == D("2.35")
    assert problem.amount("plain", "k", 1000) == Decimal("2.35")


def test_too_little_is_missing_and_said_in_kilograms() -> None:
    problem = tiny([dish("rice")], offers=[offer("farm", "i_rice", "300")], grams_per_week={"farm": 900})
    instance = compile_instance(problem)
    answer = source(instance, {(0, 0, 0): 1000}, periods(instance)[0])
    assert [(k, w, i) for k, w, i, _ in answer.missing] == [(0, 0, 0)]
    assert answer.missing[0][3] == pytest.approx(0.1)
