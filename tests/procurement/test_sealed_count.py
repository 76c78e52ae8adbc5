"""How many offers are sealed shows to nobody: two consultations that differ in it look alike until the deadline."""

import io
import zipfile
from typing import Any

import pytest
from sqlalchemy import text

from catering.api.context import Caller
from catering.api.schema import schema
from catering.db import Database
from catering.graph.request import Request
from catering.papers.control import control_archive
from catering.people.viewer import Role, Viewer
from catering.procurement.service.answering import answer, ask
from catering.procurement.service.awarding import open_tenders
from catering.procurement.service.tendering import withdraw
from catering.settings import Settings, contract_folder
from tests.api.dataset import uai
from tests.procurement.conftest import COOKS, FARMS, SIGNS, deadline_passed, offered, published
from tests.unsealing import unseal

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
AUDITOR = Viewer("Contrôle", Role.AUDITOR, account=31)
DEPARTEMENT = Viewer("Département", Role.DEPARTEMENT, account=30)
QUIET, BUSY = 1, 2
"""Consultations: to the first the last farm alone answers, to the second all of them, again and again."""
OPERATIONS = {
    viewer: (contract_folder() / "operations" / f"{name}.graphql").read_text(encoding="utf-8")
    for viewer, name in (
        ("buyer", "chef/Consultation"), ("seller", "producer/ConsultationToAnswer"),
    )
}  # fmt: skip


async def two_needs(database: Database) -> None:
    for number in (QUIET, BUSY):
        assert await published(database) == number
    for number in (QUIET, BUSY):
        if number == BUSY:
            for price in ("1.30", "1.20", "1.10"):
                await offered(database, BUSY, 0, price)
                await offered(database, BUSY, 1, price)
            async with database.unit_of_work() as session:
                await withdraw(session, FARMS[1], BUSY, "ferme_01")
        async with database.unit_of_work() as session:
            asked = await ask(session, FARMS[2], number, "ferme_02", "Quel calibre ?")
            await answer(session, SIGNS, number, asked.id, "De 20 à 40 mm.")
        await offered(database, number, 2)


async def read(database: Database, operation: str, viewer: Viewer, number: int) -> Any:
    """What an operation shows of a consultation."""
    asked = OPERATIONS[operation]
    who = Caller(database, viewer, Settings())
    told = await schema.execute(asked, {"id": str(number)}, who)
    assert told.errors is None
    return (told.data or {})["consultation"]


def alike(value: Any, number: int, key: str = "") -> Any:
    """Without what differs between any two consultations: their instants, their own number and those of their rows."""
    if isinstance(value, dict):
        return {name: alike(each, number, name) for name, each in value.items()}
    if isinstance(value, list):
        return [alike(each, number, key) for each in value]
    if key.endswith("At") or key in {"at", "id", "lineId", "keepUntil"}:
        return None
    if key == "question" and isinstance(value, int):
        return None
    return value


@pytest.mark.parametrize("viewer", [SIGNS, COOKS, DEPARTEMENT, AUDITOR], ids=lambda viewer: viewer.name)
async def test_buyers_and_controls_cannot_tell_how_many_answered(market: Database, viewer: Viewer) -> None:
    await two_needs(market)
    quiet, busy = [await read(market, "buyer", viewer, number) for number in (QUIET, BUSY)]
    assert alike(quiet, QUIET) == alike(busy, BUSY)
    assert [line["seq"] for line in busy["log"]] == [1, 2, 3]
    assert {line["hash"] for line in busy["log"]} == {None}
    assert (quiet["logBrokenAt"], busy["logBrokenAt"]) == (None, None), "the chain is checked all the same"


async def test_another_seller_cannot_tell_how_many_answered(market: Database) -> None:
    await two_needs(market)
    quiet, busy = [await read(market, "seller", FARMS[2], number) for number in (QUIET, BUSY)]
    assert alike(quiet, QUIET) == alike(busy, BUSY)
    numbers = [int(each["tenders"][0]["id"]) for each in (quiet, busy)]
    assert abs(numbers[0] - numbers[1]) > 7, "drawn by lot: once in a hundred million runs they lie as near"


async def test_after_the_opening_an_auditor_reads_every_line_and_checks_the_chain(market: Database) -> None:
    await two_needs(market)
    await deadline_passed(market, BUSY)
    async with market.unit_of_work() as session:
        await open_tenders(session, SIGNS, BUSY)
    told = await read(market, "buyer", AUDITOR, BUSY)
    assert [line["seq"] for line in told["log"]] == list(range(1, len(told["log"]) + 1))
    assert sum(line["kind"] == "TENDER_SUBMITTED" for line in told["log"]) == 7
    assert all(len(line["hash"]) == 64 for line in told["log"])
    assert told["logBrokenAt"] is None
    async with market.unit_of_work() as session:
        await unseal(session, "consultation_events")
        await session.execute(
            text("UPDATE consultation_events SET actor = 'account 99' WHERE consultation_id = 2 AND seq = 4")
        )
    assert (await read(market, "buyer", AUDITOR, BUSY))["logBrokenAt"] == 4


async def test_tampering_with_a_sealed_line_shows_before_the_opening_without_telling_its_rank(market: Database) -> None:
    await two_needs(market)
    async with market.unit_of_work() as session:
        await unseal(session, "consultation_events")
        await session.execute(
            text("UPDATE consultation_events SET actor = 'account 99' WHERE consultation_id = 2 AND seq = 7")
        )
    assert (await read(market, "buyer", SIGNS, BUSY))["logBrokenAt"] == 3, "before the third line that one reads"


async def test_the_file_for_a_control_does_not_tell_either(market: Database) -> None:
    await two_needs(market)
    asked = Request(market, AUDITOR, Settings())
    archive = await control_archive(asked, uai(0), 2099)
    await asked.forget()
    assert archive is not None
    with archive, zipfile.ZipFile(io.BytesIO(archive.read())) as parts:
        tables = {
            name: [line.split(";") for line in parts.read(f"{name}.csv").decode("utf-8-sig").splitlines()]
            for name in ("consultations", "consultations_journal", "offres")
        }
    assert len(tables["offres"]) == 1, "a header and nothing"
    header, *needs = tables["consultations"]
    assert {row[header.index("log_length")] + row[header.index("log_head")] for row in needs} == {""}
    header, *lines = tables["consultations_journal"]
    for number in (QUIET, BUSY):
        own = [row for row in lines if row[header.index("consultation_id")] == str(number)]
        assert [row[header.index("seq")] for row in own] == ["1", "2", "3"]
        assert {row[header.index("hash")] for row in own} == {""}
