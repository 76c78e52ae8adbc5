"""A reception noted without network reaches the server after somebody said that nothing would come: it is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from catering.db import Database
from catering.market.models import OfferWeek
from catering.orders.models import Order, OrderEvent
from catering.orders.service import fail_day, not_delivered
from catering.orders.vocabulary import OrderEventKind, OrderState
from catering.receiving import refusals
from catering.receiving.service.receive import receive
from tests.receiving.books import faults
from tests.receiving.world import CARROT, CHEF, FARMER, FARMS, TODAY, a_pass, noted, order_id, rows, whole

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")


async def reserved(database: Database) -> dict[int, int]:
    return {row.offer_id: row.reserved_g for row in await week_of(database)}


async def week_of(database: Database) -> list[OfferWeek]:
    async with database.reading() as session:
        return list(await session.scalars(select(OfferWeek).order_by(OfferWeek.offer_id)))


async def fails(database: Database, by_farm: bool, at: datetime | None = None) -> None:
    at = at or datetime.now(UTC)
    async with database.unit_of_work() as session:
        if by_farm:
            await fail_day(session, FARMER, FARMS[0], TODAY, "Camion en panne", at)
        else:
            await not_delivered(session, CHEF, order_id(), "Rien à 8 h", at)


@pytest.mark.parametrize("by_farm", [True, False])
async def test_what_was_noted_before_the_failure_is_received(by_farm: bool, any_world: Database) -> None:
    before = await reserved(any_world)
    given = whole()
    await fails(any_world, by_farm)
    assert await reserved(any_world) != before
    async with any_world.unit_of_work() as session:
        await receive(session, CHEF, given)
    (order,) = await rows(any_world, Order, Order.id == order_id())
    assert (order.state, [line.offer_id for line in await week_of(any_world)]) == (OrderState.RECEIVED, [*before])
    others = {} if not by_farm else {line: before[line] // 2 for line in (1, 2, 3)}
    assert await reserved(any_world) == before | others, "the neighbour noted nothing: theirs fell"
    async with any_world.reading() as session:
        assert await faults(session) == []
        kinds = select(OrderEvent.kind).where(OrderEvent.order_id == order_id()).order_by(OrderEvent.seq)
        assert list(await session.scalars(kinds))[-3:] == [
            OrderEventKind.FAILED, OrderEventKind.REINSTATED, OrderEventKind.RECEIVED
        ]  # fmt: skip


async def test_what_is_noted_after_the_failure_is_refused_in_words(any_world: Database) -> None:
    await fails(any_world, by_farm=True, at=datetime.now(UTC) - timedelta(minutes=5))
    with pytest.raises(refusals.NotReceivable, match="non livrable"):
        async with any_world.unit_of_work() as session:
            await receive(session, CHEF, whole())


async def test_what_was_sold_to_others_meanwhile_is_said_and_the_note_can_be_sent_again(any_world: Database) -> None:
    given = a_pass(noted(CARROT))
    await fails(any_world, by_farm=False)
    async with any_world.unit_of_work() as session:
        mine = OfferWeek.offer_id == CARROT
        await session.execute(update(OfferWeek).where(mine).values(available_g=OfferWeek.reserved_g))
    with pytest.raises(refusals.SoldSince, match="augmenter sa quantité"):
        async with any_world.unit_of_work() as session:
            await receive(session, CHEF, given)
    async with any_world.unit_of_work() as session:
        await session.execute(update(OfferWeek).where(mine).values(available_g=None))
        await receive(session, CHEF, given)
    (order,) = await rows(any_world, Order, Order.id == order_id())
    assert order.state is OrderState.PARTLY_RECEIVED
