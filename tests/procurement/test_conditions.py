"""No condition of place by another way: who is asked, how long prices are firm, what questions and answers say."""

from datetime import date

import pytest

from catering.db import Database
from catering.procurement import refusals
from catering.procurement.models import ConsultationEvent
from catering.procurement.queries_of_consultations import consultations, events_visible_to, invites_visible_to
from catering.procurement.queries_of_tenders import tenders_visible_to
from catering.procurement.service.answering import answer, ask
from catering.procurement.service.consulting import describe
from catering.procurement.vocabulary import EventKind
from tests.procurement.conftest import FARMS, SIGNS, near, need, offered, published
from tests.procurement.test_consultation import seen


async def test_a_perimeter_narrows_the_sending_and_nothing_else(on_sqlite: Database) -> None:
    await near(on_sqlite)
    number = await published(on_sqlite, need(perimeter_km=10))
    assert [row.supplier_id for row in await seen(on_sqlite, invites_visible_to(SIGNS))] == [1]
    sent = events_visible_to(SIGNS).where(ConsultationEvent.kind == EventKind.CONSULTATION_PUBLISHED)
    (event,) = await seen(on_sqlite, sent)
    assert (event.data["perimeter_km"], event.data["beyond_perimeter"]) == (10, ["ferme_01", "ferme_02"])
    assert [row.id for row in await seen(on_sqlite, consultations(FARMS[2]))] == [number]
    await offered(on_sqlite, number, 2)
    assert len(await seen(on_sqlite, tenders_visible_to(FARMS[2]))) == 1


async def test_a_perimeter_that_reaches_nobody_is_refused_while_others_sell(on_sqlite: Database) -> None:
    with pytest.raises(refusals.NobodyWithin, match="3 fournisseurs inscrits en vendent plus loin"):
        await published(on_sqlite, need(perimeter_km=1))
    assert await seen(on_sqlite, consultations(FARMS[0])) == []


@pytest.mark.parametrize(
    ("last_day", "refused"),
    [(date(2099, 4, 30), False), (date(2099, 5, 1), True), (date(2118, 12, 31), True)],
)
async def test_a_firm_price_of_a_raw_material_lasts_three_months(
    on_sqlite: Database, last_day: date, refused: bool
) -> None:
    async with on_sqlite.unit_of_work() as session:
        if not refused:
            await describe(session, SIGNS, need(last_day=last_day))
            return
        with pytest.raises(refusals.InvalidConsultation, match=r"CCP-33.* 30/04/2099 au plus tard"):
            await describe(session, SIGNS, need(last_day=last_day))


@pytest.mark.parametrize("said", ["Oui, c'est exigé.", "Exact.", "Non seulement, mais en bio.", "Comme vous dites."])
async def test_a_place_in_a_question_is_denied_or_stays_unanswered(on_sqlite: Database, said: str) -> None:
    number = await published(on_sqlite)
    question = "Faut-il que la ferme soit à moins de 30 km, dans le Pas-de-Calais ?"
    async with on_sqlite.unit_of_work() as session:
        asked = (await ask(session, FARMS[0], number, "ferme_00", question)).id
    with pytest.raises(refusals.PlaceNotDenied, match="Commencer par « Non »"):
        async with on_sqlite.unit_of_work() as session:
            await answer(session, SIGNS, number, asked, said)
    async with on_sqlite.unit_of_work() as session:
        told = await answer(session, SIGNS, number, asked, "Non, aucune condition sur cela (CCP-01).")
        assert told.answered_at is not None
