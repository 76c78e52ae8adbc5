"""The plan in use made again from a week on: the past stays, orders stay, weeks move only when it is worth it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from catering.db import Database
from catering.kitchens.calendar import week_of
from catering.kitchens.models import Kitchen
from catering.menus.models import MenuDish
from catering.moment import Clock
from catering.orders.models import Order
from catering.orders.vocabulary import OrderState
from catering.people.viewer import demo_viewer
from catering.planning import refusals
from catering.planning.jobs import run_plan
from catering.planning.kitchen_plans import plan_in_use
from catering.planning.models import PlannedDrop, PlannedMeal, PlanRun, RunStatus, SourcedLine
from catering.planning.problem import build_problem
from catering.planning.resuming import Resume
from catering.planning.service import ScenarioWish, publish
from optimizer.verification import drop_week
from tests.planning.conftest import KITCHENS, queue

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
AGAIN = date(2026, 9, 21)
STILL, FREE = Decimal(9), Decimal(0)


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clock, "fixed", NOW)


@pytest.fixture
async def in_use(planned: Database) -> Database:
    """The plan of two kitchens, published."""
    async with planned.unit_of_work() as session:
        await publish(session, demo_viewer(), 1)
    return planned


def wish(day: date = AGAIN, moved_eur: Decimal = STILL) -> ScenarioWish:
    return ScenarioWish("2026-27", resume=Resume(day, moved_eur))


async def rows(database: Database, statement: Any) -> list[Any]:
    async with database.reading() as session:
        return [tuple(row) for row in await session.execute(statement)]


async def of_run(database: Database, run_id: int, table: Any, *columns: Any) -> set[Any]:
    return set(await rows(database, select(*columns).where(table.run_id == run_id)))


async def test_weeks_that_need_not_move_do_not_and_the_past_is_kept(in_use: Database) -> None:
    run = await queue(in_use, wish())
    outcome = await run_plan(in_use, run.id)
    assert outcome.status is RunStatus.DONE, "checked with all that was served and bought before"
    assert outcome.plan is not None
    assert {line.date >= AGAIN for line in outcome.plan.menus} == {True}
    meal = (PlannedMeal.kitchen_id, PlannedMeal.day, PlannedMeal.slot, PlannedMeal.dish_id)
    before, after = [await of_run(in_use, number, PlannedMeal, *meal) for number in (1, run.id)]
    assert {each for each in after if each[1] < AGAIN} == {each for each in before if each[1] < AGAIN} != set()

    def by_week(meals: set[Any]) -> set[Any]:
        return {(kitchen, week_of(day), dish) for kitchen, day, _, dish in meals}

    stay = len(by_week(after) & by_week(before)) / len(by_week(before))
    # Five weeks are one block of the frequencies: its rest is held in proportion, so that a few dishes must move.
    assert stay > 0.9
    line = (SourcedLine.kitchen_id, SourcedLine.week, SourcedLine.offer_id, SourcedLine.grams, SourcedLine.amount)
    old, new = [await of_run(in_use, number, SourcedLine, *line) for number in (1, run.id)]
    assert {each for each in new if each[1] < AGAIN} == {each for each in old if each[1] < AGAIN} != set()
    drop = (PlannedDrop.kitchen_id, PlannedDrop.day, PlannedDrop.supplier_id, PlannedDrop.amount)
    received = [await of_run(in_use, number, PlannedDrop, *drop) for number in (1, run.id)]
    assert {each for each in received[1] if drop_week(each[1]) < AGAIN} == {
        each for each in received[0] if drop_week(each[1]) < AGAIN
    }


async def test_what_was_served_bought_and_is_planned_is_told_to_the_optimizer(in_use: Database) -> None:
    run = await queue(in_use, wish())
    async with in_use.reading() as session:
        problem = await build_problem(session, run.scenario_id)
    eaten = await rows(in_use, select(MenuDish.kitchen_id, MenuDish.day).where(MenuDish.day < AGAIN).distinct())
    assert len(problem.served) == len(eaten)
    assert {day.date >= AGAIN for day in problem.service_days} == {True}
    assert set(problem.kitchens) == set(KITCHENS)
    assert {week for _, week in problem.former} == set(problem.weeks)
    ((spent,),) = await rows(in_use, select(func.sum(SourcedLine.amount)).where(SourcedLine.week < AGAIN))
    # The weeks between are still to be bought: the first one has begun, and nobody bought anything for it.
    ((begun,),) = await rows(
        in_use, select(func.sum(SourcedLine.amount)).where(SourcedLine.week <= week_of(NOW.date()))
    )
    assert sum(of.amount_excl_tax for of in problem.purchases) == spent - (begun or 0)
    assert problem.goals == {"moved_cover": STILL}


async def test_a_free_plan_moves_what_saves_and_the_next_week_reads_it(in_use: Database) -> None:
    run = await queue(in_use, wish(moved_eur=FREE))
    outcome = await run_plan(in_use, run.id)
    assert outcome.status is RunStatus.DONE
    async with in_use.unit_of_work() as session:
        await publish(session, demo_viewer(), run.id)
    async with in_use.reading() as session:
        for day in (date(2026, 9, 8), AGAIN + timedelta(days=1)):
            of = await plan_in_use(session, demo_viewer(), KITCHENS[0], day, NOW.date())
            assert of is not None
            assert (of.run_id, of.from_day) == (run.id, AGAIN), "one plan is in use, past weeks included"


def order(kitchen_id: int, week: date, state: OrderState) -> Order:
    return Order(
        kitchen_id=kitchen_id, supplier_id=1, week=week, day=week, state=state, last_seq=1, sending=1, sent_at=NOW,
        sent_by="Chef", cut_off=NOW, amount=Decimal(10), vat=Decimal(0),
    )  # fmt: skip


async def test_what_is_ordered_or_has_begun_is_not_planned_again(
    in_use: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with in_use.unit_of_work() as session:
        kitchen = (await session.scalars(select(Kitchen.id).where(Kitchen.uai == KITCHENS[0]))).one()
        session.add(order(kitchen, AGAIN, OrderState.ACCEPTED))
        session.add(order(kitchen, AGAIN + timedelta(weeks=3), OrderState.CANCELLED))
    with pytest.raises(refusals.TooSoon, match="28/09/2026"):
        await queue(in_use, wish())
    assert (await queue(in_use, wish(AGAIN + timedelta(days=9)))).id == 2, "any day names its week"
    monkeypatch.setattr(Clock, "fixed", datetime(2026, 9, 29, 8, tzinfo=UTC))
    with pytest.raises(refusals.TooSoon, match="05/10/2026"):
        await queue(in_use, wish(date(2026, 9, 28)))


async def test_there_must_be_a_plan_to_resume(planned: Database) -> None:
    with pytest.raises(refusals.NothingToResume):
        await queue(planned, wish())
    async with planned.unit_of_work() as session:
        await publish(session, demo_viewer(), 1)
    with pytest.raises(refusals.NothingToResume):
        await queue(planned, wish(date(2027, 6, 7)))
    async with planned.reading() as session:
        assert await session.scalar(select(func.count()).select_from(PlanRun)) == 1
