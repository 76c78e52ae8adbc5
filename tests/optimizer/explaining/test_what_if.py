"""What if: the plan that comes out is checked by the verifier, and the differences add up."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from optimizer import Plan, Problem, solve
from optimizer.__main__ import main
from optimizer.explaining.what_if import Change, Supposed, changed, what_if
from optimizer.verification.drops import check_min_drops
from optimizer.verification.sourcing import check_amount, check_capacity, check_demand, check_reach
from tests.optimizer.synthetic import synthetic_problem

ZERO = Decimal(0)


@pytest.fixture(scope="module", params=[0, 2], ids=["fresh", "stored"])
def made(request: pytest.FixtureRequest) -> tuple[Problem, Plan]:
    """A plan of goods that come in their week; one of goods that all keep for two."""
    problem = synthetic_problem(3, 2 + request.param // 2, 24)
    if request.param:
        problem = replace(problem, weeks_ahead=dict.fromkeys(problem.ingredients, request.param))
    return problem, solve(problem, workers=1, time_limit=20)


def supposed(made: tuple[Problem, Plan], change: Change) -> Supposed:
    """The outcome, in which the verifier finds nothing against needs, capacities, prices, minima, and all adds up."""
    problem, plan = made
    found = what_if(problem, plan.menus, plan.sourcing, change)
    after = changed(problem, change)
    assert not found.lacking
    assert [
        *check_demand(after, found.menus, found.lines),
        *check_reach(after, found.lines),
        *check_capacity(after, found.lines),
        *check_amount(after, found.lines),
    ] == []
    # Where a round brought three weeks at once, another one may stay too small for its minimum: it is told.
    assert len(list(check_min_drops(after, found.lines))) == found.small <= bool(problem.weeks_ahead)
    for rows in (found.kitchens, found.suppliers, found.families):
        assert sum((row.after - row.before for row in rows), ZERO) == found.after - found.before
    return found


def test_a_farm_that_stops_is_replaced_and_what_others_sell_is_told(made: tuple[Problem, Plan]) -> None:
    problem, plan = made
    sold = {of.supplier: 0 for of in problem.offers.values() if of.supplier != "wholesale"}
    for line in plan.sourcing:
        if (of := problem.offers[line.offer].supplier) in sold:
            sold[of] += 1
    farm = max(sorted(sold), key=lambda of: sold[of])
    found = supposed(made, Change(frozenset({farm})))
    assert not any(problem.offers[line.offer].supplier == farm for line in found.lines)
    lost = next(row for row in found.suppliers if row.of == farm)
    assert lost.after == 0 < lost.before
    assert found.after > found.before
    assert not [of for of in found.rules if of.before.holds and not of.after.holds]
    touched = {(line.kitchen, line.week) for line in plan.sourcing if problem.offers[line.offer].supplier == farm}
    assert found.bought_again == len(touched)
    rest = [line for line in plan.sourcing if (line.kitchen, line.week) not in touched]
    assert set(rest) <= set(found.lines)


def test_more_covers_buy_more_and_a_dearer_ingredient_costs_at_most_its_price(made: tuple[Problem, Plan]) -> None:
    problem, plan = made
    more = supposed(made, Change(covers=Decimal("1.08")))
    assert Decimal("1.06") < more.after / more.before < Decimal("1.12")
    bread = {of.id: Decimal("1.10") for of in problem.offers_by_ingredient["bread"]}
    spent = sum((line.amount_excl_tax for line in plan.sourcing if line.ingredient == "bread"), ZERO)
    dearer = supposed(made, Change(prices=bread))
    assert ZERO < dearer.after - dearer.before <= spent * Decimal("0.1") + Decimal("0.5")


def test_the_command_tells_keeps_and_refuses(
    made: tuple[Problem, Plan], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem, plan = made
    problem.to_folder(tmp_path / "problem")
    replace(plan).to_folder(tmp_path / "plan")
    asked = ["what-if", str(tmp_path / "problem"), str(tmp_path / "plan")]
    assert main([*asked, "--name", "Pain + 10 %", "--price", "bread=1.10", "--out", str(tmp_path / "kept.json")]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Pain + 10 % : ")
    assert "BOULANGERIE" in told
    kept = json.loads((tmp_path / "kept.json").read_text(encoding="utf-8"))
    assert kept["name"] == "Pain + 10 %"
    assert Decimal(kept["after_eur"]) > Decimal(kept["before_eur"])
    assert main([*asked, "--without", "personne"]) == 2
    assert "Fournisseur inconnu : personne." in capsys.readouterr().err
