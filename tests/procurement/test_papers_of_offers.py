"""Papers that an offer brings: sealed with it, held by its fingerprint, read after the opening."""

import zipfile

import pytest
from sqlalchemy import text

from catering.db import Database
from catering.documents.models import Document
from catering.documents.queries import documents
from catering.documents.service import keep_document
from catering.graph.request import Request
from catering.moment import today
from catering.papers.control import control_archive
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.models import ConsultationEvent
from catering.procurement.queries_of_consultations import events_visible_to
from catering.procurement.queries_of_tenders import (
    papers_not_visible_to,
    shown_papers_visible_to,
    tender_papers_visible_to,
)
from catering.procurement.service.awarding import open_tenders
from catering.procurement.service.papers import MOST_PAPERS
from catering.procurement.service.tendering import withdraw
from catering.procurement.vocabulary import EventKind
from catering.settings import Settings
from tests.api.dataset import uai
from tests.procurement.conftest import FARMS, SIGNS, deadline_passed, offered, published
from tests.procurement.test_consultation import CONTROLS, ELSEWHERE
from tests.unsealing import unseal

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
TABLE = b"a;b\n1;2\n"


async def sent(database: Database, farm: int, content: bytes = b"%PDF-1.7 proof", name: str = "preuve.pdf") -> int:
    async with database.unit_of_work() as session:
        return (await keep_document(session, FARMS[farm], name, content, most_bytes=1_000)).id


async def read(database: Database, viewer: Viewer, number: int) -> Document | None:
    """The document as it is downloaded."""
    shown, sealed = [shown_papers_visible_to(viewer)], papers_not_visible_to(viewer)
    async with database.reading() as session:
        found: Document | None = await session.scalar(documents(viewer, ids=[number], shown=shown, sealed=sealed))
        return found


async def test_a_paper_is_sealed_with_its_offer_and_read_after_the_opening(market: Database) -> None:
    number, paper = await published(market), await sent(market, 0)
    tender = await offered(market, number, 0, papers=[paper])
    await deadline_passed(market, number)
    assert await read(market, FARMS[0], paper)
    for viewer in (SIGNS, *CONTROLS, FARMS[1], ELSEWHERE):
        assert await read(market, viewer, paper) is None, viewer
        async with market.reading() as session:
            assert (await session.scalars(tender_papers_visible_to(viewer))).all() == [], viewer
    async with market.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
    for viewer in (SIGNS, *CONTROLS, FARMS[0]):
        assert await read(market, viewer, paper), viewer
    assert await read(market, FARMS[1], paper) is None
    assert await read(market, ELSEWHERE, paper) is None
    async with market.reading() as session:
        log = events_visible_to(SIGNS).where(ConsultationEvent.kind == EventKind.TENDER_SUBMITTED)
        (event,) = (await session.scalars(log)).all()
    assert (event.data["tender"], event.data["papers"]) == (tender, 1)


async def test_a_paper_that_changes_under_the_seal_is_told_at_the_opening(market: Database) -> None:
    number, paper = await published(market), await sent(market, 0)
    tender = await offered(market, number, 0, papers=[paper])
    await deadline_passed(market, number)
    with pytest.raises(Exception, match="only ever added"):
        async with market.unit_of_work() as session:
            await session.execute(text("DELETE FROM tender_documents"))
    async with market.unit_of_work() as session:
        await unseal(session, "tender_documents")
        await session.execute(text("DELETE FROM tender_documents"))
    async with market.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
    async with market.reading() as session:
        log = events_visible_to(SIGNS).where(ConsultationEvent.kind == EventKind.TENDERS_OPENED)
        (event,) = (await session.scalars(log)).all()
    assert event.data["broken"] == [tender]


async def test_papers_stay_with_the_offer_that_names_them_again_and_leave_with_the_one_withdrawn(
    on_sqlite: Database,
) -> None:
    number, kept, left = await published(on_sqlite), await sent(on_sqlite, 0), await sent(on_sqlite, 0, b"%PDF- old")
    await offered(on_sqlite, number, 0, papers=[kept, left])
    await offered(on_sqlite, number, 0, "1.05", papers=[kept])
    withdrawn = await sent(on_sqlite, 1)
    await offered(on_sqlite, number, 1, papers=[withdrawn])
    async with on_sqlite.unit_of_work() as session:
        await withdraw(session, FARMS[1], number, "ferme_01")
    await deadline_passed(on_sqlite, number)
    async with on_sqlite.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
    read_by = {viewer: [await read(on_sqlite, viewer, each) for each in (kept, left, withdrawn)] for viewer in (
        SIGNS, CONTROLS[0],
    )}  # fmt: skip
    assert [[each is not None for each in found] for found in read_by.values()] == [[True, False, False]] * 2


async def test_only_own_papers_of_a_kind_that_proves_are_taken(on_sqlite: Database) -> None:
    number, others = await published(on_sqlite), await sent(on_sqlite, 1)
    table = await sent(on_sqlite, 0, TABLE, "prix.csv")
    many = [await sent(on_sqlite, 0, b"%PDF- " + str(rank).encode()) for rank in range(MOST_PAPERS + 1)]
    for papers, says in (([others], "vous-même"), ([table], "PDF"), ([999], "999"), (many, "10 au plus")):
        with pytest.raises(refusals.InvalidTender, match=says):
            await offered(on_sqlite, number, 0, papers=papers)
    async with on_sqlite.reading() as session:
        assert (await session.scalars(tender_papers_visible_to(FARMS[0]))).all() == []


async def test_the_file_for_a_control_holds_the_papers_once_they_are_opened(market: Database) -> None:
    number, paper = await published(market), await sent(market, 0)
    await offered(market, number, 0, papers=[paper])
    name = f"pieces_des_offres/{paper}.pdf"
    assert name not in await control_file(market)
    await deadline_passed(market, number)
    async with market.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
    held = await control_file(market)
    assert held[name] == b"%PDF-1.7 proof"
    assert f";{paper}" in held["offres_pieces.csv"].decode().replace("\r", "")


async def control_file(database: Database) -> dict[str, bytes]:
    """What the archive of the buyer holds, by name."""
    request = Request(database, SIGNS, Settings())
    try:
        archive = await control_archive(request, uai(0), today().year)
    finally:
        await request.close()
    assert archive is not None
    with archive, zipfile.ZipFile(archive) as opened:
        return {each: opened.read(each) for each in opened.namelist()}
