"""Whole price books in and out: nothing lost, every bad line named, nothing half-written."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import func, select

from catering.api.ingredients import known_ingredients
from catering.cells import Fault
from catering.documents.models import FileKind
from catering.documents.service import keep_document
from catering.documents.tables import csv_file, read_rows, unshielded, xlsx_file
from catering.market.importing import HEADER, offers_file
from catering.market.models import Offer
from catering.market.models_sheet import DateKind, SaleUnit
from catering.market.sheet import Line, Sheet, read_line, written
from catering.market.sheet_headers import FRENCH, code_of
from catering.people.models import ChangeEvent
from catering.rules.allergens import Allergen
from catering.rules.hygiene import AnimalProduct, ProductCategory
from catering.spelling import deceit, folded, says_something
from tests.api.conftest import PRODUCER, Client
from tests.api.dataset_market import SHEET, SOLD, file_of
from tests.api.operations import operations

IMPORT = operations()["producer/ImportOffers"]
MOST = 10_000_000


async def imported(client: Client, content: bytes, name: str = "offres.csv", key: str = "import-of-a-test") -> Any:
    """What importing a file answers."""
    async with client.database.unit_of_work() as session:
        document = await keep_document(session, PRODUCER, name, content, most_bytes=MOST)
        number = document.id
    answer = await client.data(IMPORT, PRODUCER, supplier="ferme_01", document=str(number), idempotencyKey=key)
    return answer["importOffers"]


async def exported(client: Client, kind: FileKind) -> bytes:
    async with client.database.reading() as session:
        known = await known_ingredients(session, PRODUCER)
        return await offers_file(session, PRODUCER, "ferme_01", kind, known)


async def offers(client: Client) -> list[Any]:
    async with client.database.reading() as session:
        return list((await session.execute(select(Offer.__table__).order_by(Offer.id))).all())


async def events(client: Client) -> int:
    async with client.database.reading() as session:
        return int((await session.scalars(select(func.count()).select_from(ChangeEvent))).one())


@pytest.mark.parametrize("kind", [FileKind.CSV, FileKind.XLSX])
async def test_what_is_exported_and_imported_again_changes_nothing(kind: FileKind, client: Client) -> None:
    before, traced = await offers(client), await events(client)
    done = await imported(client, await exported(client, kind), f"offres.{kind}")
    assert done["__typename"] == "OffersImported"
    assert done["kept"] == {"added": 0, "changed": 0, "offers": []}
    assert await offers(client) == before
    assert await events(client) == traced


async def test_a_changed_cell_and_a_new_line_are_kept(client: Client) -> None:
    table = read_rows(FileKind.CSV, await exported(client, FileKind.CSV), 100)
    assert tuple(table.header) == HEADER
    rows = [dict(zip(FRENCH, (unshielded(cell) for cell in row), strict=False)) for _, row in table.lines]
    rows = [{code: row.get(code, "") for code in FRENCH} for row in rows]
    next(row for row in rows if row["id"] == SOLD)["price_eur_per_pack"] = "9,75"
    rows.append(SHEET | {"product": "=Nouveau", "label": "BIO", "certificate": "certificat_01"})
    content = csv_file(HEADER, [[row[code] for code in FRENCH] for row in rows])
    done = await imported(client, content)
    assert done["kept"] == {"added": 1, "changed": 1, "offers": [SOLD, "ferme_01__ingredient_02__bio"]}
    found = await client.data(f'{{ offer(id: "{SOLD}") {{ priceEurPerPack }} }}', PRODUCER)
    assert found["offer"]["priceEurPerPack"] == "9.7500"


async def test_a_file_sent_twice_lists_nothing_twice(client: Client) -> None:
    """The connection fell before the answer: the same file comes again, with another key."""
    sent = file_of(SHEET | {"product": "Carotte des sables"}, SHEET | {"product": "Carotte jaune"})
    first = await imported(client, sent, key="a first choice of file")
    before = await offers(client)
    again = await imported(client, sent, key="another choice of file")
    assert first["kept"]["added"] == 2
    assert again["kept"] == {"added": 0, "changed": 0, "offers": []}
    assert await offers(client) == before
    dearer = await imported(client, file_of(SHEET | {"product": "Carotte jaune", "price_eur_per_pack": "19"}))
    assert dearer["kept"]["added"] == 1


async def test_a_product_written_twice_in_one_file_is_named(client: Client) -> None:
    refused = await imported(client, file_of(SHEET, SHEET))
    assert [(fault["line"], fault["message"]) for fault in refused["faults"]] == [(3, "le même produit que ligne 2")]


async def test_a_text_that_looks_like_a_formula_leaves_as_text(client: Client) -> None:
    listed = SHEET | {"product": "'=cmd|' /C calc'!A0"}
    await imported(client, file_of(listed))
    book = load_workbook(io.BytesIO(await exported(client, FileKind.XLSX)))
    cells = [cell for row in book["offres"].iter_rows() for cell in row]
    assert any(str(cell.value).startswith("'=cmd") for cell in cells)
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert b"'=cmd" in await exported(client, FileKind.CSV)
    assert b";=cmd" not in await exported(client, FileKind.CSV)


BAD = {
    17: ({"price_eur_per_pack": "1,234"}, "price_eur_per_pack", "virgule ambiguë", "1.234 ou 1234"),
    5_000: ({"pack_g": "-5"}, "pack_g", "négatif", "au moins 1"),
    10_001: ({"product": "=HYPERLINK(1)"}, "product", "formule", "la valeur elle-même"),
}


async def test_ten_thousand_lines_with_three_bad_ones_name_the_three_and_write_nothing(client: Client) -> None:
    rows = [SHEET | {"product": f"Carotte n° {line}"} | BAD.get(line, ({},))[0] for line in range(2, 10_002)]
    before, traced = await offers(client), await events(client)
    refused = await imported(client, file_of(*rows))
    assert refused["__typename"] == "OffersRefused"
    found = {fault["line"]: (fault["column"], fault["message"], fault["repair"]) for fault in refused["faults"]}
    assert set(found) == set(BAD)
    for line, (_, column, message, repair) in BAD.items():
        assert found[line][0] == column
        assert message in found[line][1]
        assert repair in found[line][2]
    assert "3 fautes ; rien n'a été enregistré." in refused["message"]
    assert await offers(client) == before
    assert await events(client) == traced


async def test_two_thousand_new_offers_are_listed_at_once(client: Client) -> None:
    rows = [SHEET | {"product": f"Carotte n° {line}"} for line in range(2_000)]
    done = await imported(client, file_of(*rows))
    assert done["kept"]["added"] == 2_000
    assert len(set(done["kept"]["offers"])) == 2_000


@pytest.mark.parametrize(
    ("content", "name", "refusal", "says"),
    [
        (b"id;product\n;Carotte\n", "a.csv", "OffersRefused", "colonne absente"),
        (file_of({}).replace(b"pack_label", b"pack_lable"), "a.csv", "OffersRefused", "pack_label"),
        (file_of({"id": "offre_000"}), "a.csv", "OffersRefused", "aucune de vos offres"),
        (file_of({"id": SOLD}, {"id": SOLD}), "a.csv", "OffersRefused", "déjà écrit ligne 2"),
        (file_of({"id": SOLD, "ingredient": "ingredient_04"}), "a.csv", "OffersRefused", "change pas d'ingrédient"),
        (file_of({"valid_to": "31.12.2026"}), "a.csv", "OffersRefused", "écrire 2026-12-31"),
        (file_of({"vat_pct": "19.6"}), "a.csv", "OffersRefused", "5.5 ou 10 ou 20"),
        (file_of({}).decode().encode("utf-16"), "a.csv", "", ""),
        (b"PK\x03\x04 xl/ nothing more", "a.xlsx", "TableRefused", "illisible"),
    ],
)
async def test_a_file_that_cannot_be_is_refused_whole(
    content: bytes, name: str, refusal: str, says: str, client: Client
) -> None:
    before = await offers(client)
    if not refusal:
        with pytest.raises(Exception, match="ni un PDF"):
            await imported(client, content, name)
        return
    refused = await imported(client, content, name)
    assert refused["__typename"] == refusal, refused
    assert says in refused["message"], refused
    assert await offers(client) == before


def in_french(content: bytes, spelt: Callable[[str], str]) -> bytes:
    """A file whose first line is in French, as somebody spells it."""
    header, rest = content.decode().split("\n", 1)
    mark = ";" if ";" in header else ","
    codes = [each.strip("\r") for each in header.split(mark)]
    return (mark.join(spelt(FRENCH[code]) for code in codes) + "\n" + rest).encode()


@pytest.mark.parametrize("spelt", [str, str.upper, lambda name: folded(name), lambda name: name.replace("'", "’")])
async def test_columns_are_read_in_french_however_they_are_spelt(spelt: Callable[[str], str], client: Client) -> None:
    done = await imported(client, in_french(file_of({"product": "Carotte des dunes"}), spelt))
    assert (done["__typename"], done["kept"]["added"]) == ("OffersImported", 1)


async def test_faults_name_the_columns_as_the_file_does(client: Client) -> None:
    wrong = file_of({"price_eur_per_pack": "1,234"})
    for content, called in ((wrong, "price_eur_per_pack"), (in_french(wrong, str), "prix du colis HT en €")):
        (fault,) = (await imported(client, content))["faults"]
        assert fault["column"] == called
    misspelt = in_french(file_of({}), str).replace(b"grammes par colis", b"grammes par coli")
    refused = await imported(client, misspelt)
    assert "la renommer « grammes par colis »" in refused["message"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
async def test_the_encodings_of_spreadsheets_give_the_same_offers(encoding: str, client: Client) -> None:
    content = file_of({"product": "Œuf à la coque d'été"}).decode().encode(encoding)
    done = await imported(client, content)
    found = await client.data(f'{{ offer(id: "{done["kept"]["offers"][0]}") {{ product }} }}', PRODUCER)
    assert found["offer"]["product"] == "Œuf à la coque d'été"


words = st.text(st.characters(codec="cp1252", categories=("L", "Nd", "P", "Zs")), min_size=1, max_size=30).filter(
    lambda text: " ".join(text.split()) == text and deceit(text) is None and says_something(text)
)
dates = st.none() | st.dates()
lands = st.none() | st.sampled_from(["FR", "BE", "ES"])
allergens = st.frozensets(st.sampled_from(list(Allergen)), max_size=4)
sheets = st.builds(
    Sheet,
    id=st.sampled_from(["", "ferme__carotte"]),
    ingredient=st.just("carotte"),
    product=words,
    unit=st.sampled_from(SaleUnit),
    unit_g=st.integers(1, 9_999),
    pack_g=st.integers(1, 2_000_000),
    pack_label=words,
    variable_weight=st.booleans(),
    price_eur_per_pack=st.decimals("0.0001", "99999", places=4),
    vat_pct=st.decimals(0, 100, places=2),
    label=st.none() | st.just("BIO"),
    certificate=st.none() | st.just("ferme__bio"),
    origin=words,
    origin_country=lands,
    born_in=lands,
    reared_in=lands,
    slaughtered_in=lands,
    category=st.none() | st.sampled_from(ProductCategory),
    limit_celsius=st.none() | st.decimals(-40, 30, places=1),
    animal_product=st.none() | st.sampled_from(AnimalProduct),
    date_kind=st.none() | st.sampled_from(DateKind),
    allergens=st.none() | allergens,
    traces=allergens,
    valid_from=dates,
    valid_to=dates,
)


def through(kind: FileKind, cells: Mapping[str, str]) -> Sheet | None:
    """A sheet after a file of this kind."""
    rows = [[cells[code] for code in FRENCH]]
    content = csv_file(HEADER, rows) if kind is FileKind.CSV else xlsx_file("offres", HEADER, rows)
    table = read_rows(kind, content, 10)
    ((line, row),) = table.lines
    faults: list[Fault] = []
    back = dict(
        zip(map(str, map(code_of, table.header)), [unshielded(cell) for cell in row] + [""] * len(HEADER), strict=False)
    )
    found = read_line(Line("", line, back), faults)
    assert faults == []
    return found.sheet


@settings(max_examples=150, deadline=None)
@given(sheets)
def test_any_sheet_survives_a_csv(sheet: Sheet) -> None:
    assert through(FileKind.CSV, written(sheet)) == sheet


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets)
def test_any_sheet_survives_an_xlsx(sheet: Sheet) -> None:
    assert through(FileKind.XLSX, written(sheet)) == sheet
