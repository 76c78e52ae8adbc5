"""Checking in a delivery: what is accepted enters every book once, what may not be accepted is refused by name."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from catering import refusal
from catering.db import Database
from catering.market.delivered import delivered_amount
from catering.market.models import Offer
from catering.market.models_sheet import DateKind
from catering.orders.models import Order, OrderEvent, OrderLine
from catering.orders.refusals import UnknownLine, UnknownOrder
from catering.orders.replay import Happened, replay
from catering.orders.vocabulary import OrderState
from catering.people.viewer import Viewer
from catering.purchases.models import OriginZone, PurchaseLine, PurchaseSource
from catering.receiving import refusals
from catering.receiving.models import CreditRequest, Reception, ReceptionLine, StockLot, StockMove
from catering.receiving.service.receive import Noted, NotedLine, Pass, correct, receive
from catering.receiving.service.tolerance import tolerate
from catering.receiving.vocabulary import CreditState, Decision, ExpiryKind, MoveKind, ReceptionReason
from catering.rules.hygiene import ProductCategory
from catering.rules.temperatures import TemperatureVerdict
from tests.api.conftest import counted
from tests.receiving.world import (
    AUDITOR,
    BURSAR,
    CARROT,
    CHEF,
    DELIVERY,
    FARMER,
    GOODS,
    MILK,
    MINCE,
    NUTRITION,
    OTHER_CHEF,
    PACKS,
    TODAY,
    a_pass,
    line_id,
    noted,
    order_id,
    rows,
    uai,
    whole,
)  # fmt: skip

DAY = timedelta(days=1)


async def received(world: Database, given: Pass, viewer: Viewer = CHEF) -> int:
    async with world.unit_of_work() as session:
        return (await receive(session, viewer, given)).id


async def corrected(world: Database, line: int, note: Noted, why: str = "mal pesé", viewer: Viewer = CHEF) -> int:
    async with world.unit_of_work() as session:
        return (await correct(session, viewer, line, note, why)).id


async def order_of(world: Database, number: int) -> Order:
    (found,) = await rows(world, Order, Order.id == number)
    return found


async def test_a_whole_delivery_enters_every_book_once(world: Database) -> None:
    await received(world, whole(farm=1))
    assert (await order_of(world, order_id(farm=1))).state is OrderState.RECEIVED
    lines = await rows(world, OrderLine, OrderLine.order_id == order_id(farm=1))
    assert [line.received_g for line in lines] == [line.grams for line in lines]
    bought = await rows(world, PurchaseLine)
    assert [(row.grams, row.amount_excl_tax) for row in bought] == [(line.grams, line.amount) for line in lines]
    assert {(row.labels, row.certificate_number, row.local, row.circuit_court) for row in bought} == {
        ("BIO", "N1", True, True)
    }
    assert [row.family.value for row in bought] == [GOODS[each][2].value for each in GOODS]
    lots = await rows(world, StockLot)
    assert {lot.lot: lot.on_hand_g for lot in lots} == {f"L{each}": PACKS[each] * GOODS[each][3] for each in GOODS}
    assert [move.kind for move in await rows(world, StockMove)] == [MoveKind.RECEPTION] * 3
    assert await rows(world, CreditRequest) == []


async def test_the_events_of_the_order_make_the_order_again(world: Database) -> None:
    await received(world, a_pass(noted(CARROT)))
    await received(world, a_pass(noted(MINCE), complete=True))
    first = (await rows(world, ReceptionLine))[0]
    await corrected(world, first.id, noted(CARROT, packs=3))
    async with world.reading() as session:
        events = (await session.scalars(select(OrderEvent).where(OrderEvent.order_id == order_id()))).all()
    standing = replay(Happened(each.seq, each.at, each.kind, each.data) for each in events)
    order = await order_of(world, order_id())
    lines = await rows(world, OrderLine, OrderLine.order_id == order_id())
    assert (standing.state, standing.last_seq) == (order.state, order.last_seq)
    assert [standing.lines[line.position].received_g for line in lines] == [line.received_g for line in lines]
    assert [line.received_g for line in lines] == [30_000, 15_000, None]


async def test_passes_may_come_in_any_order(world: Database) -> None:
    await received(world, a_pass(noted(MILK), complete=True))
    assert (await order_of(world, order_id())).state is OrderState.RECEIVED
    await received(world, a_pass(noted(CARROT), noted(MINCE)))
    lines = await rows(world, OrderLine, OrderLine.order_id == order_id())
    assert [line.received_g for line in lines] == [line.grams for line in lines]


async def test_a_line_received_in_two_goes_costs_what_it_costs_in_one(world: Database) -> None:
    await received(world, a_pass(noted(MINCE, packs=2)))
    assert (await order_of(world, order_id())).state is OrderState.PARTLY_RECEIVED
    await received(world, a_pass(noted(MINCE, packs=3, already_packs=2)))
    bought = await rows(world, PurchaseLine)
    (line,) = await rows(world, OrderLine, OrderLine.id == line_id(MINCE))
    assert [row.grams for row in bought] == [6_000, 9_000]
    assert sum(row.amount_excl_tax for row in bought) == line.amount


async def test_goods_of_variable_weight_are_billed_as_delivered(world: Database) -> None:
    await received(world, a_pass(noted(MINCE, delivered_g=14_637)))
    (row,) = await rows(world, PurchaseLine)
    assert (row.grams, row.amount_excl_tax) == (14_637, delivered_amount(14_637, Decimal("31.4159"), 3_000, DELIVERY))


async def test_several_lots_of_a_line_stay_apart(world: Database) -> None:
    soon, late = TODAY + 3 * DAY, TODAY + 9 * DAY
    first = noted(MINCE, packs=2, lot="A", date_kind=ExpiryKind.USE_BY, expires_on=soon)
    second = noted(MINCE, packs=3, lot="B", date_kind=ExpiryKind.USE_BY, expires_on=late)
    await received(world, a_pass(first, second))
    lots = await rows(world, StockLot)
    assert [(lot.lot, lot.expires_on, lot.on_hand_g) for lot in lots] == [("A", soon, 6_000), ("B", late, 9_000)]
    assert len(await rows(world, PurchaseLine)) == 2


async def test_goods_without_a_lot_number_can_still_be_traced(world: Database) -> None:
    await received(world, a_pass(noted(CARROT, lot="  ")))
    (lot,) = await rows(world, StockLot)
    assert lot.lot == f"{(await order_of(world, order_id())).number}-1"


async def test_what_is_refused_is_asked_back_and_neither_bought_nor_shelved(world: Database) -> None:
    refused = noted(MILK, decision=Decision.REFUSED, reason=ReceptionReason.DAMAGED)
    await received(world, a_pass(refused))
    (asked,) = await rows(world, CreditRequest)
    (line,) = await rows(world, OrderLine, OrderLine.id == line_id(MILK))
    assert (asked.grams, asked.amount, asked.vat, asked.state) == (30_000, line.amount, line.vat, CreditState.ASKED)
    assert line.received_g == 0
    assert await rows(world, PurchaseLine) == await rows(world, StockLot) == []


async def test_a_part_is_accepted_with_a_reserve(world: Database) -> None:
    some = noted(CARROT, decision=Decision.RESERVED, reason=ReceptionReason.QUALITY, accepted_packs=3)
    await received(world, a_pass(some))
    (row,) = await rows(world, ReceptionLine)
    assert (row.accepted_g, row.refused_g) == (30_000, 10_000)
    assert [asked.grams for asked in await rows(world, CreditRequest)] == [10_000]


@pytest.mark.parametrize(
    ("note", "reason", "says"),
    [
        (noted(MINCE, celsius=Decimal("3.5")), refusals.TemperatureExceeded, "refuser la ligne"),
        (noted(MINCE, celsius=None), refusals.TemperatureNotMeasured, "relever sa température"),
        (noted(CARROT, date_kind=ExpiryKind.USE_BY, expires_on=TODAY - DAY), refusals.Expired, "DLC"),
        (noted(CARROT, date_kind=ExpiryKind.BEST_BEFORE, expires_on=TODAY - DAY), refusals.ReserveNeeded, "DDM"),
        (noted(MILK, celsius=Decimal(7), stated_limit=Decimal(6)), refusals.TemperatureExceeded, "6"),
        (noted(CARROT, packs=5), refusals.MoreThanOrdered, "reste 4 colis"),
        (noted(CARROT, packs=-1), refusals.InvalidReception, "quantités impossibles"),
        (noted(CARROT, packs=0), refusals.InvalidReception, "contredit"),
        (noted(CARROT, delivered_g=10**10), refusals.InvalidReception, "quantités impossibles"),
        (noted(CARROT, accepted_packs=5), refusals.InvalidReception, "quantités impossibles"),
        (noted(CARROT, accepted_packs=3), refusals.InvalidReception, "contredit"),
        (noted(CARROT, decision=Decision.REFUSED), refusals.InvalidReception, "motif"),
        (noted(CARROT, reason=ReceptionReason.QUALITY), refusals.InvalidReception, "motif"),
        (
            noted(CARROT, decision=Decision.REFUSED, reason=ReceptionReason.OTHER),
            refusals.InvalidReception,
            "commentaire",
        ),
        (noted(CARROT, expires_on=TODAY), refusals.InvalidReception, "genre"),
        (noted(CARROT, lot="9" * 61), refusals.InvalidReception, "60 caractères"),
        (noted(CARROT, celsius=Decimal("1.55")), refusals.InvalidReception, "dixième"),
        (noted(CARROT, celsius=Decimal("NaN")), refusals.InvalidReception, "température"),
        (noted(CARROT, stated_limit=Decimal(999)), refusals.InvalidReception, "température"),
        (noted(CARROT, position=9), UnknownLine, "ligne 9"),
        (noted(CARROT, already_packs=2), refusals.AlreadyReceived, "0 colis"),
    ],
)
async def test_what_cannot_be_accepted_is_refused_by_name(
    note: NotedLine, reason: type[refusal.Refusal], says: str, world: Database
) -> None:
    with pytest.raises(reason, match=says):
        await received(world, a_pass(noted(MILK if note.position == MINCE else MINCE), note))
    for table in (Reception, PurchaseLine, StockMove, CreditRequest):
        assert await rows(world, table) == [], "nothing of a refused pass is kept"


async def test_refusing_warm_or_expired_goods_is_always_possible(world: Database) -> None:
    warm = noted(MINCE, celsius=Decimal(9), decision=Decision.REFUSED, reason=ReceptionReason.TEMPERATURE)
    old = {"date_kind": ExpiryKind.USE_BY, "expires_on": TODAY - DAY}
    await received(world, a_pass(warm, noted(MILK, decision=Decision.REFUSED, reason=ReceptionReason.EXPIRED, **old)))
    assert [row.verdict for row in await rows(world, ReceptionLine)] == [
        TemperatureVerdict.EXCEEDED,
        TemperatureVerdict.NO_LIMIT,
    ]


async def test_what_the_site_tolerates_is_accepted_with_a_reserve_only(world: Database) -> None:
    async with world.unit_of_work() as session:
        await tolerate(session, BURSAR, uai(0), ProductCategory.MINCED_MEAT, Decimal(2))
    with pytest.raises(refusals.ReserveNeeded, match="avec réserve"):
        await received(world, a_pass(noted(MINCE, celsius=Decimal("3.5"))))
    warm = {"celsius": Decimal("3.5"), "decision": Decision.RESERVED, "reason": ReceptionReason.TEMPERATURE}
    await received(world, a_pass(noted(MINCE, **warm)))
    (row,) = await rows(world, ReceptionLine)
    assert (row.limit_celsius, row.tolerance_celsius, row.verdict) == (2, 2, TemperatureVerdict.TOLERATED)


async def test_the_tolerance_of_a_kitchen_is_its_own(world: Database) -> None:
    async with world.unit_of_work() as session:
        await tolerate(session, OTHER_CHEF, uai(1), ProductCategory.MINCED_MEAT, Decimal(2))
    with pytest.raises(refusals.TemperatureExceeded):
        await received(world, a_pass(noted(MINCE, celsius=Decimal("3.5"))))
    for viewer, celsius, reason in (
        (CHEF, Decimal(1), refusals.UnknownPlace),
        (NUTRITION, Decimal(1), refusals.NotAllowed),
        (OTHER_CHEF, Decimal(9), refusals.InvalidMove),
    ):
        with pytest.raises(reason):
            async with world.unit_of_work() as session:
                await tolerate(session, viewer, uai(1), ProductCategory.MINCED_MEAT, celsius)


@pytest.mark.parametrize(
    ("viewer", "reason"),
    [
        (OTHER_CHEF, UnknownOrder),
        (FARMER, refusals.NotAllowed),
        (NUTRITION, refusals.NotAllowed),
        (AUDITOR, refusals.NotAllowed),
    ],
)
async def test_only_who_buys_for_the_kitchen_receives(
    viewer: Viewer, reason: type[refusal.Refusal], world: Database
) -> None:
    with pytest.raises(reason):
        await received(world, whole(), viewer)


async def test_a_second_tablet_is_told_what_the_first_one_noted(world: Database) -> None:
    await received(world, a_pass(noted(CARROT)))
    with pytest.raises(refusals.AlreadyReceived, match="4 colis ont déjà"):
        await received(world, a_pass(noted(CARROT)))
    with pytest.raises(refusals.MoreThanOrdered, match="reste 0 colis"):
        await received(world, a_pass(noted(CARROT, already_packs=4)))
    surplus = noted(CARROT, packs=1, already_packs=4, decision=Decision.REFUSED, reason=ReceptionReason.NOT_ORDERED)
    await received(world, a_pass(surplus))
    assert len(await rows(world, PurchaseLine)) == 1


@pytest.mark.parametrize(
    "state", [OrderState.CANCELLED, OrderState.REFUSED, OrderState.FAILED, OrderState.CHANGE_PROPOSED]
)
async def test_an_order_that_does_not_stand_is_not_received(state: OrderState, world: Database) -> None:
    async with world.unit_of_work() as session:
        (await session.get_one(Order, order_id())).state = state
    with pytest.raises(refusals.NotReceivable, match="rien à recevoir"):
        await received(world, whole())


@pytest.mark.parametrize(
    ("changed", "passes"),
    [
        ({"date_kind": None}, False),
        ({"date_kind": ExpiryKind.BEST_BEFORE, "expires_on": TODAY + DAY}, False),
        (
            {
                "date_kind": None,
                "decision": Decision.RESERVED,
                "reason": ReceptionReason.QUALITY,
                "accepted_packs": 1,
            },
            False,
        ),
        ({"date_kind": ExpiryKind.USE_BY, "expires_on": TODAY + DAY}, True),
        ({"decision": Decision.REFUSED, "reason": ReceptionReason.LABELLING}, True),
    ],
)
@pytest.mark.parametrize("stated", [DateKind.DLC, None])
async def test_what_bears_a_dlc_is_not_accepted_without_it_whatever_its_seller_states(
    stated: DateKind | None, changed: dict[str, Any], passes: bool, world: Database
) -> None:
    async with world.unit_of_work() as session:
        await session.execute(update(OrderLine).where(OrderLine.ingredient_id == MINCE).values(date_kind=stated))
    given = a_pass(noted(MINCE, **changed))
    async with world.unit_of_work() as session:
        if passes:
            assert (await receive(session, CHEF, given)).id
            return
        with pytest.raises(refusals.UseByNotRead, match="étiquetage"):
            await receive(session, CHEF, given)


async def test_what_was_sold_is_received_as_it_was_sold(world: Database) -> None:
    """The farm states its sheet anew while the lorry is on the road: an order sent before is none of that."""
    sold = {"category": ProductCategory.VERY_PERISHABLE, "date_kind": DateKind.DLC, "origin_country": "FR"}
    async with world.unit_of_work() as session:
        await session.execute(update(OrderLine).where(OrderLine.ingredient_id == CARROT).values(**sold))
        today = {"category": ProductCategory.AMBIENT, "date_kind": DateKind.NONE, "origin_country": "ES"}
        await session.execute(update(Offer).where(Offer.ingredient_id == CARROT).values(**today))
    dated = noted(CARROT, date_kind=ExpiryKind.USE_BY, expires_on=TODAY + DAY)
    with pytest.raises(refusals.TemperatureNotMeasured):
        await received(world, a_pass(dated))
    with pytest.raises(refusals.UseByNotRead):
        await received(world, a_pass(noted(CARROT, celsius=Decimal("1.5"))))
    await received(world, a_pass(replace(dated, celsius=Decimal("1.5"))))
    (bought,) = await rows(world, PurchaseLine)
    assert bought.origin_zone is OriginZone.FRANCE


async def test_a_correction_keeps_the_first_note_and_adds_the_difference(world: Database) -> None:
    await received(world, a_pass(noted(MINCE)))
    (first,) = await rows(world, ReceptionLine)
    await corrected(world, first.id, noted(MINCE, packs=3))
    kept, second = await rows(world, ReceptionLine)
    assert (kept.accepted_g, second.accepted_g, second.corrects_id) == (15_000, 9_000, kept.id)
    bought = await rows(world, PurchaseLine)
    assert [(row.source, row.grams) for row in bought] == [
        (PurchaseSource.RECEPTION, 15_000),
        (PurchaseSource.CORRECTION, -6_000),
    ]
    total = delivered_amount(9_000, Decimal("31.4159"), 3_000, DELIVERY)
    assert sum(row.amount_excl_tax for row in bought) == total
    (lot,) = await rows(world, StockLot)
    assert lot.on_hand_g == 9_000
    with pytest.raises(refusals.AlreadyCorrected):
        await corrected(world, first.id, noted(MINCE))


async def test_a_lot_number_is_corrected_without_touching_the_money(world: Database) -> None:
    await received(world, a_pass(noted(MINCE, lot="typo")))
    (first,) = await rows(world, ReceptionLine)
    await corrected(world, first.id, noted(MINCE, lot="L42"), "numéro mal lu")
    second = (await rows(world, ReceptionLine))[1]
    await corrected(world, second.id, noted(MINCE, packs=4, lot="L42"), "recompté")
    assert {lot.lot: lot.on_hand_g for lot in await rows(world, StockLot)} == {"typo": 0, "L42": 12_000}
    bought = await rows(world, PurchaseLine)
    assert [(row.grams, row.corrects_id) for row in bought] == [(15_000, None), (-3_000, bought[0].id)]


async def test_what_was_refused_by_mistake_is_bought_after_all(world: Database) -> None:
    await received(world, a_pass(noted(MILK, decision=Decision.REFUSED, reason=ReceptionReason.QUALITY)))
    (first,) = await rows(world, ReceptionLine)
    await corrected(world, first.id, noted(MILK), "bon finalement")
    assert [row.grams for row in await rows(world, PurchaseLine)] == [30_000]
    assert [asked.state for asked in await rows(world, CreditRequest)] == [CreditState.WITHDRAWN]


@pytest.mark.parametrize(
    ("line", "viewer", "why", "reason"),
    [
        (99, CHEF, "faux", refusals.UnknownReceptionLine),
        (1, OTHER_CHEF, "faux", refusals.UnknownReceptionLine),
        (1, FARMER, "faux", refusals.NotAllowed),
        (1, CHEF, " ", refusals.InvalidReception),
    ],
)
async def test_a_correction_that_cannot_be_is_refused(
    line: int, viewer: Viewer, why: str, reason: Any, world: Database
) -> None:
    await received(world, a_pass(noted(MINCE)))
    with pytest.raises(reason):
        await corrected(world, line, noted(MINCE, packs=3), why, viewer)


async def test_a_reception_makes_as_many_statements_whatever_its_lines(world: Database) -> None:
    with counted(world) as one:
        await received(world, a_pass(noted(CARROT)))
    with counted(world) as three:
        await received(world, whole(farm=1))
    assert len(one) == len(three) <= 26
