"""A portion goes down by one step, which is weighed before the next."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from catering.db import Database
from catering.graph.request import Request
from catering.moment import Clock
from catering.recipes.models import Dish, PortionChange
from catering.settings import Settings
from catering.waste import refusals
from catering.waste.models import DishLesson, WasteLesson
from catering.waste.reading_learning import Proposal, proposals
from catering.waste.rules.portioning import last_moved, not_weighed
from catering.waste.service.portions import Wish, decide, take_back
from tests.waste.world import MANAGER, NOW, TODAY

CHEESE, SOON = "emmental_portion", TODAY + timedelta(days=3)


async def learn(database: Database, first: date, last: date, served_g: int) -> None:
    """A lesson by which 15 to 21 % of the cheese comes back of what was served then."""
    async with database.unit_of_work() as session:
        dish = (await session.scalars(select(Dish.id).where(Dish.slug == CHEESE))).one()
        lesson = WasteLesson(
            first_day=first, last_day=last, last_weighing_id=1, model="x", rows=50, left_out=0, eur_per_kg=Decimal(6),
            variances={}, made_at=NOW, made_by="x",
        )  # fmt: skip
        session.add(lesson)
        await session.flush()
        session.add(
            DishLesson(
                lesson_id=lesson.id, dish_id=dish, family="f", share=Decimal("0.18"), error=Decimal("0.015"),
                weight=Decimal("0.8"), alone=12, together=0, served_g=served_g, best_rank=1, worst_rank=1, ranked=1,
            )
        )  # fmt: skip


async def proposed(database: Database) -> Proposal | None:
    request = Request(database, MANAGER, Settings())
    try:
        return next((each for each in await proposals(request) if each.dish.slug == CHEESE), None)
    finally:
        await request.forget()


async def decided(database: Database, grams: int, first: date = SOON) -> PortionChange:
    async with database.unit_of_work() as session:
        return await decide(session, MANAGER, Wish(CHEESE, grams, first, "Il en revient"))


async def test_a_step_is_weighed_before_the_next(demo: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await learn(demo, TODAY - timedelta(days=60), TODAY - timedelta(days=1), 30)
    found = await proposed(demo)
    assert found is not None
    assert (found.served_g, found.target_g) == (30, 26)
    await decided(demo, 26)
    assert await proposed(demo) is None, "what came back of 30 g is off already"
    for later in (SOON, SOON + timedelta(days=200)):
        with pytest.raises(refusals.InvalidPortion, match=r"n'a pas encore été pesée.*26 g au moins .un pas depuis 30"):
            await decided(demo, 23, later)
    monkeypatch.setattr(Clock, "fixed", NOW + timedelta(days=40))
    await learn(demo, TODAY - timedelta(days=60), SOON + timedelta(days=30), 26)
    assert await proposed(demo) is None, "the period has days of both portions"
    with pytest.raises(refusals.InvalidPortion, match="n'a pas encore été pesée"):
        await decided(demo, 23, SOON + timedelta(days=60))
    await learn(demo, SOON, SOON + timedelta(days=30), 26)
    found = await proposed(demo)
    assert found is not None
    assert (found.served_g, found.target_g) == (26, 23)
    assert (await decided(demo, 23, SOON + timedelta(days=60))).before_g == 26


async def test_a_step_taken_back_or_up_is_in_nobody_s_way(demo: Database) -> None:
    row = await decided(demo, 26)
    assert (await decided(demo, 28)).before_g == 26, "up again is always possible"
    async with demo.unit_of_work() as session:
        await take_back(session, MANAGER, row.id, TODAY, "Erreur")
    assert (await decided(demo, 27)).served_g == 27


def test_what_never_began_moved_nothing() -> None:
    def change(first: int, last: int | None = None) -> PortionChange:
        to = None if last is None else TODAY + timedelta(days=last)
        return PortionChange(id=1, dish_id=1, served_g=9, valid_from=TODAY + timedelta(days=first), valid_to=to)

    begun, ended, never = change(-9), change(-9, -2), change(3, 0)
    assert last_moved([never]) is None
    assert last_moved([begun, never]) == TODAY - timedelta(days=9)
    assert last_moved([begun, ended]) == TODAY - timedelta(days=1)
    assert not_weighed([begun, never], TODAY - timedelta(days=9)) == []
    assert not_weighed([begun], TODAY - timedelta(days=10)) == [begun]
