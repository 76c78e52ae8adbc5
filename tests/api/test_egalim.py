"""EGAlim through the API: the year of a kitchen, its projection, its remedy, and the ledger as a file."""

import csv
import io
import shutil
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from catering.documents.models import Document
from catering.market.models import Offer, OfferWeek
from catering.orders.models import Order, OrderLine
from catering.planning.models import PlanRun, SourcedLine
from catering.planning.projecting import COMING, projections
from catering.purchases.ledger import FORMATS
from catering.purchases.models import PurchaseLine, PurchaseSum
from catering.purchases.service import recount
from catering.purchases.summing import tallies
from catering.recipes.vocabulary import Family
from tests.api.conftest import ADMINISTRATOR, AUDITOR, CHEF, GESTIONNAIRE, PRODUCER, Client, counted
from tests.api.dataset import MOMENT, MONDAYS, uai
from tests.api.dataset_people import NUMBERS
from tests.api.dataset_purchases import FIRST_FILE, SIRETS, purchases_file
from tests.api.operations import operations
from tests.api.test_papers import House, opened
from tests.unsealing import unseal

OPERATIONS = operations()
TODAY = MOMENT.date()
LAST_DAY = date(2026, 12, 31)


async def rows(client: Client, table: type[Any]) -> list[Any]:
    async with client.database.reading() as session:
        return list(await session.scalars(select(table)))


async def test_the_year_of_a_kitchen_is_the_sum_of_its_lines(client: Client) -> None:
    answer = await client.data(OPERATIONS["chef/EgalimYear"], CHEF, uai=uai(0), year=2026)
    lines = [each for each in await rows(client, PurchaseLine) if each.kitchen_id == 1 and each.year == 2026]
    bought = sum(line.amount_excl_tax for line in lines)
    assert bought > 0
    assert Decimal(answer["kitchen"]["egalim"]["totalEur"]) == bought
    form = {each["name"]: Decimal(each["amountEur"]) for each in answer["kitchen"]["egalim"]["simpleForm"]}
    assert form["valeur_totale"] == bought


async def test_the_projection_adds_what_is_ordered_and_what_is_planned_without_overlap(client: Client) -> None:
    async with client.database.reading() as session:
        found = (await projections(session, ADMINISTRATOR, 2026, TODAY))[1]
    orders = {
        order.id: order
        for order in await rows(client, Order)
        if order.kitchen_id == 1 and order.state in COMING and order.day <= LAST_DAY
    }
    lines = await rows(client, OrderLine)
    ordered = sum(
        int(line.amount * 100) * max(line.packs * line.pack_g - (line.received_g or 0), 0) // (line.packs * line.pack_g)
        for line in lines
        if line.order_id in orders and line.packs
    )
    assert sum(found.ordered.values()) == ordered > 0
    every = {order.id: order for order in await rows(client, Order) if order.kitchen_id == 1}
    settled = {*COMING, "received"}
    taken = {
        (every[line.order_id].week, line.ingredient_id)
        for line in lines
        if line.order_id in every and every[line.order_id].state in settled
    }
    in_use = {run.id for run in await rows(client, PlanRun) if run.published_at and not run.withdrawn_at}
    next_week = TODAY - timedelta(days=TODAY.weekday()) + timedelta(weeks=1)
    planned = sum(
        int(line.amount * 100)
        for line in await rows(client, SourcedLine)
        if line.run_id in in_use
        and line.kitchen_id == 1
        and next_week <= line.week <= LAST_DAY
        and (line.week, line.ingredient_id) not in taken
    )
    assert sum(found.planned.values()) == planned > 0
    assert sum(found.all_year.values()) == ordered + planned + sum(found.bought.values())


async def test_the_remedy_is_told_and_only_to_who_reads_the_kitchen(client: Client) -> None:
    found = (await client.data(OPERATIONS["chef/EgalimOutlook"], CHEF, uai=uai(0), year=2026))["egalimOutlook"]
    assert found["reached"] is (found["shortfalls"] == [])
    assert Decimal(found["projected"]["totalEur"]) > Decimal(found["bought"]["totalEur"])
    assert (await client.data(OPERATIONS["chef/EgalimOutlook"], CHEF, uai=uai(1), year=2026))["egalimOutlook"] is None
    for viewer in (PRODUCER, AUDITOR):
        answer = await client.data(OPERATIONS["chef/EgalimOutlook"], viewer, uai=uai(0), year=2026)
        assert (answer["egalimOutlook"] is None) is (viewer is PRODUCER)


@pytest.mark.parametrize(("to_be_had", "most"), [(None, None), (1_030_000_000, 30_000_000), (1_000_000_000, 0)])
async def test_the_remedy_buys_what_is_left_of_offers_and_no_more(
    client: Client, to_be_had: int | None, most: int | None
) -> None:
    """A year far below its rates; the plan gives a thousand tons of each offer to the two other kitchens."""
    async with client.database.unit_of_work() as session:
        session.add(
            PurchaseSum(
                year=2026, kitchen_id=1, family=Family.AUTRES, sign="", fair_trade=False, origin_zone="",
                circuit_court=False, local=False, pat=True, amount_excl_tax=Decimal(100_000), lines=1,
            )
        )  # fmt: skip
        for offer in await session.scalars(select(Offer.id).where(Offer.label == "BIO")):
            for monday in MONDAYS:
                await session.merge(OfferWeek(offer_id=offer, week=monday, available_g=to_be_had, reserved_g=0))
    found = (await client.data(OPERATIONS["chef/EgalimOutlook"], CHEF, uai=uai(0), year=2026))["egalimOutlook"]
    bought = [int(each["grams"]) for each in found["switches"]]
    assert found["projected"]["met"] is False
    assert (found["reached"], bool(bought)) == (bool(bought), most != 0)
    assert all(each["firstWeek"] == f"{MONDAYS[1]}" for each in found["switches"]), "the first week is ordered"
    assert most is None or all(grams <= most for grams in bought)


async def test_a_purchase_shows_its_proof_and_its_line_in_its_file(client: Client) -> None:
    number = FIRST_FILE + NUMBERS[GESTIONNAIRE.role]
    await client.data(
        OPERATIONS["nutrition/ImportPurchases"], GESTIONNAIRE, document=str(number), idempotencyKey="an-import"
    )
    async with client.database.unit_of_work() as session:
        await unseal(session, PurchaseLine.__tablename__)
        first = select(func.min(PurchaseLine.id)).where(PurchaseLine.kitchen_id == 1, PurchaseLine.import_id.is_(None))
        proven = await session.scalar(first)
        await session.execute(update(PurchaseLine).where(PurchaseLine.id == proven).values(document_id=number))
    nodes = (await client.data(OPERATIONS["chef/Purchases"], CHEF, first=100))["purchases"]["nodes"]
    assert {each["id"]: each["proof"]["url"] for each in nodes if each["proof"]} == {
        str(proven): f"/documents/{number}"
    }
    told = {each["fileLine"] for each in nodes if each["source"] == "IMPORT"}
    assert 2 in told
    assert None not in told
    assert {each["fileLine"] for each in nodes if each["source"] != "IMPORT"} == {None}


async def test_what_receptions_and_invoices_entered_is_summed(client: Client) -> None:
    async with client.database.unit_of_work() as session:
        before = await tallies(session, ADMINISTRATOR, 2026)
        assert sum(sum(tally.values()) for tally in before.values()) > 0
        assert await recount(session, ADMINISTRATOR) == 0
        assert await tallies(session, ADMINISTRATOR, 2026) == before


async def test_an_import_counts_at_once_and_once(client: Client) -> None:
    asked = {"document": str(FIRST_FILE + NUMBERS[GESTIONNAIRE.role])}
    year = OPERATIONS["chef/EgalimYear"]
    before = await client.data(year, CHEF, uai=uai(0), year=2026)
    for key, again in (("first-import", False), ("second-import", True)):
        answer = await client.data(OPERATIONS["nutrition/ImportPurchases"], GESTIONNAIRE, **asked, idempotencyKey=key)
        assert (answer["importPurchases"]["lines"], answer["importPurchases"]["again"]) == (1, again)
    after = await client.data(year, CHEF, uai=uai(0), year=2026)
    gained = [Decimal(each["kitchen"]["egalim"]["totalEur"]) for each in (before, after)]
    assert gained[1] - gained[0] == Decimal("12.50")


async def test_what_only_a_file_tells_is_told_beside_the_counter_of_needs(client: Client) -> None:
    """CCP-20: who orders half by telephone is not told that they are far from the threshold, and nothing else."""
    counter = OPERATIONS["chef/PurchaseNeeds"]
    before = await client.data(counter, GESTIONNAIRE, kitchen=uai(0), on="2026-12-31")
    asked = {"document": str(FIRST_FILE + NUMBERS[GESTIONNAIRE.role]), "idempotencyKey": "beside-the-counter"}
    await client.data(OPERATIONS["nutrition/ImportPurchases"], GESTIONNAIRE, **asked)
    after = await client.data(counter, GESTIONNAIRE, kitchen=uai(0), on="2026-12-31")
    assert after["purchaseNeeds"] == before["purchaseNeeds"]
    (told,) = [each for each in after["purchasesBesideNeeds"] if each not in before["purchasesBesideNeeds"]]
    assert told["amountEur"] == "12.50"
    assert told["notice"].startswith("12,50\u00a0€ d'achats importés")
    assert await client.data(counter, PRODUCER, kitchen=uai(0), on="2026-12-31") == {
        "purchaseNeeds": [], "purchasesBesideNeeds": [],
    }  # fmt: skip


async def test_every_fault_of_a_file_is_told_and_nothing_is_kept(client: Client) -> None:
    before = {line.id for line in await rows(client, PurchaseLine)}
    content = purchases_file(SIRETS[0]).decode() + "x,,,hier,-1,LEGUMES,,,,,,\n"
    async with client.database.unit_of_work() as session:
        row = await session.get_one(Document, FIRST_FILE + NUMBERS[GESTIONNAIRE.role])
        row.content = content.encode()
    answer = await client.data(
        OPERATIONS["nutrition/ImportPurchases"], GESTIONNAIRE, document=str(row.id), idempotencyKey="a-bad-file"
    )
    found = answer["importPurchases"]
    assert found["__typename"] == "PurchasesRefused"
    assert {(each["line"], each["column"], each["rule"]) for each in found["faults"]} == {
        (3, "siret", "ACH-05"), (3, "description", "ACH-03"), (3, "date", "ACH-07"), (3, "prix_ht", "ACH-10"),
        (3, "famille_produits", "ACH-12"),
    }  # fmt: skip
    assert found["faultsCount"] == len(found["faults"]) == 5
    assert found["faultsTable"] == f"/purchases/files/{row.id}/faults.csv"
    assert {line.id for line in await rows(client, PurchaseLine)} == before


async def test_all_faults_of_a_long_file_are_a_table_for_who_sent_it(house: House) -> None:
    database = house.database
    number = FIRST_FILE + NUMBERS[GESTIONNAIRE.role]
    async with database.unit_of_work() as session:
        row = await session.get_one(Document, number)
        row.content = purchases_file(SIRETS[0]) + b"x,,,hier,-1,LEGUMES,,,,,,\n" * 60
    answer = await Client(database).data(
        OPERATIONS["nutrition/ImportPurchases"], GESTIONNAIRE, document=str(number), idempotencyKey="a-bad-file"
    )
    found = answer["importPurchases"]
    assert (found["faultsCount"], len(found["faults"])) == (300, 200)
    table = await house.get(found["faultsTable"], GESTIONNAIRE)
    header, *faults = csv.reader(io.StringIO(table.content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert header == ["ligne", "colonne", "cellule", "règle", "faute", "remède"]
    assert [(each[0], each[1], each[3]) for each in faults[:200]] == [
        (str(each["line"]), each["column"], each["rule"]) for each in found["faults"]
    ]
    assert len(faults) == 300
    assert (await house.get(found["faultsTable"], ADMINISTRATOR)).status_code == 404
    assert (await house.get(found["faultsTable"], None)).status_code == 401


async def test_the_departement_is_read_in_as_many_statements_as_a_kitchen(client: Client) -> None:
    async with client.database.reading() as session:
        with counted(client.database) as every:
            await projections(session, ADMINISTRATOR, 2026, TODAY)
        with counted(client.database) as one:
            await projections(session, ADMINISTRATOR, 2026, TODAY, kitchen_ids=[1])
    assert len(every) == len(one) <= 6


@pytest.fixture
async def house(small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with opened(Path(shutil.copy(small_file, tmp_path / "ledger.db")), monkeypatch) as house:
        yield house


async def test_the_ledger_is_fetched_in_the_form_of_ma_cantine(house: House) -> None:
    found = await house.get(f"/purchases/2026.csv?kitchen={uai(0)}", CHEF)
    assert found.status_code == 200
    header, *lines = found.text.splitlines()
    assert header == ",".join(FORMATS[0].columns)
    assert {line.split(",")[0] for line in lines} == {SIRETS[0]}
    book = await house.get(f"/purchases/2026.xlsx?kitchen={uai(0)}", CHEF)
    assert book.content.startswith(b"PK")


async def test_the_ledger_of_others_is_as_if_it_did_not_exist(house: House) -> None:
    for viewer, status in ((PRODUCER, 404), (None, 401)):
        assert (await house.get("/purchases/2026.csv", viewer)).status_code == status
    assert (await house.get(f"/purchases/2026.csv?kitchen={uai(1)}", CHEF)).status_code == 404
    unnamed = await house.get(f"/purchases/2026.csv?kitchen={uai(0)}&by=cantine_id", ADMINISTRATOR)
    assert unnamed.status_code == 409
    assert uai(0) in unnamed.json()["detail"]
