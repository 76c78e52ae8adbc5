"""Totals over kitchens and weeks: quantities under contract, revenue floors, ceilings of footprint and transport."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import Infeasible, Problem, solve, verify
from optimizer.faults import BadFolder
from optimizer.plan import Plan
from optimizer.rules import PurchaseTotalRule
from tests.optimizer.engine.tiny import D, dish, head, offer, tiny, weekdays

OFFERS = [
    replace(offer("cheap", "i_a", "1"), co2e_kg_per_kg=D(5)),
    replace(offer("dear", "i_a", "2", supplier="farm"), co2e_kg_per_kg=D(1)),
]
DISHES = [dish("a"), dish("b", needs={"i_b": 150})]
"""A cover of ``a`` is 100 g of what both sell; of ``b`` 150 g at 1 €/kg, and no footprint is known."""


def total(rule_id: str = "LOT", **fields: Any) -> PurchaseTotalRule:
    stated: dict[str, Any] = {
        "measure": "kg", "offers": None, "suppliers": None, "kitchens": None, "valid_from": None, "valid_to": None,
        "per": "period", "minimum": None, "maximum": None,
    }  # fmt: skip
    return PurchaseTotalRule(**head(rule_id), **(stated | fields))


def problem(*rules: PurchaseTotalRule, weeks: int = 2, **fields: Any) -> Problem:
    """Kitchens of 10 and 20 covers over eight days: 24 kg of ``a`` in all."""
    return tiny(DISHES, rules, covers={"k": 10, "l": 20}, offers=OFFERS, dates=weekdays(weeks), **fields)


def planned(of: Problem) -> Plan:
    plan = solve(of, workers=1)
    assert verify(of, plan) == []
    return plan


def kg(plan: Plan, name: str, kitchen: str = "") -> Decimal:
    return Decimal(sum(of.grams for of in plan.sourcing if of.offer == name and kitchen in of.kitchen)) / 1000


def test_the_least_of_a_contract_is_bought_and_proven() -> None:
    plan = planned(problem(total(offers=frozenset({"dear"}), minimum=D(3))))
    assert D(3) <= kg(plan, "dear") <= D("3.1")
    assert plan.summary.lower_bound_eur >= D("26.98"), "24 kg at 1 € and 3 kg at 1 € more: the bound knows the least"
    assert [of.value for of in plan.prices if of.kind == "total"] == [D("-1.000000")]


def test_the_most_of_a_contract_turns_menus_to_another_dish() -> None:
    plan = planned(problem(total(offers=frozenset({"cheap"}), maximum=D(5))))
    assert D("4.9") <= kg(plan, "cheap") <= D(5)
    assert kg(plan, "dear") < D(1), "b costs 0.15 € a cover, a of the farm 0.20 €"
    assert plan.summary.lower_bound_eur > D(30)


def test_a_contract_is_of_its_kitchens_and_its_weeks() -> None:
    """Only ``k`` is held to it, and only in the second week."""
    second = weekdays(2)[4]
    rule = total(offers=frozenset({"dear"}), minimum=D(2), kitchens=frozenset({"k"}), valid_from=second)
    plan = planned(problem(rule))
    assert kg(plan, "dear", "l") == 0
    assert (
        D(2) <= sum(of.grams for of in plan.sourcing if of.offer == "dear" and of.week >= second) / D(1000) < D("2.1")
    )
    assert [(of.kitchen, of.period) for of in plan.summary.rules] == [("k", f"{second}/")]


def test_a_revenue_floor_of_a_producer_in_euros() -> None:
    plan = planned(problem(total(measure="eur", suppliers=frozenset({"farm"}), minimum=D(10))))
    euros = sum(of.amount_excl_tax for of in plan.sourcing if of.offer == "dear")
    assert D(10) <= euros <= D("10.20")


def test_a_ceiling_of_co2e_per_meal_and_of_tonne_kilometres() -> None:
    """Bought of the farm all of it is 0.1 kg a cover; half of each 0.3 kg."""
    rule = total(measure="co2e_kg", per="meal", maximum=D("0.3"))
    plan = planned(replace(problem(rule), dishes={"a": DISHES[0]}))
    footprint = plan.summary.indicators["co2e_kg_per_meal"]
    assert footprint is not None
    assert D("0.295") <= footprint <= D("0.3")
    stated = plan.summary.rules[0]
    assert (stated.value, stated.maximum) == (footprint, D("0.300000"))
    near = problem(total(measure="ton_km", suppliers=frozenset({"gros"}), maximum=D("0.1")))
    assert kg(planned(near), "dear") >= D("13.9"), "10 km from anybody: 24 kg are 0.24 t·km, 10 of them stay"


def test_periods_share_a_year_as_their_menus_can() -> None:
    """Sixteen weeks are sourced in parts; ``a`` is in season in the first of them alone."""
    season = [replace(DISHES[0], months=frozenset({9})), DISHES[1]]
    of = tiny(
        season, [total(offers=frozenset({"dear"}), minimum=D(9))], covers={"k": 10, "l": 20, "m": 10, "n": 10},
        offers=OFFERS, dates=weekdays(16),
    )  # fmt: skip
    assert len(of.weeks) * len(of.kitchens) > 60, "large enough to be sourced in parts"
    plan = planned(of)
    assert D(9) <= kg(plan, "dear") < D("9.2")
    assert plan.summary.gap < D("0.01")


def test_a_soft_total_is_bought_off_where_it_costs_less() -> None:
    rule = replace(total(offers=frozenset({"dear"}), minimum=D(3)), soft_price=D("0.40"))
    plan = planned(problem(rule))
    assert kg(plan, "dear") == 0
    assert plan.summary.penalty_eur == D("1.20"), "3 kg at 0.40 €, told once though two kitchens share it"
    assert plan.summary.lower_bound_eur >= D("25.10")
    assert plan.summary.objective_eur - plan.summary.lower_bound_eur < D("0.10")


def test_a_least_that_nobody_can_reach_is_named() -> None:
    with pytest.raises(Infeasible) as refused:
        solve(problem(total(offers=frozenset({"dear"}), minimum=D(25))), workers=1)
    assert "LOT" in {of.rule_id for of in refused.value.conflicts}
    with pytest.raises(Infeasible) as short:
        solve(problem(total(offers=frozenset({"dear"}), minimum=D(5)), grams_per_week={"dear": 2000}), workers=1)
    assert {of.rule_id for of in short.value.conflicts} == {"LOT", "CAPACITY"}


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 20), st.integers(0, 12), st.booleans())
def test_the_objective_is_the_least_and_never_below_the_bound(least: int, spare: int, euros: bool) -> None:
    """Any bounds of the farm's sales: what is cheapest by hand, within whole grams and cents."""
    times = 2 if euros else 1
    rule = total(
        measure="eur" if euros else "kg", suppliers=frozenset({"farm"}), minimum=D(least * times),
        maximum=D((least + spare) * times),
    )  # fmt: skip
    plan = planned(problem(rule))
    assert abs(plan.summary.objective_eur - (24 + least)) <= D("0.12")
    assert plan.summary.lower_bound_eur <= 24 + least


def test_the_folder_states_totals_and_refuses_what_makes_no_sense(tmp_path: Path) -> None:
    of = problem(total(offers=frozenset({"dear"}), minimum=D(3), valid_from=weekdays(1)[0], per="meal"))
    of.to_folder(tmp_path)
    assert Problem.from_folder(tmp_path) == of
    rules = json.loads((tmp_path / "rules.json").read_text(encoding="utf-8"))
    for field, value, told in (
        ("offers", ["deer"], "vouliez-vous « dear »"),
        ("kitchens", [], "une liste de textes"),
        ("valid_to", "2026-02-30", "une date qui existe"),
        ("valid_to", "2026-01-01", "finit avant de commencer"),
        ("max", "2", "dépasse le maximum"),
        ("measure", "litres", "l'un de : kg, eur, co2e_kg, ton_km"),
    ):
        (tmp_path / "rules.json").write_text(json.dumps([{**rules[0], field: value}]), encoding="utf-8")
        with pytest.raises(BadFolder) as bad:
            Problem.from_folder(tmp_path)
        assert [fault.column for fault in bad.value.faults][:1] in (["min"], [field])
        assert told in str(bad.value)


def test_the_check_refutes_a_price_of_the_wrong_side_or_quantity() -> None:
    of = problem(total(offers=frozenset({"dear"}), minimum=D(3)))
    plan = planned(of)
    at = next(n for n, price in enumerate(plan.prices) if price.kind == "total")
    for wrong, told in (
        ({"value": D(1)}, "la règle n'a pas de maximum"),
        ({"quantity": D(4)}, "quantité 4 au lieu de 3"),
        ({"period": "2026"}, "la règle ou la période n'existe pas"),
        ({"value": D(-30)}, "borne des menus"),
    ):
        prices = [*plan.prices[:at], replace(plan.prices[at], **wrong), *plan.prices[at + 1 :]]  # type: ignore[arg-type]
        assert any(told in str(fault) for fault in verify(of, replace(plan, prices=tuple(prices)))), told
