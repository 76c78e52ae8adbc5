"""Standing orders fill the baskets of the coming weeks each morning, by themselves and once."""

from datetime import date

import pytest
from sqlalchemy import select

from catering.db import Database
from catering.moment import Clock
from catering.orders.models import Basket, BasketLine
from catering.orders.standing import StandingWish, state
from catering.routines.daily import DAILY, standing_orders
from catering.routines.running import do_due
from tests.orders.market import NOW, WEEK, buyer, stock_market, uai

BREAD = "carottes_0"


async def lines(database: Database) -> list[tuple[date, int]]:
    async with database.reading() as session:
        rows = await session.execute(select(BasketLine.day, BasketLine.packs).order_by(BasketLine.day))
        return list(rows.tuples())


async def test_each_morning_the_baskets_of_the_coming_weeks_are_filled(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Clock, "fixed", NOW)
    await stock_market(any_database)
    wish = StandingWish(uai(0), BREAD, 3, frozenset([0]), WEEK, date(2026, 12, 31))
    async with any_database.unit_of_work() as session:
        await state(session, buyer(), wish, NOW)
    assert await do_due(any_database, DAILY) == len(DAILY)
    filled = await lines(any_database)
    assert (WEEK, 3) in filled
    async with any_database.reading() as session:
        weeks = (await session.scalars(select(Basket.week).order_by(Basket.week))).all()
    assert len(weeks) == len(filled)
    assert (await standing_orders(any_database, NOW.date())).startswith("0 ")
    assert await lines(any_database) == filled
