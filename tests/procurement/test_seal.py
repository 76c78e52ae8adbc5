"""An offer that changes under its seal is found at the opening, told by the log, and decides nothing."""

import pytest
from sqlalchemy import select, text

from catering.db import Database
from catering.procurement import refusals
from catering.procurement.models import Consultation, ConsultationEvent
from catering.procurement.service.awarding import award, open_tenders
from catering.procurement.service.setting_aside import Aside, set_aside
from catering.procurement.service.tendering import withdraw
from catering.procurement.vocabulary import ConsultationStatus, EventKind, SetAsideGround
from tests.procurement.conftest import FARMS, REASON, SIGNS, deadline_passed, offered, published
from tests.unsealing import unseal

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
TABLES = ("tenders", "tender_lines", "tender_facts", "tender_documents")
TAMPERINGS = (
    "UPDATE tender_lines SET price_eur_per_kg = price_eur_per_kg / 2 WHERE tender_id = {0}",
    "UPDATE tender_facts SET value = value / 2 WHERE tender_id = {0}",
    "UPDATE tenders SET amount = amount / 2 WHERE id = {0}",
    "UPDATE tenders SET supplier_id = 3 WHERE id = {0}",
    "UPDATE tenders SET withdrawn_at = submitted_at WHERE id = {0}",
    "DELETE FROM tender_lines WHERE tender_id = {0} AND line_id = 2",
)


async def two_sealed(database: Database) -> tuple[int, int, int]:
    """A consultation past its deadline: the first farm replaced its offer, a third withdrew its own."""
    number = await published(database)
    await offered(database, number, 0, "9.00", "72")
    dear = await offered(database, number, 0, "1.00", "72")
    fresh = await offered(database, number, 1, "1.20", "12")
    await offered(database, number, 2, "1.20", "12")
    async with database.unit_of_work() as session:
        await withdraw(session, FARMS[2], number, "ferme_02")
    await deadline_passed(database, number)
    return number, dear, fresh


async def opened(database: Database, number: int) -> dict[str, object]:
    """What the log tells of the opening."""
    async with database.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
    async with database.reading() as session:
        told = select(ConsultationEvent.data).where(ConsultationEvent.kind == EventKind.TENDERS_OPENED)
        return dict((await session.scalars(told)).one())


async def test_offers_that_nobody_touched_are_opened_and_one_is_awarded(market: Database) -> None:
    number, _, fresh = await two_sealed(market)
    assert await opened(market, number) == {"tenders": 2}
    async with market.unit_of_work() as session:
        await award(session, SIGNS, number, fresh, REASON)


@pytest.mark.parametrize("tampering", TAMPERINGS)
async def test_an_offer_that_changed_under_its_seal_is_told_and_decides_nothing(
    market: Database, tampering: str
) -> None:
    number, dear, fresh = await two_sealed(market)
    async with market.unit_of_work() as session:
        await unseal(session, *TABLES)
        await session.execute(text(tampering.format(dear)))
    assert (await opened(market, number))["broken"] == [dear]
    with pytest.raises(refusals.WrongStage, match=f"Offre {dear} : elle n'est plus celle que le registre"):
        async with market.unit_of_work() as session:
            await award(session, SIGNS, number, fresh, REASON)


async def test_what_was_set_aside_for_it_no_longer_stops_the_decision(on_sqlite: Database) -> None:
    number, dear, fresh = await two_sealed(on_sqlite)
    async with on_sqlite.unit_of_work() as session:
        await unseal(session, *TABLES)
        await session.execute(text(TAMPERINGS[0].format(dear)))
    await opened(on_sqlite, number)
    async with on_sqlite.unit_of_work() as session:
        await set_aside(session, SIGNS, number, dear, Aside(SetAsideGround.IRREGULAR, "N'est plus l'offre reçue."))
        await award(session, SIGNS, number, fresh, REASON)
    async with on_sqlite.reading() as session:
        assert (await session.get_one(Consultation, number)).status is ConsultationStatus.AWARDED


@pytest.mark.parametrize("tampering", TAMPERINGS[:4])
async def test_the_database_itself_refuses_to_change_an_offer(market: Database, tampering: str) -> None:
    _, dear, _ = await two_sealed(market)
    with pytest.raises(Exception, match="only ever added"):
        async with market.unit_of_work() as session:
            await session.execute(text(tampering.format(dear)))
