"""A consultation from the need to the decision: sealed, equal, by the published criteria, written down."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from catering.db import Database
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.chain import Line, first_break
from catering.procurement.models import (
    Consultation,
    ConsultationAward,
    ConsultationEvent,
    ConsultationInvite,
    Engagement,
    Tender,
    TenderLine,
    TenderOutcome,
)
from catering.procurement.queries_of_consultations import (
    consultations,
    events_visible_to,
    invites_visible_to,
    questions_visible_to,
)
from catering.procurement.queries_of_tenders import (
    awards_visible_to,
    outcomes_visible_to,
    tender_facts_visible_to,
    tender_lines_visible_to,
    tenders_visible_to,
)
from catering.procurement.service.answering import answer, ask
from catering.procurement.service.awarding import award, close_without_result, open_tenders
from catering.procurement.service.consulting import LineWish, describe
from catering.procurement.service.publishing import publish
from catering.procurement.service.setting_aside import Aside, set_aside
from catering.procurement.service.tendering import TenderWish, submit, withdraw
from catering.procurement.vocabulary import ConsultationStatus, EventKind, SetAsideGround
from tests.api.dataset import uai
from tests.procurement.conftest import (
    ALSO_SIGNS,
    CONTROLS,
    COOKS,
    ELSEWHERE,
    FAR,
    FARMS,
    REASON,
    SIGNS,
    deadline_passed,
    need,
    offered,
    published,
)
from tests.unsealing import unseal

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
SEALED = (tenders_visible_to, tender_lines_visible_to, tender_facts_visible_to, outcomes_visible_to, awards_visible_to)


async def seen(database: Database, statement: Any) -> list[Any]:
    async with database.reading() as session:
        return list((await session.scalars(statement)).all())


async def sealed_rows(database: Database, viewer: Viewer) -> int:
    return sum([len(await seen(database, scope(viewer))) for scope in SEALED])


async def ready(database: Database) -> tuple[int, int, int]:
    """A consultation past its deadline with two offers: the second farm is fresher and wins."""
    number = await published(database)
    dear = await offered(database, number, 0, "1.00", "72")
    fresh = await offered(database, number, 1, "1.20", "12")
    await deadline_passed(database, number)
    return number, dear, fresh


async def test_a_need_is_sent_to_every_supplier_that_matches_at_one_instant(market: Database) -> None:
    number = await published(market)
    invites = await seen(market, invites_visible_to(SIGNS))
    assert {invite.supplier_id for invite in invites} == {1, 2, 3}
    (consultation,) = await seen(market, consultations(SIGNS, ids=[number]))
    assert {invite.sent_at for invite in invites} == {consultation.published_at}


async def test_a_draft_is_seen_by_its_buyer_alone_among_buyers_and_suppliers(on_sqlite: Database) -> None:
    async with on_sqlite.unit_of_work() as session:
        await describe(session, COOKS, need())
    assert len(await seen(on_sqlite, consultations(SIGNS))) == 1
    assert await seen(on_sqlite, consultations(FARMS[0])) == []
    assert await seen(on_sqlite, consultations(ELSEWHERE)) == []


async def test_until_the_opening_an_offer_is_read_by_its_supplier_alone(market: Database) -> None:
    number, *_ = await ready(market)
    for viewer in (SIGNS, COOKS, ELSEWHERE, FARMS[2], *CONTROLS):
        assert await sealed_rows(market, viewer) == 0, viewer
        told = {event.kind for event in await seen(market, events_visible_to(viewer))}
        assert EventKind.TENDER_SUBMITTED not in told
    (own,) = await seen(market, tenders_visible_to(FARMS[1]))
    assert own.supplier_id == 2
    async with market.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
    assert len(await seen(market, tenders_visible_to(SIGNS))) == 2
    assert len(await seen(market, tender_lines_visible_to(CONTROLS[0]))) == 4
    assert await sealed_rows(market, ELSEWHERE) == 0
    assert len(await seen(market, tenders_visible_to(FARMS[1]))) == 1


async def test_nobody_opens_before_the_deadline_not_even_by_writing_the_row(market: Database) -> None:
    number = await published(market)
    await offered(market, number, 0)
    with pytest.raises(refusals.StillSealed, match="restent scellées"):
        async with market.unit_of_work() as session:
            await open_tenders(session, SIGNS, number)
    with pytest.raises(Exception, match="sealed_until_deadline"):
        async with market.unit_of_work() as session:
            now = {"opened_at": datetime.now(UTC), "opened_by": "account 1"}
            await session.execute(update(Consultation).where(Consultation.id == number).values(**now))
    assert await sealed_rows(market, CONTROLS[0]) == 0


async def test_an_offer_is_replaced_and_withdrawn_until_the_deadline(market: Database) -> None:
    number = await published(market)
    first = await offered(market, number, 0, "1.10")
    second = await offered(market, number, 0, "1.05")
    rows = {row.id: row for row in await seen(market, tenders_visible_to(FARMS[0]))}
    assert rows[first].withdrawn_at is not None
    assert rows[second].withdrawn_at is None
    async with market.unit_of_work() as session:
        await withdraw(session, FARMS[0], number, "ferme_00")
    with pytest.raises(refusals.InvalidTender, match="pas d'offre"):
        async with market.unit_of_work() as session:
            await withdraw(session, FARMS[0], number, "ferme_00")


async def test_an_offer_after_the_deadline_is_refused_and_nothing_is_kept(market: Database) -> None:
    number, *_ = await ready(market)
    with pytest.raises(refusals.DeadlinePassed, match="date limite"):
        await offered(market, number, 2)
    with pytest.raises(refusals.DeadlinePassed):
        async with market.unit_of_work() as session:
            await withdraw(session, FARMS[0], number, "ferme_00")
    async with market.reading() as session:
        assert (await session.scalars(select(func.count()).select_from(Tender))).one() == 2


@pytest.mark.parametrize(
    ("prices", "facts", "says"),
    [
        ({1: "1.1"}, {"freshness": "1"}, "lot 1 : 2 produits"),
        ({1: "1.1", 2: "1.1", 99: "1"}, {"freshness": "1"}, "lot 1 : 2 produits"),
        ({1: "0", 2: "1.1"}, {"freshness": "1"}, "Le prix 0"),
        ({1: "-1", 2: "1.1"}, {"freshness": "1"}, "Le prix -1"),
        ({1: "NaN", 2: "1.1"}, {"freshness": "1"}, "Le prix NaN"),
        ({1: "1.00001", 2: "1.1"}, {"freshness": "1"}, "quatre décimales"),
        ({1: "1e30", 2: "1.1"}, {"freshness": "1"}, "1000 au plus"),
        ({1: "1.1", 2: "1.1"}, {}, "critères"),
        ({1: "1.1", 2: "1.1"}, {"freshness": "-1"}, "de 1 à 8\u00a0760 heures, par pas de 0,5"),
        ({1: "1.1", 2: "1.1"}, {"freshness": "0"}, "0 au critère freshness"),
        ({1: "1.1", 2: "1.1"}, {"freshness": "0.000001"}, "0,000001 au critère freshness"),
        ({1: "1.1", 2: "1.1"}, {"freshness": "8760.5"}, "8\u00a0760,5 au critère freshness"),
        ({1: "1.1", 2: "1.1"}, {"freshness": "NaN"}, "NaN au critère freshness"),
        ({1: "1.1", 2: "1.1"}, {"freshness": "1", "price": "2"}, "critères"),
    ],
)
async def test_an_offer_that_does_not_answer_is_refused(
    on_sqlite: Database, prices: dict[int, str], facts: dict[str, str], says: str
) -> None:
    number = await published(on_sqlite)
    wish = TenderWish(
        "ferme_00",
        {line: Decimal(price) for line, price in prices.items()},
        {code: Decimal(value) for code, value in facts.items()},
    )
    with pytest.raises(refusals.InvalidTender, match=says):
        async with on_sqlite.unit_of_work() as session:
            await submit(session, FARMS[0], number, wish)


async def test_nobody_offers_in_the_name_of_another(on_sqlite: Database) -> None:
    number = await published(on_sqlite)
    wish = TenderWish("ferme_01", {1: Decimal(1), 2: Decimal(1)}, {"freshness": Decimal(1)})
    for viewer in (FARMS[0], SIGNS, CONTROLS[0]):
        with pytest.raises(refusals.NotSupplier):
            async with on_sqlite.unit_of_work() as session:
                await submit(session, viewer, number, wish)


async def test_the_best_offer_by_the_published_criteria_is_awarded_and_all_are_told(market: Database) -> None:
    number, dear, fresh = await ready(market)
    async with market.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
    with pytest.raises(refusals.NotTheBest, match=f"retenir l'offre {fresh}"):
        async with market.unit_of_work() as session:
            await award(session, SIGNS, number, dear, REASON)
    for reason, says in (("ok", "obligatoire"), (REASON + "\u202e", "invisible"), (REASON + " Е", "lettres latines")):
        with pytest.raises(refusals.ReasonMissing, match=says):
            async with market.unit_of_work() as session:
                await award(session, SIGNS, number, fresh, reason)
    async with market.unit_of_work() as session:
        made = await award(session, SIGNS, number, fresh, REASON)
    assert (made.supplier_id, made.amount) == (2, Decimal("420.00"))
    outcomes = {row.tender_id: row for row in await seen(market, outcomes_visible_to(SIGNS))}
    assert (outcomes[fresh].won, outcomes[fresh].rank) == (True, 1)
    assert (outcomes[dear].won, outcomes[dear].rank) == (False, 2)
    assert REASON in outcomes[dear].reason
    assert [row.tender_id for row in await seen(market, outcomes_visible_to(FARMS[0]))] == [dear]
    assert len(await seen(market, awards_visible_to(FARMS[0]))) == 1
    assert await seen(market, awards_visible_to(FARMS[2])) == []


async def test_an_award_adds_to_the_need_of_each_buyer(market: Database) -> None:
    number, _, fresh = await ready(market)
    async with market.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
        await award(session, SIGNS, number, fresh, REASON)
        rows = (await session.scalars(select(Engagement).order_by(Engagement.kitchen_id))).all()
    assert [(row.kitchen_id, row.amount, row.grouped) for row in rows] == [
        (1, Decimal("300.00"), True),
        (2, Decimal("120.00"), True),
    ]


async def test_an_offer_set_aside_with_a_reason_is_not_compared(on_sqlite: Database) -> None:
    number, dear, fresh = await ready(on_sqlite)
    async with on_sqlite.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
        await set_aside(
            session,
            SIGNS,
            number,
            fresh,
            Aside(SetAsideGround.IRREGULAR, "Le calibre demandé manque : vérifié à l'ouverture."),
        )
        await award(session, SIGNS, number, dear, REASON)
    outcomes = {row.tender_id: row for row in await seen(on_sqlite, outcomes_visible_to(SIGNS))}
    assert outcomes[fresh].rank is None
    assert "calibre" in outcomes[fresh].reason


async def test_a_consultation_closed_without_result_tells_why_and_keeps_the_seal(market: Database) -> None:
    number, dear, _ = await ready(market)
    async with market.unit_of_work() as session:
        await close_without_result(session, SIGNS, number, "Sans suite : le besoin a disparu, la cantine ferme.")
    (told,) = await seen(market, outcomes_visible_to(FARMS[0]))
    assert (told.tender_id, told.won) == (dear, False)
    assert "la cantine ferme" in told.reason
    assert await sealed_rows(market, SIGNS) == 0
    with pytest.raises(refusals.AlreadyDecided):
        async with market.unit_of_work() as session:
            await close_without_result(session, ALSO_SIGNS, number, "Sans suite : encore une fois, pour voir.")


async def test_a_question_and_its_answer_are_read_by_all_at_once(market: Database) -> None:
    number = await published(market)
    async with market.unit_of_work() as session:
        asked = await ask(session, FARMS[0], number, "ferme_00", "Quel calibre ?")
    assert len(await seen(market, questions_visible_to(FARMS[0]))) == 1
    assert await seen(market, questions_visible_to(FARMS[1])) == []
    async with market.unit_of_work() as session:
        await answer(session, SIGNS, number, asked.id, "De 20 à 40 mm.")
    (read,) = await seen(market, questions_visible_to(FARMS[1]))
    assert read.answer == "De 20 à 40 mm."
    with pytest.raises(refusals.UnknownQuestion):
        async with market.unit_of_work() as session:
            await answer(session, SIGNS, number, asked.id, "Autre réponse.")
    await deadline_passed(market, number)
    with pytest.raises(refusals.DeadlinePassed):
        async with market.unit_of_work() as session:
            await ask(session, FARMS[1], number, "ferme_01", "Trop tard ?")


async def test_a_question_or_an_answer_that_deceives_the_eye_is_refused(market: Database) -> None:
    number = await published(market)
    with pytest.raises(refusals.InvalidConsultation, match=r"invisible \(U\+202E, en position 5\)"):
        async with market.unit_of_work() as session:
            await ask(session, FARMS[0], number, "ferme_00", "Quel calibre ?\nQuel\u202e jour ?")
    async with market.unit_of_work() as session:
        asked = await ask(session, FARMS[0], number, "ferme_00", "Quel calibre ?\nQuel jour ?")
    with pytest.raises(refusals.InvalidConsultation, match="lettres latines"):
        async with market.unit_of_work() as session:
            await answer(session, SIGNS, number, asked.id, "Dе 20 à 40 mm.")


async def test_the_log_tells_everything_and_tampering_shows(market: Database) -> None:
    number, _, fresh = await ready(market)
    async with market.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
        await award(session, SIGNS, number, fresh, REASON)

    async def broken() -> int | None:
        (row,) = await seen(market, consultations(SIGNS, ids=[number]))
        events = await seen(market, select(ConsultationEvent).order_by(ConsultationEvent.seq))
        lines = [Line(each.seq, each.at, each.actor, each.kind.value, each.data, each.hash) for each in events]
        return first_break(lines, row.log_length, row.log_head)

    kinds = [event.kind.value for event in await seen(market, events_visible_to(SIGNS))]
    assert sorted(kinds) == sorted(
        ["described", "consultation_published", "tender_submitted", "tender_submitted", "tenders_opened",
         "consultation_awarded"]
    )  # fmt: skip
    assert await broken() is None
    tampering = text("UPDATE consultation_events SET actor = 'account 99' WHERE seq = 3")
    with pytest.raises(IntegrityError, match="only ever added"):
        async with market.unit_of_work() as session:
            await session.execute(tampering)
    async with market.unit_of_work() as session:
        await unseal(session, "consultation_events")
        await session.execute(tampering)
    assert await broken() == 3


@pytest.mark.parametrize(
    ("changed", "refused", "says"),
    [
        ({"criteria": [("distance < 50 km", 60), ("price", 40)]}, refusals.GeographicCondition, "Fraîcheur"),
        ({"title": "Carottes du département"}, refusals.GeographicCondition, "CCP-01"),
        ({"criteria": [("price", 40), ("freshness", 40)]}, refusals.InvalidConsultation, "font 80"),
        ({"criteria": []}, refusals.InvalidConsultation, "font 0"),
        ({"criteria": [("price", 50), ("price", 50)]}, refusals.InvalidConsultation, "deux fois"),
        ({"lines": []}, refusals.InvalidConsultation, "0 produits"),
        ({"lines": [LineWish(uai(0), "ingredient_03", "Carottes", -5)]}, refusals.InvalidConsultation, "quantité"),
        ({"lines": [LineWish(uai(0), "rien", "Rien", 5)]}, refusals.UnknownGoods, "rien"),
        ({"kitchen": "0629999Z"}, refusals.UnknownBuyer, "0629999Z"),
        ({"first_day": date(2020, 1, 1)}, refusals.InvalidConsultation, "après aujourd'hui"),
        ({"estimated": Decimal("NaN")}, refusals.InvalidConsultation, "montant"),
        ({"title": " "}, refusals.InvalidConsultation, "caractères"),
        ({"title": "Cаrottes"}, refusals.InvalidConsultation, "lettres latines"),
        ({"delivery": "Le lundi\u202e avant 9 h"}, refusals.InvalidConsultation, "invisible"),
        (
            {"lines": [LineWish(uai(0), "ingredient_03", "Carottes\u200b", 5_000)]},
            refusals.InvalidConsultation,
            "invisible",
        ),
        (
            {
                "lines": [
                    LineWish(uai(0), "ingredient_00", "Lait", 5_000),
                    LineWish(uai(0), "ingredient_03", "Carottes", 5_000),
                ]
            },
            refusals.InvalidConsultation,
            "10.10, 10.12",
        ),
    ],
)
async def test_a_need_that_may_not_be_put_that_way_is_refused(
    on_sqlite: Database, changed: dict[str, Any], refused: type[Exception], says: str
) -> None:
    with pytest.raises(refused, match=says):
        async with on_sqlite.unit_of_work() as session:
            await describe(session, SIGNS, need(**changed))


async def test_who_does_not_sign_decides_nothing(on_sqlite: Database) -> None:
    number, _, fresh = await ready(on_sqlite)
    for viewer in (COOKS, FARMS[0], *CONTROLS):
        with pytest.raises(refusals.NotBuyer):
            async with on_sqlite.unit_of_work() as session:
                await open_tenders(session, viewer, number)
    with pytest.raises(refusals.UnknownConsultation):
        async with on_sqlite.unit_of_work() as session:
            await open_tenders(session, ELSEWHERE, number)
    with pytest.raises(refusals.StillSealed):
        async with on_sqlite.unit_of_work() as session:
            await award(session, SIGNS, number, fresh, REASON)


async def test_a_need_that_reaches_the_threshold_is_not_consulted_here(market: Database) -> None:
    with pytest.raises(refusals.AboveThreshold, match="CCP-21"):
        green = [("price", 40), ("seasonality", 60)]
        await published(market, need(estimated=Decimal("60000.00"), criteria=green))
    await published(market, need(estimated=Decimal("59999.99")))


async def test_publishing_twice_or_for_the_past_is_refused(market: Database) -> None:
    number = await published(market)
    with pytest.raises(refusals.WrongStage):
        async with market.unit_of_work() as session:
            await publish(session, SIGNS, number, FAR)
    async with market.unit_of_work() as session:
        draft = (await describe(session, SIGNS, need())).id
    with pytest.raises(refusals.InvalidConsultation, match="passée"):
        async with market.unit_of_work() as session:
            await publish(session, SIGNS, draft, datetime.now(UTC) - timedelta(seconds=1))
    async with market.reading() as session:
        row = await session.get_one(Consultation, draft)
        assert row.status is ConsultationStatus.DRAFT
        invited = select(func.count()).where(ConsultationInvite.consultation_id == draft)
        assert (await session.scalars(invited)).one() == 0
        assert (await session.scalars(select(func.count()).select_from(ConsultationAward))).one() == 0
        assert (await session.scalars(select(func.count()).select_from(TenderLine))).one() == 0
        assert (await session.scalars(select(func.count()).select_from(TenderOutcome))).one() == 0
