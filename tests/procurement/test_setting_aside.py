"""An offer is left out for a ground of the Code that holds, never so that another one may win."""

from datetime import date

import pytest

from catering.db import Database
from catering.procurement import refusals
from catering.procurement.models import ConsultationEvent, Tender
from catering.procurement.queries_of_consultations import events_visible_to
from catering.procurement.queries_of_tenders import outcomes_visible_to
from catering.procurement.service.awarding import award, open_tenders
from catering.procurement.service.setting_aside import Aside, set_aside
from catering.procurement.vocabulary import EventKind, SetAsideGround
from catering.rules.procurement import procurement_law
from tests.procurement.conftest import REASON, SIGNS
from tests.procurement.test_consultation import ready, seen

WHY = "Le calibre demandé manque : vérifié à l'ouverture."
PRICE = "Son prix est la moitié de celui des autres, et du nôtre."
ANSWER = "Nous vendons un surplus de récolte : le prix est tenu."


def test_every_ground_has_an_article_and_says_what_to_write() -> None:
    rows = {row.code: row for row in procurement_law().grounds_on(date(2026, 11, 27))}
    assert set(rows) == {ground.value for ground in SetAsideGround}
    assert all(row.article.startswith("L2152-") and row.explanation for row in rows.values())


async def opened(database: Database) -> tuple[int, int, int]:
    """A consultation with two opened offers: its number, the dear offer, the one that ranks first."""
    number, dear, fresh = await ready(database)
    async with database.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
    return number, dear, fresh


async def test_the_best_offer_is_left_out_for_a_ground_that_everybody_reads(market: Database) -> None:
    number, dear, fresh = await opened(market)
    async with market.unit_of_work() as session:
        await set_aside(session, SIGNS, number, fresh, Aside(SetAsideGround.IRREGULAR, WHY))
    async with market.unit_of_work() as session:
        await award(session, SIGNS, number, dear, REASON)
        tender = await session.get_one(Tender, fresh)
        assert (tender.set_aside_ground, tender.set_aside_rank) == (SetAsideGround.IRREGULAR, 1)
    told = {row.tender_id: row for row in await seen(market, outcomes_visible_to(SIGNS))}
    assert told[fresh].reason == f"Offre irrégulière écartée (L2152-2) : {WHY}"
    aside = events_visible_to(SIGNS).where(ConsultationEvent.kind == EventKind.TENDER_SET_ASIDE)
    (event,) = await seen(market, aside)
    assert event.data == {"tender": fresh, "ground": "irregular", "article": "L2152-2", "reason": WHY, "rank": 1}


async def test_a_price_within_the_credits_is_not_unacceptable(market: Database) -> None:
    number, dear, fresh = await opened(market)
    with pytest.raises(refusals.UnfoundedGround, match="ne dépasse pas les crédits"):
        async with market.unit_of_work() as session:
            await set_aside(session, SIGNS, number, fresh, Aside(SetAsideGround.UNACCEPTABLE, WHY))
    async with market.reading() as session:
        assert (await session.get_one(Tender, fresh)).set_aside_at is None
    del dear


@pytest.mark.parametrize("answer", [None, "", "   "])
async def test_a_low_price_is_asked_about_first(market: Database, answer: str | None) -> None:
    number, _, fresh = await opened(market)
    low = SetAsideGround.ABNORMALLY_LOW
    with pytest.raises(refusals.UnfoundedGround, match="recopier sa réponse"):
        async with market.unit_of_work() as session:
            await set_aside(session, SIGNS, number, fresh, Aside(low, PRICE, answer))
    async with market.unit_of_work() as session:
        await set_aside(session, SIGNS, number, fresh, Aside(low, PRICE, ANSWER))
    async with market.reading() as session:
        assert (await session.get_one(Tender, fresh)).set_aside_answer == ANSWER
