"""Large files of offers: judged before the writer is held, written in few statements, all their faults told."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.ingredients import known_ingredients
from catering.api.mutations.market.refusals import MOST_FAULTS
from catering.documents.service import keep_document
from catering.market import importing
from catering.market.certifying import end_certificate
from catering.market.keeping import Judged, keep
from catering.market.models import Certificate, Offer, OfferAllergen
from catering.market.offering import end_offers
from catering.market.refusals import OffersRefused
from catering.rules.allergens import Allergen
from tests.api.conftest import CHEF, PRODUCER, Client
from tests.api.dataset_market import SHEET, SOLD, file_of
from tests.api.operations import operations
from tests.api.test_documents import STRANGER, door_for
from tests.api.test_offer_files import MOST, events, exported, imported, offers
from tests.api.test_offer_files import FileKind as Kind

IMPORT = operations()["producer/ImportOffers"]
LABELLED = SHEET | {"label": "BIO", "certificate": "certificat_01"}


async def sent(client: Client, content: bytes) -> int:
    async with client.database.unit_of_work() as session:
        return (await keep_document(session, PRODUCER, "offres.csv", content, most_bytes=MOST)).id


async def judged(client: Client, content: bytes) -> Judged:
    number = await sent(client, content)
    async with client.database.reading() as session:
        known = await known_ingredients(session, PRODUCER)
        return await importing.judge_file(session, PRODUCER, "ferme_01", number, known)


async def kept(client: Client, of: Judged) -> None:
    async with client.database.unit_of_work() as session:
        await keep(session, PRODUCER, of)


def wrong(lines: int) -> bytes:
    return file_of(*[SHEET | {"product": f"Carotte n° {line}", "pack_g": "-5"} for line in range(lines)])


async def test_a_file_with_more_faults_than_an_answer_holds_says_how_many_and_where_they_all_are(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = await imported(client, wrong(MOST_FAULTS + 50))
    assert refused["faultsCount"] == MOST_FAULTS + 50
    assert [fault["line"] for fault in refused["faults"]] == list(range(2, MOST_FAULTS + 2))
    assert "250 fautes" in refused["message"]
    file = Path(str(client.database.engine.url.database))
    async with door_for(PRODUCER, file, monkeypatch) as door:
        fetched = await door.get(refused["faultsTable"])
        assert fetched.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(fetched.content.decode("utf-8-sig")), delimiter=";"))
    assert [int(row["ligne"]) for row in rows] == list(range(2, MOST_FAULTS + 52))
    assert {(row["colonne"], row["cellule"]) for row in rows} == {("pack_g", "'-5")}
    assert all("négatif" in row["faute"] and "au moins 1" in row["remède"] for row in rows)
    for other in (STRANGER, CHEF):
        async with door_for(other, file, monkeypatch) as door:
            assert (await door.get(refused["faultsTable"])).status_code == 404
    async with door_for(None, file, monkeypatch) as door:
        assert (await door.get(refused["faultsTable"])).status_code == 401


async def test_a_file_without_a_fault_has_an_empty_table(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    number = await sent(client, file_of(SHEET))
    file = Path(str(client.database.engine.url.database))
    async with door_for(PRODUCER, file, monkeypatch) as door:
        fetched = await door.get(importing.faults_path("ferme_01", number))
    assert fetched.content.decode("utf-8-sig") == "ligne;colonne;cellule;faute;remède\r\n"


async def test_every_fault_of_a_request_is_in_its_answer(client: Client) -> None:
    given = {"ingredient": "ingredient_02", "product": "P", "packG": -5, "packLabel": "sac"}
    given = given | {"priceEurPerPack": "1", "vatPct": "5.5", "origin": "Arras"}
    text = (
        'mutation M($given: [OfferInput!]!) { listOffers(supplier: "ferme_01", offers: $given, '
        'idempotencyKey: "many-faults") { ... on OffersRefused { faultsCount faultsTable faults { line } } } }'
    )
    refused = (await client.data(text, PRODUCER, given=[given] * (MOST_FAULTS + 1)))["listOffers"]
    assert len(refused["faults"]) == refused["faultsCount"] == MOST_FAULTS + 1
    assert refused["faultsTable"] is None


async def test_the_statements_of_an_import_do_not_grow_with_its_lines(client: Client) -> None:
    counts = []
    for many in (2, 400):
        rows = [SHEET | {"product": f"P {many} {line}", "allergens": "milk", "traces": "eggs"} for line in range(many)]
        number = await sent(client, file_of(*rows))
        key = f"import-{many}-lines"
        done = await client(IMPORT, PRODUCER, supplier="ferme_01", document=str(number), idempotencyKey=key)
        assert done.data["importOffers"]["kept"]["added"] == many
        counts.append(len(done.statements))
    assert counts[0] == counts[1] <= 30


async def test_nothing_holds_the_writer_while_a_file_is_judged(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody writes in the middle of the judging: on SQLite it would wait for ever if the import held the writer."""
    judge_file = importing.judge_file

    async def interrupted(session: AsyncSession, *given: Any) -> Judged:
        found = await judge_file(session, *given)
        async with client.database.unit_of_work() as other:
            await end_offers(other, PRODUCER, [SOLD], date(2030, 1, 1))
        return found

    monkeypatch.setattr(importing, "judge_file", interrupted)
    done = await imported(client, file_of(SHEET | {"product": "Panais"}))
    assert done["kept"]["added"] == 1


async def test_what_changed_between_judging_and_writing_is_judged_again(client: Client) -> None:
    """The proof of a label is withdrawn in between: the file is refused, nothing of it is written."""
    of = await judged(client, file_of(LABELLED, SHEET))
    async with client.database.unit_of_work() as session:
        valid = select(Certificate.valid_from).where(Certificate.slug == "certificat_01")
        first = (await session.scalars(valid)).one()
        await end_certificate(session, PRODUCER, "ferme_01", "certificat_01", first, "Retiré par l'organisme")
    before, traced = await offers(client), await events(client)
    with pytest.raises(OffersRefused):
        await kept(client, of)
    assert (await offers(client), await events(client)) == (before, traced)


async def test_a_new_offer_made_in_between_keeps_its_id(client: Client) -> None:
    """Both files make an offer of the same ingredient: judged side by side, they would have chosen the same id."""
    first = await judged(client, file_of(SHEET | {"product": "Carotte A"}))
    second = await judged(client, file_of(SHEET | {"product": "Carotte B"}))
    await kept(client, first)
    await kept(client, second)
    async with client.database.reading() as session:
        found = await session.execute(select(Offer.slug).where(Offer.product.in_(["Carotte A", "Carotte B"])))
        assert len({row.slug for row in found}) == 2


async def test_the_same_import_sent_again_is_answered_without_judging(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = file_of(SHEET | {"product": "Navet"})
    done = await imported(client, content, key="import-sent-twice")

    async def never(*_: object) -> Judged:
        raise AssertionError("what was done is not judged again")

    monkeypatch.setattr(importing, "judge_file", never)
    assert await imported(client, content, key="import-sent-twice") == done


async def allergens(client: Client, product: str) -> Sequence[tuple[Allergen, bool]]:
    async with client.database.reading() as session:
        columns = select(OfferAllergen.allergen, OfferAllergen.traces).join(Offer, Offer.id == OfferAllergen.offer_id)
        rows = await session.execute(columns.where(Offer.product == product).order_by(OfferAllergen.allergen))
        return [(allergen, traces) for allergen, traces in rows]


async def test_allergens_of_a_file_are_kept_and_replaced(client: Client) -> None:
    await imported(client, file_of(SHEET | {"product": "Quiche", "allergens": "milk eggs", "traces": "nuts"}))
    milk, eggs, nuts = Allergen("milk"), Allergen("eggs"), Allergen("nuts")
    assert set(await allergens(client, "Quiche")) == {(milk, False), (eggs, False), (nuts, True)}
    back = (await exported(client, Kind.CSV)).replace(b"eggs milk;nuts", b"milk;eggs")
    assert (await imported(client, back, key="allergens-again"))["kept"]["changed"] == 1
    assert set(await allergens(client, "Quiche")) == {(milk, False), (eggs, True)}
