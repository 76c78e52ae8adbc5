"""The shelves of a kitchen: never negative, first expired first out, every lot found again."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from catering import refusal
from catering.db import Database
from catering.people.viewer import Viewer
from catering.receiving import refusals
from catering.receiving.models import ReceptionLine, StockLot, StockMove
from catering.receiving.queries_stock import lots, lots_delivered, lots_served
from catering.receiving.rules.shelf import Remaining, first_expired_first_out, servable
from catering.receiving.service.receive import correct, receive
from catering.receiving.service.stock import Used, count, lose, transfer, use
from catering.receiving.vocabulary import ExpiryKind, MoveKind
from tests.receiving.world import (
    BOTH,
    CARROT,
    CHEF,
    FARMER,
    FARMS,
    MILK,
    NUTRITION,
    OTHER_CHEF,
    TODAY,
    a_pass,
    noted,
    rows,
    uai,
)  # fmt: skip

DAY = timedelta(days=1)
SOON, LATE = TODAY + 2 * DAY, TODAY + 8 * DAY


@pytest.fixture
async def shelves(world: Database) -> Database:
    """Milk in two lots (10 kg, DLC soon; 15 kg, DLC late), carrots without a date (40 kg)."""
    late = noted(MILK, packs=3, lot="LATE", date_kind=ExpiryKind.USE_BY, expires_on=LATE)
    soon = noted(MILK, packs=2, lot="SOON", date_kind=ExpiryKind.USE_BY, expires_on=SOON)
    async with world.unit_of_work() as session:
        await receive(session, CHEF, a_pass(late, soon, noted(CARROT)))
    return world


async def on_hand(world: Database) -> dict[str, int]:
    return {lot.lot: lot.on_hand_g for lot in await rows(world, StockLot)}


async def done(world: Database, verb: Any, *given: Any, viewer: Viewer = CHEF) -> None:
    async with world.unit_of_work() as session:
        await verb(session, viewer, *given)


async def lot_id(world: Database, lot: str) -> int:
    return next(each.id for each in await rows(world, StockLot) if each.lot == lot)


async def test_what_expires_first_is_used_first(shelves: Database) -> None:
    await done(shelves, use, uai(0), TODAY, [Used("lait", 12_000), Used("carotte", 500)])
    assert await on_hand(shelves) == {"LATE": 13_000, "SOON": 0, "L1": 39_500}
    used = await rows(shelves, StockMove, StockMove.kind == MoveKind.USE)
    assert [(move.grams, move.menu_day) for move in used] == [(-10_000, TODAY), (-2_000, TODAY), (-500, TODAY)]


async def test_two_lines_of_one_lunch_share_what_there_is(shelves: Database) -> None:
    with pytest.raises(refusals.NotEnoughStock, match="15000 g demandés, 10000 g"):
        await done(shelves, use, uai(0), TODAY, [Used("lait", 15_000), Used("lait", 15_000)])
    await done(shelves, use, uai(0), TODAY, [Used("lait", 15_000), Used("lait", 10_000)])
    assert (await on_hand(shelves))["LATE"] == 0


async def test_nothing_is_served_after_its_dlc(shelves: Database) -> None:
    with pytest.raises(refusals.NotEnoughStock, match="20000 g demandés, 15000 g"):
        await done(shelves, use, uai(0), SOON + DAY, [Used("lait", 20_000)])
    with pytest.raises(refusals.ExpiredLot, match="ne pas servir"):
        await done(shelves, use, uai(0), SOON + DAY, [Used("lait", 1, await lot_id(shelves, "SOON"))])


async def test_a_loss_says_why(shelves: Database) -> None:
    lot = await lot_id(shelves, "SOON")
    await done(shelves, lose, lot, 4_000, TODAY, "bidon percé")
    assert (await on_hand(shelves))["SOON"] == 6_000
    with pytest.raises(refusals.InvalidMove, match="pourquoi"):
        await done(shelves, lose, lot, 1, TODAY, " ")
    with pytest.raises(refusals.NotEnoughStock, match="6000 g en stock"):
        await done(shelves, lose, lot, 6_001, TODAY, "erreur")


async def test_a_count_puts_the_books_right_and_leaves_a_trace(shelves: Database) -> None:
    lot = await lot_id(shelves, "L1")
    for counted in (38_000, 41_000, 41_000):
        await done(shelves, count, lot, counted, TODAY, "inventaire")
    moves = await rows(shelves, StockMove, StockMove.kind == MoveKind.COUNT)
    assert [(move.grams, move.why, move.actor) for move in moves] == [
        (-2_000, "inventaire", "Cheffe"),
        (3_000, "inventaire", "Cheffe"),
    ]
    assert (await on_hand(shelves))["L1"] == 41_000


async def test_what_was_used_cannot_be_taken_back_by_a_correction(shelves: Database) -> None:
    await done(shelves, use, uai(0), TODAY, [Used("carotte", 39_000)])
    line = (await rows(shelves, ReceptionLine, ReceptionLine.lot == "L1"))[0]
    with pytest.raises(refusals.NotEnoughStock, match="compter le rayon"):
        await done(shelves, correct, line.id, noted(CARROT, packs=3), "une caisse de moins")
    await done(shelves, count, await lot_id(shelves, "L1"), 10_000, TODAY, "il en reste une caisse")
    await done(shelves, correct, line.id, noted(CARROT, packs=3), "une caisse de moins")
    assert (await on_hand(shelves))["L1"] == 0


async def test_the_database_itself_refuses_a_negative_lot(shelves: Database) -> None:
    with pytest.raises(IntegrityError, match="never_negative"):
        async with shelves.unit_of_work() as session:
            (await session.get_one(StockLot, 1)).on_hand_g = -1


async def test_a_transfer_keeps_the_lot_traceable(shelves: Database) -> None:
    await done(shelves, transfer, await lot_id(shelves, "LATE"), uai(1), 5_000, TODAY, viewer=BOTH)
    there = await rows(shelves, StockLot, StockLot.kitchen_id == 2)
    assert [(lot.lot, lot.expires_on, lot.supplier_id, lot.on_hand_g) for lot in there] == [("LATE", LATE, 1, 5_000)]
    moves = await rows(shelves, StockMove, StockMove.transfer.is_not(None))
    assert ([move.grams for move in moves], len({move.transfer for move in moves})) == ([-5_000, 5_000], 1)


@pytest.mark.parametrize(
    ("viewer", "verb", "given", "reason"),
    [
        (CHEF, transfer, (1, uai(1), 1, TODAY), refusals.UnknownPlace),
        (BOTH, transfer, (1, uai(0), 1, TODAY), refusals.InvalidMove),
        (BOTH, transfer, (1, uai(1), 10**6, TODAY), refusals.NotEnoughStock),
        (OTHER_CHEF, lose, (1, 1, TODAY, "x"), refusals.UnknownLot),
        (FARMER, lose, (1, 1, TODAY, "x"), refusals.UnknownLot),
        (NUTRITION, lose, (1, 1, TODAY, "x"), refusals.NotAllowed),
        (NUTRITION, use, (uai(0), TODAY, [Used("lait", 1)]), refusals.NotAllowed),
        (OTHER_CHEF, use, (uai(0), TODAY, [Used("lait", 1)]), refusals.UnknownPlace),
        (CHEF, use, (uai(0), TODAY, []), refusals.InvalidMove),
        (CHEF, use, (uai(0), TODAY, [Used("licorne", 1)]), refusals.InvalidMove),
        (CHEF, use, (uai(0), TODAY, [Used("lait", -5)]), refusals.InvalidMove),
        (CHEF, use, (uai(0), TODAY, [Used("lait", 1, 99)]), refusals.UnknownLot),
        (CHEF, use, (uai(0), date(2062, 11, 25), [Used("lait", 1)]), refusals.InvalidMove),
        (CHEF, count, (1, -1, TODAY, "x"), refusals.InvalidMove),
    ],
)
async def test_a_move_that_cannot_be_is_refused_by_name(
    viewer: Viewer, verb: Any, given: Any, reason: type[refusal.Refusal], shelves: Database
) -> None:
    before = await on_hand(shelves)
    with pytest.raises(reason):
        await done(shelves, verb, *given, viewer=viewer)
    assert await on_hand(shelves) == before


async def test_a_recall_finds_every_kitchen_and_lunch(shelves: Database) -> None:
    async with shelves.unit_of_work() as session:
        same = noted(MILK, packs=1, lot="SOON", date_kind=ExpiryKind.USE_BY, expires_on=SOON)
        await receive(session, OTHER_CHEF, a_pass(same, kitchen=1))
    await done(shelves, use, uai(0), TODAY, [Used("lait", 3_000)])
    async with shelves.reading() as session:
        recalled = (await session.scalars(lots(NUTRITION, number="SOON", supplier=FARMS[0]))).all()
        assert {(lot.kitchen_id, lot.on_hand_g) for lot in recalled} == {(1, 7_000), (2, 5_000)}
        assert len((await session.scalars(lots(CHEF, number="SOON"))).all()) == 1
        assert (await session.scalars(lots(FARMER, number="SOON"))).all() == []


async def test_after_an_illness_the_lots_of_a_supplier_or_of_a_lunch_are_found(shelves: Database) -> None:
    await done(shelves, use, uai(0), TODAY, [Used("lait", 3_000)])
    async with shelves.reading() as session:
        came = (await session.scalars(lots_delivered(NUTRITION, FARMS[0], TODAY, TODAY))).all()
        assert {lot.lot for lot in came} == {"SOON", "LATE", "L1"}
        assert (await session.scalars(lots_delivered(NUTRITION, FARMS[1], TODAY, TODAY))).all() == []
        assert (await session.scalars(lots_delivered(NUTRITION, FARMS[0], TODAY - DAY, TODAY - DAY))).all() == []
        eaten = (await session.scalars(lots_served(NUTRITION, uai(0), TODAY, TODAY))).all()
        assert [lot.lot for lot in eaten] == ["SOON"]
        assert (await session.scalars(lots_served(OTHER_CHEF, uai(0), TODAY, TODAY))).all() == []


DAYS = st.none() | st.dates(date(2026, 11, 20), date(2026, 12, 5))
LOTS = st.lists(
    st.builds(
        lambda kind, day, grams: (kind if day else None, day, grams),
        st.sampled_from(ExpiryKind),
        DAYS,
        st.integers(0, 9),
    ),
    max_size=8,
).map(lambda found: [Remaining(number, *each) for number, each in enumerate(found)])


@given(LOTS, st.integers(0, 40))
def test_first_expired_first_out_is_exact(there: list[Remaining], grams: int) -> None:
    on = date(2026, 11, 25)
    takings, missing = first_expired_first_out(there, grams, on)
    by_id = {lot.id: lot for lot in there}
    assert sum(each.grams for each in takings) + missing == grams
    assert all(0 < each.grams <= by_id[each.lot_id].on_hand_g for each in takings)
    assert all(servable(by_id[each.lot_id], on) for each in takings)
    taken = {each.lot_id: each.grams for each in takings}
    left = [lot for lot in there if servable(lot, on) and lot.on_hand_g > taken.get(lot.id, 0)]
    assert not (missing and left), "something usable was left while something was missing"
    last = max(((by_id[each.lot_id].expires_on or date.max) for each in takings), default=date.min)
    assert all((lot.expires_on or date.max) >= last for lot in left), "a later date went before an earlier one"
