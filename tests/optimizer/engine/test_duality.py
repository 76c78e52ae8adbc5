"""The bound of an LP by summation: right for any duals, and for a solver that is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.duality import dual_bound
from optimizer.engine.instance import compile_instance
from optimizer.engine.kitchen_year import cell_covers, model_of, priced_dishes
from optimizer.engine.prices import no_prices
from optimizer.solver import INFINITY, Live, Model, Outcome
from tests.optimizer.synthetic import synthetic_problem


def diet() -> Live:
    """2 x + 3 y, x + y >= 4, x + 3 y between 6 and 20, x at most 3: 9 euros at (3, 1)."""
    model = Model("diet")
    x, y = model.add("x", 2.0, 0.0, 3.0), model.add("y", 3.0)
    model.row("enough", [x, y], [1.0, 1.0], 4.0, INFINITY)
    model.row("most", [x, y], [1.0, 3.0], 6.0, INFINITY)
    return model.load(relax=True)


def test_the_duals_of_an_optimum_prove_it() -> None:
    live = diet()
    assert live.run().objective == pytest.approx(9.0)
    assert live.proven(live.row_duals()) == pytest.approx(9.0)


@settings(max_examples=40)
@given(st.lists(st.floats(-3, 3), min_size=2, max_size=2))
def test_no_duals_prove_more_than_the_optimum(duals: list[float]) -> None:
    live = diet()
    live.run()
    assert dual_bound(live._highs.getLp(), np.array(duals)) <= 9.0 + 1e-9


def test_a_solver_that_calls_optimal_what_is_not_proves_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the iterations, called an optimum: the bound is below the true one, and still there."""
    instance = compile_instance(synthetic_problem(1, 3, 24))
    costs = priced_dishes(instance, no_prices(instance), 0)[0]
    model = model_of(instance, 0, "bound")
    covers = cell_covers(instance, 0, model.block)
    true = model.relax(costs, covers)

    def wrong(live: Live, run: object = Live.run) -> Outcome:
        live._highs.setOptionValue("simplex_iteration_limit", 3)
        live._highs.setOptionValue("presolve", "off")
        outcome = run(live)  # type: ignore[operator]
        return Outcome(outcome.status.OPTIMAL, np.zeros(model._model.columns), 2 * true, 2 * true, None)

    monkeypatch.setattr(Live, "run", wrong)
    model.rewind()
    assert -INFINITY < model.relax(costs, covers) <= true + 1e-6 * abs(true)


def test_the_duals_of_another_kitchen_prove_less_and_something() -> None:
    """When time is up: a kitchen is proven by the duals of the one before, at other prices and covers."""
    instance = compile_instance(synthetic_problem(1, 3, 24))
    costs = priced_dishes(instance, no_prices(instance), 0)[0]
    model = model_of(instance, 0, "bound")
    covers = cell_covers(instance, 0, model.block)
    model.rewind()
    assert model.shadowed(costs, covers) is None, "nothing was solved yet"
    first = model.relax(costs, covers)
    dearer = costs * (1 + np.linspace(0, 0.05, len(costs)))[:, None]
    shadowed = model.shadowed(dearer, 3 * covers)
    assert shadowed is not None
    assert 2 * first < shadowed <= model.relax(dearer, 3 * covers) + 1e-6 * first
