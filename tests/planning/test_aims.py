"""What a plan is asked beside the law: the optimizer reads it as goals, rules and budgets."""

from datetime import date
from decimal import Decimal

import pytest

from catering.db import Database
from catering.kitchens.calendar import week_of
from catering.people.viewer import demo_viewer
from catering.planning import refusals
from catering.planning.jobs import run_plan
from catering.planning.models import PlanRun, RunStatus
from catering.planning.models_aims import AimKind
from catering.planning.problem import build_problem
from catering.planning.service import ScenarioWish, describe_scenario
from optimizer.problem import Problem, PurchaseTotalRule, ValueRatioRule
from tests.planning.conftest import KITCHENS, queue

ASKED = {
    AimKind.CO2E: Decimal("0.1"),
    AimKind.PRODUCER_SHARE: Decimal("0.05"),
    AimKind.BUDGET: Decimal("1.1"),
}


async def problem_of(database: Database, wish: ScenarioWish) -> tuple[int, Problem]:
    run = await queue(database, wish)
    async with database.reading() as session:
        return run.id, await build_problem(session, run.scenario_id)


async def test_aims_are_goals_rules_and_budgets_of_the_problem_and_the_plan_is_made(demo: Database) -> None:
    plain = ScenarioWish("2026-27", list(KITCHENS), weeks=2)
    _, before = await problem_of(demo, plain)
    asked = ScenarioWish("2026-27", list(KITCHENS), weeks=2, aims=ASKED)
    run_id, problem = await problem_of(demo, asked)
    assert (before.goals, problem.goals) == ({}, {"co2e_kg": Decimal("0.1")})
    (floor,) = {rule.id: rule for rule in problem.rules}.keys() - {rule.id for rule in before.rules}
    (rule,) = [each for each in problem.rules if each.id == floor]
    assert isinstance(rule, ValueRatioRule)
    assert (rule.kinds, rule.local, rule.min_share) == (frozenset({"producer"}), True, Decimal("0.05"))
    for uai in KITCHENS:
        own = before.kitchens[uai].budget_eur_per_meal
        assert problem.kitchens[uai].budget_eur_per_meal == (own * Decimal("1.1")).quantize(Decimal("0.01"))
    await run_plan(demo, run_id)
    async with demo.reading() as session:
        made = await session.get_one(PlanRun, run_id)
    assert made.status is RunStatus.DONE, made.error


async def test_ceilings_are_totals_of_the_whole_plan_per_meal(demo: Database) -> None:
    aims = {AimKind.CO2E_CEILING: Decimal("1.9"), AimKind.TRANSPORT_CEILING: Decimal(42)}
    _, problem = await problem_of(demo, ScenarioWish("2026-27", list(KITCHENS), weeks=2, aims=aims))
    ceilings = {rule.id: rule for rule in problem.rules if isinstance(rule, PurchaseTotalRule)}
    assert {name: (of.measure, of.per, of.minimum, of.maximum) for name, of in ceilings.items()} == {
        "VISE-CO2E": ("co2e_kg", "meal", None, Decimal("1.9")),
        "VISE-TRANSPORT": ("ton_km", "meal", None, Decimal("0.042")),
    }
    assert all(of.hard and of.kitchens is None and of.offers is None for of in ceilings.values())


async def test_the_days_of_a_plan_are_those_asked(demo: Database) -> None:
    wish = ScenarioWish("2026-27", list(KITCHENS), first_day=date(2026, 11, 9), last_day=date(2026, 11, 20))
    _, problem = await problem_of(demo, wish)
    assert {week_of(day.date) for day in problem.service_days} == {date(2026, 11, 9), date(2026, 11, 16)}


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (ScenarioWish("2026-27", aims={AimKind.CO2E: Decimal(11)}), refusals.BadAim),
        (ScenarioWish("2026-27", aims={AimKind.ORGANIC_SHARE: Decimal("1.01")}), refusals.BadAim),
        (ScenarioWish("2026-27", aims={AimKind.BUDGET: Decimal(0)}), refusals.BadAim),
        (ScenarioWish("2026-27", aims={AimKind.CO2E_CEILING: Decimal(1001)}), refusals.BadAim),
        (ScenarioWish("2026-27", first_day=date(2026, 12, 1), last_day=date(2026, 11, 1)), refusals.BadDates),
        (ScenarioWish("2026-27", first_day=date(2025, 12, 1)), refusals.BadDates),
    ],
)
async def test_what_makes_no_sense_is_refused(wish: ScenarioWish, refusal: type[Exception], demo: Database) -> None:
    async with demo.unit_of_work() as session:
        with pytest.raises(refusal):
            await describe_scenario(session, demo_viewer(), wish)
