"""The one door to solvers tells the truth: limits, infeasibility, options, order of columns, two solvers, two PuLPs."""

from __future__ import annotations

import random

import numpy as np
import pytest

from optimizer.solver import INFINITY, Model, Status, cbc_command, solver_versions


def knapsack(items: int = 60, seed: int = 5, rows: int = 5) -> Model:
    """A market split-like knapsack: an integer solution is easy, its optimum takes far longer than a test."""
    rng = random.Random(seed)
    model = Model("knapsack")
    columns = [model.add(f"x{n}", -float(rng.randint(50, 150)), 0.0, 1.0, integer=True) for n in range(items)]
    for row in range(rows):
        weights = [float(rng.randint(50, 150)) for _ in columns]
        model.row(f"weight{row}", columns, weights, -INFINITY, float(int(sum(weights) / 2)))
    return model


def small(low: float = 3.5) -> Model:
    """min 2a + 3b + c, a + b + c >= low, a <= 1.5, c <= 1, a and b whole."""
    model = Model("small")
    a = model.add("a", 2.0, 0.0, 1.5, integer=True)
    b = model.add("b", 3.0, integer=True)
    c = model.add("c", 1.0, 0.0, 1.0)
    model.row("need", [a, b, c], [1.0, 1.0, 1.0], low, INFINITY)
    return model


def has_cbc() -> bool:
    try:
        cbc_command(mip=True, gap=0.0, time_limit=None)
    except LookupError:
        return False
    return True


SOLVERS = ["highs", pytest.param("cbc", marks=pytest.mark.skipif(not has_cbc(), reason="CBC is not installed"))]


@pytest.mark.parametrize("solver", SOLVERS)
def test_an_optimum_is_called_one(solver: str) -> None:
    outcome = small().solve(solver=solver)
    assert outcome.status is Status.OPTIMAL
    assert outcome.values == pytest.approx([1.0, 2.0, 0.5])
    assert outcome.objective == outcome.bound == pytest.approx(8.5)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_time_limit_gives_a_feasible_answer_and_never_an_optimum(solver: str) -> None:
    model = knapsack(items=400, rows=25)
    outcome = model.solve(time_limit=0.5, solver=solver)
    assert outcome.status is Status.FEASIBLE
    assert outcome.usable
    assert outcome.bound < outcome.objective - 0.5
    assert set(np.rint(outcome.values)) <= {0.0, 1.0}


def test_a_limit_without_an_answer_is_a_failure() -> None:
    outcome = knapsack(items=400, rows=25).solve(time_limit=0.0)
    assert outcome.status in (Status.FAILED, Status.FEASIBLE)
    assert outcome.usable == (outcome.status is Status.FEASIBLE)


@pytest.mark.parametrize("relax", [False, True])
@pytest.mark.parametrize("solver", SOLVERS)
def test_infeasible_is_called_infeasible(solver: str, relax: bool) -> None:
    model = small()
    model.row("limit", [0, 1, 2], [1.0, 1.0, 1.0], -INFINITY, 3.0)
    outcome = model.solve(solver=solver, relax=relax)
    assert outcome.status is Status.INFEASIBLE
    assert not outcome.usable


def test_unbounded_is_not_an_answer() -> None:
    model = Model("unbounded")
    model.add("x", -1.0)
    model.row("r", [0], [1.0], 1.0, INFINITY)
    assert not model.solve().usable


def test_an_option_that_highs_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="solver='fastest'"):
        small().solve(method="fastest")


@pytest.mark.skipif(not has_cbc(), reason="CBC is not installed")
@pytest.mark.parametrize("seed", range(4))
def test_cbc_agrees_with_highs(seed: int) -> None:
    model = knapsack(items=18, seed=seed, rows=3)
    highs, cbc = model.solve(), model.solve(solver="cbc")
    assert highs.status is cbc.status is Status.OPTIMAL
    assert cbc.objective == pytest.approx(highs.objective)


@pytest.mark.parametrize("solver", SOLVERS)
def test_within_the_gap_is_optimal_and_the_bound_says_how_far(solver: str) -> None:
    model = knapsack(items=18, rows=3)
    best = model.solve().objective
    outcome = model.solve(gap=0.3, solver=solver)
    assert outcome.status is Status.OPTIMAL
    assert outcome.bound <= best + 1e-6
    assert best <= outcome.objective + 1e-6


@pytest.mark.parametrize("solver", SOLVERS)
def test_values_follow_the_order_of_adding(solver: str) -> None:
    """Names in reverse order, a column in no row and free of cost, one in no row at a cost: PuLP moves some."""
    model = Model("order")
    names = ["z", "y10", "y9", "unused", "b", "only_cost", "a"]
    for n, name in enumerate(names):
        cost = 0.0 if name == "unused" else 1.0 + n
        model.add(name, cost, 0.0 if name == "unused" else float(n), 50.0, integer=name == "b")
    for n, name in enumerate(names):
        if name not in ("unused", "only_cost"):
            model.row(f"r{10 - n}", [n], [1.0], 10.0 + n, INFINITY)
    outcome = model.solve(solver=solver)
    assert outcome.status is Status.OPTIMAL
    assert [round(v) for n, v in enumerate(outcome.values) if names[n] != "unused"] == [10, 11, 12, 14, 5, 16]


def test_duals_follow_the_order_of_the_rows_and_ranges_have_one() -> None:
    model = Model("duals")
    a, b = model.add("a", 2.0), model.add("b", 5.0)
    model.row("z", [b], [1.0], 1.0, INFINITY)
    model.row("range", [a], [1.0], 3.0, 9.0)
    model.row("free", [a, b], [1.0, 1.0], -INFINITY, 100.0)
    outcome = model.solve(relax=True)
    assert outcome.duals == pytest.approx([5.0, 2.0, 0.0])
    assert outcome.reduced == pytest.approx([0.0, 0.0])
    assert [model.row_name(row) for row in range(model.rows)] == ["z", "range", "free"]


def test_a_live_model_takes_new_costs_bounds_and_sides() -> None:
    model = small()
    live = model.load(relax=True)
    assert live.run().objective == pytest.approx(1.5 * 2 + 1 + 1.0 * 3)
    live.set_costs(np.array([9.0, 1.0, 9.0]))
    assert live.run().values == pytest.approx([0.0, 3.5, 0.0])
    live.set_bounds(np.zeros(3), np.array([2.0, 2.0, 5.0]))
    assert live.run().values[1] == pytest.approx(2.0)
    live.set_row_bounds(0, 1.0, INFINITY)
    assert live.run().values == pytest.approx([0.0, 1.0, 0.0])


def test_the_sides_of_a_range_stay_together() -> None:
    model = Model("range")
    model.row("r", [model.add("a", 1.0)], [1.0], 1.0, 2.0)
    with pytest.raises(ValueError, match="one PuLP constraint"):
        model.load().set_row_bounds(0, 0.0, 5.0)


def test_a_time_limit_counts_from_now() -> None:
    """HiGHS adds up the time of all runs of one object: without care the second run would have none left."""
    live = knapsack(items=400, rows=25).load(time_limit=0.3)
    assert live.run().status is Status.FEASIBLE
    live.set_time_limit(30.0)
    live.set_bounds(np.zeros(400), np.zeros(400))
    assert live.run().status is Status.OPTIMAL


def test_ids_that_look_alike_in_the_lp_format_stay_apart() -> None:
    model = Model("accents")
    columns = [model.add(name, cost, 0.0, 3.0) for name, cost in (("pâté", 1.0), ("p_té", 2.0), ("p té", 3.0))]
    for name, low in (("règle-1", 4.0), ("règle 1", 5.0)):
        model.row(name, columns, [1.0, 1.0, 1.0], low, INFINITY)
    assert model.solve().values == pytest.approx([3.0, 2.0, 0.0])
    assert model.text().count("p_t_") > 9


def test_names_may_be_long() -> None:
    model = Model("long")
    column = model.add("x." + "crumble_aux_pommes_" * 10, 1.0)
    model.row("DEMAND." + "college_" * 20, [column], [1.0], 1.0, INFINITY)
    assert "crumble_aux_pommes_crumble" in model.text()


def test_nothing_to_decide_is_decided() -> None:
    outcome = Model("empty").solve(relax=True)
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == 0.0


def test_the_versions_are_told() -> None:
    told = solver_versions()
    assert told.startswith("PuLP ")
    assert "HiGHS 1." in told
