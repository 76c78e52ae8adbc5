"""A basket filled from the plan counts on what will really be left in the kitchen, and each gram once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, select, update

from catering.db import Database
from catering.orders import service
from catering.orders.models import Basket, BasketLine, Order
from catering.orders.opening import Place
from catering.orders.sending import send
from catering.planning.baskets import propose
from catering.planning.models import PlannedMeal, PlanRun, PlanScenario, RunStatus, SourcedLine
from catering.receiving.models import StockLot, StockMove
from catering.receiving.vocabulary import ExpiryKind, MoveKind
from catering.recipes.models import Dish, DishLine, Ingredient
from catering.recipes.vocabulary import Slot, Technique
from tests.api.dataset import uai
from tests.orders.market import CARROT, CRATE_G, LEEK, NOW, buyer, seller, stock_market

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
DAY = timedelta(days=1)
TODAY = date(2026, 9, 1)
WEEKS = (date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21))
COVERS, GRAMS = 100, 60
LUNCH = COVERS * GRAMS
"""Grams of carrots of one lunch: 6 kg, on the Tuesdays and Thursdays."""


async def plan(database: Database, lunches: tuple[int, ...] = (2, 2, 2)) -> None:
    """A market, and a published plan: carrots twice a week from today on, bought by so many lunches a week."""
    await stock_market(database, crates=None)
    days = [monday + offset * DAY for monday in (WEEKS[0] - 7 * DAY, *WEEKS) for offset in (1, 3)]
    async with database.unit_of_work() as session:
        dish = Dish(
            id=1, slug="carottes", name="Carottes râpées", slot=Slot.STARTER, technique=Technique.RAW,
            served_g=GRAMS, months=frozenset(range(1, 13)), steps="Râper",
            lines=[DishLine(position=1, ingredient_id=CARROT, grams=GRAMS)],
        )  # fmt: skip
        scenario = PlanScenario(
            id=1, name="Année", school_year="2026-27", first_day=TODAY, last_day=WEEKS[-1] + 4 * DAY,
            created_at=NOW, created_by="test",
        )  # fmt: skip
        session.add_all([dish, scenario])
        await session.flush()
        session.add(
            PlanRun(
                id=1, scenario_id=1, status=RunStatus.DONE, time_limit_seconds=Decimal(1), seed=1, queued_at=NOW,
                ended_at=NOW, cost=Decimal(1), published_at=NOW, published_by="test",
            )
        )  # fmt: skip
        await session.flush()
        key = {"run_id": 1, "kitchen_id": 1}
        session.add_all(
            PlannedMeal(**key, day=day, slot=Slot.STARTER, dish_id=1, covers=COVERS) for day in days if day >= TODAY
        )
        session.add_all(
            SourcedLine(**key, week=week, offer_id=1, ingredient_id=CARROT, grams=many * LUNCH, amount=Decimal(1))
            for week, many in zip(WEEKS, lunches, strict=True)
            if many
        )


async def shelve(database: Database, grams: int, until: date | None = None) -> int:
    """A lot of carrots on the shelves; its row id."""
    async with database.unit_of_work() as session:
        lot = StockLot(
            kitchen_id=1, ingredient_id=CARROT, supplier_id=1, product="Carottes", lot="L", mark=f"1|{until}|L",
            date_kind=ExpiryKind.USE_BY if until else None, expires_on=until, on_hand_g=grams,
        )  # fmt: skip
        session.add(lot)
        await session.flush()
        return lot.id


async def filled(database: Database, week: date) -> tuple[int, int]:
    """Fill the basket of a week from the plan: packs bought, and the version it has then."""
    async with database.unit_of_work() as session:
        there = await session.scalar(select(Basket.version).where(Basket.week == week))
        basket = await propose(session, buyer(), Place(uai(0), week, there or 0), NOW)
        version = basket.version
    async with database.reading() as session:
        packs = await session.scalars(
            select(BasketLine.packs).select_from(Basket).join(Basket.lines).where(Basket.week == week)
        )
        return sum(packs), version


async def order_week(database: Database, week: date) -> int:
    """Fill and send; row id of the order."""
    _, version = await filled(database, week)
    async with database.unit_of_work() as session:
        (order,) = await send(session, buyer(), Place(uai(0), week, version), {}, NOW)
        return order.id


async def test_one_stock_is_used_once_over_three_weeks(any_database: Database) -> None:
    await plan(any_database)
    # 12 kg are eaten today and on Thursday; 15 kg of 27 are left for the week of the 7th, which takes 12 of them.
    await shelve(any_database, 27_000)
    packs = [(await filled(any_database, week))[0] for week in WEEKS]
    # 12 - 15 = nothing to buy; 12 - 3 = 9 kg, two crates; nothing is left for the third: 12 kg, three crates.
    assert packs == [0, 2, 3]
    assert [(await filled(any_database, week))[0] for week in reversed(WEEKS)] == [3, 2, 0], "in any order"


async def preserved(database: Database) -> None:
    """The carrots come in jars."""
    async with database.unit_of_work() as session:
        await session.execute(update(Ingredient).where(Ingredient.id == CARROT).values(keeping_days=365))


async def test_what_a_plan_bought_ahead_is_kept_for_its_week(any_database: Database) -> None:
    """18 kg for the first week, 6 of them for the second, which buys the other 6 of its 12 itself."""
    await plan(any_database, (3, 1, 2))
    await preserved(any_database)
    await order_week(any_database, WEEKS[0])
    # Four crates: 8 kg will be there, 6 of them in the plan's count: 4 kg lack, a crate, not none.
    assert (await filled(any_database, WEEKS[1]))[0] == 1


async def test_what_should_be_in_store_and_is_not_is_bought(any_database: Database) -> None:
    await plan(any_database, (4, 0, 2))
    await preserved(any_database)
    async with any_database.unit_of_work() as session:
        key = {"run_id": 1, "kitchen_id": 1, "week": WEEKS[1]}
        session.add(SourcedLine(**key, offer_id=2, ingredient_id=LEEK, grams=1000, amount=Decimal(1)))
    # The second week buys leeks alone; nobody ordered the first week's carrots: its 12 kg are bought after all.
    await filled(any_database, WEEKS[1])
    async with any_database.reading() as session:
        packs = dict((await session.execute(
            select(BasketLine.offer_id, BasketLine.packs).select_from(Basket).join(Basket.lines)
            .where(Basket.week == WEEKS[1])
        )).tuples().all())  # fmt: skip
    assert packs[1] == 3
    # What is on the shelves today serves the first week too, and is bought for it alone.
    await shelve(any_database, 36_000)
    assert (await filled(any_database, WEEKS[0]))[0] == 0


async def test_a_lot_that_expires_before_its_lunch_is_not_counted(any_database: Database) -> None:
    await plan(any_database)
    await shelve(any_database, 27_000, until=WEEKS[0] + DAY)
    # 12 kg are eaten before; of the other 15 the lunch of Tuesday takes 6, then their date has passed.
    assert await filled(any_database, WEEKS[0]) == (2, 1)


async def test_what_is_ordered_feeds_its_week_and_only_its_rest_is_left(any_database: Database) -> None:
    await plan(any_database)
    order_id = await order_week(any_database, WEEKS[0])
    async with any_database.reading() as session:
        assert (await session.get_one(Order, order_id)).day == WEEKS[0]
    # Three crates for 12 kg: 3 kg are left for the week after, 9 kg are missing, two crates.
    assert (await filled(any_database, WEEKS[1]))[0] == 2
    async with any_database.unit_of_work() as session:
        await service.refuse(session, seller(), order_id, "gel", NOW)
    assert (await filled(any_database, WEEKS[1]))[0] == 3, "an order that falls leaves nothing"


async def test_goods_received_early_are_kept_for_their_week(any_database: Database) -> None:
    await plan(any_database)
    order_id = await order_week(any_database, WEEKS[1])
    async with any_database.unit_of_work() as session:
        await service.record_reception(session, buyer(), order_id, {1: 3 * CRATE_G}, NOW, complete=True)
    await shelve(any_database, 3 * CRATE_G)
    # 12 kg of the 15 are eaten before by the menus of this week, as nothing else is there for them.
    assert (await filled(any_database, WEEKS[0]))[0] == 3


async def test_a_lunch_whose_goods_are_noted_as_used_is_not_subtracted_again(any_database: Database) -> None:
    await plan(any_database)
    lot = await shelve(any_database, 21_000)
    async with any_database.unit_of_work() as session:
        session.add(
            StockMove(lot_id=lot, kind=MoveKind.USE, grams=-LUNCH, day=TODAY, menu_day=TODAY, at=NOW, actor="test")
        )
    # Today's lunch has left the shelves already: only Thursday's 6 kg are to come, 15 kg are left.
    assert (await filled(any_database, WEEKS[0]))[0] == 0


async def test_statements_do_not_grow_with_weeks_and_lots(any_database: Database) -> None:
    await plan(any_database)
    seen: list[str] = []

    def note(*given: Any) -> None:
        seen.append(given[2])

    async def counted(week: date) -> int:
        seen.clear()
        await filled(any_database, week)
        return len([text for text in seen if text.startswith("SELECT")])

    event.listen(any_database.engine.sync_engine, "before_cursor_execute", note)
    near = await counted(WEEKS[0])
    for number in range(5):
        await shelve(any_database, 1_000, until=WEEKS[2] + number * DAY)
    assert await counted(WEEKS[2]) == near
