"""Scenarios, runs and publication: who may, what is refused, what is kept."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, func, select

from catering.db import Database
from catering.kitchens.models import Kitchen, KitchenCovers
from catering.menus.models import MenuDish, NutritionResult
from catering.people.models import ChangeEvent
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.planning import refusals
from catering.planning.models import PlannedMeal, PlanRun, PlanScenario, RunStatus, ScenarioKitchen
from catering.planning.queries import published
from catering.planning.service import ScenarioWish, answers, ask_cancel, describe_scenario, publish, queue_run
from catering.rules.meals import Standing
from tests.planning.conftest import KITCHENS, QUICK, WISH, queue

QUALITY_OF_VEGETARIAN_MENUS = tuple(f"VEG-{number:02}" for number in range(4, 9))
CHEF = Viewer("Chef", Role.CHEF, kitchens=frozenset({KITCHENS[0]}))


async def described(database: Database, wish: ScenarioWish, viewer: Viewer | None = None) -> PlanScenario:
    async with database.unit_of_work() as session:
        return await describe_scenario(session, viewer or demo_viewer(), wish)


async def planned_uais(database: Database, scenario: PlanScenario) -> list[str]:
    statement = select(Kitchen.uai).join(ScenarioKitchen, ScenarioKitchen.kitchen_id == Kitchen.id)
    async with database.reading() as session:
        return sorted(await session.scalars(statement.where(ScenarioKitchen.scenario_id == scenario.id)))


async def test_a_scenario_of_everything_is_the_school_year_of_all_kitchens(demo: Database) -> None:
    scenario = await described(demo, ScenarioWish("2026-27"))
    assert (scenario.first_day, scenario.last_day) == (date(2026, 9, 1), date(2027, 7, 2))
    assert len(await planned_uais(demo, scenario)) == 125


async def test_a_number_of_kitchens_is_the_first_ones_by_uai(demo: Database) -> None:
    scenario = await described(demo, ScenarioWish("2026-27", 2, weeks=1))
    assert tuple(await planned_uais(demo, scenario)) == KITCHENS
    assert (scenario.first_day, scenario.last_day) == (date(2026, 9, 1), date(2026, 9, 4))


async def test_weeks_without_class_are_not_counted(demo: Database) -> None:
    """The eighth week of class comes after the two weeks of autumn holiday, which starts on 17 October."""
    scenario = await described(demo, ScenarioWish("2026-27", 1, weeks=8))
    assert scenario.last_day == date(2026, 11, 6)


@pytest.mark.parametrize(
    ("wish", "refusal", "told"),
    [
        (replace(WISH, school_year="2031-32"), refusals.UnknownSchoolYear, "2025-26, 2026-27"),
        (replace(WISH, kitchens=("0620004T", "0629999Z")), refusals.UnknownKitchens, "0629999Z"),
        (replace(WISH, kitchens=126), refusals.TooMany, "126 cuisines demandées, mais il n'y en a que 125"),
        (replace(WISH, weeks=60), refusals.TooMany, "60 semaines"),
    ],
)
async def test_a_wish_for_what_does_not_exist_is_refused(
    demo: Database, wish: ScenarioWish, refusal: type[refusals.Refusal], told: str
) -> None:
    with pytest.raises(refusal, match=told):
        await described(demo, wish)
    async with demo.reading() as session:
        assert await session.scalar(select(func.count()).select_from(PlanScenario)) == 0


async def test_a_kitchen_that_never_serves_is_named(demo: Database) -> None:
    async with demo.unit_of_work() as session:
        kitchen = (await session.scalars(select(Kitchen).where(Kitchen.uai == KITCHENS[1]))).one()
        await session.execute(delete(KitchenCovers).where(KitchenCovers.kitchen_id == kitchen.id))
    with pytest.raises(refusals.NothingToServe, match=KITCHENS[1]):
        await described(demo, WISH)


async def test_a_chef_may_not_plan_the_departement(planned: Database) -> None:
    with pytest.raises(refusals.NotAllowed):
        await described(planned, WISH, CHEF)
    async with planned.unit_of_work() as session:
        scenario = await session.get_one(PlanScenario, 1)
        with pytest.raises(refusals.NotAllowed):
            await queue_run(session, CHEF, scenario, QUICK)
        for act in (ask_cancel, publish):
            with pytest.raises(refusals.NotAllowed):
                await act(session, CHEF, 1)


async def test_a_scenario_answers_the_same_wish_only(planned: Database) -> None:
    async with planned.reading() as session:
        scenario = await session.get_one(PlanScenario, 1)
        viewer = demo_viewer()
        assert await answers(session, viewer, scenario, WISH)
        assert await answers(session, viewer, scenario, replace(WISH, kitchens=2))
        assert not await answers(session, viewer, scenario, replace(WISH, weeks=4))
        assert not await answers(session, viewer, scenario, replace(WISH, kitchens=3))


async def test_cancelling_a_run_that_waits_ends_it(demo: Database) -> None:
    run = await queue(demo)
    async with demo.unit_of_work() as session:
        stopped = await ask_cancel(session, demo_viewer(), run.id)
    assert stopped.status is RunStatus.CANCELLED
    assert stopped.ended_at is not None


async def test_cancelling_a_run_that_ended_changes_nothing(planned: Database) -> None:
    async with planned.unit_of_work() as session:
        run = await ask_cancel(session, demo_viewer(), 1)
    assert run.status is RunStatus.DONE
    assert run.cancel_asked_at is None


async def test_only_a_run_with_a_plan_is_published(planned: Database) -> None:
    run = await queue(planned)
    async with planned.unit_of_work() as session:
        with pytest.raises(refusals.NotPublishable):
            await publish(session, demo_viewer(), run.id)
        with pytest.raises(refusals.UnknownRun, match="99"):
            await publish(session, demo_viewer(), 99)


async def test_a_new_plan_takes_the_place_of_the_one_before_which_stays_readable(planned: Database) -> None:
    async with planned.unit_of_work() as session:
        first = await publish(session, demo_viewer(), 1)
        copied = {"cost": first.cost, "ended_at": datetime.now(UTC), "time_limit_seconds": first.time_limit_seconds}
        second = PlanRun(
            scenario_id=first.scenario_id, status=RunStatus.DONE, seed=1, queued_at=datetime.now(UTC), **copied
        )
        session.add(second)
        await session.flush()
        await publish(session, demo_viewer(), second.id)
    async with planned.reading() as session:
        in_use = (await session.scalars(published(demo_viewer(), "2026-27"))).all()
        before = await session.get_one(PlanRun, 1)
    assert [run.id for run in in_use] == [second.id]
    assert before.published_at is not None
    assert before.withdrawn_at is not None
    assert await trace(planned) == [("1", True), ("1", False), (str(second.id), True)]


async def test_a_published_plan_is_on_the_menus_of_its_kitchens_and_checked(planned: Database) -> None:
    async with planned.unit_of_work() as session:
        await publish(session, demo_viewer(), 1)
        on_menus = {
            (row.kitchen_id, row.day, row.slot, row.dish_id, row.covers)
            for row in await session.scalars(select(MenuDish))
        }
        meals = await session.scalars(select(PlannedMeal).where(PlannedMeal.run_id == 1))
        assert on_menus == {(meal.kitchen_id, meal.day, meal.slot, meal.dish_id, meal.covers) for meal in meals}
        frequencies = [
            row
            for row in await session.scalars(select(NutritionResult))
            if row.rule.startswith(("NUT", "VEG-01", *QUALITY_OF_VEGETARIAN_MENUS))
        ]
    assert len({row.rule for row in frequencies}) == 21
    assert {row.standing for row in frequencies} == {Standing.SATISFIED}, "what the optimizer holds, the check finds"


async def test_publishing_twice_keeps_the_first_date(planned: Database) -> None:
    async with planned.unit_of_work() as session:
        first = (await publish(session, demo_viewer(), 1)).published_at
    async with planned.unit_of_work() as session:
        again = await publish(session, demo_viewer(), 1)
    assert again.published_at == first
    assert again.withdrawn_at is None
    assert await trace(planned) == [("1", True)]


async def trace(database: Database) -> list[tuple[str, bool]]:
    """Which plan came into use or went out of it, in order."""
    async with database.reading() as session:
        statement = select(ChangeEvent).where(ChangeEvent.subject == "plan_runs").order_by(ChangeEvent.id)
        events = (await session.scalars(statement)).all()
    assert {event.actor for event in events} == {demo_viewer().name}
    return [(event.key, (event.after or {})["in_use"]) for event in events]
