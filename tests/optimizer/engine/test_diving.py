"""Whole days by rounding: what an LP serves by halves, and what is done where rounding finds no way."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.engine.diving import Run, dive
from optimizer.solver import INFINITY, Floats, Ints, Model, Outcome, Status

COLUMNS: Ints = np.arange(3)


def ring(always: float) -> tuple[Outcome, Run, list[Floats]]:
    """Three dishes of which no two go together: the LP takes half of each, beside something bought anyway (euros)."""
    model, asked = Model("ring"), list[Floats]()
    for n in range(3):
        model.add(f"x{n}", -1.0, 0.0, 1.0)
    bought = model.add("always", always, 1.0, 1.0)
    for n in range(3):
        model.row(f"pair{n}", [n, (n + 1) % 3], [1.0, 1.0], -INFINITY, 1.0)
    model.row("always", [bought], [1.0], 1.0, 1.0)
    live = model.load(relax=True)

    def run(low: Floats, up: Floats) -> Outcome:
        asked.append(low.copy())
        live.set_bounds(low, up)
        return live.run()

    relaxed = live.run()
    assert relaxed.values[:3] == pytest.approx([0.5, 0.5, 0.5])
    return relaxed, run, asked


def test_what_does_not_go_together_is_rounded_one_after_the_other() -> None:
    relaxed, run, asked = ring(100.0)
    found = dive(run, relaxed, COLUMNS, COLUMNS, (np.zeros(4), np.ones(4)))
    assert found is not None
    assert sorted(np.rint(found.values[:3])) == [0.0, 0.0, 1.0]
    assert found.objective == pytest.approx(99.0)
    assert len(asked) <= 4


def test_of_a_group_one_count_is_rounded_at_a_time() -> None:
    relaxed, run, asked = ring(100.0)
    assert dive(run, relaxed, COLUMNS, np.zeros(3, dtype=np.int64), (np.zeros(4), np.ones(4))) is not None
    assert all(low[:3].sum() <= 1 for low in asked)


def test_whole_days_that_cost_too_much_are_no_answer() -> None:
    relaxed, run, _ = ring(3.0)
    assert dive(run, relaxed, COLUMNS, COLUMNS, (np.zeros(4), np.ones(4))) is None


def test_where_every_way_is_closed_the_dive_ends() -> None:
    relaxed, _, _ = ring(100.0)
    closed = Outcome(Status.INFEASIBLE, np.zeros(4), INFINITY, -INFINITY, None)
    assert dive(lambda low, up: closed, relaxed, COLUMNS, COLUMNS, (np.zeros(4), np.ones(4))) is None
