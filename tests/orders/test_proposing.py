"""What is proposed is what sending would accept: goods of another farm, standing orders; what awards make of prices."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from catering.db import Database
from catering.market.models import Capacity, Certificate, Offer, Supplier, SupplierPause
from catering.orders import refusals
from catering.orders.baskets import put_line
from catering.orders.checking import CHECKS
from catering.orders.committing import commit_lines
from catering.orders.models import Basket, BasketLine, OrderLine, StandingFill
from catering.orders.sending import send
from catering.orders.service import refuse
from catering.orders.standing import StandingWish, WeekFilled, fill_week, state, stop
from catering.orders.vocabulary import PriceSource, StandingOutcome
from catering.people.viewer import Role, Viewer
from catering.procurement.models import (
    Consultation,
    ConsultationAward,
    ConsultationLine,
    ConsultationLot,
    Engagement,
    Tender,
    TenderLine,
)
from catering.procurement.vocabulary import ConsultationStatus, GroundKind, LotStatus
from catering.rules.hygiene import AnimalProduct
from tests.api.dataset import uai
from tests.orders.market import (
    CARROT,
    MONDAY,
    NOW,
    THURSDAY,
    TIGHT,
    WEEK,
    assert_books_agree,
    buyer,
    fill,
    fill_and_send,
    lines_of,
    place,
    seller,
    stock_market,
)

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
PROGRAM = Viewer("Commandes permanentes", Role.DEPARTEMENT)
DAY = timedelta(days=1)
FREE = {"delivery_eur_per_kg_base": Decimal(0), "delivery_eur_per_kg_per_100km": Decimal(0)}


async def proposed(database: Database) -> list[tuple[str, int]]:
    """What stands in the basket of the first kitchen."""
    inside = (BasketLine.basket_id == Basket.id) & (BasketLine.filling == Basket.filling)
    lines = select(Offer.slug, BasketLine.packs).join(BasketLine, BasketLine.offer_id == Offer.id).join(Basket, inside)
    async with database.reading() as session:
        return list((await session.execute(lines.order_by(Offer.slug))).tuples())


def away(supplier: int = 2) -> SupplierPause:
    return SupplierPause(supplier_id=supplier, first_day=MONDAY, last_day=MONDAY, reason="congés", made_by="test")


UNFIT: list[tuple[str, Any]] = [
    ("away on that day", away),
    ("not sold then", update(Offer).where(Offer.id == 3).values(valid_to=MONDAY - DAY)),
    ("not proven", update(Certificate).where(Certificate.supplier_id == 2).values(valid_to=MONDAY - DAY)),
    ("a minimum that is not reached", update(Supplier).where(Supplier.id == 2).values(min_drop_eur=Decimal(500))),
    ("too far", update(Supplier).where(Supplier.id == 2).values(lat=Decimal(48))),
    ("above a threshold", update(Offer).where(Offer.id == 3).values(price_eur_per_pack=Decimal(90_000))),
    ("without approval", update(Offer).where(Offer.id == 3).values(animal_product=AnimalProduct.BUTCHER_MEAT)),
]


@pytest.mark.parametrize("unfit", [pytest.param(each[1], id=each[0]) for each in UNFIT])
async def test_goods_of_another_farm_are_proposed_only_if_sending_would_accept_them(
    any_database: Database, unfit: Any
) -> None:
    """Farm 1 is the next cheapest; when it cannot deliver, farm 2 is proposed, and the proposal can be sent."""
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        if callable(unfit):
            session.add(unfit())
        else:
            await session.execute(unfit)
    (order_id,) = await fill_and_send(any_database, 0, [(TIGHT, 4)])
    async with any_database.unit_of_work() as session:
        await refuse(session, seller(), order_id, "gel", NOW)
    assert await proposed(any_database) == [("carottes_2", 4)]
    async with any_database.unit_of_work() as session:
        version = (await session.scalars(select(Basket.version))).one()
        assert await send(session, buyer(), place(seen=version), (), NOW, checks=CHECKS, grounds=commit_lines)


async def test_what_the_next_farm_has_left_is_proposed_and_the_rest_of_another(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Capacity).where(Capacity.offer_id == 3).values(grams_per_week=15_000))
    (order_id,) = await fill_and_send(any_database, 0, [(TIGHT, 5)])
    async with any_database.unit_of_work() as session:
        await refuse(session, seller(), order_id, "gel", NOW)
    assert await proposed(any_database) == [("carottes_1", 3), ("carottes_2", 2)]


async def started(database: Database, offer: str, packs: int, number: int = 0, *weekdays: int) -> None:
    wish = StandingWish(uai(number), offer, packs, frozenset(weekdays or {0}), date(2026, 9, 14), date(2026, 12, 31))
    async with database.unit_of_work() as session:
        await state(session, buyer(number), wish, NOW)


async def filled(database: Database) -> WeekFilled:
    async with database.unit_of_work() as session:
        return await fill_week(session, PROGRAM, WEEK, NOW)


async def outcomes(database: Database) -> list[tuple[int, date, StandingOutcome]]:
    async with database.reading() as session:
        rows = await session.scalars(select(StandingFill).order_by(StandingFill.standing_order_id, StandingFill.day))
        found = list(rows)
    assert all((each.message is None) == (each.outcome is StandingOutcome.FILLED) for each in found)
    return [(each.standing_order_id, each.day, each.outcome) for each in found]


async def test_a_standing_order_that_cannot_be_filled_stops_no_other_and_says_why(any_database: Database) -> None:
    await stock_market(any_database, kitchens=2)
    async with any_database.unit_of_work() as session:
        await fill(session, 0, [("poireaux_0", 99_999)])
    await started(any_database, "poireaux_0", 2)
    await started(any_database, "poireaux_1", 5)
    await started(any_database, "poireaux_2", 5, 1)
    await started(any_database, TIGHT, 26, 1)
    async with any_database.unit_of_work() as session:
        session.add(away())
        await session.execute(update(Offer).where(Offer.slug == "poireaux_0").values(price_eur_per_pack=Decimal("0.1")))
        await session.execute(update(Supplier).where(Supplier.id == 1).values(min_drop_eur=Decimal(1), **FREE))
    assert await filled(any_database) == (1, 3)
    assert await outcomes(any_database) == [
        (1, MONDAY, StandingOutcome.BAD_QUANTITY),
        (2, MONDAY, StandingOutcome.SUPPLIER_AWAY),
        (3, MONDAY, StandingOutcome.FILLED),
        (4, MONDAY, StandingOutcome.NOT_ENOUGH),
    ]


async def test_a_standing_order_stated_twice_is_one(any_database: Database) -> None:
    """Pressed twice at once, on two tablets: one stands, the other is told which."""
    await stock_market(any_database)
    answers = await asyncio.gather(*(started(any_database, "poireaux_0", 2) for _ in range(3)), return_exceptions=True)
    assert sorted(str(type(each).__name__) for each in answers) == ["BadPeriod", "BadPeriod", "NoneType"]
    assert "commande permanente 1" in str(next(each for each in answers if each is not None))
    await started(any_database, "poireaux_0", 2, 0, 3)
    async with any_database.unit_of_work() as session:
        await stop(session, buyer(), 1, NOW)
    await started(any_database, "poireaux_0", 5)


async def test_what_was_refused_is_tried_again_and_what_was_filled_is_not(any_database: Database) -> None:
    await stock_market(any_database)
    await started(any_database, "poireaux_1", 5)
    await started(any_database, "poireaux_2", 5)
    async with any_database.unit_of_work() as session:
        session.add(away())
    assert await filled(any_database) == (1, 1)
    async with any_database.unit_of_work() as session:
        await session.delete((await session.scalars(select(SupplierPause))).one())
    assert await filled(any_database) == (1, 0)
    assert await filled(any_database) == (0, 0)
    assert await proposed(any_database) == [("poireaux_1", 5), ("poireaux_2", 5)]
    assert {each[2] for each in await outcomes(any_database)} == {StandingOutcome.FILLED}


async def test_the_minimum_of_a_delivery_is_left_to_the_rest_of_the_basket(any_database: Database) -> None:
    await stock_market(any_database)
    await started(any_database, "poireaux_0", 1)
    assert await filled(any_database) == (1, 0)
    async with any_database.unit_of_work() as session:
        version = (await session.scalars(select(Basket.version))).one()
        with pytest.raises(refusals.BelowMinimum):
            await send(session, buyer(), place(seen=version), (), NOW, checks=CHECKS, grounds=commit_lines)


async def test_days_that_are_too_late_are_said_to_be(any_database: Database) -> None:
    await stock_market(any_database)
    await started(any_database, "poireaux_0", 5, 0, 0, 3)
    async with any_database.unit_of_work() as session:
        assert await fill_week(session, PROGRAM, WEEK, NOW.replace(day=14)) == (1, 1)
    assert await outcomes(any_database) == [
        (1, MONDAY, StandingOutcome.TOO_LATE),
        (1, THURSDAY, StandingOutcome.FILLED),
    ]


async def awarded(database: Database, price: str, most: str, last: date = date(2026, 12, 31)) -> None:
    """Farm 0 has won a consultation of the first kitchen for carrots."""
    then = NOW - 20 * DAY
    decided = {"status": LotStatus.AWARDED, "decided_at": then, "decided_by": "test", "reason": "La mieux classée"}
    line = ConsultationLine(id=7, position=1, kitchen_id=1, ingredient_id=CARROT, product="Carottes", quantity_g=1000)
    lot = ConsultationLot(
        id=5, number=2, title="Carottes", family="10.10", estimated_amount=Decimal(100), lines=[line], **decided
    )
    made = Consultation(
        id=3, kitchen_id=1, title="Carottes", first_day=date(2026, 9, 7), last_day=last, delivery="Le lundi",
        created_at=then, created_by="test", published_at=then - 2 * DAY, deadline=then - DAY, opened_at=then,
        **{**decided, "status": ConsultationStatus.AWARDED}, lots=[lot],
    )  # fmt: skip
    line.consultation_id = 3
    tender = Tender(
        id=9, consultation_id=3, lot_id=5, supplier_id=1, submitted_at=then - 2 * DAY, submitted_by="test",
        amount=Decimal(most), lines=[TenderLine(line_id=7, price_eur_per_kg=Decimal(price))],
    )  # fmt: skip
    won = ConsultationAward(
        lot_id=5, consultation_id=3, tender_id=9, supplier_id=1, amount=Decimal(most),
        ordered_amount=Decimal("0.00"), day=then.date(),
    )  # fmt: skip
    async with database.unit_of_work() as session:
        session.add(made)
        await session.flush()
        session.add(tender)
        await session.flush()
        session.add(won)


async def bought(database: Database, packs: int, day: date = MONDAY) -> OrderLine:
    async with database.unit_of_work() as session:
        version = await session.scalar(select(Basket.version)) or 0
        seen = (await put_line(session, buyer(), place(seen=version), TIGHT, packs, day, NOW)).version
    async with database.unit_of_work() as session:
        (order,) = await send(session, buyer(), place(seen=seen), (), NOW, checks=CHECKS, grounds=commit_lines)
        order_id = order.id
    async with database.reading() as session:
        await assert_books_agree(session)
        (line,) = await lines_of(session, order_id)
    return line


async def test_the_price_of_an_award_is_the_price_paid_while_it_lasts(any_database: Database) -> None:
    await stock_market(any_database)
    await awarded(any_database, "2.2000", "35.00")
    line = await bought(any_database, 3)
    # 3 crates of 5 kg at 2.20 €/kg, delivered free: 33.00 €, of the award.
    assert (line.price_source, line.price_name, line.price_line) == (PriceSource.AWARD, "3, lot 2", 7)
    assert (line.price_eur_per_pack, line.delivery_eur_per_kg, line.amount) == (11, 0, Decimal("33.00"))
    assert line.ground == "Attribution de la consultation 3, lot 2"
    assert line.agreement.words == "Prix de l'offre retenue, consultation 3, lot 2, franco de port"
    async with any_database.reading() as session:
        assert (
            await session.scalars(select(ConsultationAward.ordered_amount).select_from(ConsultationAward))
        ).one() == Decimal("33.00")
    # 2.00 € are left: what passes them is bought at the price and on the ground of every day, never mixed.
    again = await bought(any_database, 2)
    assert (again.price_source, str(again.price_eur_per_pack)) == (PriceSource.OFFER, "12.3456")
    assert "CCP-10" in (again.ground or "")
    async with any_database.reading() as session:
        grounds = (await session.scalars(select(Engagement.ground).order_by(Engagement.id))).all()
    assert grounds == [GroundKind.CONSULTATION_AWARD, GroundKind.FREE_PURCHASE]


async def test_an_award_pays_for_deliveries_of_its_days_only(any_database: Database) -> None:
    await stock_market(any_database)
    await awarded(any_database, "2.2000", "100.00", last=MONDAY)
    assert (await bought(any_database, 2)).price_source is PriceSource.AWARD
    assert (await bought(any_database, 2, THURSDAY)).price_source is PriceSource.OFFER
