"""What keeps comes with an earlier drop where that spares one: never too early, never at the cost of anything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import Problem, solve, verify
from optimizer.engine.assembly import drops
from optimizer.engine.buying_ahead import buy_ahead
from optimizer.faults import BadFolder, Fault
from optimizer.plan import MenuLine, Plan, SourcingLine
from optimizer.problem import Capacity, SharedDrop
from optimizer.rules import PurchaseTotalRule
from optimizer.verification.drops import check_drops, check_min_drops
from optimizer.verification.sourcing import check_amount, check_capacity, check_demand
from tests.optimizer.engine.tiny import LONG, MONDAY, D, dish, head, offer, tiny, weekdays

FIRST, SECOND, THIRD = (date(2026, 9, day) for day in (7, 14, 21))


def rice_and_leeks(
    ahead: Mapping[str, int], weeks: int = 3, start: date = MONDAY, covers: Mapping[str, int] | None = None,
    rice: Sequence[Capacity] | None = None,
) -> Problem:  # fmt: skip
    """One day a week: 5 kg of rice of a miller and 10 kg of leeks of the wholesaler for a hundred covers."""
    made = tiny(
        [dish("d", needs={"leek": 100, "rice": 50})],
        dates=[day for day in weekdays(weeks, start) if day.weekday() == 0],
        covers=covers or {"k": 100},
        offers=[offer("gros.leek", "leek"), offer("mill.rice", "rice", "2", supplier="mill")],
        grams_per_week={"mill.rice": rice} if rice else None,
    )
    return replace(made, weeks_ahead=ahead)


def planned(problem: Problem) -> Plan:
    plan = solve(problem, workers=1)
    assert verify(problem, plan) == []
    return plan


def of_miller(plan: Plan) -> dict[date, int]:
    return {line.week: line.grams for line in plan.sourcing if line.offer == "mill.rice"}


def test_a_miller_comes_once_for_as_many_weeks_as_rice_keeps() -> None:
    assert of_miller(planned(rice_and_leeks({}))) == {FIRST: 5000, SECOND: 5000, THIRD: 5000}
    once = planned(rice_and_leeks({"rice": 2}))
    assert of_miller(once) == {FIRST: 15_000}
    assert [drop.supplier for drop in once.drops].count("mill") == 1
    assert of_miller(planned(rice_and_leeks({"rice": 1}))) == {FIRST: 10_000, THIRD: 5000}


def test_who_comes_anyway_brings_its_goods_of_the_week() -> None:
    """Leeks do not keep: the wholesaler comes every week, and nothing of his is stored for nothing."""
    problem = rice_and_leeks({"rice": 2})
    one = replace(problem.offers["mill.rice"], supplier="gros")
    plan = planned(replace(problem, offers=problem.offers | {"mill.rice": one}))
    assert of_miller(plan) == {FIRST: 5000, SECOND: 5000, THIRD: 5000}


def test_a_mill_that_has_less_brings_the_rest_in_its_week() -> None:
    plan = planned(rice_and_leeks({"rice": 2}, rice=[Capacity("mill.rice", *LONG, 12_000)]))
    assert of_miller(plan) == {FIRST: 10_000, THIRD: 5000}


def test_a_purchase_stays_in_its_civil_year() -> None:
    plan = planned(rice_and_leeks({"rice": 2}, start=date(2026, 12, 21)))
    assert of_miller(plan) == {date(2026, 12, 21): 10_000, date(2027, 1, 4): 5000}


def test_a_purchase_stays_under_its_contract() -> None:
    rule = PurchaseTotalRule(
        **head("M"), soft_price=None, measure="kg", offers=frozenset({"mill.rice"}), suppliers=None, kitchens=None,
        valid_from=SECOND, valid_to=SECOND, per="period", minimum=D(5), maximum=None,
    )  # fmt: skip
    plan = planned(replace(rice_and_leeks({"rice": 2}), rules=(rule,)))
    assert of_miller(plan)[SECOND] == 5000


def test_a_label_that_comes_later_is_not_given_up() -> None:
    problem = rice_and_leeks({"rice": 2}, weeks=2)
    late = replace(problem.offers["mill.rice"], label="BIO", bucket="BIO", label_from=SECOND, label_to=LONG[1])
    assert of_miller(planned(replace(problem, offers=problem.offers | {"mill.rice": late}))) == {
        FIRST: 5000, SECOND: 5000
    }  # fmt: skip


def rice_lines(problem: Problem) -> list[SourcingLine]:
    """The rice of every week, bought of the miller in that week."""
    return [
        SourcingLine(day.kitchen, day.week, "rice", "mill.rice", grams, problem.amount("mill.rice", day.kitchen, grams))
        for day in problem.service_days
        if (grams := 50 * day.covers)
    ]


@pytest.mark.parametrize(("kitchens", "drops_left"), [("kl", 4), ("klm", 5), ("k", 1)])
def test_who_shares_a_drop_does_not_leave_the_others_too_little(kitchens: str, drops_left: int) -> None:
    """20 € asked of a round, 10 € each: of two neither may stay away from the second week, of three one may."""
    problem = rice_and_leeks({"rice": 2}, weeks=2, covers=dict.fromkeys(kitchens, 100))
    shares = {("mill", k): SharedDrop("mill", k, "g", D(0)) for k in kitchens}
    suppliers = {s: replace(of, min_drop_eur=D(20 if s == "mill" else 0)) for s, of in problem.suppliers.items()}
    problem = replace(problem, shared_drops=shares, suppliers=suppliers)
    moved = buy_ahead(problem, rice_lines(problem))
    assert len(moved) == drops_left
    assert len(kitchens) == 1 or list(check_min_drops(problem, moved)) == []


def faults(problem: Problem, plan: Plan, lines: Iterable[SourcingLine]) -> list[Fault]:
    return list(check_demand(problem, plan.menus, tuple(lines)))


def test_what_comes_too_early_or_is_lacking_is_found_in_its_week() -> None:
    problem = rice_and_leeks({"rice": 1})
    plan = planned(problem)
    rest = [line for line in plan.sourcing if line.offer != "mill.rice"]
    one = next(line for line in plan.sourcing if line.offer == "mill.rice")
    early = faults(problem, plan, [*rest, replace(one, grams=15_000)])
    assert [(of.rule_id, of.scope.period, of.value, of.bound) for of in early] == [
        ("KEEPING", FIRST.isoformat(), 15_000, 10_000)
    ]
    late = faults(problem, plan, [*rest, replace(one, grams=5000), replace(one, week=THIRD, grams=10_000)])
    assert [(of.rule_id, of.scope.period, of.value, of.bound) for of in late] == [
        ("DEMAND", SECOND.isoformat(), 5000, 10_000)
    ]
    short = faults(problem, plan, [*rest, one])
    assert [(of.rule_id, of.scope.period) for of in short] == [("DEMAND", THIRD.isoformat())]
    wasted = faults(problem, plan, [*plan.sourcing, replace(one, week=THIRD, grams=1)])
    assert [(of.rule_id, of.scope.period) for of in wasted] == [("KEEPING", THIRD.isoformat())]


def test_the_bound_knows_that_rice_may_be_bought_while_it_is_cheap() -> None:
    """1 €/kg in the first week alone: a plan that buys all then costs 15 € of rice, and is not below the bound."""
    problem = rice_and_leeks({"rice": 2})
    cheap = {"cheap.rice": offer("cheap.rice", "rice", "1", supplier="mill")}
    ranges = {**problem.capacities, "cheap.rice": (Capacity("cheap.rice", FIRST, FIRST, None),)}
    with_cheap = replace(problem, offers=problem.offers | cheap, capacities=ranges)
    assert planned(with_cheap).summary.lower_bound_eur <= D("45.00")
    without = planned(replace(with_cheap, weeks_ahead={})).summary.lower_bound_eur
    assert D("54.9") < without <= D("55.00"), "leeks for 30, rice for 5 and twice 10 €"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_purchases_moved_ahead_hold_all_that_held_before(data: st.DataObject) -> None:
    weeks = data.draw(st.integers(2, 6))
    problem = rice_and_leeks(
        {"rice": data.draw(st.integers(1, 4))}, weeks, date(2026, 12, 7),
        {"k": 100, "l": data.draw(st.integers(1, 300))},
        [Capacity("mill.rice", *LONG, data.draw(st.integers(20_000, 60_000)))],
    )  # fmt: skip
    lines = rice_lines(problem)
    moved = buy_ahead(problem, lines)
    assert list(check_capacity(problem, moved)) == list(check_amount(problem, moved)) == []
    assert list(check_min_drops(problem, moved)) == list(check_drops(problem, moved, drops(problem, moved))) == []
    menus = [MenuLine(day.kitchen, day.date, "main", "d", day.covers) for day in problem.service_days]
    of_rice = [of for of in check_demand(problem, menus, moved) if of.scope.subject == "rice"]
    assert of_rice == []
    assert len(moved) <= len(lines)
    assert buy_ahead(problem, moved) == moved, "nothing is left to move"


def test_weeks_ahead_are_read_and_written(tmp_path: Path) -> None:
    problem = rice_and_leeks({"rice": 2})
    problem.to_folder(tmp_path / "p")
    assert (tmp_path / "p" / "storable.csv").read_text() == "ingredient,weeks_ahead\nrice,2\n"
    assert Problem.from_folder(tmp_path / "p") == problem
    (tmp_path / "p" / "storable.csv").write_text("ingredient,weeks_ahead\nbulgur,0\nrice,1\nrice,2\n")
    with pytest.raises(BadFolder) as refused:
        Problem.from_folder(tmp_path / "p")
    assert [(of.file, of.line, of.column) for of in refused.value.faults] == [
        ("storable.csv", 2, "ingredient"), ("storable.csv", 2, "weeks_ahead"), ("storable.csv", 4, "ingredient")
    ]  # fmt: skip
