"""Papers over HTTP: who may print what, what an archive holds, and how little it reads."""

import csv
import hashlib
import io
import shutil
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text, update

import catering.api.documents as door
from catering.api import Caller
from catering.app import create_app
from catering.db import Database
from catering.orders.models import Order
from catering.papers.control_files import FILES
from catering.papers.control_named import NAMED, SIGNATURES
from catering.people.viewer import Role, Scope, Viewer
from catering.procurement.models import Consultation
from catering.settings import Settings
from tests.api.conftest import ADMINISTRATOR, AUDITOR, CHEF, GESTIONNAIRE, PRODUCER, counted
from tests.api.dataset import uai
from tests.api.dataset_orders import ACCEPTED, CANCEL_ASKED
from tests.api.dataset_purchases import SIRETS
from tests.papers.made import pages

STRANGER = Viewer("Autre productrice", Role.PRODUCER, suppliers=frozenset({"ferme_02"}))
NUTRITION = Viewer("Nutrition", Role.NUTRITION_MANAGER)
OTHER_CHEF = Viewer("Autre chef", Role.CHEF, kitchens=frozenset({uai(1)}))
HUB = Viewer("Plateforme", Role.HUB, suppliers=frozenset({"ferme_00", "ferme_01"}))
FORM = f"/papers/orders/{ACCEPTED}/order-form.pdf"
NOTE = f"/papers/orders/{ACCEPTED}/delivery-note.pdf"
DAY_PAPERS = [f"/papers/suppliers/ferme_01/{kind}/2026-09-07.pdf" for kind in ("harvest", "packing", "tour")]
IN_A_CONTROL = {
    "comptes", "cuisines", "fournisseurs", "ingredients", "produits", "certificats", "documents", "indices",
    "achats_fichiers", "commandes", "commandes_lignes", "commandes_evenements", "consultations", "consultations_lots",
    "consultations_lignes", "consultations_criteres", "consultations_envois", "consultations_courriers",
    "consultations_questions", "consultations_journal", "offres", "offres_lignes", "offres_declarations",
    "offres_pieces", "offres_resultats", "attributions", "marches", "marches_membres", "marches_lots",
    "marches_lignes", "marches_avenants", "marches_avenants_prix", "marches_revisions", "engagements", "receptions",
    "receptions_lignes",
    "avoirs", "factures", "factures_lignes", "factures_evenements", "achats",
}  # fmt: skip
"""Files by their names: who controls looks for them there."""
CONTROL = f"/papers/kitchens/{uai(0)}/control-2026.zip"


class House:
    """The server of one database, as one person after the other sees it."""

    def __init__(self, client: httpx.AsyncClient, database: Database, config: Settings) -> None:
        self.client, self.database, self.config = client, database, config
        self.viewer: Viewer | None = None

    async def get(self, path: str, viewer: Viewer | None) -> httpx.Response:
        self.viewer = viewer
        return await self.client.get(path)

    def caller(self, _request: object) -> Caller:
        return Caller(self.database, self.viewer, self.config)


@asynccontextmanager
async def opened(file: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    config = Settings(database_url=f"sqlite+aiosqlite:///{file}", jobs="worker")
    app = create_app(config)
    database = Database(config.database_url)
    app.state.config, app.state.database = config, database
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        house = House(client, database, config)
        monkeypatch.setattr(door, "caller", house.caller)
        yield house
    await database.dispose()


@pytest.fixture
async def house(small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with opened(Path(shutil.copy(small_file, tmp_path / "papers.db")), monkeypatch) as house:
        yield house


def unpacked(response: httpx.Response) -> dict[str, bytes]:
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("path", [FORM, NOTE, *DAY_PAPERS, CONTROL, "/papers/invoices/1/invoice.pdf"])
async def test_nobody_reads_a_paper_without_signing_in_nor_with_a_token_that_may_not(house: House, path: str) -> None:
    assert (await house.get(path, None)).status_code == 401
    writing = replace(ADMINISTRATOR, scopes=frozenset({Scope.PLANS_WRITE}))
    assert (await house.get(path, writing)).status_code == 403


@pytest.mark.parametrize("path", [FORM, NOTE])
async def test_an_order_is_printed_for_its_kitchen_its_supplier_and_who_controls(house: House, path: str) -> None:
    for viewer in (CHEF, GESTIONNAIRE, PRODUCER, AUDITOR):
        response = await house.get(path, viewer)
        assert response.status_code == 200, viewer
        assert response.headers["content-type"] == "application/pdf"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in response.headers["content-security-policy"]
        assert response.headers["content-disposition"].startswith("attachment")
        assert "Collège 0" in pages(response.content)[0]
    for viewer in (STRANGER, OTHER_CHEF):
        assert (await house.get(path, viewer)).status_code == 404, viewer
    assert (await house.get(path.replace(str(ACCEPTED), "999999", 1), AUDITOR)).status_code == 404
    assert (await house.get(path.replace(str(ACCEPTED), str(2**70), 1), AUDITOR)).status_code == 422


@pytest.mark.parametrize("path", DAY_PAPERS)
async def test_the_lists_of_a_day_are_their_suppliers(house: House, path: str) -> None:
    for viewer in (PRODUCER, HUB, ADMINISTRATOR):
        response = await house.get(path, viewer)
        assert response.status_code == 200, viewer
        assert "lundi 7 septembre 2026" in pages(response.content)[0]
        assert "Rien n'est commandé" not in pages(response.content)[0]
    for viewer in (STRANGER, CHEF):
        assert (await house.get(path, viewer)).status_code == 404, viewer
    assert (await house.get(path.replace("2026-09-07", "demain"), PRODUCER)).status_code == 422


async def test_a_delivery_note_gathers_the_orders_that_come_together(house: House) -> None:
    text = "\n".join(pages((await house.get(NOTE, CHEF)).content))
    assert f"BC26-{ACCEPTED:06d}" in text
    assert f"BC26-{CANCEL_ASKED:06d}" in text


async def test_a_tour_brings_the_goods_of_the_suppliers_named_with_the_hub(house: House) -> None:
    alone = "/papers/suppliers/ferme_00/tour/2026-09-07.pdf"
    one = pages((await house.get(alone, HUB)).content)[0]
    both = pages((await house.get(f"{alone}?with=ferme_01", HUB)).content)[0]
    assert "Ferme 1" not in one
    assert "Ferme 1" in both
    own = Viewer("Ferme", Role.PRODUCER, suppliers=frozenset({"ferme_00"}))
    assert (await house.get(f"{alone}?with=ferme_01", own)).status_code == 404


async def test_an_invoice_is_printed_for_its_two_parties(house: House) -> None:
    archive = unpacked(await house.get(CONTROL, AUDITOR))
    (invoice, *_) = rows(archive["factures.csv"])
    path = f"/papers/invoices/{invoice['id']}/invoice.pdf"
    response = await house.get(path, GESTIONNAIRE)
    page = pages(response.content)[0]
    assert invoice["number"] in page
    assert "Copie de lecture" not in page, "what the platform numbers has no other original"
    for mention in ("commande BC", "livraison du", "Prix du kg HT", "L2192-10", f"SIRET {SIRETS[0]}"):
        assert mention in page
    seller = Viewer("Ferme", Role.PRODUCER, suppliers=frozenset({"ferme_00", "ferme_01", "ferme_02"}))
    assert f"SIRET {SIRETS[0]}" in pages((await house.get(path, seller)).content)[0], "Chorus Pro asks for it"
    assert (await house.get(path, OTHER_CHEF)).status_code == 404


async def test_the_file_for_a_control_holds_all_of_the_year_and_nothing_of_another_kitchen(house: House) -> None:
    archive = unpacked(await house.get(CONTROL, GESTIONNAIRE))
    index = {row["fichier"]: row for row in rows(archive["index.csv"])}
    assert set(index) == set(archive) - {"index.csv"}
    for name, row in index.items():
        assert row["sha256"] == hashlib.sha256(archive[name]).hexdigest()
        assert row["contenu"]
        if name.endswith(".csv"):
            assert int(row["lignes"]) == len(rows(archive[name]))
    orders = rows(archive["commandes.csv"])
    assert {row["kitchen_id"] for row in orders} == {"1"}
    ids = {row["id"] for row in orders}
    assert {row["order_id"] for row in rows(archive["commandes_lignes.csv"])} == ids
    assert {row["order_id"] for row in rows(archive["commandes_evenements.csv"])} == ids
    assert {f"bons_de_commande/BC26-{int(each):06d}.pdf" for each in ids} == {
        name for name in archive if name.endswith(".pdf")
    }
    for name in ("consultations", "offres", "marches", "receptions_lignes", "factures_lignes", "achats"):
        assert rows(archive[f"{name}.csv"]), name
    assert f"UAI {uai(0)}" in archive["LISEZMOI.txt"].decode("utf-8-sig")


async def test_the_file_for_a_control_holds_the_reasons_of_all_that_was_decided(house: House) -> None:
    """Read in the database by hand, whatever the archive says of itself."""
    refused = (
        "UPDATE tenders SET set_aside_reason = 'Irrégulière', set_aside_at = submitted_at WHERE consultation_id = "
    )
    async with house.database.unit_of_work() as session:
        decided = (await session.scalars(text("SELECT consultation_id FROM consultation_awards"))).all()
        await session.execute(text(f"{refused}{decided[0]}"))
    archive = unpacked(await house.get(CONTROL, GESTIONNAIRE))
    assert {name.removesuffix(".csv") for name in archive if name.endswith(".csv")} == IN_A_CONTROL | {"index"}
    for file, column, stored in (
        ("consultations", "reason", "SELECT reason FROM consultations WHERE reason IS NOT NULL"),
        ("consultations_lots", "reason", "SELECT reason FROM consultation_lots WHERE reason IS NOT NULL"),
        ("offres", "set_aside_reason", "SELECT set_aside_reason FROM tenders WHERE set_aside_reason IS NOT NULL"),
        ("offres_resultats", "reason", "SELECT reason FROM tender_outcomes"),
        ("avoirs", "reason", "SELECT lower(reason) FROM credit_requests WHERE kitchen_id = 1"),
    ):
        async with house.database.reading() as session:
            reasons = sorted((await session.scalars(text(stored))).all())
        assert reasons, file
        assert sorted(row[column] for row in rows(archive[f"{file}.csv"]) if row[column]) == reasons, file
    kept = text("SELECT kind FROM order_events JOIN orders ON orders.id = order_id WHERE kitchen_id = 1")
    async with house.database.reading() as session:
        kinds = sorted((await session.scalars(kept)).all())
    assert sorted(row["kind"] for row in rows(archive["commandes_evenements.csv"])) == kinds


async def signed_by_an_account(house: House) -> None:
    async with house.database.unit_of_work() as session:
        await session.execute(update(Order).values(sent_by="account 2"))
        await session.execute(update(Consultation).values(created_by="account 2"))


async def test_no_number_and_no_signature_of_the_file_for_a_control_leads_nowhere(house: House) -> None:
    """Who signed an award, who else was in the groupement, which product: read in the archive, without the platform."""
    await signed_by_an_account(house)
    archive = unpacked(await house.get(CONTROL, GESTIONNAIRE))
    tables = {file.table.__table__: file for file in (*NAMED, *FILES)}
    found = {file.name: rows(archive[f"{file.name}.csv"]) for file in tables.values()}
    read, accounts = 0, {row["id"] for row in found["comptes"]}
    for file in tables.values():
        for column in file.columns:
            values = {row[column.key] for row in found[file.name]} - {""}
            if column.key in SIGNATURES:
                assert {value.removeprefix("account ") for value in values if value.startswith("account ")} <= accounts
            for key in column.foreign_keys:
                assert key.column.table in tables, f"{file.name}.{column.key} names rows of no file"
                named = {row[key.column.key] for row in found[tables[key.column.table].name]}
                assert values <= named, f"{file.name}.{column.key}"
                read += len(values)
    assert read
    assert {row["sent_by"] for row in found["commandes"]} == {"account 2"}
    assert "2" in accounts
    assert all(row["name"] and row["role"] for row in found["comptes"])
    assert set(found["comptes"][0]) == {"id", "name", "role"}, "an address is not for a control"


async def test_names_of_people_in_the_file_for_a_control_are_for_who_buys_or_controls(house: House) -> None:
    await signed_by_an_account(house)
    told = {viewer: rows(unpacked(await house.get(CONTROL, viewer))["comptes.csv"]) for viewer in (AUDITOR, NUTRITION)}
    assert all(row["name"] for row in told[AUDITOR])
    assert {row["name"] for row in told[NUTRITION]} == {""}
    assert {row["role"] for row in told[NUTRITION]} == {row["role"] for row in told[AUDITOR]}


async def test_what_is_sealed_stays_out_of_the_file_for_a_control(house: House) -> None:
    archive = unpacked(await house.get(CONTROL, AUDITOR))
    opened = {row["id"] for row in rows(archive["consultations.csv"]) if row["opened_at"]}
    sealed = {row["id"] for row in rows(archive["consultations.csv"])} - opened
    assert sealed
    assert {row["consultation_id"] for row in rows(archive["offres.csv"])} <= opened


async def test_the_file_for_a_control_is_the_buyers_and_of_its_year(house: House) -> None:
    for viewer in (OTHER_CHEF, PRODUCER, HUB):
        assert (await house.get(CONTROL, viewer)).status_code == 404, viewer
    other_year = unpacked(await house.get(CONTROL.replace("2026", "2024"), GESTIONNAIRE))
    assert rows(other_year["commandes.csv"]) == rows(other_year["achats.csv"]) == []
    assert (await house.get(CONTROL.replace("2026", "99999"), GESTIONNAIRE)).status_code == 422


async def test_the_same_data_gives_the_same_archive(house: House) -> None:
    first, again = await house.get(CONTROL, GESTIONNAIRE), await house.get(CONTROL, GESTIONNAIRE)
    assert first.content == again.content
    assert first.headers["content-type"] == "application/zip"


async def test_statements_do_not_grow_with_the_rows(
    small_file: Path, large_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [FORM, NOTE, *DAY_PAPERS, CONTROL]
    seen: list[list[int]] = []
    for file in (small_file, large_file):
        copy = Path(shutil.copy(file, tmp_path / file.parent.name))
        async with opened(copy, monkeypatch) as house:
            counts = []
            for path in paths:
                with counted(house.database) as statements:
                    assert (await house.get(path, ADMINISTRATOR)).status_code == 200
                counts.append(len(statements))
            seen.append(counts)
    assert seen[0] == seen[1]
    assert max(seen[0][:-1]) <= 6
