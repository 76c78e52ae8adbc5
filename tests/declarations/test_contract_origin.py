"""Essential data of food contracts: shares of the Union and of France, and the fields of the schema « marchés » v2.

The part of the schema that we write is restated here as facts of the arrêté of 22 December 2022: names, types, bounds.
"""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from frictionless import Resource, Schema, fields

from catering.declarations.contract_origin import FoodOrigin, as_csv, as_json, months, origins_of, record_of
from catering.procurement.models import Contract

DAY = date(2026, 9, 1)
SHARE = {"type": ["number", "null"], "minimum": 0, "maximum": 1, "multipleOf": 0.01}
SIRET = {"type": "string", "pattern": r"^\d{14}$"}
MARKET: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "acheteur", "nature", "objet", "dureeMois", "dateNotification", "montant", "titulaires"],
    "properties": {
        "id": {"type": "string", "minLength": 1, "maxLength": 16},
        "acheteur": {"type": "object", "properties": {"id": SIRET}, "required": ["id"]},
        "nature": {"enum": ["Marché", "Marché de partenariat", "Accord-cadre", "Marché subséquent"]},
        "objet": {"type": "string", "maxLength": 1000},
        "dureeMois": {"type": "integer", "minimum": 1},
        "dateNotification": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "montant": {"type": "number", "minimum": 0},
        "origineUE": SHARE,
        "origineFrance": SHARE,
        "titulaires": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "titulaire": {
                        "type": "object",
                        "required": ["typeIdentifiant", "id"],
                        "properties": {"typeIdentifiant": {"enum": ["SIRET", "TVA", "TAHITI", "RIDET"]}, "id": SIRET},
                    }
                },
            },
        },
    },
}


def contract() -> Contract:
    return Contract(
        id=12, kitchen_id=1, number="2026-07", title="Légumes frais", supplier_id=3, start_day=date(2026, 9, 1),
        end_day=date(2030, 8, 31), min_amount=Decimal(0), max_amount=Decimal("84000.00"),
    )  # fmt: skip


def record(*rows: tuple[str | None, str | None, str]) -> dict[str, Any]:
    found = origins_of([(country, zone, Decimal(amount)) for country, zone, amount in rows], DAY)
    return record_of(contract(), "19620004200014", "73282932000074", found)


def test_shares_are_of_all_that_was_received() -> None:
    found = record(("FR", "FRANCE", "60"), ("BE", "EUROPE", "20"), ("MA", "TIERS", "15"), (None, None, "5"))
    assert (found["origineUE"], found["origineFrance"]) == (0.8, 0.6)


@pytest.mark.parametrize("country", ["NO", "IS", "LI"])
def test_the_economic_area_is_europe_for_ma_cantine_and_not_of_the_union(country: str) -> None:
    found = record((country, "EUROPE", "50"), ("FR", "FRANCE", "50"))
    assert (found["origineUE"], found["origineFrance"]) == (0.5, 0.5)


def test_what_is_of_unknown_origin_counts_in_neither_and_is_told() -> None:
    found = origins_of([(None, None, Decimal(30)), ("FR", "FRANCE", Decimal(70))], DAY)
    assert found == FoodOrigin(Decimal(100), Decimal(70), Decimal(70), Decimal(30))


def test_an_offer_that_changed_country_since_keeps_the_zone_of_the_reception() -> None:
    assert record(("MA", "EUROPE", "10"))["origineUE"] == 1.0


def test_nothing_received_has_no_share() -> None:
    assert (record()["origineUE"], record()["origineFrance"]) == (None, None)
    assert FoodOrigin(received=Decimal("-5")).union_share is None


def test_shares_are_rounded_half_up_and_france_never_passes_the_union() -> None:
    found = record(("FR", "FRANCE", "2"), ("CN", "TIERS", "1"))
    assert (found["origineUE"], found["origineFrance"]) == (0.67, 0.67)


@pytest.mark.parametrize(
    ("first", "last", "lasts"),
    [
        (date(2026, 9, 1), date(2030, 8, 31), 48),
        (date(2026, 1, 1), date(2026, 1, 31), 1),
        (date(2026, 1, 15), date(2026, 3, 14), 2),
        (date(2026, 1, 15), date(2026, 3, 15), 3),
    ],
)
def test_a_duration_is_whole_months_rounded_up(first: date, last: date, lasts: int) -> None:
    assert months(first, last) == lasts


def test_the_json_keeps_to_the_schema() -> None:
    told = json.loads(as_json([record(("FR", "FRANCE", "60"), ("BE", "EUROPE", "20")), record()]))
    for each in told["marches"]["marche"]:
        jsonschema.validate(each, MARKET)
    wrong = told["marches"]["marche"][0] | {"origineUE": 1.2}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, MARKET)


def test_the_csv_keeps_to_its_schema() -> None:
    content = as_csv([record(("FR", "FRANCE", "60"))])
    (row,) = csv.DictReader(io.StringIO(content.decode()))
    assert (row["acheteur.id"], row["titulaire.id"], row["origineUE"]) == ("19620004200014", "73282932000074", "1.0")
    made = Schema()
    for name in row:
        share = name.startswith("origine")
        field = fields.NumberField(name=name) if share or name == "montant" else fields.AnyField(name=name)
        field.constraints = {"minimum": 0, "maximum": 1} if share else {"required": True}
        made.add_field(field)
    assert Resource(content, format="csv", schema=made).validate().valid
    assert not Resource(content.replace(b",1.0,", b",1.7,", 1), format="csv", schema=made).validate().valid
