"""Nothing is delivered to a collège that is closed: holidays, bridges and its own closures."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from catering.db import Database
from catering.kitchens.models import Bridge, KitchenClosure
from catering.market.models import Capacity, Supplier
from catering.orders import refusals, service
from catering.orders.baskets import put_line
from catering.orders.models import Basket, BasketLine
from catering.orders.opening import Place
from catering.orders.rules import best_day
from catering.orders.sending import send
from catering.orders.standing import StandingWish, state
from tests.api.dataset import uai
from tests.orders.market import (
    MONDAY,
    NOW,
    THURSDAY,
    THURSDAY_BEFORE,
    TIGHT,
    WEEK,
    buyer,
    fill_and_send,
    place,
    seller,
    stock_market,
)

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
DECEMBER = datetime(2026, 12, 10, 8, tzinfo=UTC)
AFTER_CHRISTMAS = date(2027, 1, 4)


async def close_on(database: Database, *days: date) -> None:
    """The kitchen 0 does not serve on some days."""
    async with database.unit_of_work() as session:
        session.add_all(KitchenClosure(kitchen_id=1, day=day, reason="Travaux") for day in days)


async def put(database: Database, number: int, offer: str, day: date | None, *, seen: int = 0) -> Basket:
    async with database.unit_of_work() as session:
        return await put_line(session, buyer(number), place(number, seen), offer, 4, day, NOW)


async def test_the_week_after_the_holidays_is_not_delivered_during_them(any_database: Database) -> None:
    await stock_market(any_database)
    after = Place(uai(0), AFTER_CHRISTMAS, 0)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Supplier).values(delivery_weekdays=frozenset({3})))
        await session.execute(update(Capacity).values(valid_to=date(2027, 6, 30)))
    async with any_database.unit_of_work() as session:
        with pytest.raises(refusals.NotADeliveryDay, match=r"fermé le 31/12/2026.*par exemple le 07/01/2027"):
            await put_line(session, buyer(), after, "poireaux_0", 10, date(2026, 12, 31), DECEMBER)
    async with any_database.unit_of_work() as session:
        basket = await put_line(session, buyer(), after, "poireaux_0", 10, None, DECEMBER)
    async with any_database.unit_of_work() as session:
        (order,) = await send(session, buyer(), Place(uai(0), AFTER_CHRISTMAS, basket.version), (), DECEMBER)
    assert order.day == date(2027, 1, 7)


async def test_a_closure_counts_for_its_own_kitchen_alone_and_a_bridge_for_all(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2)
    await close_on(any_database, THURSDAY_BEFORE)
    with pytest.raises(refusals.NotADeliveryDay, match=r"fermé le 10/09/2026.*par exemple le 14/09/2026"):
        await put(any_database, 0, TIGHT, THURSDAY_BEFORE)
    assert (await put(any_database, 1, TIGHT, THURSDAY_BEFORE)).version == 1
    async with any_database.unit_of_work() as session:
        session.add(Bridge(day=MONDAY, zone="B", label="Pont", source="test"))
    for number in range(2):
        with pytest.raises(refusals.NotADeliveryDay, match=r"fermé le 14/09/2026"):
            await put(any_database, number, TIGHT, MONDAY, seen=number)
    await put(any_database, 0, TIGHT, None)
    async with any_database.reading() as session:
        assert set(await session.scalars(select(BasketLine.day))) == {THURSDAY_BEFORE, THURSDAY}


async def test_a_basket_filled_before_its_kitchen_closed_is_not_sent_for_that_day(any_database: Database) -> None:
    await stock_market(any_database)
    basket = await put(any_database, 0, TIGHT, MONDAY)
    await close_on(any_database, MONDAY)
    async with any_database.unit_of_work() as session:
        with pytest.raises(refusals.NotADeliveryDay, match="le collège est fermé le 14/09/2026"):
            await send(session, buyer(), place(0, basket.version), (), NOW)


async def test_an_order_is_not_moved_to_a_day_on_which_its_kitchen_is_closed(any_database: Database) -> None:
    await stock_market(any_database)
    (order_id,) = await fill_and_send(any_database, 0, [(TIGHT, 4)])
    await close_on(any_database, THURSDAY)
    async with any_database.unit_of_work() as session:
        with pytest.raises(refusals.NotADeliveryDay, match="le collège est fermé le 17/09/2026"):
            await service.propose_change(session, seller(), order_id, {}, THURSDAY, "pluie", NOW)


async def test_a_standing_order_may_begin_in_a_week_without_class(any_database: Database) -> None:
    await stock_market(any_database)
    first = date(2026, 10, 19)
    wish = StandingWish(uai(0), TIGHT, 2, frozenset({0}), first, first + timedelta(days=60))
    async with any_database.unit_of_work() as session:
        assert (await state(session, buyer(), wish, NOW)).first_day == first


def test_years_whose_holidays_nobody_has_published_refuse_no_delivery() -> None:
    week = date(2060, 1, 5)
    assert best_day({0}, 2, week, DECEMBER) == week
    assert best_day({0}, 2, WEEK, NOW, {WEEK}) is None
