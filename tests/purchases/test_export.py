"""What we export is what ma-cantine takes: its table schema, restated in achats_fields.csv, and its safe form."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from frictionless import Resource, Schema, fields
from hypothesis import given, settings
from hypothesis import strategies as st

from catering.documents.models import FileKind
from catering.purchases import refusals
from catering.purchases.counting import Count
from catering.purchases.exporting import Line, export_rows, writing
from catering.purchases.ledger import FORMATS, SIGNS, Format
from catering.purchases.ledger_reading import LedgerFile
from catering.purchases.models import LocalDefinition, OriginZone
from catering.recipes.vocabulary import Family

TABLE = Path(__file__).with_name("achats_fields.csv")
TODAY = date(2026, 11, 26)
SIRET = "19620004200014"
BY_SIRET, BY_ID = FORMATS[:2]
KINDS: dict[str, Any] = {
    "any": fields.AnyField,
    "string": fields.StringField,
    "date": fields.DateField,
    "number": fields.NumberField,
    "boolean": fields.BooleanField,
}


def schema(first: str) -> Schema:
    """The schema of ma-cantine, with the column that names the establishment."""
    made = Schema()
    with TABLE.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            made.add_field(field(row, first))
    return made


def field(row: dict[str, str], first: str) -> Any:
    given: dict[str, Any] = {}
    if row["type"] == "date":
        given["format"] = "%Y-%m-%d"
    if row["type"] == "boolean":
        given |= {"true_values": ["OUI", "oui", "x"], "false_values": ["non", "NON", ""]}
    name = first if row["name"] == "siret" else row["name"]
    made = KINDS["number" if name == "cantine_id" else row["type"]](name=name, **given)
    constraints: dict[str, Any] = {"required": row["required"] == "true"}
    if row["values"]:
        one = "(" + "|".join(row["values"].split()) + ")"
        constraints["pattern"] = f"^ *{one}" + (f"( *, *{one})*" if row["separator"] else "") + " *$"
    made.constraints = constraints
    return made


def faults(content: bytes, first: str = "siret") -> list[str]:
    report = Resource(content, format="csv", schema=schema(first)).validate()
    return [f"{each[0]} {each[1]} {each[2]}" for each in report.flatten(["rowNumber", "fieldName", "type"])]


def plain_csv(form: Format, rows: list[tuple[str, ...]]) -> bytes:
    out = io.BytesIO()
    with writing(out, form, FileKind.CSV) as add:
        add(rows)
    return out.getvalue()


def line(amount: str, **told: Any) -> Line:
    usual: dict[str, Any] = {
        **dict.fromkeys(Line._fields),
        "seller": "",
        "bought_on": date(2026, 3, 2),
        "product": "Carottes",
        "family": Family.FRUITS_ET_LEGUMES,
        "labels": "",
        "sign": "",
        "local": False,
        "amount_excl_tax": Decimal(amount),
    }
    return Line(**{**usual, **told})


lines = st.builds(
    line,
    st.decimals(Decimal("0.01"), Decimal(9999), places=2).map(str),
    product=st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=12).map(
        lambda name: f"Produit {name}"
    ),
    family=st.sampled_from(Family),
    sign=st.sampled_from(("", *SIGNS, "CONVERSION_BIO", "CE2")),
    origin_zone=st.sampled_from((None, *OriginZone)),
    circuit_court=st.sampled_from((None, True, False)),
    local=st.booleans(),
    local_definition=st.sampled_from((None, *LocalDefinition)),
    local_km=st.sampled_from((None, Decimal("12.5"))),
)


@settings(deadline=None)
@given(st.lists(lines, min_size=1, max_size=15))
def test_whatever_was_bought_is_exported_as_the_schema_asks(bought: list[Line]) -> None:
    content = plain_csv(BY_SIRET, export_rows((SIRET, each) for each in bought))
    assert faults(content) == []
    assert not content.startswith(b"\xef\xbb\xbf")
    ledger = LedgerFile(io.BytesIO(content), TODAY)
    count = Count()
    count.add_all(ledger.lines())
    assert [each for each in ledger.faults if each.rule != "ACH-06"] == []
    refused = {each.line for each in ledger.faults}
    total = sum(each.amount_excl_tax for each in bought)
    if not refused:
        assert sum(count.tally(2026).values()) == total * 100
    assert not any(each.rule == "ACH-18" for each in ledger.warnings)


def test_the_form_by_number_keeps_to_its_schema_too() -> None:
    assert faults(plain_csv(BY_ID, export_rows([("949", line("12.00"))])), "cantine_id") == []


@pytest.mark.parametrize(
    ("column", "cell"),
    [("prix_ht", "douze"), ("famille_produits", "LEGUMES"), ("date", "02/03/2026"), ("categories_egalim", "BIO,AOP")],
)
def test_the_schema_sees_what_is_wrong(column: str, cell: str) -> None:
    row = list(export_rows([(SIRET, line("12.00"))])[0])
    row[BY_SIRET.columns.index(column)] = cell
    assert len(faults(plain_csv(BY_SIRET, [tuple(row)]))) == 1


def exported(*bought: Line) -> list[tuple[str, str]]:
    """(day, amount) of each row."""
    return [(row[3], row[4]) for row in export_rows((SIRET, each) for each in bought)]


def test_a_correction_is_netted_in_the_purchase_it_mends() -> None:
    assert exported(line("50.00"), line("-12.50")) == [("2026-03-02", "37.50")]
    assert exported(line("50.00"), line("-50.00")) == []


def test_a_credit_of_another_day_is_taken_off_the_latest_purchase_counted_alike() -> None:
    credit = line("-30.00", invoiced_on=date(2026, 5, 1), product="Avoir")
    march, april = line("50.00"), line("20.00", bought_on=date(2026, 4, 2))
    assert exported(march, april, credit) == [("2026-03-02", "40.00")]


def test_credits_that_nothing_covers_are_told() -> None:
    labelled = line("50.00", sign="BIO", labels="BIO")
    with pytest.raises(refusals.NotExportable, match=r"12,00\u00a0€ d'avoirs"):
        exported(labelled, line("-12.00"))


def test_a_label_that_does_not_count_is_left_out() -> None:
    (row,) = export_rows([(SIRET, line("5.00", labels="BIO", sign=""))])
    assert row[6] == ""
    (row,) = export_rows([(SIRET, line("5.00", labels="COMMERCE_EQUITABLE HVE", sign="HVE"))])
    assert row[6] == "COMMERCE_EQUITABLE,HVE"


def test_a_name_starts_like_no_formula() -> None:
    (row,) = export_rows([(SIRET, line("5.00", product="=cmd|'x'", seller="@Ferme du Pré"))])
    assert (row[1], row[2]) == ("cmd|'x'", "Ferme du Pré")


@pytest.mark.parametrize(("km", "written"), [("50", "50"), ("50.000000", "50"), ("12.500000", "12.5")])
def test_kilometres_are_written_plainly(km: str, written: str) -> None:
    near = line("5.00", local=True, local_definition=LocalDefinition.KM, local_km=Decimal(km))
    (row,) = export_rows([(SIRET, near)])
    assert (row[9], row[10], row[11]) == ("OUI", "KM", written)
