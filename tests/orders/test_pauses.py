"""A holiday or the end of an offer sells nothing, changes no stock, and loses no order that was sent before."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import select, update

from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.market.models import Capacity, Offer, OfferWeek, SupplierPause
from catering.market.refusals_stock import NotEnough
from catering.market.stock import restate
from catering.market.supplying import pause, resume
from catering.orders import refusals, service
from catering.orders.checking import CHECKS
from catering.orders.queries import orders
from catering.orders.sending import send
from catering.orders.sold import read_sold
from tests.orders.market import (
    CRATE_G,
    MONDAY,
    NOW,
    THURSDAY,
    TIGHT,
    WEEK,
    assert_books_agree,
    buyer,
    fill,
    fill_and_send,
    left,
    place,
    seller,
    stock_market,
)

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
FRIDAY = date(2026, 9, 18)


async def go_away(database: Database, first: date = MONDAY, last: date = FRIDAY) -> int:
    async with database.unit_of_work() as session:
        return (await pause(session, seller(), "ferme_0", first, last, "congés")).id


async def come_back(database: Database, number: int) -> None:
    async with database.unit_of_work() as session:
        await resume(session, seller(), "ferme_0", number)


async def shown(database: Database) -> int | None:
    """Crates left of the carrots of the first farm, as a kitchen is shown them."""
    async with database.reading() as session:
        (offer,) = await read_sold(session, await session.get_one(Kitchen, 1), WEEK, [1], NOW)
        return offer.packs_left()


async def test_a_week_of_holidays_sells_nothing_and_comes_back_as_it_was(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2)
    await fill_and_send(any_database, 0, [(TIGHT, 4)])
    number = await go_away(any_database)
    assert await shown(any_database) == 0
    with pytest.raises(NotEnough, match="il en reste 0"):
        await fill_and_send(any_database, 1, [(TIGHT, 3)])
    await come_back(any_database, number)
    assert await shown(any_database) == await left(any_database) == 21
    async with any_database.unit_of_work() as session:
        await send(session, buyer(1), place(1, 1), {}, NOW, checks=CHECKS)
        await assert_books_agree(session)
    assert await left(any_database) == 18


async def test_an_offer_without_limit_sells_nothing_either(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2, crates=None)
    await fill_and_send(any_database, 0, [(TIGHT, 4)])
    number = await go_away(any_database)
    assert await shown(any_database) == 0
    with pytest.raises(NotEnough, match="3 colis demandés, il en reste 0"):
        await fill_and_send(any_database, 1, [(TIGHT, 3)])
    await come_back(any_database, number)
    assert await shown(any_database) is None


async def test_an_ended_offer_sells_nothing_and_keeps_what_is_reserved(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2)
    await fill_and_send(any_database, 0, [(TIGHT, 4)])
    async with any_database.unit_of_work() as session:
        await session.execute(update(Offer).where(Offer.slug == TIGHT).values(valid_to=date(2026, 9, 13)))
    assert await shown(any_database) == 0
    with pytest.raises(NotEnough, match="il en reste 0"):
        await fill_and_send(any_database, 1, [(TIGHT, 3)])
    async with any_database.unit_of_work() as session:
        await session.execute(update(Offer).where(Offer.slug == TIGHT).values(valid_to=None))
        await assert_books_agree(session)
    assert await shown(any_database) == 21


async def test_a_capacity_may_be_stated_during_a_holiday_and_holds_after_it(any_database: Database) -> None:
    await stock_market(any_database)
    await fill_and_send(any_database, 0, [(TIGHT, 4)])
    number = await go_away(any_database)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Capacity).where(Capacity.offer_id == 1).values(grams_per_week=10 * CRATE_G))
        await restate(session, {1: (date.min, date.max)}, holders=service.holders)
    assert await shown(any_database) == 0
    await come_back(any_database, number)
    assert await shown(any_database) == 6


async def test_orders_sent_before_are_named_until_they_are_settled(any_database: Database) -> None:
    await stock_market(any_database, kitchens=3)
    failing, moved, untouched = [
        (await fill_and_send(any_database, number, [(TIGHT, 2), ("poireaux_1", 2)]))[0] for number in range(3)
    ]
    async with any_database.unit_of_work() as session:
        await service.propose_change(session, seller(), untouched, {}, THURSDAY, "congés", NOW)
        await service.answer_change(session, buyer(2), untouched, 2, True, NOW)
    await go_away(any_database, MONDAY, MONDAY)

    async def named() -> list[int]:
        async with any_database.reading() as session:
            statement = orders(seller(), supplier_id=1, supplier_away=True).order_by("id")
            return [order.id for order in await session.scalars(statement)]

    assert await named() == [failing, moved]
    async with any_database.unit_of_work() as session:
        await service.propose_change(session, seller(), moved, {}, THURSDAY, "congés", NOW)
        await service.answer_change(session, buyer(1), moved, 2, True, NOW)
    assert await named() == [failing]
    async with any_database.unit_of_work() as session:
        fallen = await service.fail_day(session, seller(), "ferme_0", MONDAY, "congés", NOW)
        await assert_books_agree(session)
    assert [order.id for order in fallen] == [failing]
    assert await named() == []


async def test_an_order_under_way_is_seen_by_the_pause_or_sees_it(any_database: Database) -> None:
    """Nobody orders between the moment a farm reads its orders and the moment its pause is known."""
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 4)])

    async def try_to_send() -> str:
        try:
            async with any_database.unit_of_work() as session:
                await send(session, buyer(), place(seen=seen), {}, NOW, checks=CHECKS)
        except refusals.SupplierAway as refusal:
            return str(refusal)
        return "sent"

    async with any_database.unit_of_work() as session:
        await pause(session, seller(), "ferme_0", MONDAY, MONDAY, "congés")
        sending = asyncio.create_task(try_to_send())
        await asyncio.sleep(0.5)
        assert not sending.done()
    assert "Fournisseur en pause : Ferme 0 le 14/09/2026" in await sending
    async with any_database.reading() as session:
        assert (await session.scalars(select(OfferWeek.reserved_g))).all() == []
        assert len((await session.scalars(select(SupplierPause))).all()) == 1
