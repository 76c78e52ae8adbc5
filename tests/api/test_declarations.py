"""Declarations, displays and registers through the API and over HTTP: who reads what, and what a correction tells."""

import csv
import io
import shutil
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from sqlalchemy import select

from catering.declarations.models import EssentialStatement
from catering.market.models import Supplier
from catering.orders.models import OrderLine
from catering.orders.vocabulary import PriceSource
from catering.people.viewer import Role, Viewer
from catering.procurement.models import Contract, ContractLine, ContractLot
from catering.purchases.models import PurchaseLine
from catering.receiving.models import ReceptionLine
from tests.api.conftest import ADMINISTRATOR, AUDITOR, CHEF, GESTIONNAIRE, PRODUCER, Client
from tests.api.dataset import MONDAYS, uai
from tests.api.dataset_declarations import YEAR
from tests.api.dataset_purchases import SIRETS
from tests.api.operations import VARIABLES, operations
from tests.api.test_papers import House, opened
from tests.declarations.market_structure import STRUCTURE
from tests.declarations.test_essential_data import STATED
from tests.papers.made import dark, modules, pages

FILE = operations()["nutrition/DeclarationFile"]
DECLARE = operations()["nutrition/DeclareYear"]
STATE = operations()["chef/StateEssentialData"]
OTHER_CHEF = Viewer("Autre chef", Role.CHEF, kitchens=frozenset({uai(1)}))
REGISTER = f"/papers/kitchens/{uai(0)}/menu-register.pdf"
BILAN = f"/declarations/{YEAR}/simple.csv"
OPEN_PAPERS = [
    f"/papers/diners/{uai(0)}/egalim.pdf?year={YEAR}",
    f"/papers/diners/{uai(0)}/egalim.pdf?paper=A3",
    f"/papers/diners/{uai(0)}/menus/{MONDAYS[0]}.pdf",
    f"/papers/diners/{uai(0)}/allergens/{MONDAYS[0]}.pdf",
]


@pytest.fixture
async def house(small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with opened(Path(shutil.copy(small_file, tmp_path / "declared.db")), monkeypatch) as house:
        yield house


async def test_the_file_tells_what_a_correction_would_change(client: Client) -> None:
    found = (await client.data(FILE, **VARIABLES["nutrition/DeclarationFile"]))["declarationFile"]
    assert (found["version"], found["declared"]["reason"]) == (1, "Première")
    moved = {each["name"]: Decimal(each["differenceEur"]) for each in found["comparison"]["fields"]}
    assert moved["valeur_totale"] == moved["valeur_produits_de_la_mer"] == Decimal(50)
    (line,) = found["comparison"]["lines"]["nodes"]
    assert (line["change"], line["declaredSign"], line["purchase"]["product"]) == ("ENTERED", None, "Cabillaud")
    assert {each["name"]: Decimal(each["amountEur"]) for each in line["moves"]} == moved
    assert {"DEC-10", "DEC-11"} <= {each["id"] for each in found["checks"]}
    assert [each["phase"] for each in found["campaign"]] == ["declaration", "correction"]


async def test_a_correction_becomes_the_next_version_once(client: Client) -> None:
    asked = VARIABLES["nutrition/DeclareYear"]
    first = (await client.data(DECLARE, GESTIONNAIRE, **asked))["declareYear"]["declaration"]
    assert (first["version"], first["form"]) == (2, "DETAILED")
    assert (await client.data(DECLARE, GESTIONNAIRE, **asked))["declareYear"]["declaration"] == first
    again = (await client.data(DECLARE, GESTIONNAIRE, **asked | {"idempotencyKey": "another-key"}))["declareYear"]
    assert (again["__typename"], again["version"]) == ("DeclarationMoved", 2)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"acknowledged": []}, "NotAcknowledged"),
        ({"year": 2026}, "DeclarationMoved"),
        ({"year": 2026, "baseVersion": 0}, "NotDeclarable"),
        ({"reason": " "}, "InvalidDeclaration"),
        ({"kitchen": "0629999Z"}, "UnknownDeclarant"),
    ],
)
async def test_a_refusal_is_named(client: Client, change: dict[str, object], named: str) -> None:
    asked = VARIABLES["nutrition/DeclareYear"]
    told = await client.data(DECLARE, ADMINISTRATOR, **asked | {"year": asked["year"] | change})
    assert told["declareYear"]["__typename"] == named
    assert told["declareYear"]["message"]


@pytest.mark.parametrize("path", OPEN_PAPERS)
async def test_diners_print_without_an_account(house: House, path: str) -> None:
    for viewer in (None, PRODUCER, CHEF):
        response = await house.get(path, viewer)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "application/pdf"
        assert "Collège 0" in pages(response.content)[0]
    assert (await house.get(path.replace(uai(0), "0629999Z"), None)).status_code == 404


async def test_the_code_of_the_poster_leads_to_the_page_of_the_college(house: House) -> None:
    page = f"/colleges/{uai(0)}/egalim"
    assert modules((await house.get(OPEN_PAPERS[0], None)).content) == dark(house.config.own_url + page)
    shown = await house.get(page, None)
    assert (shown.status_code, "durables et de qualité" in shown.text) == (200, True)


async def test_the_week_shows_allergens_and_meat(house: House) -> None:
    week = "".join(pages((await house.get(OPEN_PAPERS[2], None)).content))
    assert "lait" in week
    assert "Ingrédient 1 : origine à demander" in week
    sheet = pages((await house.get(OPEN_PAPERS[3], None)).content)[0]
    assert "X" in sheet.split("Fruits", 1)[1]


async def test_the_register_is_for_the_kitchen_and_who_controls(house: House) -> None:
    assert (await house.get(REGISTER, None)).status_code == 401
    for viewer in (CHEF, AUDITOR):
        text = "".join(pages((await house.get(f"{REGISTER}?last=2026-09-14", viewer)).content))
        assert "du 14/06/2026 au 14/09/2026" in text
        assert "07/09/2026" in text
        assert "non compté" in text
        assert "changé par la cuisine" in text
        assert "Ingrédient 1 : origine à demander" in text
    for viewer in (OTHER_CHEF, PRODUCER):
        assert (await house.get(REGISTER, viewer)).status_code == 404


async def test_bilans_are_of_the_kitchens_that_one_reads(house: House) -> None:
    assert (await house.get(BILAN, None)).status_code == 401
    mine = list(csv.DictReader(io.StringIO((await house.get(BILAN, CHEF)).text)))
    assert [each["valeur_totale"] for each in mine] == ["500.00"]
    now = list(csv.DictReader(io.StringIO((await house.get(f"{BILAN}?figures=today", CHEF)).text)))
    assert [each["valeur_totale"] for each in now] == ["550.00"]
    every = list(csv.DictReader(io.StringIO((await house.get(BILAN, ADMINISTRATOR)).text)))
    assert len(every) == 2
    assert (await house.get(BILAN, PRODUCER)).status_code == 404
    assert (await house.get(f"{BILAN}?by=cantine_id", CHEF)).status_code == 409
    detailed = await house.get(f"/declarations/{YEAR}/detaille.xlsx", CHEF)
    assert detailed.content.startswith(b"PK")
    assert (await house.get("/declarations/2031/simple.csv", CHEF)).status_code == 404


async def bought_on_contract(house: House) -> tuple[int, Decimal]:
    """Have what was received be drawn on the first contract, whose holder says its SIRET: number, and the sum."""
    async with house.database.unit_of_work() as session:
        line = (await session.scalars(select(ContractLine).order_by(ContractLine.id).limit(1))).one()
        lot = await session.get_one(ContractLot, line.lot_id)
        contract = await session.get_one(Contract, lot.contract_id)
        (await session.get_one(Supplier, contract.supplier_id)).siret = "73282932000074"
        received = (
            select(OrderLine, PurchaseLine)
            .join(ReceptionLine, ReceptionLine.order_line_id == OrderLine.id)
            .join(PurchaseLine, PurchaseLine.reception_line_id == ReceptionLine.id)
        )
        total = Decimal(0)
        for ordered, bought in await session.execute(received):
            ordered.price_source, ordered.price_name, ordered.price_line = PriceSource.CONTRACT, "M1", line.id
            total += bought.amount_excl_tax
        await session.flush()
        return contract.id, total


async def test_essential_data_lack_what_their_buyer_did_not_say(house: House) -> None:
    assert (await house.get("/contracts/1/essential-data.json", None)).status_code == 401
    assert (await house.get("/contracts/99999/essential-data.json", CHEF)).status_code == 404
    response = await house.get("/contracts/1/essential-data.json", ADMINISTRATOR)
    assert response.status_code == 409
    assert {"titulaires.id", "codeCPV", "dateNotification"} <= set(
        response.json()["detail"].replace(" (", "\n").split()
    )
    listed = await house.get("/contracts/1/essential-data.csv", ADMINISTRATOR)
    told = {row["donnee"]: row for row in csv.DictReader(io.StringIO(listed.text))}
    assert told["codeCPV"]["valeur"] == ""
    assert Decimal(told["montant"]["valeur"]) > 0
    assert "profil d'acheteur" in told["actesSousTraitance.id"]["si_elle_manque"]


async def test_essential_data_are_of_the_books_and_of_the_buyer(house: House) -> None:
    number, total = await bought_on_contract(house)
    assert total > 0
    client = Client(house.database)
    stated = [{"datum": name, "value": value} for name, value in STATED]
    asked = {"contractId": str(number), "stated": stated, "idempotencyKey": "essential-1"}
    answer = (await client.data(STATE, GESTIONNAIRE, **asked))["stateEssentialData"]
    assert answer["__typename"] == "EssentialDataStated", answer
    assert answer["essentialData"]["complete"] is True
    assert (await client.data(STATE, GESTIONNAIRE, **asked))["stateEssentialData"] == answer
    again = asked | {"idempotencyKey": "essential-2"}
    assert (await client.data(STATE, GESTIONNAIRE, **again))["stateEssentialData"] == answer
    fewer = asked | {"stated": stated[1:], "idempotencyKey": "essential-3"}
    assert not (await client.data(STATE, ADMINISTRATOR, **fewer))["stateEssentialData"]["essentialData"]["complete"]
    await client.data(STATE, GESTIONNAIRE, **asked | {"idempotencyKey": "essential-4"})
    async with house.database.reading() as session:
        kept = list(await session.scalars(select(EssentialStatement).order_by(EssentialStatement.version)))
    assert [(each.version, each.actor) for each in kept] == [
        (1, GESTIONNAIRE.actor), (2, ADMINISTRATOR.actor), (3, GESTIONNAIRE.actor),
    ]  # fmt: skip
    response = await house.get(f"/contracts/{number}/essential-data.json", GESTIONNAIRE)
    jsonschema.validate(response.json(), STRUCTURE)
    (told,) = response.json()["marches"]["marche"]
    assert (told["acheteur"]["id"], told["titulaires"][0]["titulaire"]["id"]) == (SIRETS[0], "73282932000074")
    found = await client.data(operations()["chef/ContractOrigins"], GESTIONNAIRE, kitchen=uai(0), first=100)
    origin = {each["id"]: each["foodOrigin"] for each in found["contracts"]["nodes"]}[str(number)]
    assert Decimal(origin["receivedEur"]) == total
    assert Decimal(origin["unionShare"]) == Decimal(str(told["origineUE"]))
    assert (await house.get(f"/contracts/{number}/essential-data.json", OTHER_CHEF)).status_code == 404


@pytest.mark.parametrize(
    ("viewer", "change", "named"),
    [
        (GESTIONNAIRE, {"stated": [{"datum": "montant", "value": "1"}]}, "InvalidEssentialData"),
        (GESTIONNAIRE, {"contractId": "99999"}, "UnknownContract"),
        (CHEF, {}, "NotAllowed"),
        (AUDITOR, {}, "NotAllowed"),
        (PRODUCER, {}, "NotAllowed"),
    ],
)
async def test_essential_data_are_stated_by_who_signs(
    client: Client, viewer: Viewer, change: dict[str, object], named: str
) -> None:
    asked = VARIABLES["chef/StateEssentialData"] | change
    told = (await client.data(STATE, viewer, **asked))["stateEssentialData"]
    assert (told["__typename"], bool(told["message"])) == (named, True)
