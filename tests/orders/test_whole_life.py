"""Whatever both sides do, in any order: stock, rows, lines and events of every order agree, and nothing is oversold.

The machine acts through the use cases, on a real SQLite file, one transaction per step; after each step the books are
read anew and compared. A room that adds books of its own (receptions, invoices) derives from ``OrderBooks`` and adds an
invariant.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import Database
from catering.market.models import OfferWeek
from catering.orders import service
from catering.orders.baskets import put_line, remove_line, substitute
from catering.orders.models import Basket, BasketLine, Order, OrderEvent
from catering.orders.opening import Place
from catering.orders.sending import send
from catering.orders.vocabulary import OrderEventKind
from catering.people.viewer import Viewer
from catering.refusal import Refusal
from tests.api.dataset import uai
from tests.orders.market import (
    CRATE_G,
    MONDAY,
    NOW,
    THURSDAY_BEFORE,
    WEEK,
    assert_books_agree,
    buyer,
    seller,
    stock_market,
)
from tests.servers import made_file, make_tables

CRATES = 8
OFFERS = [f"{name}_{farm}" for farm in range(3) for name in ("carottes", "poireaux")]
CHOSEN = st.integers(0, 30)
"""Which of the orders there are, counted around."""
PACKS = st.integers(0, 5)
MORNING = NOW.replace(day=14, hour=5)
MOMENTS = st.sampled_from([NOW, NOW + timedelta(days=5), NOW.replace(day=12, hour=11)])
"""Before the cut-off of Thursday's delivery, after it, and after that of Monday's."""


@cache
def stocked() -> bytes:
    """The SQLite file of a market in which nobody has bought."""

    async def make(database: Database) -> None:
        await make_tables(database)
        await stock_market(database, kitchens=2, crates=CRATES)

    with tempfile.TemporaryDirectory() as folder:
        return made_file(Path(folder) / "market.db", make).read_bytes()


class OrderBooks(RuleBasedStateMachine):
    """Two kitchens and three farms, one of them with few crates."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "life.db"
        file.write_bytes(stocked())
        self.database = Database(f"sqlite+aiosqlite:///{file}")
        self.orders = 0

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run to the end."""
        return self.runner.run(work)

    async def step(self, work: Callable[[AsyncSession], Awaitable[Any]]) -> None:
        """One transaction; a refusal leaves nothing behind."""
        try:
            async with self.database.unit_of_work() as session:
                await work(session)
        except Refusal:
            pass
        async with self.database.reading() as session:
            self.orders = len(list(await session.scalars(select(Order.id))))

    def change(
        self, verb: Callable[..., Awaitable[Any]], viewer: Callable[[int], Viewer], chosen: int, *rest: Any
    ) -> None:
        """One use case on one of the orders, by the side of it that may."""

        async def work(session: AsyncSession) -> None:
            order = await session.get_one(Order, chosen % self.orders + 1)
            whose = order.supplier_id if viewer is seller else order.kitchen_id
            await verb(session, viewer(whose - 1), order.id, *rest)

        self.do(self.step(work))

    @rule(number=st.integers(0, 1), offer=st.sampled_from(OFFERS), packs=st.integers(1, 5), monday=st.booleans())
    def put(self, number: int, offer: str, packs: int, monday: bool) -> None:
        async def work(session: AsyncSession) -> None:
            day = MONDAY if monday else THURSDAY_BEFORE
            await put_line(session, buyer(number), await self.place(session, number), offer, packs, day, NOW)

        self.do(self.step(work))

    @rule(number=st.integers(0, 1), chosen=CHOSEN, by=st.one_of(st.none(), st.sampled_from(OFFERS)))
    def remove_or_substitute(self, number: int, chosen: int, by: str | None) -> None:
        async def work(session: AsyncSession) -> None:
            held = select(BasketLine).select_from(Basket).join(Basket.lines).where(Basket.kitchen_id == number + 1)
            lines = list(await session.scalars(held))
            if not lines:
                return
            line, place = lines[chosen % len(lines)], await self.place(session, number)
            offer = OFFERS[line.offer_id - 1]
            if by is None:
                await remove_line(session, buyer(number), place, offer, line.day, NOW)
            else:
                await substitute(session, buyer(number), place, offer, line.day, by, NOW)

        self.do(self.step(work))

    @rule(number=st.integers(0, 1), now=MOMENTS)
    def send(self, number: int, now: datetime) -> None:
        async def work(session: AsyncSession) -> None:
            await send(session, buyer(number), await self.place(session, number), (), now)

        self.do(self.step(work))

    async def place(self, session: AsyncSession, number: int) -> Place:
        """The basket of a kitchen at its version of now."""
        seen = await session.scalar(select(Basket.version).where(Basket.kitchen_id == number + 1))
        return Place(uai(number), WEEK, seen or 0)

    @precondition(lambda self: self.orders)
    @rule(chosen=CHOSEN, packs=st.dictionaries(st.integers(1, 2), PACKS, max_size=2))
    def accept(self, chosen: int, packs: dict[int, int]) -> None:
        self.change(service.accept, seller, chosen, packs, NOW)

    @precondition(lambda self: self.orders)
    @rule(chosen=CHOSEN)
    def refuse(self, chosen: int) -> None:
        self.change(service.refuse, seller, chosen, "gel", NOW)

    @precondition(lambda self: self.orders)
    @rule(chosen=CHOSEN, packs=st.dictionaries(st.integers(1, 2), PACKS, max_size=2), moved=st.booleans())
    def propose_change(self, chosen: int, packs: dict[int, int], moved: bool) -> None:
        self.change(service.propose_change, seller, chosen, packs, THURSDAY_BEFORE if moved else None, "pluie", NOW)

    @precondition(lambda self: self.orders)
    @rule(chosen=CHOSEN, agreed=st.booleans())
    def answer_change(self, chosen: int, agreed: bool) -> None:
        async def answer(session: AsyncSession, viewer: Viewer, order_id: int, *said: Any) -> None:
            newest = select(func.max(OrderEvent.seq)).where(
                OrderEvent.order_id == order_id, OrderEvent.kind == OrderEventKind.CHANGE_PROPOSED
            )
            seen = await session.scalar(newest) or 0
            await service.answer_change(session, viewer, order_id, seen, *said)

        self.change(answer, buyer, chosen, agreed, NOW)

    @precondition(lambda self: self.orders)
    @rule(chosen=CHOSEN, shipped=st.booleans())
    def prepare_or_ship(self, chosen: int, shipped: bool) -> None:
        self.change(service.ship if shipped else service.prepare, seller, chosen, MORNING)

    @precondition(lambda self: self.orders)
    @rule(chosen=CHOSEN, now=MOMENTS)
    def cancel(self, chosen: int, now: datetime) -> None:
        self.change(service.cancel, buyer, chosen, "grève", now)

    @precondition(lambda self: self.orders)
    @rule(chosen=CHOSEN, agreed=st.booleans())
    def answer_cancel(self, chosen: int, agreed: bool) -> None:
        self.change(service.answer_cancel, seller, chosen, agreed, NOW)

    @rule(farm=st.integers(0, 2), monday=st.booleans())
    def fail(self, farm: int, monday: bool) -> None:
        async def work(session: AsyncSession) -> None:
            day = MONDAY if monday else THURSDAY_BEFORE
            await service.fail_day(session, seller(farm), f"ferme_{farm}", day, "inondation", NOW)

        self.do(self.step(work))

    @precondition(lambda self: self.orders)
    @rule(chosen=CHOSEN, grams=st.integers(0, 5 * CRATE_G), complete=st.booleans(), correction=st.booleans())
    def receive(self, chosen: int, grams: int, complete: bool, correction: bool) -> None:
        async def verb(session: AsyncSession, viewer: Viewer, order_id: int) -> None:
            await service.record_reception(
                session, viewer, order_id, {1: grams}, NOW, complete=complete, correction=correction
            )

        self.change(verb, buyer, chosen)

    @invariant()
    def the_books_agree(self) -> None:
        async def check() -> None:
            async with self.database.reading() as session:
                await assert_books_agree(session)
                tight = await session.scalar(select(OfferWeek.reserved_g).where(OfferWeek.offer_id == 1))
                assert (tight or 0) <= CRATES * CRATE_G

        if self.database is not None and self.orders:
            self.do(check())

    def teardown(self) -> None:
        self.do(self.database.dispose())
        self.runner.close()
        self.folder.cleanup()


TestOrderBooks = pytest.mark.slow(OrderBooks.TestCase)
TestOrderBooks.settings = settings(
    max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
