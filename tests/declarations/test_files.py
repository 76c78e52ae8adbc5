"""Bilans keep to the schemas of ma-cantine, and a year that is exported and read back says the same to the cent.

The simple schema is restated in ``bilans_fields.csv`` and the detailed one here, as facts of the public repository
betagouv/ma-cantine (MIT licence, release 2026.39.1): names, order, types and what is required.
"""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from frictionless import Resource, Schema, fields
from sqlalchemy import func, select

from catering.db import Database
from catering.declarations import refusals
from catering.declarations.exporting import Bilan, bilans, bilans_file
from catering.declarations.figures import figures_of
from catering.declarations.models import DeclarationForm
from catering.declarations.proof import compared, year_files
from catering.declarations.rereading import disagreements
from catering.declarations.service import SatelliteWish, state_satellites
from catering.documents.models import FileKind
from catering.documents.tables import read_rows
from catering.figures import rate
from catering.kitchens.models import Kitchen
from catering.moment import Clock
from catering.progress import silent
from catering.purchases.models import Canteen, PurchaseLine
from catering.rules.egalim_year import Cell
from catering.seeding import load
from catering.settings import seeds_folder
from tests.api.dataset import uai
from tests.declarations.conftest import AFTER, MANAGER, YEAR, bring_in, declared, one_line, sirets
from tests.purchases.conftest import file_of, imported, rows

TABLE = Path(__file__).with_name("bilans_fields.csv")
FAMILIES = (
    "viandes_volailles", "produits_de_la_mer", "fruits_et_legumes", "charcuterie", "produits_laitiers", "boulangerie",
    "boissons", "autres",
)  # fmt: skip
REQUIRED = (
    "label_rouge", "aocaop_igp_stg", "hve", "peche_durable", "rup", "commerce_equitable", "fermier", "externalites",
    "performance", "non_egalim",
)  # fmt: skip
SHOWN = ("france", "circuit_court", "local")
SIRET = "19620004200014"


def detailed_2025() -> Iterator[tuple[str, bool]]:
    """The 125 columns of the detailed schema, each with whether it is required."""
    yield from (("siret", True), ("année_bilan", True), ("valeur_totale", True))
    yield from (("valeur_viandes_volailles", True), ("valeur_produits_de_la_mer", True))
    for family in FAMILIES:
        yield f"valeur_{family}_bio", True
        yield f"valeur_{family}_bio_dont_commerce_equitable", False
    for cell in (*REQUIRED, *SHOWN):
        for family in FAMILIES:
            yield f"valeur_{family}_{cell}", cell in REQUIRED


def simple(first: str = "siret") -> Schema:
    """The simple schema, by SIRET or by number."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        told = [(row["name"], row["required"] == "true") for row in csv.DictReader(table)]
    return schema([(first, True), *told[1:]])


def schema(columns: list[tuple[str, bool]]) -> Schema:
    made = Schema()
    for name, required in columns:
        kind = fields.AnyField if name in {"siret", "année_bilan"} else fields.NumberField
        field = kind(name=name)
        field.constraints = {"required": required, **({"unique": True} if name in {"siret", "cantine_id"} else {})}
        made.add_field(field)
    return made


def faults(content: bytes, of: Schema) -> list[str]:
    report = Resource(content, format="csv", schema=of).validate()
    return [f"{each[0]} {each[1]} {each[2]}" for each in report.flatten(["rowNumber", "fieldName", "type"])]


def header(content: bytes) -> list[str]:
    return next(csv.reader(io.StringIO(content.decode())))


def bilan(year: int, siret: str | None = SIRET, cents: int = 12_345) -> Bilan:
    tally = {Cell("VIANDES_VOLAILLES", "BIO", True, "FRANCE", True, True, True): cents, Cell("AUTRES", "IGP"): 100}
    return Bilan("Collège", siret, 949, figures_of(tally, year))


def test_the_simple_form_has_21_columns_and_keeps_to_its_schema() -> None:
    content = bilans_file([bilan(2025)], 2025, DeclarationForm.SIMPLE)
    assert len(header(content)) == 21
    assert header(content) == [field.name for field in simple().fields]
    assert faults(content, simple()) == []


def test_the_simple_form_by_number_keeps_to_its_schema_too() -> None:
    content = bilans_file([bilan(2025)], 2025, DeclarationForm.SIMPLE, by_siret=False)
    assert faults(content, simple("cantine_id")) == []
    assert content.splitlines()[1].startswith(b"949,2025,124.45,")


def test_the_detailed_form_has_125_columns_and_keeps_to_its_schema() -> None:
    content = bilans_file([bilan(2025)], 2025, DeclarationForm.DETAILED)
    assert len(header(content)) == 125
    assert header(content) == [name for name, _ in detailed_2025()]
    assert faults(content, schema(list(detailed_2025()))) == []


def test_the_form_of_2026_tells_aop_igp_stg_and_europe_apart() -> None:
    names = header(bilans_file([bilan(2026)], 2026, DeclarationForm.DETAILED))
    assert {f"valeur_autres_{cell}" for cell in ("aocaop", "igp", "stg", "europe")} <= set(names)
    assert not any("aocaop_igp_stg" in name for name in names)


def test_the_schema_sees_what_is_wrong() -> None:
    content = bilans_file([bilan(2025), bilan(2025)], 2025, DeclarationForm.SIMPLE)
    assert faults(content, simple()) == ["3 siret unique-error"]
    assert faults(content.replace(b"124.45", b"beaucoup", 1), simple())[0] == "2 valeur_totale type-error"


def test_what_ma_cantine_would_refuse_is_refused_here() -> None:
    with pytest.raises(refusals.InvalidDeclaration, match="SIRET"):
        bilans_file([bilan(2025, siret=None)], 2025, DeclarationForm.SIMPLE)
    with pytest.raises(refusals.InvalidDeclaration, match=r"valeur_bio"):
        bilans_file([bilan(2025, cents=-5_000)], 2025, DeclarationForm.SIMPLE)
    with pytest.raises(refusals.NoDeclaration, match="2025"):
        bilans_file([], 2025, DeclarationForm.SIMPLE)


async def test_a_workbook_says_what_the_text_says(bought: Database) -> None:
    async with bought.reading() as session:
        found = await bilans(session, MANAGER, YEAR)
    plain = list(csv.reader(io.StringIO(bilans_file(found, YEAR, DeclarationForm.SIMPLE).decode())))
    book = read_rows(FileKind.XLSX, bilans_file(found, YEAR, DeclarationForm.SIMPLE, FileKind.XLSX), 10)
    assert [list(book.header), *(list(row) for _, row in book.lines)] == plain
    assert len(plain) == 3


async def test_what_was_declared_is_exported_as_it_was_declared(bought: Database) -> None:
    await declared(bought)
    known = await sirets(bought)
    await bring_in(bought, [one_line(known[uai(0)], "75.00")])
    async with bought.reading() as session:
        then, other = await bilans(session, MANAGER, YEAR)
        now, _ = await bilans(session, MANAGER, YEAR, declared=False)
    grown = now.figures.simple["valeur_totale"] - then.figures.simple["valeur_totale"]
    assert (grown, other.siret) == (Decimal("75.00"), known[uai(1)])


async def test_a_central_kitchen_has_one_row_for_each_restaurant(bought: Database) -> None:
    wishes = [SatelliteWish(SIRET, "Sur place", 30_000), SatelliteWish("73282932000074", "École", 10_001)]
    async with bought.unit_of_work() as session:
        await state_satellites(session, MANAGER, uai(0), YEAR, wishes)
    async with bought.reading() as session:
        found = await bilans(session, MANAGER, YEAR, uais=[uai(0)])
    assert [each.siret for each in found] == [SIRET, "73282932000074"]
    assert faults(bilans_file(found, YEAR, DeclarationForm.SIMPLE), simple()) == []


async def test_a_year_is_exported_and_read_back_the_same(bought: Database, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    async with bought.reading() as session:
        found = await year_files(session, MANAGER, YEAR, out)
    assert (found.kitchens, list(found.differences)) == (2, [])
    assert sorted(each.name for each in found.files) == sorted(each.name for each in out.iterdir()) == [
        "achats_2026.csv", "achats_2026.xlsx", "bilan_detaille_2026.csv", "bilan_simple_2026.csv",
    ]  # fmt: skip


def test_the_proof_sees_a_cent_and_a_missing_establishment() -> None:
    ours, theirs = {SIRET: bilan(2026).figures}, {SIRET: bilan(2026, cents=12_346).figures}
    assert any("valeur_totale vaut 124,45\u00a0€, relu 124,46\u00a0€" in line for line in compared(ours, theirs))
    assert list(compared(ours, {})) == [f"{SIRET} : d'un seul côté"]


@pytest.mark.parametrize("year", [2024, 2025, 2026])
@pytest.mark.parametrize("form", DeclarationForm)
def test_the_columns_of_a_bilan_make_its_shares_again(form: DeclarationForm, year: int) -> None:
    made = [bilan(year)]
    content = bilans_file(made, year, form)
    assert list(disagreements(content, form, year, made)) == []
    assert made[0].figures.shares["quality"] == Decimal("100.00")
    told = list(disagreements(content.replace(b",124.45", b",124.50", 1), form, year, made))
    assert told == [
        f"{SIRET} : part {name} de {rate(Decimal(share))}, {rate(Decimal(read))} par le bilan {form.value}"
        for name, share, read in (("quality", "100.00", "99.96"), ("bio", "99.20", "99.16"))
    ]
    assert list(disagreements(content, form, year, [bilan(year, "73282932000074")])) == [
        f"Collège : absent du bilan {form.value}"
    ]


async def test_a_year_of_the_demonstration_departement_goes_out_and_comes_back(
    database: Database, tmp_path: Path
) -> None:
    """125 collèges of the seeds, 6,000 lines of every family and sign: exported, imported again, equal."""
    await load(database, seeds_folder(), silent)
    async with database.unit_of_work() as session:
        places = list(await session.scalars(select(Kitchen).order_by(Kitchen.uai)))
        named = {place.id: f"{100_000_000 + rank * 7:09d}00010" for rank, place in enumerate(places)}
        session.add_all(Canteen(kitchen_id=number, siret=siret) for number, siret in named.items())
    await imported(database, file_of(rows(list(named.values()), 6_000)))
    Clock.fixed = AFTER
    async with database.reading() as session:
        first = await year_files(session, MANAGER, YEAR, tmp_path)
        exported = await session.scalar(select(func.count()).select_from(PurchaseLine))
    assert (first.kitchens, list(first.differences), exported) == (125, [], 6_000)
    # The file of the year, moved to the year before, is imported again: the same Département a second time.
    earlier = (tmp_path / "achats_2026.csv").read_text(encoding="utf-8").replace(f",{YEAR}-", ",2025-")
    await imported(database, earlier.encode(), name="avant.csv")
    async with database.reading() as session:
        again = await bilans(session, MANAGER, 2025)
        ours = await bilans(session, MANAGER, YEAR)
    same = {each.siret: each.figures.shares for each in again}
    assert same == {each.siret: each.figures.shares for each in ours}
    totals = [(each.siret, each.figures.simple["valeur_totale"]) for each in again]
    assert totals == [(each.siret, each.figures.simple["valeur_totale"]) for each in ours]
