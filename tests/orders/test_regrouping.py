"""A basket filled from the plan can be sent: what is short or too small a delivery is bought of others."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from catering.db import Database
from catering.market.models import Offer, Supplier
from catering.orders.baskets import put_line
from catering.orders.filling import PlannedNeed, fill_from_plan
from catering.orders.models import BasketLine
from catering.orders.opening import own_kitchen
from catering.orders.regrouping import mend, regroup
from catering.orders.sending import send
from catering.orders.vocabulary import LineReason
from tests.api.conftest import counted
from tests.orders.market import MONDAY, NOW, buyer, place, stock_market

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
CARROTS_0, LEEKS_0, CARROTS_1, LEEKS_1, CARROTS_2, LEEKS_2 = range(1, 7)
"""Offers (row ids) of the farms 0, 1 (bio) and 2."""
PLENTY = PlannedNeed(CARROTS_0, 40_000, MONDAY)


async def filled(database: Database, needs: Sequence[PlannedNeed], minimum: str = "20.00") -> list[tuple[int, int]]:
    """Offers and packs of a basket filled from needs and regrouped; every farm has the minimum, in €."""
    async with database.unit_of_work() as session:
        await session.execute(update(Supplier).values(min_drop_eur=Decimal(minimum)))
        kitchen = await own_kitchen(session, buyer(), place().uai)
        await fill_from_plan(session, buyer(), kitchen, place(), needs, {}, NOW, mend=mend)
    return await packs(database)


async def packs(database: Database) -> list[tuple[int, int]]:
    async with database.reading() as session:
        rows = await session.scalars(select(BasketLine).order_by(BasketLine.offer_id))
        return [(row.offer_id, row.packs) for row in rows]


async def test_what_is_not_in_stock_is_bought_of_the_next(any_database: Database) -> None:
    await stock_market(any_database, crates=25)
    assert await filled(any_database, [PlannedNeed(CARROTS_0, 150_000, MONDAY)]) == [(CARROTS_0, 25), (CARROTS_1, 5)]


async def test_a_delivery_far_below_its_minimum_is_bought_of_who_comes_anyway(any_database: Database) -> None:
    await stock_market(any_database)
    found = await filled(any_database, [PLENTY, PlannedNeed(LEEKS_2, 5_000, MONDAY)], "60.00")
    assert found == [(CARROTS_0, 8), (LEEKS_0, 1)]
    async with any_database.unit_of_work() as session:
        (order,) = await send(session, buyer(), place(seen=1), (), NOW)
        assert order.day == MONDAY


async def test_a_delivery_just_below_its_minimum_is_made_up(any_database: Database) -> None:
    await stock_market(any_database)
    found = await filled(any_database, [PLENTY, PlannedNeed(LEEKS_2, 20_000, MONDAY)], "64.00")
    assert found == [(CARROTS_0, 8), (LEEKS_2, 5)]


async def test_a_label_is_replaced_by_the_same_before_the_cheapest(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Offer).where(Offer.id == LEEKS_2).values(label="BIO", certificate_id=3))
    needs = [PLENTY, PlannedNeed(LEEKS_1, 5_000, MONDAY), PlannedNeed(CARROTS_2, 40_000, MONDAY)]
    # The farm 0 is cheaper; the first 40 kg of carrots come from there, the others from the farm 2.
    assert await filled(any_database, needs, "60.00") == [(CARROTS_0, 8), (CARROTS_2, 8), (LEEKS_2, 1)]


async def test_what_somebody_put_in_is_left_alone(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Supplier).values(min_drop_eur=Decimal("60.00")))
        basket = await put_line(session, buyer(), place(), "poireaux_2", 1, MONDAY, NOW)
        kitchen = await own_kitchen(session, buyer(), place().uai)
        basket = await fill_from_plan(session, buyer(), kitchen, place(seen=basket.version), [PLENTY], {}, NOW)
        await regroup(session, buyer(), place(seen=basket.version), NOW)
    async with any_database.reading() as session:
        rows = (await session.scalars(select(BasketLine).order_by(BasketLine.offer_id))).all()
    assert [(row.offer_id, row.reason) for row in rows] == [(CARROTS_0, LineReason.PLAN), (LEEKS_2, LineReason.MANUAL)]


async def test_what_nobody_else_can_bring_stays_for_its_buyer_to_see(any_database: Database) -> None:
    await stock_market(any_database)
    assert await filled(any_database, [PlannedNeed(LEEKS_2, 5_000, MONDAY)], "500.00") == [(LEEKS_2, 1)]


async def test_a_basket_that_can_be_sent_stays_as_it_is(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        kitchen = await own_kitchen(session, buyer(), place().uai)
        basket = await fill_from_plan(session, buyer(), kitchen, place(), [PLENTY], {}, NOW)
        again = await regroup(session, buyer(), place(seen=basket.version), NOW)
        assert again.version == 1


async def test_the_statements_do_not_grow_with_the_lines(any_database: Database) -> None:
    """Two lines of small deliveries or four: as many statements."""
    await stock_market(any_database, kitchens=2)
    counts = [
        await statements_of(any_database, number, small)
        for number, small in enumerate(([LEEKS_2, CARROTS_1], [LEEKS_2, CARROTS_2, LEEKS_1, CARROTS_1]))
    ]
    assert counts[0] == counts[1]


async def statements_of(database: Database, number: int, small: Sequence[int]) -> int:
    """Statements by which small deliveries of 5 kg are moved in the basket of the n-th kitchen."""
    needs = [PLENTY, *(PlannedNeed(each, 5_000, MONDAY) for each in small)]
    async with database.unit_of_work() as session:
        await session.execute(update(Supplier).values(min_drop_eur=Decimal("60.00")))
        kitchen = await own_kitchen(session, buyer(number), place(number).uai)
        basket = await fill_from_plan(session, buyer(number), kitchen, place(number), needs, {}, NOW)
        with counted(database) as statements:
            await regroup(session, buyer(number), place(number, basket.version), NOW)
        return len(statements)
