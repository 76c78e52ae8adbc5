"""A need in lots (CCP-30): each is answered, compared and decided by itself; the seal and the log hold for all."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from catering.db import Database
from catering.market.models import Offer
from catering.outbox.models import OutgoingMail
from catering.procurement import refusals
from catering.procurement.chain import Line, first_break
from catering.procurement.models import (
    Consultation,
    ConsultationAward,
    ConsultationEvent,
    ConsultationLot,
    Engagement,
    TenderOutcome,
)
from catering.procurement.queries_of_consultations import consultations
from catering.procurement.queries_of_tenders import awards_visible_to, standing_tenders, tenders_visible_to
from catering.procurement.service.awarding import award, close_without_result, open_tenders
from catering.procurement.service.buying import LineToBuy, engage, release
from catering.procurement.service.consulting import LineWish, LotWish, NeedWish, describe
from catering.procurement.service.publishing import publish
from catering.procurement.service.setting_aside import Aside, set_aside
from catering.procurement.service.tendering import TenderWish, submit, withdraw
from catering.procurement.vocabulary import ConsultationStatus, EventKind, GroundKind, LotStatus, SetAsideGround
from tests.api.dataset import uai
from tests.procurement.conftest import (
    CARROTS,
    FAR,
    FARMS,
    MILK,
    REASON,
    SIGNS,
    deadline_passed,
    need,
    published,
)
from tests.procurement.test_letters import register

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
CARROT, DAIRY = 1, 2
"""Numbers of the lots."""
OF_LOT = {CARROT: (1, 2), DAIRY: (3,)}
"""Lines of the lots of the first consultation."""
SANS_SUITE = "Sans suite : aucune offre de lait ne tient le budget."


def both(**changed: Any) -> NeedWish:
    """Carrots, and milk."""
    lots = [LotWish("Carottes", Decimal("500.00"), CARROTS), LotWish("Lait", Decimal("80.00"), MILK)]
    return need(**{"lots": lots, **changed})


async def offers(database: Database, farm: int, prices: Mapping[int, str], hours: str = "24") -> list[int]:
    """The offers of a farm to some lots of the first consultation, one price per lot; their numbers."""
    lines = {line: Decimal(price) for lot, price in prices.items() for line in OF_LOT[lot]}
    wish = TenderWish(f"ferme_{farm:02d}", lines, {"freshness": Decimal(hours)})
    async with database.unit_of_work() as session:
        return [tender.id for tender in await submit(session, FARMS[farm], 1, wish)]


async def opened(database: Database) -> None:
    await deadline_passed(database, 1)
    async with database.unit_of_work() as session:
        await open_tenders(session, SIGNS, 1)


async def lots(database: Database) -> dict[int, ConsultationLot]:
    async with database.reading() as session:
        return {lot.number: lot for lot in await session.scalars(select(ConsultationLot))}


async def standing(database: Database) -> ConsultationStatus:
    async with database.reading() as session:
        return (await session.get_one(Consultation, 1)).status


async def test_a_supplier_answers_one_lot_several_or_all(market: Database) -> None:
    await published(market, both())
    assert len(await offers(market, 0, {CARROT: "1.10"})) == 1
    assert len(await offers(market, 1, {DAIRY: "0.90"})) == 1
    assert len(await offers(market, 2, {CARROT: "1.20", DAIRY: "0.95"})) == 2
    async with market.reading() as session:
        own = (await session.scalars(tenders_visible_to(FARMS[2]).order_by("lot_id"))).all()
        assert [tender.amount for tender in own] == [Decimal("420.00"), Decimal("47.50")]
        assert (await session.scalars(tenders_visible_to(SIGNS))).all() == [], "sealed, lot by lot"


async def test_replacing_or_withdrawing_an_offer_leaves_the_other_lots_alone(market: Database) -> None:
    await published(market, both())
    carrots, milk = await offers(market, 0, {CARROT: "1.10", DAIRY: "0.90"})
    (again,) = await offers(market, 0, {DAIRY: "0.85"})
    async with market.reading() as session:
        assert {row.id for row in await session.scalars(standing_tenders(FARMS[0], 1))} == {carrots, again}
    assert milk != again
    async with market.unit_of_work() as session:
        await withdraw(session, FARMS[0], 1, "ferme_00", [CARROT])
    async with market.reading() as session:
        assert {row.id for row in await session.scalars(standing_tenders(FARMS[0], 1))} == {again}
    with pytest.raises(refusals.InvalidTender):
        async with market.unit_of_work() as session:
            await withdraw(session, FARMS[0], 1, "ferme_00", [CARROT])


@pytest.mark.parametrize("lines", [[1], [1, 3], [1, 2, 3, 99], []])
async def test_a_lot_is_answered_whole_or_not_at_all(on_sqlite: Database, lines: list[int]) -> None:
    await published(on_sqlite, both())
    wish = TenderWish("ferme_00", dict.fromkeys(lines, Decimal(1)), {"freshness": Decimal(1)})
    with pytest.raises(refusals.InvalidTender, match="lot 1 : 2 produits ; lot 2 : 1 produits"):
        async with on_sqlite.unit_of_work() as session:
            await submit(session, FARMS[0], 1, wish)


async def test_each_lot_has_its_own_winner_its_own_reason_and_its_own_need(market: Database) -> None:
    await published(market, both())
    (cheap_carrots,) = await offers(market, 0, {CARROT: "1.00"})
    fresh_carrots, milk = await offers(market, 1, {CARROT: "1.05", DAIRY: "0.90"}, "6")
    await opened(market)
    with pytest.raises(refusals.NotTheBest):
        async with market.unit_of_work() as session:
            await award(session, SIGNS, 1, cheap_carrots, REASON)
    async with market.unit_of_work() as session:
        await award(session, SIGNS, 1, fresh_carrots, REASON)
    assert (await lots(market))[DAIRY].status is LotStatus.WAITING
    assert await standing(market) is ConsultationStatus.PUBLISHED, "a lot waits"
    with pytest.raises(refusals.AlreadyDecided, match="lot 1"):
        async with market.unit_of_work() as session:
            await award(session, SIGNS, 1, fresh_carrots, REASON)
    with pytest.raises(refusals.AlreadyDecided, match="lot 1"):
        async with market.unit_of_work() as session:
            await set_aside(
                session,
                SIGNS,
                1,
                cheap_carrots,
                Aside(SetAsideGround.IRREGULAR, "Le calibre demandé manque : vérifié à l'ouverture."),
            )
    async with market.unit_of_work() as session:
        await award(session, SIGNS, 1, milk, "Seule offre de lait, au prix du marché.")
    assert await standing(market) is ConsultationStatus.AWARDED
    async with market.reading() as session:
        engaged = (await session.scalars(select(Engagement).order_by(Engagement.id))).all()
        ranks = {row.tender_id: row.rank for row in await session.scalars(select(TenderOutcome))}
        reason = (await session.get_one(Consultation, 1)).reason
        to_loser = (await session.scalars(awards_visible_to(FARMS[0]))).all()
    assert [(row.family, row.lot_id, row.amount) for row in engaged] == [
        ("10.10", 1, Decimal("262.50")),
        ("10.10", 1, Decimal("105.00")),
        ("10.12", 2, Decimal("45.00")),
    ]
    assert ranks == {fresh_carrots: 1, cheap_carrots: 2, milk: 1}, "offers are compared within their lot"
    assert reason == f"Lot 1 : {REASON}\nLot 2 : Seule offre de lait, au prix du marché."
    assert [row.lot_id for row in to_loser] == [1], "who won a lot that one did not answer is not told"


async def test_a_lot_is_closed_without_result_while_the_other_is_awarded(market: Database) -> None:
    await register(market)
    await published(market, both())
    (carrots,) = await offers(market, 0, {CARROT: "1.00"})
    await opened(market)
    async with market.unit_of_work() as session:
        await close_without_result(session, SIGNS, 1, SANS_SUITE, DAIRY)
    assert await standing(market) is ConsultationStatus.PUBLISHED
    async with market.unit_of_work() as session:
        await award(session, SIGNS, 1, carrots, REASON)
    found = await lots(market)
    assert (found[CARROT].status, found[DAIRY].status) == (LotStatus.AWARDED, LotStatus.WITHOUT_RESULT)
    assert (found[CARROT].reason, found[DAIRY].reason) == (REASON, SANS_SUITE)
    assert await standing(market) is ConsultationStatus.AWARDED
    async with market.reading() as session:
        closed = select(OutgoingMail).where(OutgoingMail.topic == "lot_closed")
        assert all(SANS_SUITE in letter.body for letter in await session.scalars(closed))
    with pytest.raises(refusals.AlreadyDecided):
        async with market.unit_of_work() as session:
            await close_without_result(session, SIGNS, 1, SANS_SUITE, DAIRY)


async def test_all_lots_closed_close_the_consultation(market: Database) -> None:
    await published(market, both())
    with pytest.raises(refusals.UnknownConsultationLot, match="lot 9"):
        async with market.unit_of_work() as session:
            await close_without_result(session, SIGNS, 1, SANS_SUITE, 9)
    async with market.unit_of_work() as session:
        await close_without_result(session, SIGNS, 1, SANS_SUITE)
    assert await standing(market) is ConsultationStatus.WITHOUT_RESULT
    with pytest.raises((refusals.WrongStage, refusals.DeadlinePassed)):
        await offers(market, 0, {CARROT: "1.00"})


async def test_a_lot_closed_before_the_deadline_takes_no_offer_and_the_other_still_does(market: Database) -> None:
    await published(market, both())
    async with market.unit_of_work() as session:
        await close_without_result(session, SIGNS, 1, SANS_SUITE, DAIRY)
    with pytest.raises(refusals.WrongStage, match="lot 2"):
        await offers(market, 0, {DAIRY: "0.90"})
    assert len(await offers(market, 0, {CARROT: "1.00"})) == 1


async def test_each_supplier_is_sent_the_lots_it_sells_something_of(market: Database) -> None:
    await register(market)
    async with market.unit_of_work() as session:
        # The second farm sells no milk any more, the third neither milk nor carrots.
        for farm, kept in ((2, [4]), (3, [])):
            gone = update(Offer).where(Offer.supplier_id == farm, Offer.ingredient_id.not_in(kept))
            await session.execute(gone.values(ingredient_id=2))
    await published(market, both())
    async with market.reading() as session:
        event = select(ConsultationEvent).where(ConsultationEvent.kind == EventKind.CONSULTATION_PUBLISHED)
        data = (await session.scalars(event)).one().data
        bodies = {row.party: row.body for row in await session.scalars(select(OutgoingMail))}
    assert data["lots"] == ["ferme_00 1", "ferme_00 2", "ferme_01 1"]
    assert "lot 1 (Carottes), lot 2 (Lait)" in bodies["ferme_00"]
    assert "lot 1 (Carottes)." in bodies["ferme_01"]
    assert set(bodies) == {"ferme_00", "ferme_01"}


async def test_lots_of_one_family_are_one_need_before_the_threshold(market: Database) -> None:
    half, green = LotWish("Carottes", Decimal("30000.00"), CARROTS), [("price", 40), ("seasonality", 60)]
    with pytest.raises(refusals.AboveThreshold, match="CCP-21"):
        await published(market, need(lots=[half, half], criteria=green))
    other = LotWish("Lait", Decimal("30000.00"), MILK)
    async with market.unit_of_work() as session:
        number = (await describe(session, SIGNS, need(lots=[half, other], criteria=green))).id
        await publish(session, SIGNS, number, FAR)


async def test_a_lot_that_mixes_families_or_holds_nothing_is_refused(on_sqlite: Database) -> None:
    mixed = LotWish("Panier", Decimal("500.00"), [*CARROTS, *MILK])
    for wrong, says in (([mixed], "lot 1 mêle"), ([], "0 lots"), ([LotWish("Vide", Decimal(1), [])], "produit")):
        with pytest.raises(refusals.InvalidConsultation, match=says):
            async with on_sqlite.unit_of_work() as session:
                await describe(session, SIGNS, need(lots=wrong))


async def test_orders_draw_on_the_award_of_their_lot_and_give_back_to_it(market: Database) -> None:
    await published(market, both())
    carrots, milk = await offers(market, 0, {CARROT: "1.00", DAIRY: "0.90"})
    await opened(market)
    async with market.unit_of_work() as session:
        await award(session, SIGNS, 1, carrots, REASON)
        await award(session, SIGNS, 1, milk, REASON)
    wanted = [
        LineToBuy(1, 4, 1, Decimal("50.00"), "order 7 line 1"),
        LineToBuy(1, 1, 1, Decimal("9.00"), "order 7 line 2"),
    ]
    async with market.unit_of_work() as session:
        day = (await session.get_one(Consultation, 1)).first_day
        grounds = await engage(session, SIGNS, 1, day, wanted)
    assert [(ground.kind, ground.words) for ground in grounds] == [
        (GroundKind.CONSULTATION_AWARD, "Attribution de la consultation 1, lot 1"),
        (GroundKind.CONSULTATION_AWARD, "Attribution de la consultation 1, lot 2"),
    ]

    async def drawn() -> list[Decimal]:
        async with market.reading() as session:
            rows = await session.scalars(select(ConsultationAward).order_by(ConsultationAward.lot_id))
            return [row.ordered_amount for row in rows]

    assert await drawn() == [Decimal("50.00"), Decimal("9.00")]
    async with market.unit_of_work() as session:
        await release(session, SIGNS, "order 7 line 2")
    assert await drawn() == [Decimal("50.00"), Decimal("0.00")]


async def test_the_log_of_a_need_in_lots_is_one_chain(market: Database) -> None:
    await published(market, both())
    carrots, _ = await offers(market, 0, {CARROT: "1.00", DAIRY: "0.90"})
    await opened(market)
    async with market.unit_of_work() as session:
        await award(session, SIGNS, 1, carrots, REASON)
        await close_without_result(session, SIGNS, 1, SANS_SUITE, DAIRY)
    async with market.reading() as session:
        (row,) = (await session.scalars(consultations(SIGNS, ids=[1]))).all()
        events = (await session.scalars(select(ConsultationEvent).order_by(ConsultationEvent.seq))).all()
    told = [Line(each.seq, each.at, each.actor, each.kind.value, each.data, each.hash) for each in events]
    assert first_break(told, row.log_length, row.log_head) is None
    assert [each.data.get("lot") for each in events[-2:]] == [CARROT, DAIRY]


async def test_one_line_of_a_lot_may_be_for_another_kitchen_of_the_group(on_sqlite: Database) -> None:
    far = LotWish("Lait", Decimal("80.00"), [LineWish(uai(3), "ingredient_00", "Lait entier", 10_000)])
    await published(on_sqlite, both(lots=[LotWish("Carottes", Decimal("500.00"), CARROTS), far]))
    (milk,) = await offers(on_sqlite, 0, {DAIRY: "0.90"})
    await opened(on_sqlite)
    async with on_sqlite.unit_of_work() as session:
        await award(session, SIGNS, 1, milk, REASON)
        rows = (await session.scalars(select(Engagement))).all()
    assert [(row.kitchen_id, row.amount) for row in rows] == [(4, Decimal("9.00"))]
