"""An order that its supplier lets pass unanswered, and one of which nothing comes: what the kitchen may do."""

from datetime import UTC, datetime, timedelta

import pytest

from catering.db import Database
from catering.orders import refusals, service
from catering.orders.answering import answer_by
from catering.orders.vocabulary import LineReason, OrderState
from tests.orders.market import MONDAY, NOW, buyer, left, seller
from tests.orders.test_life import LATE, MORNING, act, ordered, proposals

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
SUNDAY_MORNING = datetime(2026, 9, 13, 6, 0, tzinfo=UTC)
"""Twenty hours after the cut-off of Monday's delivery (HOUSE-CDE-01)."""
MINUTE = timedelta(minutes=1)


async def test_a_supplier_answers_until_the_morning_after_the_cut_off_and_before_the_evening(
    any_database: Database,
) -> None:
    order = await act(any_database, service.accept, seller(), await ordered(any_database), {}, NOW)
    assert (order.day, answer_by(order)) == (MONDAY, SUNDAY_MORNING)
    order.cut_off += timedelta(days=1)
    assert answer_by(order) == datetime(2026, 9, 13, 16, 0, tzinfo=UTC), "the eve at 18 h (HOUSE-CDE-02)"
    order.cut_off += timedelta(days=1)
    assert answer_by(order) == order.cut_off


async def test_what_nobody_answered_is_taken_back_and_proposed_elsewhere(any_database: Database) -> None:
    order_id = await ordered(any_database)
    early = await act(any_database, service.cancel, buyer(), order_id, "sans réponse", SUNDAY_MORNING - MINUTE)
    assert (early.state, await left(any_database)) == (OrderState.SENT, 21)
    order = await act(any_database, service.cancel, buyer(), order_id, "sans réponse", SUNDAY_MORNING)
    assert (order.state, order.amount, await left(any_database)) == (OrderState.CANCELLED, 0, 25)


async def test_goods_nobody_answered_for_are_found_elsewhere_while_somebody_can_bring_them(
    any_database: Database,
) -> None:
    order_id = await ordered(any_database)
    await act(any_database, service.cancel, buyer(), order_id, "sans réponse", SUNDAY_MORNING)
    assert await proposals(any_database) == [(3, 4, LineReason.RESOURCED), (4, 2, LineReason.RESOURCED)]


async def test_what_was_accepted_is_still_only_asked_back(any_database: Database) -> None:
    order_id = await ordered(any_database)
    await act(any_database, service.accept, seller(), order_id, {}, NOW)
    order = await act(any_database, service.cancel, buyer(), order_id, "grève", SUNDAY_MORNING)
    assert (order.state, order.cancel_asked_at is not None) == (OrderState.ACCEPTED, True)


@pytest.mark.parametrize("answered", [False, True])
async def test_a_kitchen_says_that_nothing_came(answered: bool, any_database: Database) -> None:
    order_id = await ordered(any_database)
    if answered:
        await act(any_database, service.accept, seller(), order_id, {}, NOW)
    with pytest.raises(refusals.WrongState, match="encore à venir"):
        await act(any_database, service.not_delivered, buyer(), order_id, "rien", LATE)
    order = await act(any_database, service.not_delivered, buyer(), order_id, "personne à 8 h", MORNING)
    assert (order.state, await left(any_database)) == (OrderState.FAILED, 25)
    assert [offer for offer, *_ in await proposals(any_database)] == [3, 4]


async def test_nothing_is_proposed_for_a_week_that_is_over(any_database: Database) -> None:
    order_id = await ordered(any_database)
    weeks_later = MORNING + timedelta(weeks=2)
    order = await act(any_database, service.not_delivered, buyer(), order_id, "rien n'est venu", weeks_later)
    assert (order.state, await proposals(any_database)) == (OrderState.FAILED, [])


async def test_only_the_kitchen_says_that_nothing_came(any_database: Database) -> None:
    order_id = await ordered(any_database)
    with pytest.raises(refusals.NotYourOrder):
        await act(any_database, service.not_delivered, seller(), order_id, "rien", MORNING)
