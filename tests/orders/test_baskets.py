"""A basket is filled from needs, edited without undoing what others did, and filled by standing orders once."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from catering import commands
from catering.db import Database
from catering.market.models import Supplier
from catering.migrate import upgrade
from catering.moment import Clock
from catering.orders import refusals
from catering.orders.baskets import put_line, remove_line, substitute
from catering.orders.filling import PlannedNeed, fill_from_plan
from catering.orders.models import Basket, BasketLine, StandingFill, StandingOrder
from catering.orders.opening import own_kitchen
from catering.orders.sending import send
from catering.orders.standing import StandingWish, fill_week, state, stop
from catering.orders.vocabulary import LineReason
from catering.people.models import ChangeEvent
from tests.api.dataset import uai
from tests.orders.market import (
    CARROT,
    MONDAY,
    NOW,
    THURSDAY,
    THURSDAY_BEFORE,
    TIGHT,
    WEEK,
    buyer,
    fill,
    place,
    seller,
    stock_market,
)

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
NEEDS = [PlannedNeed(1, 12_000, MONDAY), PlannedNeed(3, 6_000, MONDAY), PlannedNeed(2, 5_000, THURSDAY_BEFORE)]
"""12 kg of carrots of the farm 0, 6 kg of the dearer farm 1, 5 kg of leeks of the farm 0."""


async def lines(database: Database) -> list[tuple[int, date, int, int, LineReason]]:
    """Lines of all baskets: offer, day, packs, left over, reason."""
    async with database.reading() as session:
        held = select(BasketLine).select_from(Basket).join(Basket.lines)
        rows = await session.scalars(held.order_by(BasketLine.offer_id, BasketLine.day))
        return [(row.offer_id, row.day, row.packs, row.left_over_g, row.reason) for row in rows]


async def plan(database: Database, on_hand: dict[int, int], seen: int = 0) -> int:
    """Fill the basket from the needs; its version."""
    async with database.unit_of_work() as session:
        kitchen = await own_kitchen(session, buyer(), place().uai)
        return (await fill_from_plan(session, buyer(), kitchen, place(seen=seen), NEEDS, on_hand, NOW)).version


async def test_a_basket_is_filled_in_whole_packs_labels_first(any_database: Database) -> None:
    await stock_market(any_database)
    await plan(any_database, {})
    # The second crate of the organic farm 1 brings 4 kg more than it is planned for: 8 kg are left of the farm 0.
    assert await lines(any_database) == [
        (1, MONDAY, 2, 2_000, LineReason.PLAN),
        (2, THURSDAY_BEFORE, 1, 0, LineReason.PLAN),
        (3, MONDAY, 2, 0, LineReason.PLAN),
    ]


async def test_what_is_left_over_is_used_first(any_database: Database) -> None:
    await stock_market(any_database)
    await plan(any_database, {CARROT: 4_000})
    assert [(offer, packs, left) for offer, _, packs, left, _ in await lines(any_database)] == [
        (1, 1, 1_000),
        (2, 1, 0),
        (3, 2, 0),
    ]


async def test_filling_again_keeps_what_was_put_in_and_counts_what_is_ordered(any_database: Database) -> None:
    await stock_market(any_database)
    version = await plan(any_database, {})
    assert await plan(any_database, {}, version) == version, "nothing has changed"
    async with any_database.unit_of_work() as session:
        version = await fill(session, 0, [("carottes_2", 1)], version)
    version = await plan(any_database, {}, version)
    filled = await lines(any_database)
    assert (5, MONDAY, 1, 0, LineReason.MANUAL) in filled
    assert sum(packs for offer, _, packs, _, _ in filled if offer in (1, 3, 5)) == 4
    async with any_database.unit_of_work() as session:
        await session.execute(update(Supplier).values(min_drop_eur=0))
        await send(session, buyer(), place(seen=version), (), NOW)
    await plan(any_database, {}, version + 1)
    assert await lines(any_database) == [], "everything that is planned is on its way"


async def test_a_tablet_that_saw_an_older_basket_changes_nothing(any_database: Database) -> None:
    await stock_market(any_database)

    async def put(offer: str) -> str:
        try:
            async with any_database.unit_of_work() as session:
                await put_line(session, buyer(), place(), offer, 1, MONDAY, NOW)
        except refusals.BasketChanged as refusal:
            return f"version {refusal.version}"
        return "put"

    answers = await asyncio.gather(put(TIGHT), put("poireaux_0"), put("carottes_1"))
    assert sorted(answers) == ["put", "version 1", "version 1"]
    assert len(await lines(any_database)) == 1


async def test_a_substitute_meets_the_same_need(any_database: Database) -> None:
    await stock_market(any_database)
    version = await plan(any_database, {})
    async with any_database.unit_of_work() as session:
        await substitute(session, buyer(), place(seen=version), TIGHT, MONDAY, "carottes_2", NOW)
    assert (5, MONDAY, 2, 2_000, LineReason.SUBSTITUTE) in await lines(any_database)
    async with any_database.reading() as session:
        with pytest.raises(refusals.NoSuchOffer):
            await substitute(session, buyer(), place(seen=version + 1), "carottes_1", MONDAY, "poireaux_2", NOW)


async def test_a_substitute_takes_as_much_as_its_line_holds(any_database: Database) -> None:
    """The chef raised what the plan wanted: ten crates stay ten crates, whatever the plan needs of them."""
    await stock_market(any_database)
    version = await plan(any_database, {})
    async with any_database.unit_of_work() as session:
        basket = await put_line(session, buyer(), place(seen=version), TIGHT, 10, MONDAY, NOW)
        await substitute(session, buyer(), place(seen=basket.version), TIGHT, MONDAY, "carottes_2", NOW)
    offered = next(each for each in await lines(any_database) if each[0] == 5)
    assert offered[2] == 10
    async with any_database.reading() as session:
        assert await session.scalar(select(BasketLine.planned_g).where(BasketLine.offer_id == 5)) == 8_000


async def test_every_change_of_a_basket_is_traced(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        seen = await fill(session, 0, [(TIGHT, 3), (TIGHT, 2)])
        await remove_line(session, buyer(), place(seen=seen), TIGHT, MONDAY, NOW)
    async with any_database.reading() as session:
        events = list(await session.scalars(select(ChangeEvent).order_by(ChangeEvent.id)))
    line = f"offer 1 {MONDAY}"
    assert [(event.before, event.after) for event in events] == [
        ({line: 0}, {line: 3}),
        ({line: 3}, {line: 2}),
        ({line: 2}, {line: 0}),
    ]
    assert {(event.actor, event.key) for event in events} == {("Gestionnaire 0", f"{uai(0)} {WEEK}")}


@pytest.mark.parametrize("packs", [0, -1, 100_001, 2**40])
async def test_an_absurd_quantity_is_refused(packs: int, database: Database) -> None:
    await stock_market(database)
    async with database.reading() as session:
        with pytest.raises(refusals.BadQuantity):
            await put_line(session, buyer(), place(), TIGHT, packs, MONDAY, NOW)


async def test_a_seller_edits_no_basket(database: Database) -> None:
    await stock_market(database)
    async with database.reading() as session:
        with pytest.raises(refusals.NotYourKitchen):
            await put_line(session, seller(), place(), TIGHT, 1, MONDAY, NOW)


BREAD = StandingWish(uai(0), "poireaux_0", 2, frozenset({0, 3}), date(2026, 9, 1), date(2026, 12, 31))


async def fill_it(database: Database, week: date = WEEK) -> int:
    """The job, in a transaction of its own."""
    async with database.unit_of_work() as session:
        return (await fill_week(session, buyer(), week, NOW)).put


async def test_a_standing_order_fills_a_week_once_and_for_all(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        await state(session, buyer(), BREAD, NOW)
    assert sorted(await asyncio.gather(*(fill_it(any_database) for _ in range(3)))) == [0, 0, 2]
    assert await lines(any_database) == [
        (2, MONDAY, 2, 0, LineReason.STANDING),
        (2, THURSDAY, 2, 0, LineReason.STANDING),
    ]
    async with any_database.unit_of_work() as session:
        await remove_line(session, buyer(), place(seen=1), "poireaux_0", THURSDAY, NOW)
    assert await fill_it(any_database) == 0
    assert len(await lines(any_database)) == 1, "the chef has the last word"


async def test_the_command_fills_the_next_week_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clock, "fixed", datetime(2026, 9, 8, 8, 0, tzinfo=UTC))
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/standing.db")
    await upgrade(database)
    await stock_market(database)
    async with database.unit_of_work() as session:
        await state(session, buyer(), BREAD, NOW)
    assert await commands.standing_orders(database, None) == 2
    assert await commands.standing_orders(database, WEEK) == 0, "it is the same week"
    await database.dispose()


async def test_a_standing_order_sleeps_in_the_holidays_and_ends_when_stopped(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        row = await state(session, buyer(), BREAD, NOW)
    assert await fill_it(any_database, date(2026, 10, 19)) == 0, "autumn holidays"
    async with any_database.unit_of_work() as session:
        await stop(session, buyer(), row.id, NOW)
    assert await fill_it(any_database) == 0
    async with any_database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(StandingFill)) == 0
        assert (await session.scalars(select(StandingOrder.ended_at))).one() == NOW


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"weekdays": frozenset()}, refusals.BadPeriod),
        ({"last_day": date(2026, 8, 1)}, refusals.BadPeriod),
        ({"first_day": date(2025, 9, 1), "last_day": date(2026, 8, 31)}, refusals.BadPeriod),
        ({"last_day": date(2199, 12, 31)}, refusals.BadPeriod),
        ({"weekdays": frozenset({1})}, refusals.NotADeliveryDay),
        ({"offer": "caviar"}, refusals.NoSuchOffer),
        ({"packs": 0}, refusals.BadQuantity),
        ({"uai": uai(1)}, refusals.NotYourKitchen),
    ],
)
async def test_a_standing_order_that_cannot_be_is_refused(
    changed: dict[str, object], refusal: type[Exception], database: Database
) -> None:
    await stock_market(database, kitchens=2)
    async with database.reading() as session:
        with pytest.raises(refusal):
            await state(session, buyer(), replace(BREAD, **changed), NOW)  # type: ignore[arg-type]
