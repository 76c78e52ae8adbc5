"""What whole packs add to a plan in grams."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from optimizer.plan import SourcingLine
from optimizer.problem import Problem
from optimizer.verification.packs import PackCost, pack_cost
from tests.optimizer.engine.tiny import MONDAY, D, dish, offer, tiny


def market(pack_grams: int) -> Problem:
    return tiny([dish("d")], offers=[replace(offer("rice", "i_d", "2"), pack_grams=pack_grams)])


def lines(problem: Problem, grams: list[int]) -> list[SourcingLine]:
    weeks: list[date] = [MONDAY + timedelta(weeks=n) for n in range(len(grams))]
    return [
        SourcingLine("k", week, "i_d", "rice", each, problem.amount("rice", "k", each))
        for week, each in zip(weeks, grams, strict=True)
    ]


def test_a_pack_lasts_or_is_lost() -> None:
    """600 g in each of three weeks, in packs of a kilogram at 2 €: three packs, or two when the rest is kept."""
    problem = market(1000)
    assert pack_cost(problem, lines(problem, [600, 600, 600])) == PackCost(D("2.40"), D("0.40"))


def test_whole_packs_add_nothing() -> None:
    problem = market(500)
    assert pack_cost(problem, lines(problem, [1000, 500])) == PackCost(D("0.00"), D("0.00"))


@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=6), st.integers(1, 10_000))
def test_keeping_what_is_left_never_costs_more(grams: list[int], pack: int) -> None:
    """Neither costs more than a pack a week; all but for the cents by which lines are rounded."""
    problem = market(pack)
    cost = pack_cost(problem, lines(problem, grams))
    cents = D("0.01") * (len(grams) + 1)
    assert -cents <= cost.carried <= cost.each_week + cents
    assert cost.each_week <= len(grams) * D(pack) / 500 + cents
