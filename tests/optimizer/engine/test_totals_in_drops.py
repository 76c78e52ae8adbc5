"""Totals over kitchens where drops are limited: rounds in drops, and kitchens mended at once, share what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from optimizer import Problem, solve, verify
from optimizer.engine import last_mile
from optimizer.engine.coarse import CoarsePrices
from optimizer.engine.crew import Crew
from optimizer.engine.demand import menu_demand
from optimizer.engine.drops import source_in_drops
from optimizer.engine.instance import compile_instance
from optimizer.engine.kitchen_year import choose_year
from optimizer.engine.last_mile import Settled, finish
from optimizer.engine.price_steps import spread
from optimizer.engine.prices import no_prices
from optimizer.engine.purchases import Period
from optimizer.rules import PurchaseTotalRule
from tests.optimizer.engine.test_totals import total
from tests.optimizer.engine.tiny import D, dish, offer, tiny, weekdays


def from_thirty_euros(of: Problem) -> Problem:
    """The farm comes for thirty euros or more."""
    return replace(of, suppliers={**of.suppliers, "farm": replace(of.suppliers["farm"], min_drop_eur=D(30))})


def mended(rule: PurchaseTotalRule, covers: Sequence[int] = (10, 10, 10)) -> tuple[Settled, dict[int, float]]:
    """Kitchens whose farm comes to nobody for so little, and the kg of ``other`` that each buys once mended."""
    made = tiny(
        [dish("cheap", needs={"i_farm": 10}), dish("dear", needs={"i_gros": 100})], [rule],
        dates=weekdays(1)[:1], covers={f"k{n}": many for n, many in enumerate(covers)},
        offers=[
            offer("farm", "i_farm", "0.1", supplier="farm"),
            offer("other", "i_gros", "0.5" if rule.minimum is None else "2"), offer("plain", "i_gros"),
        ],
    )  # fmt: skip
    instance = compile_instance(from_thirty_euros(made))
    menus = choose_year(instance, (no_prices(instance), [0, 1, 2], [None] * 3))
    before = Settled(menus, [source_in_drops(instance, menu_demand(instance, menus), Period((0,)))])
    assert before.unmet == {0, 1, 2}
    with Crew(instance, None, 1) as crew:
        settled = finish(crew, instance, before.menus, before.sourced, no_prices(instance))
    other, kg = instance.offers.index("other"), dict.fromkeys(range(3), 0.0)
    for answer in settled.sourced:
        for o, k, _, much in answer.buys:
            kg[k] += much if o == other else 0.0
    return settled, kg


@pytest.fixture
def unpolished(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is solved whole afterwards: what is seen is what the last mile did kitchen by kitchen."""
    monkeypatch.setattr(last_mile, "MOST_POLISHED", 0)
    monkeypatch.setattr(last_mile, "MOST_DAY_COLUMNS", 0)


@pytest.mark.usefixtures("unpolished")
def test_kitchens_mended_at_once_share_what_a_most_still_allows() -> None:
    settled, kg = mended(total(offers=frozenset({"other"}), maximum=D("0.6")))
    assert settled.unmet == set()
    assert 0.5 < sum(kg.values()) <= 0.6 + 1e-6, "each alone would take a kilogram of the cheaper"


@pytest.mark.usefixtures("unpolished")
def test_kitchens_mended_at_once_share_what_a_least_still_asks_for_by_their_meals() -> None:
    settled, kg = mended(total(offers=frozenset({"other"}), minimum=D("1.2")), (5, 10, 15))
    assert settled.unmet == set()
    assert list(kg.values()) == pytest.approx([0.2, 0.4, 0.6], abs=0.02)


@pytest.mark.parametrize("bounds", [{"minimum": D(9)}, {"minimum": D(20), "maximum": D(21)}], ids=str)
def test_rounds_in_drops_keep_totals_of_a_year(bounds: dict[str, object]) -> None:
    """Sixteen weeks are sourced in parts; what the farm sells is in season in the first of them alone."""
    dishes = [replace(dish("a"), months=frozenset({9})), dish("b", needs={"i_b": 150})]
    offers = [offer("cheap", "i_a", "1"), offer("dear", "i_a", "2", supplier="farm")]
    made = tiny(
        dishes, [total(offers=frozenset({"dear"}), **bounds)], offers=offers, dates=weekdays(16),
        covers={"k": 100, "l": 200, "m": 100, "n": 100},
    )  # fmt: skip
    of = from_thirty_euros(made)
    assert len(of.weeks) * len(of.kitchens) > 60, "large enough to be sourced in parts"
    plan = solve(of, workers=1)
    assert verify(of, plan) == []
    kg = D(sum(line.grams for line in plan.sourcing if line.offer == "dear")) / 1000
    assert bounds["minimum"] <= kg <= D("36")  # type: ignore[operator]
    assert plan.summary.gap < D("0.02")


def test_menus_are_not_chosen_at_the_price_of_what_groups_of_kitchens_lack() -> None:
    """Groups see few offers and one block: what they lack of a least is not what a kilogram of it is worth."""
    made = tiny([dish("a")], [total(offers=frozenset({"o"}), minimum=D(1))], offers=[offer("o", "i_a")])
    instance = compile_instance(made)
    (block,), lack = instance.patterns[0].blocks[:1], instance.totals[0].lack
    for price, told in ((-lack, 0.0), (-0.5, -0.5)):
        answer = CoarsePrices(
            [np.array([0])], block, {}, np.zeros((1, 0, len(instance.years))), np.zeros(1), np.array([price])
        )
        found = spread(instance, [(0, answer)]).total
        assert found is not None
        assert found[0] == pytest.approx(told)
