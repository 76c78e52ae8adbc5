"""Another delivery day is checked as the first one was: when it is proposed, and again when the kitchen agrees."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from catering.db import Database
from catering.market.models import Certificate, HygienePermit, Offer, Supplier, SupplierPause
from catering.market.models_hygiene import PermitKind
from catering.orders import refusals, service
from catering.orders.models import Order, OrderLine
from catering.orders.rules import cut_off, moved_cut_off
from catering.orders.vocabulary import OrderState
from catering.refusal import Refusal
from catering.rules.hygiene import AnimalProduct, animal_rule
from tests.orders.market import (
    CRATE_G,
    MONDAY,
    NOW,
    THURSDAY,
    THURSDAY_BEFORE,
    TIGHT,
    assert_books_agree,
    buyer,
    fill_and_send,
    seller,
    stock_market,
)

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
MINUTE = timedelta(minutes=1)
PROPOSED = 2
"""Number of the first proposal: the event after the sending."""
Trouble = Callable[[Any], Awaitable[None]]


async def propose(database: Database, order_id: int, day: date, now: datetime = NOW, farm: int = 0) -> Order:
    async with database.unit_of_work() as session:
        return await service.propose_change(session, seller(farm), order_id, {}, day, "pluie", now)


async def agree(database: Database, order_id: int, now: datetime = NOW, *, seen: int = PROPOSED) -> Order:
    async with database.unit_of_work() as session:
        order = await service.answer_change(session, buyer(), order_id, seen, True, now)
        await assert_books_agree(session)
        return order


async def stands(database: Database, order_id: int) -> tuple[OrderState, date]:
    async with database.reading() as session:
        order = await session.get_one(Order, order_id)
        return order.state, order.day


async def away(session: Any) -> None:
    session.add(SupplierPause(supplier_id=1, first_day=THURSDAY, last_day=THURSDAY, reason="Foire", made_by="test"))


async def ended(session: Any) -> None:
    await session.execute(update(Offer).where(Offer.slug == TIGHT).values(valid_to=MONDAY))


async def mondays_only(session: Any) -> None:
    await session.execute(update(Supplier).where(Supplier.id == 1).values(delivery_weekdays=frozenset({0})))


async def near_only(session: Any) -> None:
    await session.execute(update(Supplier).where(Supplier.id == 1).values(max_km=1, lat="51.0"))


async def eggs_until_monday(session: Any) -> None:
    # Sold as eggs: what the offer has become since does not count (decision 0154).
    await session.execute(update(OrderLine).values(animal_product=AnimalProduct.SHELL_EGG))
    session.add(
        HygienePermit(
            supplier_id=1, kind=PermitKind.PACKING_CENTRE, number="1", valid_from=date(2026, 1, 1), valid_to=MONDAY
        )
    )


TROUBLES: dict[str, tuple[Trouble, type[Refusal], str]] = {
    "holiday": (away, refusals.SupplierAway, "17/09/2026"),
    "ended offer": (ended, refusals.NotForSale, "Carottes de la ferme 0"),
    "no such weekday": (mondays_only, refusals.NotADeliveryDay, "17/09/2026"),
    "too far": (near_only, refusals.TooFar, "1 km"),
    "packing centre": (eggs_until_monday, refusals.NotHygienic, "HYG-04"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_day_that_cannot_be_is_not_proposed(any_database: Database, trouble: str) -> None:
    change, refusal, says = TROUBLES[trouble]
    await stock_market(any_database)
    (order_id,) = await fill_and_send(any_database, 0, [(TIGHT, 4)])
    async with any_database.unit_of_work() as session:
        await change(session)
    with pytest.raises(refusal, match=says):
        await propose(any_database, order_id, THURSDAY)
    assert await stands(any_database, order_id) == (OrderState.SENT, MONDAY)


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_what_changed_since_the_proposal_is_seen_when_the_kitchen_agrees(
    any_database: Database, trouble: str
) -> None:
    change, refusal, says = TROUBLES[trouble]
    await stock_market(any_database)
    (order_id,) = await fill_and_send(any_database, 0, [(TIGHT, 4)])
    await propose(any_database, order_id, THURSDAY)
    async with any_database.unit_of_work() as session:
        await change(session)
    with pytest.raises(refusal, match=says):
        await agree(any_database, order_id)
    assert await stands(any_database, order_id) == (OrderState.CHANGE_PROPOSED, MONDAY)
    async with any_database.unit_of_work() as session:
        await service.answer_change(session, buyer(), order_id, PROPOSED, False, NOW)
    assert await stands(any_database, order_id) == (OrderState.SENT, MONDAY), "to decline is always possible"


@pytest.mark.parametrize("day", [THURSDAY_BEFORE, THURSDAY])
async def test_the_cut_off_moves_with_the_day(any_database: Database, day: date) -> None:
    await stock_market(any_database)
    (order_id,) = await fill_and_send(any_database, 0, [(TIGHT, 4)])
    await propose(any_database, order_id, day)
    moved = await agree(any_database, order_id)
    assert moved.cut_off == cut_off(day, 2), "two days, as when it was sent"
    for at, state in ((moved.cut_off, OrderState.ACCEPTED), (moved.cut_off - MINUTE, OrderState.CANCELLED)):
        async with any_database.unit_of_work() as session:
            assert (await service.cancel(session, buyer(), order_id, "grève", at)).state is state


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(0, 30), st.integers(-12, 12))
def test_a_cut_off_that_moves_is_at_noon_in_every_season(day: date, lead_days: int, by: int) -> None:
    days = timedelta(days=by)
    assert moved_cut_off(cut_off(day, lead_days).astimezone(UTC), days) == cut_off(day + days, lead_days)


async def test_nobody_agrees_to_a_proposal_they_have_not_seen(any_database: Database) -> None:
    await stock_market(any_database)
    (order_id,) = await fill_and_send(any_database, 0, [(TIGHT, 4)])
    await propose(any_database, order_id, THURSDAY_BEFORE)
    await propose(any_database, order_id, THURSDAY)
    for agreed in (True, False):
        with pytest.raises(refusals.ProposalReplaced, match="La relire"):
            async with any_database.unit_of_work() as session:
                await service.answer_change(session, buyer(), order_id, PROPOSED, agreed, NOW)
    assert await stands(any_database, order_id) == (OrderState.CHANGE_PROPOSED, MONDAY)
    async with any_database.unit_of_work() as session:
        assert (await service.answer_change(session, buyer(), order_id, PROPOSED + 1, True, NOW)).day == THURSDAY


async def test_the_lead_time_of_the_new_day_counts(any_database: Database) -> None:
    await stock_market(any_database)
    (order_id,) = await fill_and_send(any_database, 0, [(TIGHT, 4)])
    with pytest.raises(refusals.TooLate, match="08/09/2026 à 12 h"):
        await propose(any_database, order_id, THURSDAY_BEFORE, NOW.replace(day=8, hour=10))
    await propose(any_database, order_id, THURSDAY_BEFORE, NOW.replace(day=8, hour=9))
    with pytest.raises(refusals.TooLate):
        await agree(any_database, order_id, NOW.replace(day=9))


async def test_the_proof_that_a_line_was_sold_with_covers_the_new_day(any_database: Database) -> None:
    await stock_market(any_database)
    (order_id,) = await fill_and_send(any_database, 0, [("carottes_1", 4)])
    async with any_database.unit_of_work() as session:
        await session.execute(update(Certificate).where(Certificate.id == 2).values(valid_to=date(2026, 9, 15)))
    with pytest.raises(refusals.NotProven, match=r"BIO.*17/09/2026"):
        await propose(any_database, order_id, THURSDAY, farm=1)
    await propose(any_database, order_id, THURSDAY_BEFORE, farm=1)
    assert (await agree(any_database, order_id)).day == THURSDAY_BEFORE


async def test_the_weekly_cap_is_that_of_the_new_week_and_the_order_is_not_counted_twice(
    any_database: Database,
) -> None:
    cap = animal_rule(AnimalProduct.OTHER_MEAT, MONDAY).weekly_grams(large_share=False)
    assert cap is not None
    crates = cap // CRATE_G
    await stock_market(any_database, kitchens=2, crates=1000)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Offer).where(Offer.slug == TIGHT).values(animal_product=AnimalProduct.OTHER_MEAT))
        session.add(
            HygienePermit(
                supplier_id=1, kind=PermitKind.DEROGATION, number="62", valid_from=date(2026, 1, 1), valid_to=None
            )
        )
    (full,) = await fill_and_send(any_database, 0, [(TIGHT, crates)])
    await propose(any_database, full, THURSDAY)
    assert (await agree(any_database, full)).day == THURSDAY, "alone it fits, in the week it was in already"
    await propose(any_database, full, THURSDAY_BEFORE)
    (other,) = await fill_and_send(any_database, 1, [(TIGHT, 2)])
    async with any_database.unit_of_work() as session:
        await service.propose_change(session, seller(), other, {}, THURSDAY_BEFORE, "", NOW)
        await service.answer_change(session, buyer(1), other, PROPOSED, True, NOW)
    with pytest.raises(refusals.NotHygienic, match="HYG-02"):
        await agree(any_database, full, seen=PROPOSED + 2)
