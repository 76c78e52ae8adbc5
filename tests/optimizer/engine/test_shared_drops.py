"""Drops that kitchens near each other share: when they do, what holds of them, and what they never cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from optimizer import Infeasible, Problem, solve, verify
from optimizer.faults import BadFolder
from optimizer.plan import Drop, Plan
from optimizer.problem import SharedDrop, SupplierKind
from optimizer.verification.drops import check_drops, check_min_drops
from tests.optimizer.engine.tiny import D, dish, offer, tiny, weekdays
from tests.optimizer.synthetic import synthetic_problem

MONDAY = weekdays(1)[0]


def shared(of: Problem, groups: Mapping[str, Sequence[str]], least: str = "0", supplier: str = "hub") -> Problem:
    drops = {
        (supplier, k): SharedDrop(supplier, k, group, D(least)) for group, kitchens in groups.items() for k in kitchens
    }
    return replace(of, shared_drops=drops)


def two_kitchens(minimum: str = "100", covers: Mapping[str, int] | None = None) -> Problem:
    """A week of 10 kg of leeks per hundred covers: 1 €/kg at the wholesaler, 0.80 €/kg at the hub."""
    made = tiny(
        [dish("d", needs={"leek": 100, "rice": 50})],
        dates=weekdays(1)[:1],
        covers=covers or {"k": 1000, "l": 1000},
        offers=[offer("gros.leek", "leek"), offer("hub.leek", "leek", "0.8", supplier="hub")],
    )
    kinds: Mapping[str, SupplierKind] = {"hub": "hub", "gros": "wholesaler"}
    least = {"hub": D(minimum), "gros": D(0)}
    suppliers = {s: replace(of, kind=kinds[s], min_drop_eur=least[s]) for s, of in made.suppliers.items()}
    return replace(made, suppliers=suppliers)


def planned(of: Problem) -> Plan:
    plan = solve(of, workers=1)
    assert verify(of, plan) == []
    return plan


def of_hub(plan: Plan) -> dict[str, int]:
    return {line.kitchen: line.grams for line in plan.sourcing if line.offer == "hub.leek"}


def test_two_kitchens_reach_together_what_neither_reaches_alone() -> None:
    """80 € each, 100 € asked: together they may, and pay 20 € less each."""
    alone = planned(two_kitchens())
    together = planned(shared(two_kitchens(), {"g": "kl"}))
    assert of_hub(alone) == {}
    assert of_hub(together) == {"k": 100_000, "l": 100_000}
    assert alone.summary.cost_eur - together.summary.cost_eur == D("40.00")
    assert alone.summary.lower_bound_eur == together.summary.lower_bound_eur, "the bound knows no minima"


def test_a_drop_happens_fully_or_not_at_all() -> None:
    assert of_hub(planned(shared(two_kitchens("161"), {"g": "kl"}))) == {}


def test_kitchens_of_other_groups_do_not_help() -> None:
    assert of_hub(planned(shared(two_kitchens(), {"g": "k", "h": "l"}))) == {}


def test_no_truck_stops_for_a_crate() -> None:
    """16 € at one door, 20 € asked there: the other kitchen alone does not reach the whole."""
    small = two_kitchens("90", {"k": 1000, "l": 200})
    assert of_hub(planned(shared(small, {"g": "kl"}, "15"))) == {"k": 100_000, "l": 20_000}
    assert of_hub(planned(shared(small, {"g": "kl"}, "20"))) == {}


def test_a_door_below_its_least_stays_out_of_a_drop_that_others_make() -> None:
    many = two_kitchens("150", {"k": 1000, "l": 1000, "m": 200})
    assert of_hub(planned(shared(many, {"g": "klm"}, "20"))) == {"k": 100_000, "l": 100_000}


def test_who_shares_a_drop_has_it_on_one_day() -> None:
    plan = planned(shared(two_kitchens(), {"g": "kl"}))
    assert len({drop.date for drop in plan.drops if drop.supplier == "hub"}) == 1


def test_a_shared_drop_that_is_too_small_is_found() -> None:
    of = shared(two_kitchens(), {"g": "kl"}, "30")
    plan = planned(of)
    only_k = [line for line in plan.sourcing if (line.kitchen, line.offer) != ("l", "hub.leek")]
    assert [(of.rule_id, of.scope.kitchen, of.value) for of in check_min_drops(of, only_k)] == [
        ("MIN_DROP", "k", D("80.00"))
    ]
    at_door = shared(of, {"g": "kl"}, "80.01")
    assert [fault.scope.kitchen for fault in check_min_drops(at_door, plan.sourcing)] == ["k", "l"]


def test_a_shared_drop_on_two_days_is_found() -> None:
    of = shared(two_kitchens(), {"g": "kl"})
    of = replace(
        of, suppliers={s: replace(each, delivery_weekdays=tuple(range(7))) for s, each in of.suppliers.items()}
    )
    plan = planned(of)
    drops = [
        Drop(d.kitchen, d.date - timedelta(days=3), *(d.supplier, d.grams, d.amount_excl_tax))
        if (d.kitchen, d.supplier) == ("k", "hub")
        else d
        for d in plan.drops
    ]
    assert [(fault.rule_id, fault.scope.subject) for fault in check_drops(of, plan.sourcing, drops)] == [
        ("DROPS", "hub")
    ]


def test_the_table_is_read_as_it_is_written(tmp_path: Path) -> None:
    of = shared(two_kitchens(), {"g": "kl"}, "12.50")
    of.to_folder(tmp_path / "problem")
    assert Problem.from_folder(tmp_path / "problem") == of
    two_kitchens().to_folder(tmp_path / "plain")
    assert not (tmp_path / "plain" / "shared_drops.csv").exists()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("hub,k,g,100.01", "least_eur"), ("nobody,k,g,1.00", "supplier"), ("hub,nobody,g,1.00", "kitchen"),
        ("hub,k,,1", "group"),
    ],
)  # fmt: skip
def test_a_faulty_table_is_refused_where_it_is_wrong(tmp_path: Path, row: str, column: str) -> None:
    shared(two_kitchens(), {"g": "kl"}).to_folder(tmp_path)
    (tmp_path / "shared_drops.csv").write_text(f"supplier,kitchen,group,least_eur\n{row}\n", encoding="utf-8")
    with pytest.raises(BadFolder) as refused:
        Problem.from_folder(tmp_path)
    assert [(of.file, of.line, of.column) for of in refused.value.faults] == [("shared_drops.csv", 2, column)]


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10_000), st.integers(40, 400), st.integers(0, 40))
def test_sharing_never_costs_and_every_rule_holds(seed: int, minimum: int, door: int) -> None:
    of = synthetic_problem(4, 5, 24, seed)
    suppliers = {
        s: replace(each, min_drop_eur=Decimal(minimum)) if each.kind != "wholesaler" else each
        for s, each in of.suppliers.items()
    }
    of = replace(of, suppliers=suppliers)
    drops = {
        (s, k): SharedDrop(s, k, f"g{n // 2}", Decimal(min(door, minimum)))
        for n, k in enumerate(sorted(of.kitchens))
        for s, each in suppliers.items()
        if each.kind != "wholesaler"
    }
    try:
        alone = planned(of)
    except Infeasible:
        reject()  # some made-up markets have no menu at all
    together = planned(replace(of, shared_drops=drops))
    assert together.summary.objective_eur <= alone.summary.objective_eur
    assert together.summary.lower_bound_eur == alone.summary.lower_bound_eur
