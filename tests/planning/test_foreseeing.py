"""A scenario may plan for the covers forecast: which forecast each day used is kept, and runs of it agree."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from catering.attendance.models import AttendanceEvent, AttendanceEventKind, CoversForecast, ForecastBasis
from catering.attendance.rules.model import VERSION
from catering.db import Database
from catering.kitchens.calendar import ServiceDay
from catering.kitchens.models import Kitchen
from catering.moment import now
from catering.people.viewer import Role, Viewer
from catering.planning.facts import PLANNER
from catering.planning.foreseeing import forecast_days, foresee, served
from catering.planning.models import CoversSource, PlanRun, PlanScenario, ScenarioCovers, ScenarioForecast
from catering.planning.problem import build_problem
from catering.planning.service import ScenarioWish, answers
from catering.waste.models import ServiceCovers
from catering.waste.vocabulary import Service
from optimizer import Problem
from tests.planning.conftest import KITCHENS, queue

MADE_ON = date(2026, 9, 3)
WISH = ScenarioWish("2026-27", KITCHENS, weeks=3, covers=CoversSource.FORECAST)


async def counted(database: Database) -> None:
    """The first kitchen has served 90 of its 100 covers for a year, give or take; the second never counted."""
    days = (MADE_ON - timedelta(days=each) for each in range(400))
    async with database.unit_of_work() as session:
        number = (await session.scalars(select(Kitchen.id).where(Kitchen.uai == KITCHENS[0]))).one()
        session.add_all(
            ServiceCovers(
                kitchen_id=number, day=day, service=Service.LUNCH, planned=None, prepared=100,
                served=90 + rank % 5 - 2, made_by="test",
            )
            for rank, day in enumerate(each for each in days if each.weekday() in (0, 1, 3, 4))
        )  # fmt: skip


async def problem_of(database: Database, run: PlanRun) -> Problem:
    async with database.reading() as session:
        return await build_problem(session, run.scenario_id)


def covers_of(problem: Problem, uai: str) -> dict[date, int]:
    return {each.date: each.covers for each in problem.service_days if each.kitchen == uai}


async def trace(database: Database, run: PlanRun) -> list[Any]:
    statement = (
        select(Kitchen.uai, CoversForecast)
        .join(ScenarioCovers, ScenarioCovers.forecast_id == CoversForecast.id)
        .join(Kitchen, Kitchen.id == ScenarioCovers.kitchen_id)
        .where(ScenarioCovers.scenario_id == run.scenario_id)
        .order_by(Kitchen.uai, CoversForecast.day)
    )
    async with database.reading() as session:
        return [(uai, row) for uai, row in await session.execute(statement)]


async def test_a_plan_takes_the_covers_to_prepare_and_says_which_forecast_they_are_of(demo: Database) -> None:
    await counted(demo)
    calendar = await problem_of(demo, await queue(demo, ScenarioWish("2026-27", KITCHENS, weeks=3)))
    run = await queue(demo, WISH)
    await foresee(demo, PLANNER, run.scenario_id, MADE_ON)
    foreseen = await problem_of(demo, run)
    kept = await trace(demo, run)
    known = {row.day: row for uai, row in kept if uai == KITCHENS[0]}
    assert {row.basis for row in known.values()} == {ForecastBasis.HISTORY}
    assert {(row.model_version, row.made_on) for row in known.values()} == {(VERSION, MADE_ON)}
    usual = covers_of(calendar, KITCHENS[0])
    assert set(known) == {day for day in usual if day > MADE_ON}
    for day, covers in covers_of(foreseen, KITCHENS[0]).items():
        assert covers == (known[day].recommended if day > MADE_ON else usual[day])
        assert day <= MADE_ON or 86 <= covers <= 94
    async with demo.reading() as session:
        found = await forecast_days(session, PLANNER, run.scenario_id)
    assert {(each.made_on, each.model_version, each.basis): each.days for each in found} == {
        (MADE_ON, VERSION, ForecastBasis.HISTORY): len(known),
        (MADE_ON, VERSION, ForecastBasis.ANNOUNCED): len(kept) - len(known),
    }
    assert covers_of(foreseen, KITCHENS[1]) == covers_of(calendar, KITCHENS[1]), "nothing counted: what is announced"
    assert {row.basis for uai, row in kept if uai == KITCHENS[1]} == {ForecastBasis.ANNOUNCED}


async def test_a_scenario_keeps_its_forecasts(demo: Database) -> None:
    run = await queue(demo, WISH)
    await foresee(demo, PLANNER, run.scenario_id, MADE_ON)
    before, kept = await problem_of(demo, run), await trace(demo, run)
    await counted(demo)
    await foresee(demo, PLANNER, run.scenario_id, MADE_ON + timedelta(days=4))
    assert (await problem_of(demo, run)).sha256 == before.sha256
    assert [row.id for _, row in await trace(demo, run)] == [row.id for _, row in kept]


async def test_a_scenario_of_the_calendar_forecasts_nothing(demo: Database) -> None:
    run = await queue(demo, ScenarioWish("2026-27", KITCHENS, weeks=3))
    await foresee(demo, PLANNER, run.scenario_id, MADE_ON)
    async with demo.reading() as session:
        assert (await session.scalars(select(CoversForecast))).all() == []
        assert (await session.scalars(select(ScenarioForecast))).all() == []


async def test_nobody_is_cooked_for_when_all_are_away(demo: Database) -> None:
    day = date(2026, 9, 10)
    async with demo.unit_of_work() as session:
        number = (await session.scalars(select(Kitchen.id).where(Kitchen.uai == KITCHENS[0]))).one()
        session.add(
            AttendanceEvent(
                kitchen_id=number, kind=AttendanceEventKind.STRIKE, first_day=day, last_day=day, difference=-5000,
                made_at=now(), made_by="test",
            )
        )  # fmt: skip
    run = await queue(demo, WISH)
    await foresee(demo, PLANNER, run.scenario_id, MADE_ON)
    found = await problem_of(demo, run)
    assert day not in covers_of(found, KITCHENS[0])
    assert day in covers_of(found, KITCHENS[1])


def test_days_without_a_forecast_keep_the_calendar() -> None:
    days = [ServiceDay(date(2026, 9, 7), 100), ServiceDay(date(2026, 9, 8), 100), ServiceDay(date(2026, 9, 10), 100)]
    found = served(days, 1, {(1, days[0].day): 91, (1, days[2].day): 0, (2, days[1].day): 7})
    assert found == [ServiceDay(days[0].day, 91), days[1]]


async def test_the_source_of_covers_and_the_lesson_tell_scenarios_apart(demo: Database) -> None:
    viewer = Viewer("test", Role.DEPARTEMENT)
    run = await queue(demo, WISH)
    async with demo.reading() as session:
        scenario = await session.get_one(PlanScenario, run.scenario_id)
        assert await answers(session, viewer, scenario, WISH)
        other = ScenarioWish("2026-27", KITCHENS, weeks=3)
        assert not await answers(session, viewer, scenario, other)
