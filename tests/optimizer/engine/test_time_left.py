"""What is left out when time runs short: improvements, never a first plan nor its proof."""

from __future__ import annotations

import time

import pytest

from optimizer import solve, verify
from optimizer.engine import planner
from optimizer.engine.time_left import TimeLeft
from tests.optimizer.synthetic import synthetic_problem


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_took_long_is_not_begun_again_when_too_little_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    left = TimeLeft(110.0)
    assert left.allows(("menus", 1.0)), "what was never measured needs nothing"
    with left.measured("menus"):
        clock.now += 4.0
    assert left.allows(("menus", 1.0))
    assert not left.allows(("menus", 1.0), ("menus", 0.6))
    clock.now = 111.0
    assert not left.allows()


@pytest.mark.parametrize(("seconds", "rounds"), [(1e6, True), (0.0, False)])
def test_no_round_is_begun_that_leaves_no_time_for_the_proof(seconds: float, rounds: bool) -> None:
    phases: list[str] = []
    problem = synthetic_problem(2, 3, 24)
    plan = solve(problem, workers=1, time_limit=seconds, progress=lambda event: phases.append(event.phase))
    assert verify(problem, plan) == []
    assert ("Livraisons 1" in phases) is rounds
    assert plan.summary.lower_bound_eur > 0


def test_the_proof_is_reckoned_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough time for a round, but not for the round and what follows: the round is left out."""
    asked: list[tuple[tuple[str, float], ...]] = []

    def allows(_: TimeLeft, *parts: tuple[str, float]) -> bool:
        asked.append(parts)
        return planner.PROOF not in parts

    monkeypatch.setattr(TimeLeft, "allows", allows)
    phases: list[str] = []
    solve(synthetic_problem(2, 3, 24), workers=1, progress=lambda event: phases.append(event.phase))
    assert asked
    assert "Livraisons 1" not in phases
