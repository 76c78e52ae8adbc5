"""What both sides do with an order that is sent, and who wins when they do it at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from catering.db import Database
from catering.market.models import Capacity, Offer, Supplier, SupplierPause
from catering.market.refusals_stock import BelowReservations
from catering.market.stock import restate
from catering.market.supplying import resume
from catering.orders import refusals, service
from catering.orders.checking import CHECKS
from catering.orders.models import Basket, BasketLine, Order, OrderEvent, Shortage
from catering.orders.shortages import still_missing
from catering.orders.vocabulary import LineReason, OrderEventKind, OrderState
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
    left,
    lines_of,
    seller,
    stock_market,
)

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
LATE = NOW.replace(day=12, hour=12)
"""After the cut-off of Monday's delivery."""
MORNING = NOW.replace(day=14, hour=5)
"""Of the delivery."""


async def act(database: Database, verb: Callable[..., Awaitable[Order]], *arguments: Any) -> Order:
    """One use case in a transaction of its own, and the books checked in it."""
    async with database.unit_of_work() as session:
        order = await verb(session, *arguments)
        await assert_books_agree(session)
        return order


async def ordered(database: Database, *, kitchens: int = 1, crates: int | None = 25, packs: int = 4) -> int:
    """A market with one order of carrots and leeks to the farm 0."""
    await stock_market(database, kitchens=kitchens, crates=crates)
    (order_id,) = await fill_and_send(database, 0, [(TIGHT, packs), ("poireaux_0", 2)])
    return order_id


async def proposals(database: Database, kitchen_id: int = 1) -> list[tuple[int, int, LineReason]]:
    """Lines of a kitchen's basket: offer, packs, reason."""
    async with database.reading() as session:
        statement = select(BasketLine).select_from(Basket).join(Basket.lines)
        rows = await session.scalars(statement.where(Basket.kitchen_id == kitchen_id).order_by(BasketLine.offer_id))
        return [(row.offer_id, row.packs, row.reason) for row in rows]


async def test_the_life_of_an_order_is_told_by_its_events(any_database: Database) -> None:
    order_id = await ordered(any_database)
    await act(any_database, service.accept, seller(), order_id, {}, NOW)
    await act(any_database, service.prepare, seller(), order_id, NOW)
    await act(any_database, service.ship, seller(), order_id, MORNING)
    async with any_database.unit_of_work() as session:
        received = {1: 4 * CRATE_G, 2: 9_800}
        await service.record_reception(session, buyer(), order_id, received, NOW, complete=True)
        await assert_books_agree(session)
    async with any_database.reading() as session:
        events = await session.scalars(select(OrderEvent).order_by(OrderEvent.seq))
        assert [(event.seq, event.kind.value, event.actor) for event in events] == [
            (1, "sent", "Gestionnaire 0"),
            (2, "accepted", "Ferme 0"),
            (3, "prepared", "Ferme 0"),
            (4, "shipped", "Ferme 0"),
            (5, "received", "Gestionnaire 0"),
        ]
        assert [line.received_g for line in await lines_of(session, order_id)] == [4 * CRATE_G, 9_800]


async def test_accepting_in_part_gives_stock_back_and_proposes_the_rest_elsewhere(any_database: Database) -> None:
    order_id = await ordered(any_database)
    order = await act(any_database, service.accept, seller(), order_id, {1: 1}, NOW)
    assert (order.state, order.amount) == (OrderState.PARTLY_ACCEPTED, Decimal("12.85") + Decimal("25.69"))
    assert await left(any_database) == 24
    # Three crates are missing: the farm 1 (13.3456 €) is the next best, the farm 2 dearer.
    assert await proposals(any_database) == [(3, 3, LineReason.RESOURCED)]


async def test_an_answer_takes_no_more_than_was_ordered_and_no_less_than_one_pack(any_database: Database) -> None:
    order_id = await ordered(any_database)
    for packs, refusal in (
        ({1: 5}, refusals.BadQuantity),
        ({1: -1}, refusals.BadQuantity),
        ({9: 1}, refusals.UnknownLine),
        ({1: 0, 2: 0}, refusals.NothingAccepted),
    ):
        async with any_database.reading() as session:
            with pytest.raises(refusal):
                await service.accept(session, seller(), order_id, packs, NOW)
    assert await left(any_database) == 21


async def test_a_refused_order_takes_nothing_and_is_proposed_elsewhere(any_database: Database) -> None:
    order_id = await ordered(any_database)
    order = await act(any_database, service.refuse, seller(), order_id, "gel", NOW)
    assert (order.state, order.amount, order.vat) == (OrderState.REFUSED, 0, 0)
    assert await left(any_database) == 25
    assert await proposals(any_database) == [(3, 4, LineReason.RESOURCED), (4, 2, LineReason.RESOURCED)]


async def test_what_was_accepted_is_not_refused_by_way_of_a_change(any_database: Database) -> None:
    order_id = await ordered(any_database)
    await act(any_database, service.accept, seller(), order_id, {}, NOW)
    await act(any_database, service.propose_change, seller(), order_id, {1: 1}, None, "pluie", NOW)
    with pytest.raises(refusals.WrongState, match="acceptée avant de proposer"):
        await act(any_database, service.refuse, seller(), order_id, "mieux payé ailleurs", NOW)
    async with any_database.unit_of_work() as session:
        (fallen,) = await service.fail_day(session, seller(), "ferme_0", MONDAY, "inondation", NOW)
        await assert_books_agree(session)
    assert fallen.state is OrderState.FAILED


async def test_a_change_waits_for_the_kitchen(any_database: Database) -> None:
    order_id = await ordered(any_database)
    await act(any_database, service.accept, seller(), order_id, {}, NOW)
    await act(any_database, service.propose_change, seller(), order_id, {1: 2}, THURSDAY_BEFORE, "pluie", NOW)
    with pytest.raises(refusals.NotYourOrder, match="la cuisine"):
        await act(any_database, service.answer_change, seller(), order_id, 3, True, NOW)
    declined = await act(any_database, service.answer_change, buyer(), order_id, 3, False, NOW)
    assert (declined.state, declined.day, await left(any_database)) == (OrderState.ACCEPTED, MONDAY, 21)
    await act(any_database, service.propose_change, seller(), order_id, {1: 3}, THURSDAY_BEFORE, "pluie", NOW)
    await act(any_database, service.propose_change, seller(), order_id, {1: 2}, THURSDAY_BEFORE, "pluie", NOW)
    agreed = await act(any_database, service.answer_change, buyer(), order_id, 6, True, NOW)
    assert (agreed.state, agreed.day) == (OrderState.PARTLY_ACCEPTED, THURSDAY_BEFORE)
    assert await left(any_database) == 23
    assert await proposals(any_database) == [(3, 2, LineReason.RESOURCED)]


async def test_a_change_that_changes_nothing_or_serves_another_week_is_refused(any_database: Database) -> None:
    order_id = await ordered(any_database)
    async with any_database.reading() as session:
        with pytest.raises(refusals.NothingAccepted):
            await service.propose_change(session, seller(), order_id, {1: 4}, MONDAY, "", NOW)
        with pytest.raises(refusals.NotADeliveryDay):
            await service.propose_change(session, seller(), order_id, {}, MONDAY + timedelta(days=7), "", NOW)


async def test_cancelling_is_free_before_the_cut_off(any_database: Database) -> None:
    order_id = await ordered(any_database)
    order = await act(any_database, service.cancel, buyer(), order_id, "grève", NOW)
    assert (order.state, await left(any_database)) == (OrderState.CANCELLED, 25)
    assert await proposals(any_database) == [], "who cancels does not want it"


async def test_cancelling_late_is_for_the_supplier_to_grant(any_database: Database) -> None:
    order_id = await ordered(any_database)
    await act(any_database, service.accept, seller(), order_id, {}, NOW)
    with pytest.raises(refusals.WrongState):
        await act(any_database, service.answer_cancel, seller(), order_id, True, LATE)
    asked = await act(any_database, service.cancel, buyer(), order_id, "grève", LATE)
    assert (asked.state, asked.cancel_asked_at) == (OrderState.ACCEPTED, LATE)
    assert (await act(any_database, service.cancel, buyer(), order_id, "grève", LATE)).last_seq == asked.last_seq
    declined = await act(any_database, service.answer_cancel, seller(), order_id, False, LATE)
    assert (declined.state, declined.cancel_asked_at) == (OrderState.ACCEPTED, None)
    await act(any_database, service.cancel, buyer(), order_id, "grève", LATE)
    granted = await act(any_database, service.answer_cancel, seller(), order_id, True, LATE)
    assert (granted.state, await left(any_database)) == (OrderState.CANCELLED, 25)


async def test_cancel_races_ship_and_one_of_them_wins(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        # Ordered until noon of the same day: before it leaves nobody has lost the right to cancel.
        await session.execute(update(Supplier).values(lead_days=0))
    (order_id,) = await fill_and_send(any_database, 0, [(TIGHT, 4), ("poireaux_0", 2)])
    await act(any_database, service.accept, seller(), order_id, {}, NOW)

    async def attempt(verb: Callable[..., Awaitable[Order]], *arguments: Any) -> str:
        try:
            async with any_database.unit_of_work() as session:
                return (await verb(session, *arguments)).state.value
        except refusals.WrongState as refusal:
            return f"too late: {refusal.state.value}"

    answers = await asyncio.gather(
        attempt(service.cancel, buyer(), order_id, "grève", MORNING),
        attempt(service.ship, seller(), order_id, MORNING),
    )
    assert sorted(answers) in (["cancelled", "too late: cancelled"], ["shipped", "too late: shipped"])
    async with any_database.reading() as session:
        await assert_books_agree(session)
        (order,) = await session.scalars(select(Order))
    assert await left(any_database) == (25 if order.state is OrderState.CANCELLED else 21)


async def test_what_is_on_its_way_is_not_cancelled(any_database: Database) -> None:
    order_id = await ordered(any_database)
    await act(any_database, service.accept, seller(), order_id, {}, NOW)
    await act(any_database, service.cancel, buyer(), order_id, "grève", LATE)
    shipped = await act(any_database, service.ship, seller(), order_id, MORNING)
    assert shipped.cancel_asked_at is None
    for verb, viewer in ((service.cancel, buyer()), (service.refuse, seller())):
        with pytest.raises(refusals.WrongState, match="en cours de livraison"):
            await act(any_database, verb, viewer, order_id, "", NOW)


async def test_a_farm_that_has_failed_sells_nothing_more_for_that_day(any_database: Database) -> None:
    await ordered(any_database, kitchens=2)
    async with any_database.unit_of_work() as session:
        await service.fail_day(session, seller(), "ferme_0", MONDAY, "grêle", NOW)
        # Said twice: one pause.
        await service.fail_day(session, seller(), "ferme_0", MONDAY, "grêle", NOW)
        (away,) = (await session.scalars(select(SupplierPause))).all()
    assert (away.first_day, away.last_day, away.reason) == (MONDAY, MONDAY, "grêle")
    with pytest.raises(refusals.SupplierAway, match="14/09/2026"):
        await fill_and_send(any_database, 1, [(TIGHT, 4)], checks=CHECKS)
    async with any_database.unit_of_work() as session:
        await resume(session, seller(), "ferme_0", away.id)
    await fill_and_send(any_database, 1, [(TIGHT, 4)], checks=CHECKS)


async def test_an_order_leaves_no_earlier_than_its_eve_so_that_it_can_be_cancelled(any_database: Database) -> None:
    order_id = await ordered(any_database)
    await act(any_database, service.accept, seller(), order_id, {}, NOW)
    for early in (NOW, LATE):
        with pytest.raises(refusals.WrongState, match=r"n'est pas encore possible.* à partir du 13/09/2026 à 00 h 00"):
            await act(any_database, service.ship, seller(), order_id, early)
    cancelled = await act(any_database, service.cancel, buyer(), order_id, "classe de neige", NOW)
    assert cancelled.state is OrderState.CANCELLED
    with pytest.raises(refusals.WrongState, match="annulée : cette action n'est plus possible"):
        await act(any_database, service.ship, seller(), order_id, NOW)


async def test_nothing_is_promised_for_a_day_that_is_over(any_database: Database) -> None:
    order_id = await ordered(any_database)
    after = MORNING + timedelta(days=1)
    with pytest.raises(refusals.WrongState, match="jour de livraison est passé"):
        await act(any_database, service.accept, seller(), order_id, {1: 3}, after)
    with pytest.raises(refusals.WrongState, match="jour de livraison est passé"):
        await act(any_database, service.propose_change, seller(), order_id, {1: 3}, None, "gel", after)
    accepted = await act(any_database, service.accept, seller(), order_id, {}, MORNING)
    assert accepted.state is OrderState.ACCEPTED, "the supplier that drives in the morning says so when it drives"
    shipped = await act(any_database, service.ship, seller(), order_id, after)
    assert shipped.state is OrderState.SHIPPED, "a lorry that comes a day late has left all the same"


async def test_a_farm_that_fails_a_day_is_replaced_in_every_kitchen(any_database: Database) -> None:
    await stock_market(any_database, kitchens=3)
    for number in range(3):
        await fill_and_send(any_database, number, [(TIGHT, 2 + number)])
    async with any_database.unit_of_work() as session:
        await service.accept(session, seller(), 1, {}, NOW)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Capacity).where(Capacity.offer_id == 3).values(grams_per_week=5 * CRATE_G))
        fallen = await service.fail_day(session, seller(), "ferme_0", MONDAY, "inondation", NOW)
        await assert_books_agree(session)
    assert [order.state.value for order in fallen] == ["failed", "refused", "refused"]
    assert await left(any_database) == 25
    # The farm 1 has five crates left: the first two kitchens get them, the third goes to the farm 2.
    assert [await proposals(any_database, n) for n in (1, 2, 3)] == [
        [(3, 2, LineReason.RESOURCED)],
        [(3, 3, LineReason.RESOURCED)],
        [(5, 4, LineReason.RESOURCED)],
    ]


async def test_what_was_organic_is_replaced_by_what_is_organic(any_database: Database) -> None:
    """The farm 0 is cheaper and sells carrots without label: they come after the dearer organic ones."""
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        proof = {"label": "BIO", "certificate_id": 3}
        await session.execute(update(Offer).where(Offer.slug == "carottes_2").values(**proof))
    await fill_and_send(any_database, 0, [("carottes_1", 4)])
    async with any_database.unit_of_work() as session:
        await service.fail_day(session, seller(1), "ferme_1", MONDAY, "panne", NOW)
    assert await proposals(any_database) == [(5, 4, LineReason.RESOURCED)]


async def test_nothing_fails_on_a_day_that_is_over(any_database: Database) -> None:
    """What was brought by then, only the kitchen knows: its reception must still find the order."""
    order_id = await ordered(any_database)
    await act(any_database, service.accept, seller(), order_id, {}, NOW)
    with pytest.raises(refusals.DayOver, match=r"14/09/2026 est passé.*cuisine"):
        async with any_database.unit_of_work() as session:
            await service.fail_day(session, seller(), "ferme_0", MONDAY, "panne", NOW.replace(day=15))
    async with any_database.unit_of_work() as session:
        assert await service.fail_day(session, seller(), "ferme_0", MONDAY, "panne", NOW.replace(day=14, hour=20))


async def test_what_nobody_else_has_is_kept_as_missing_until_it_is_found(any_database: Database) -> None:
    await stock_market(any_database)
    await fill_and_send(any_database, 0, [(TIGHT, 10)])
    async with any_database.unit_of_work() as session:
        others = Capacity.offer_id.in_((3, 5))
        await session.execute(update(Capacity).where(others).values(grams_per_week=2 * CRATE_G))
        await service.fail_day(session, seller(), "ferme_0", MONDAY, "inondation", NOW)
    assert await proposals(any_database) == [(3, 2, LineReason.RESOURCED), (5, 2, LineReason.RESOURCED)]
    async with any_database.reading() as session:
        (kept,) = (await session.scalars(select(Shortage))).all()
    assert (kept.kitchen_id, kept.grams, kept.needed_g) == (1, 6 * CRATE_G, 10 * CRATE_G)
    found = [still_missing([kept], has) for has in (0, 4 * CRATE_G, 7 * CRATE_G, 10 * CRATE_G, 12 * CRATE_G)]
    assert found == [6 * CRATE_G, 6 * CRATE_G, 3 * CRATE_G, 0, 0]


async def test_a_capacity_never_falls_below_what_is_ordered(any_database: Database) -> None:
    order_id = await ordered(any_database)

    async def lower(crates: int) -> None:
        async with any_database.unit_of_work() as session:
            await session.execute(
                update(Capacity).where(Capacity.offer_id == 1).values(grams_per_week=crates * CRATE_G)
            )
            await restate(session, {1: (date.min, date.max)}, holders=service.holders)

    with pytest.raises(BelowReservations, match=rf"20000 g commandés \(BC26-{order_id:06d}\) pour 15000 g"):
        await lower(3)
    assert await left(any_database) == 21, "nothing of the lower capacity is kept"
    await lower(4)
    assert await left(any_database) == 0
    await lower(10)
    assert await left(any_database) == 6


async def test_another_farm_and_another_kitchen_know_nothing_of_an_order(any_database: Database) -> None:
    order_id = await ordered(any_database, kitchens=2)
    async with any_database.reading() as session:
        for verb, arguments in (
            (service.accept, (seller(1), order_id, {}, NOW)),
            (service.ship, (seller(1), order_id, NOW)),
            (service.cancel, (buyer(1), order_id, "", NOW)),
            (service.answer_change, (buyer(1), order_id, 2, True, NOW)),
        ):
            with pytest.raises(refusals.UnknownOrder):
                await verb(session, *arguments)
        with pytest.raises(refusals.NotYourOrder, match="le fournisseur"):
            await service.fail_day(session, seller(1), "ferme_0", THURSDAY, "", NOW)


async def test_each_side_decides_on_its_own(any_database: Database) -> None:
    order_id = await ordered(any_database)
    async with any_database.reading() as session:
        with pytest.raises(refusals.NotYourOrder, match="le fournisseur"):
            await service.accept(session, buyer(), order_id, {}, NOW)
        with pytest.raises(refusals.NotYourOrder, match="la cuisine"):
            await service.cancel(session, seller(), order_id, "", NOW)


async def test_events_are_written_with_who_did_them(any_database: Database) -> None:
    order_id = await ordered(any_database)
    await act(any_database, service.refuse, seller(), order_id, "gel", NOW)
    async with any_database.reading() as session:
        event = await session.get_one(OrderEvent, (order_id, 2))
    assert (event.kind, event.actor, event.data) == (OrderEventKind.REFUSED, "Ferme 0", {"reason": "gel"})
