"""What sending draws on, and what was sent: sums in one table, lines of an earlier filling."""

from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from catering.db import Database
from catering.orders import refusals
from catering.orders.service import cancel
from catering.orders.vocabulary import PriceSource
from catering.procurement.models import ConsultationAward, Contract, DrawnAmount
from tests.api.conftest import counted
from tests.orders.market import (
    NOW,
    TIGHT,
    buyer,
    fill,
    left,
    lines_of,
    stock_market,
)
from tests.orders.test_proposing import awarded
from tests.orders.test_sending_lawfully import buy, contract, ordered, send_again

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")


async def test_contracts_and_awards_are_drawn_on_by_one_statement(any_database: Database) -> None:
    """With the key of the request these are ten too; what is sent again takes no more (decision 0188)."""
    await stock_market(any_database, kitchens=2, crates=1000)
    await contract(any_database, line="ingredient_03")
    await awarded(any_database, "2.2000", "1000.00")
    of_award = select(ConsultationAward.ordered_amount).select_from(ConsultationAward)
    seen = 0
    for times in (1, 2):
        async with any_database.unit_of_work() as session:
            seen = await fill(session, 0, [(TIGHT, 3), ("poireaux_0", 2)], seen)
        with counted(any_database) as statements:
            (order_id,) = await send_again(any_database, 0, seen)
        seen += 1
        assert len([each for each in statements if not each.startswith("BEGIN")]) == 9, "\n".join(statements)
        async with any_database.reading() as session:
            carrots, leeks = await lines_of(session, order_id)
            won = (await session.scalars(of_award)).one()
        assert (carrots.price_source, leeks.price_source) == (PriceSource.AWARD, PriceSource.CONTRACT)
        assert (won, await ordered(any_database)) == (times * carrots.amount, times * leeks.amount)
    async with any_database.unit_of_work() as session:
        await cancel(session, buyer(), order_id, "Grève", NOW)
    async with any_database.reading() as session:
        assert (await session.scalars(of_award)).one() == carrots.amount
    assert await ordered(any_database) == leeks.amount


async def test_what_was_sent_is_in_the_basket_no_more_and_can_be_put_in_again(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 3)])
    await send_again(any_database, 0, seen)
    with pytest.raises(refusals.EmptyBasket):
        await send_again(any_database, 0, seen + 1)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 2)], seen + 1)
    (again,) = await send_again(any_database, 0, seen)
    async with any_database.reading() as session:
        assert [line.packs for line in await lines_of(session, again)] == [2]
    assert await left(any_database) == 20


async def test_the_database_refuses_more_than_the_maximum_and_a_maximum_below_what_is_drawn(
    any_database: Database,
) -> None:
    await stock_market(any_database, kitchens=2)
    number = await contract(any_database)
    await buy(any_database, 0, [(TIGHT, 3)])
    for wrong in (
        update(DrawnAmount).values(ordered=Decimal("1000.01")),
        update(DrawnAmount).values(ordered=Decimal("-0.01")),
        update(DrawnAmount).values(most=Decimal("2000.00")),
        update(Contract).where(Contract.id == number).values(max_amount=Decimal("38.53")),
    ):
        with pytest.raises(IntegrityError):
            async with any_database.unit_of_work() as session:
                await session.execute(wrong)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Contract).values(max_amount=Decimal("40.00")))
    async with any_database.reading() as session:
        assert (await session.scalars(select(DrawnAmount.most))).one() == Decimal("40.00")
