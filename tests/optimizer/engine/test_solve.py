"""A problem goes in, a verified plan comes out: holidays, cut weeks, seeds, limits, cancellation, several kitchens."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from optimizer import Cancelled, Plan, Problem, Progress, solve, verify
from optimizer.blocks import ServiceDay
from optimizer.rules import DropCountRule
from tests.optimizer.synthetic import synthetic_problem

PHASES = ("Lecture du problème", "Premiers prix", "Menus", "Approvisionnement", "Amélioration", "Livraisons",
          "Derniers réglages", "Ordre des jours", "Preuve de la borne", "Rédaction du plan")  # fmt: skip
FIRST_PLAN = PHASES.index("Amélioration")
ROUNDS = {True: "Livraisons", False: "Amélioration"}
"""The rounds of a problem whose drops have minima, and of one whose drops may be of any size."""


def small(kitchens: int = 2, weeks: int = 5, dishes: int = 30) -> Problem:
    return synthetic_problem(kitchens, weeks, dishes)


def of_any_drops(problem: Problem) -> Problem:
    """No minimum of a drop and no limit of their number."""
    suppliers = {s: replace(of, min_drop_eur=Decimal(0)) for s, of in problem.suppliers.items()}
    rules = tuple(rule for rule in problem.rules if not isinstance(rule, DropCountRule))
    return replace(problem, suppliers=suppliers, rules=rules)


def with_holidays(problem: Problem, seed: int = 3) -> Problem:
    """Every kitchen misses days of its own: weeks of one to four days, blocks of 20 meals that end inside a week."""
    rng = random.Random(seed)
    return replace(problem, service_days=tuple(day for day in problem.service_days if rng.random() > 0.15))


def with_small_thursdays(problem: Problem) -> Problem:
    """Fewer diners on Thursdays, so that the days of a week are not alike."""
    days = [replace(day, covers=day.covers - 40) if day.date.weekday() == 3 else day for day in problem.service_days]
    return replace(problem, service_days=tuple(days))


def with_one_free_monday(problem: Problem) -> Problem:
    """One Monday off for all: every block ends a day into the next week."""
    free = min(day.date for day in problem.service_days)
    return replace(problem, service_days=tuple(day for day in problem.service_days if day.date != free))


def with_different_terms(problem: Problem) -> Problem:
    """One kitchen starts a week late, another stops after two weeks and serves a single day in the third."""
    first, second = sorted(problem.kitchens)[:2]
    weeks = problem.weeks

    def serves(day: ServiceDay) -> bool:
        late = day.kitchen == first and day.week == weeks[0]
        over = day.kitchen == second and (day.week > weeks[2] or (day.week == weeks[2] and day.date.weekday() > 0))
        return not late and not over

    return replace(problem, service_days=tuple(filter(serves, problem.service_days)))


CALENDARS: dict[str, Callable[[], Problem]] = {
    "plain": lambda: small(4, 5, 24),
    "holidays": lambda: with_holidays(small(2, 7)),
    "small Thursdays": lambda: with_small_thursdays(small(2, 5)),
    "cut weeks": lambda: with_one_free_monday(small(2, 10)),
    "different terms": lambda: with_different_terms(small(3, 5)),
    "all at once": lambda: with_holidays(with_small_thursdays(small(2, 6)), seed=8),
}


@pytest.mark.parametrize("calendar", CALENDARS)
def test_every_plan_is_verified_and_above_its_bound(calendar: str) -> None:
    problem = CALENDARS[calendar]()
    plan = solve(problem, workers=1)
    assert verify(problem, plan) == []
    assert plan.summary.lower_bound_eur <= plan.summary.cost_eur
    assert plan.summary.gap < Decimal("0.15")
    assert plan.summary.meals == sum(day.covers for day in problem.service_days)


@pytest.fixture(scope="module")
def problem() -> Problem:
    return with_holidays(small(2, 3, 24))


@pytest.fixture(scope="module")
def plan(problem: Problem) -> Plan:
    return solve(problem, workers=1, seed=7)


def tables(plan: Plan, folder: Path) -> dict[str, bytes]:
    """Every file of the plan but the summary, which tells seconds and memory."""
    plan.to_folder(folder)
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def test_the_same_seed_gives_the_same_bytes(problem: Problem, plan: Plan, tmp_path: Path) -> None:
    again = solve(problem, workers=1, seed=7)
    assert tables(again, tmp_path / "again") == tables(plan, tmp_path / "plan")
    assert {"menus.csv", "sourcing.csv", "drops.csv", "prices.csv"} <= set(tables(plan, tmp_path / "once_more"))
    told = again.summary, plan.summary
    assert [of.rules for of in told] == [plan.summary.rules] * 2
    assert told[0].seed == 7


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_any_seed_gives_a_verified_plan(problem: Problem, seed: int) -> None:
    assert verify(problem, solve(problem, workers=1, seed=seed)) == []


@pytest.mark.parametrize("seconds", [0, 0.001])
def test_a_tiny_time_limit_still_gives_a_verified_plan(problem: Problem, plan: Plan, seconds: float) -> None:
    hasty = solve(problem, workers=1, time_limit=seconds)
    assert verify(problem, hasty) == []
    assert hasty.summary.lower_bound_eur <= hasty.summary.cost_eur
    assert hasty.summary.cost_eur >= plan.summary.lower_bound_eur


def phase_of(event: Progress) -> int:
    return next(n for n, phase in enumerate(PHASES) if event.phase.startswith(phase))


@pytest.mark.parametrize("held", [True, False])
def test_progress_tells_each_phase_in_order_and_in_french(problem: Problem, held: bool) -> None:
    events: list[Progress] = []
    plan = solve(problem if held else of_any_drops(problem), workers=1, progress=events.append)
    phases = [phase_of(event) for event in events]
    assert phases == sorted(phases)
    assert set(phases) == set(range(len(PHASES))) - {PHASES.index(ROUNDS[not held])}
    assert all(0 <= event.done <= event.total for event in events)
    for before, after in pairwise(events):
        assert after.phase != before.phase or after.done >= before.done or after.done == 0
    last = events[-1]
    assert (last.done, last.best_cost, last.bound) == (last.total, plan.summary.cost_eur, plan.summary.lower_bound_eur)


@pytest.mark.parametrize("held", [True, False])
def test_progress_knows_the_best_cost_and_the_bound_as_soon_as_there_is_one(problem: Problem, held: bool) -> None:
    events: list[Progress] = []
    solve(problem if held else of_any_drops(problem), workers=1, progress=events.append)
    costs = [event.best_cost for event in events if event.phase.startswith(f"{ROUNDS[held]} ")]
    assert costs
    assert None not in costs
    known = [cost for cost in costs if cost is not None]
    assert known == sorted(known, reverse=True), "the best cost never rises while improving"
    assert all(event.best_cost is None for event in events if phase_of(event) < FIRST_PLAN - 1)
    assert all(event.bound is not None for event in events if phase_of(event) == len(PHASES) - 1)


class Stop:
    """A listener that stops at the n-th event of a phase."""

    def __init__(self, phase: str) -> None:
        self.phase = phase
        self.heard: list[str] = []

    def __call__(self, event: Progress) -> None:
        self.heard.append(event.phase)
        if event.phase.startswith(self.phase):
            raise Cancelled


@pytest.mark.parametrize("phase", PHASES[:FIRST_PLAN])
def test_stopped_before_there_is_a_plan_nothing_comes_back(problem: Problem, phase: str) -> None:
    stop = Stop(phase)
    with pytest.raises(Cancelled):
        solve(problem, workers=1, progress=stop)
    assert stop.heard[-1] == phase


@pytest.mark.parametrize("phase", PHASES[FIRST_PLAN:])
def test_stopped_later_the_best_plan_so_far_comes_back_proven(problem: Problem, phase: str) -> None:
    stop = Stop(phase)
    if phase == ROUNDS[False]:
        problem = of_any_drops(problem)
    plan = solve(problem, workers=1, progress=stop)
    assert verify(problem, plan) == []
    assert plan.summary.lower_bound_eur > 0
    assert stop.heard[-1].startswith(phase), "nobody is told anything after the stop"


def test_what_a_listener_raises_itself_is_not_swallowed(problem: Problem) -> None:
    def broken(event: Progress) -> None:
        raise OSError(event.phase)

    with pytest.raises(OSError, match="Lecture du problème"):
        solve(problem, workers=1, progress=broken)


def test_no_rule_no_bread_one_kitchen_one_day() -> None:
    problem = small(1, 1)
    first = min(day.date for day in problem.service_days)
    suppliers = {s: replace(of, min_drop_eur=Decimal(0)) for s, of in problem.suppliers.items()}
    days = tuple(d for d in problem.service_days if d.date == first)
    bare = replace(problem, rules=(), every_meal={}, service_days=days, suppliers=suppliers)
    plan = solve(bare, workers=1)
    assert verify(bare, plan) == []
    assert plan.summary.gap < Decimal("0.001")
