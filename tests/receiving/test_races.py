"""Everybody at once, on SQLite and on PostgreSQL: nothing is received, taken or billed twice."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from catering.db import Database
from catering.orders.models import Order, OrderEvent
from catering.orders.refusals import WrongState
from catering.orders.service import cancel
from catering.orders.vocabulary import OrderEventKind, OrderState
from catering.purchases.models import PurchaseLine
from catering.receiving import refusals
from catering.receiving.models import Invoice, Reception, ReceptionLine, StockLot, StockMove
from catering.receiving.service.invoice import issue
from catering.receiving.service.receive import correct, receive
from catering.receiving.service.stock import Used, transfer, use
from catering.receiving.vocabulary import MoveKind
from catering.refusal import Refusal
from tests.receiving.books import faults
from tests.receiving.world import (
    BOTH,
    CARROT,
    CHEF,
    FARMER,
    MINCE,
    OTHER_CHEF,
    TODAY,
    a_pass,
    noted,
    order_id,
    rows,
    uai,
    whole,
)  # fmt: skip
from tests.unsealing import unseal

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")

Doing = Callable[[Any], Coroutine[Any, Any, Any]]


async def at_once(world: Database, *doings: Doing) -> list[Refusal | None]:
    """Do everything side by side, each in its transaction; who is refused is told why."""

    async def one(doing: Doing) -> Refusal | None:
        try:
            async with world.unit_of_work() as session:
                await doing(session)
        except Refusal as refusal:
            return refusal
        return None

    return list(await asyncio.gather(*(one(doing) for doing in doings)))


async def agree(world: Database) -> bool:
    async with world.reading() as session:
        return await faults(session) == []


async def test_two_tablets_receive_the_same_delivery_once(any_world: Database) -> None:
    told = await at_once(any_world, *(lambda session: receive(session, CHEF, whole()) for _ in range(4)))
    assert sorted(type(each).__name__ for each in told) == ["AlreadyReceived"] * 3 + ["NoneType"]
    assert len(await rows(any_world, Reception)) == 1
    assert await agree(any_world)


async def test_tablets_that_look_at_other_lines_do_not_hinder_each_other(any_world: Database) -> None:
    told = await at_once(
        any_world,
        *(lambda session, good=good: receive(session, CHEF, a_pass(noted(good))) for good in (CARROT, MINCE)),  # type: ignore[misc]
    )
    assert told == [None, None]
    assert len(await rows(any_world, Reception)) == 2
    assert await agree(any_world)


async def test_a_correction_is_made_once(any_world: Database) -> None:
    await at_once(any_world, lambda session: receive(session, CHEF, a_pass(noted(MINCE))))
    (line,) = await rows(any_world, ReceptionLine)
    told = await at_once(
        any_world, *(lambda session: correct(session, CHEF, line.id, noted(MINCE, 3), "faux") for _ in range(3))
    )
    assert sorted(type(each).__name__ for each in told) == ["AlreadyCorrected", "AlreadyCorrected", "NoneType"]
    assert await agree(any_world)


async def test_a_reception_races_a_cancellation_and_one_wins(any_world: Database) -> None:
    now = datetime.now(UTC)
    async with any_world.unit_of_work() as session:
        await unseal(session, "order_events")
        for order in [await session.get_one(Order, each) for each in (order_id(), order_id(farm=1))]:
            order.state, order.last_seq, order.cut_off = OrderState.ACCEPTED, 2, now + timedelta(days=1)
        await session.execute(
            delete(OrderEvent).where(OrderEvent.kind == OrderEventKind.SHIPPED, OrderEvent.order_id < 3)
        )
    for farm in (0, 1):
        number = order_id(farm=farm)
        doings: list[Doing] = [
            lambda session, farm=farm: receive(session, CHEF, whole(farm=farm)),  # type: ignore[misc]
            lambda session, number=number: cancel(session, CHEF, number, "Grève", now),  # type: ignore[misc]
        ]
        received, cancelled = await at_once(any_world, *(doings if farm else reversed(doings)))
        if not farm:
            received, cancelled = cancelled, received
        (order,) = await rows(any_world, Order, Order.id == number)
        bought = await rows(any_world, PurchaseLine, PurchaseLine.supplier_id == farm + 1)
        if received is None:
            assert (order.state, len(bought), type(cancelled)) == (OrderState.RECEIVED, 3, WrongState)
        else:
            assert (order.state, bought, type(received)) == (OrderState.CANCELLED, [], refusals.NotReceivable)
            assert cancelled is None


async def test_cooks_take_from_one_lot_until_it_is_empty(any_world: Database) -> None:
    await at_once(any_world, lambda session: receive(session, CHEF, a_pass(noted(CARROT))))
    told = await at_once(
        any_world, *(lambda session: use(session, CHEF, uai(0), TODAY, [Used("carotte", 7_000)]) for _ in range(8))
    )
    assert sum(each is None for each in told) == 5, "40 kg are five times 7 kg"
    assert {type(each) for each in told if each is not None} == {refusals.NotEnoughStock}
    assert [lot.on_hand_g for lot in await rows(any_world, StockLot)] == [5_000]
    assert await agree(any_world)


async def test_kitchens_that_hand_over_to_each_other_never_wait_for_each_other(any_world: Database) -> None:
    await at_once(
        any_world,
        lambda session: receive(session, CHEF, a_pass(noted(CARROT))),
        lambda session: receive(session, OTHER_CHEF, a_pass(noted(CARROT), kitchen=1)),
    )
    here, there = [lot.id for lot in sorted(await rows(any_world, StockLot), key=lambda lot: lot.kitchen_id)]
    over = [
        *(lambda session: transfer(session, BOTH, here, uai(1), 1_000, TODAY) for _ in range(6)),
        *(lambda session: transfer(session, BOTH, there, uai(0), 1_000, TODAY) for _ in range(6)),
    ]
    assert await at_once(any_world, *over) == [None] * 12
    assert [lot.on_hand_g for lot in await rows(any_world, StockLot)] == [40_000, 40_000]
    moves = await rows(any_world, StockMove, StockMove.kind != MoveKind.RECEPTION)
    assert len(moves) == 24
    assert await agree(any_world)


async def test_an_order_is_billed_once_and_numbers_follow_each_other(any_world: Database) -> None:
    await at_once(
        any_world,
        lambda session: receive(session, CHEF, whole()),
        lambda session: receive(session, OTHER_CHEF, whole(kitchen=1)),
    )
    bills = [order_id(), order_id(kitchen=1)] * 3
    told = await at_once(
        any_world,
        *(lambda session, each=each: issue(session, FARMER, [each], TODAY) for each in bills),  # type: ignore[misc]
    )
    assert sorted(type(each).__name__ for each in told) == ["NoneType"] * 2 + ["NothingToInvoice"] * 4
    numbers = sorted(invoice.number for invoice in await rows(any_world, Invoice))
    assert numbers == [f"P{TODAY.year}-00001", f"P{TODAY.year}-00002"]
    assert await agree(any_world)
