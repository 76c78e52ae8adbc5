"""Plans take what was learnt when they are told to, with the portions in force on their first day, and say so."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.moment import now
from catering.people.viewer import demo_viewer
from catering.planning.learnt import keep_portions
from catering.planning.models import PlanRun, RunPortion, ScenarioLesson
from catering.planning.problem import build_problem
from catering.planning.service import ScenarioWish
from catering.recipes.models import Dish, PortionChange
from catering.waste.models import DishInKitchenLesson, DishLesson, KitchenLesson, WasteLesson
from catering.waste.refusals import UnknownLesson
from optimizer import Problem
from tests.planning.conftest import KITCHENS, queue

FIRST_DAY = date(2026, 9, 1)
D = Decimal


async def taught(database: Database) -> int:
    """A lesson in which every dish brings back a tenth, the first in the first kitchen three tenths more."""
    async with database.unit_of_work() as session:
        lesson = WasteLesson(
            first_day=FIRST_DAY - timedelta(days=200), last_day=FIRST_DAY - timedelta(days=30), last_weighing_id=9,
            model="pooling/2", rows=12, left_out=0, eur_per_kg=D(6), variances={}, made_at=now(), made_by="test",
        )  # fmt: skip
        session.add(lesson)
        await session.flush()
        dishes = (await session.scalars(select(Dish).order_by(Dish.slug))).all()
        for dish in dishes:
            session.add(
                DishLesson(
                    lesson_id=lesson.id, dish_id=dish.id, family="f", share=D("0.1"), error=D("0.02"), weight=D("0.9"),
                    alone=9, together=0, served_g=dish.served_g, family_share=D("0.05"),
                    ranked=None if dish is dishes[2] else len(dishes),
                )
            )  # fmt: skip
        first = (await session.scalars(select(Kitchen.id).where(Kitchen.uai == KITCHENS[0]))).one()
        session.add(KitchenLesson(lesson_id=lesson.id, kitchen_id=first, effect=D("0.1")))
        session.add(DishInKitchenLesson(lesson_id=lesson.id, kitchen_id=first, dish_id=dishes[0].id, effect=D("0.2")))
        return lesson.id


async def queued(database: Database, lesson: int | None = None) -> PlanRun:
    return await queue(database, ScenarioWish("2026-27", KITCHENS, weeks=1, lesson=lesson))


async def problem_of(database: Database, run: PlanRun) -> Problem:
    async with database.reading() as session:
        return await build_problem(session, run.scenario_id)


async def test_waste_is_priced_by_the_lesson_the_scenario_names(demo: Database) -> None:
    number = await taught(demo)
    assert (await problem_of(demo, await queued(demo))).waste == {}
    run = await queued(demo, number)
    problem = await problem_of(demo, run)
    async with demo.reading() as session:
        kept = (await session.scalars(select(ScenarioLesson))).one()
        dishes = (await session.scalars(select(Dish).order_by(Dish.slug))).all()
    assert (kept.scenario_id, kept.lesson_id) == (run.scenario_id, number)
    assert len(problem.waste) == len(problem.dishes) * len(problem.kitchens)
    price = {share: (D(share) * dishes[0].served_g * 6 / 1000).quantize(D("0.0001")) for share in ("0.1", "0.4")}
    assert problem.waste[KITCHENS[1], dishes[0].slug] == price["0.1"]
    assert problem.waste[KITCHENS[0], dishes[0].slug] == price["0.4"], "share of the dish, of the kitchen, of both"
    few = (D("0.05") * dishes[2].served_g * 6 / 1000).quantize(D("0.0001"))
    assert problem.waste[KITCHENS[1], dishes[2].slug] == few, "not weighed enough: its family's"


async def test_an_unknown_lesson_is_refused(demo: Database) -> None:
    with pytest.raises(UnknownLesson, match="numéro 99"):
        await queued(demo, 99)


async def test_a_portion_holds_for_plans_that_begin_on_its_first_day_or_later(demo: Database) -> None:
    async with demo.unit_of_work() as session:
        dish = (await session.scalars(select(Dish).where(Dish.slug == "haricots_verts_persilles"))).one()
        for first, last, grams in ((FIRST_DAY, None, 135), (FIRST_DAY + timedelta(days=1), None, 120)):
            session.add(
                PortionChange(
                    dish_id=dish.id, before_g=150, served_g=grams, least_g=100, most_g=160, grammage="legumes_cuits",
                    valid_from=first, valid_to=last, reason="Il en revient", evidence="Bilan 1", decided_at=now(),
                    decided_by="test",
                )
            )  # fmt: skip
    run = await queued(demo)
    problem = await problem_of(demo, run)
    assert problem.dishes[dish.slug].ingredients["haricot_vert_surgele"] == round(156 * 135 / 150)
    assert problem.dishes[dish.slug].ingredients["sel"] == 1
    async with demo.unit_of_work() as session:
        await keep_portions(session, demo_viewer(), await session.get_one(PlanRun, run.id))
    async with demo.reading() as session:
        kept = (await session.scalars(select(RunPortion))).all()
        changes = {row.id: row.served_g for row in await session.scalars(select(PortionChange))}
    assert [changes[row.change_id] for row in kept] == [135], "the run says which portions it planned with"
    assert (await problem_of(demo, run)).dishes == problem.dishes, "made again, it is the same"
