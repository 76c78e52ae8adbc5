"""Who may deliver products of animals to a canteen: cases that a buyer or a farmer can read, correct and add to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catering.market.hygiene import Delivery, may_deliver
from catering.market.models import PermitKind
from catering.rules.hygiene import AnimalProduct, animal_rules
from catering.rules.marks import read_yaml

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
GRAMS_PER_KG = 1000


@dataclass(frozen=True)
class Place:
    lat: Decimal
    lon: Decimal


@dataclass(frozen=True)
class Permit:
    kind: PermitKind
    valid_from: date
    valid_to: date | None = None
    max_km: int | None = None
    large_share: bool = False


def refused(case: Mapping[str, Any]) -> list[str]:
    product = None if case["product"] is None else AnimalProduct(case["product"])
    permits = [Permit(**{**given, "kind": PermitKind(given["kind"])}) for given in case["permits"]]
    delivery = Delivery(product, case["on"], int(case["week_kg"] * GRAMS_PER_KG))
    found = may_deliver(Place(**case["supplier"]), permits, Place(**case["kitchen"]), delivery)
    assert all(str(reason).endswith(".") and "HYG-0" in str(reason) for reason in found)
    return [type(reason).__name__ for reason in found]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    content: Any = read_yaml(path).content
    for case in content["deliveries"]:
        assert refused(case) == case["refused"], case


def test_every_rule_has_a_case() -> None:
    assert {str(read_yaml(path).content["id"]) for path in CASES} == {"T22", "HYG-01", "HYG-02", "HYG-03"}


def test_the_message_says_how_much_is_too_much() -> None:
    permits = [Permit(PermitKind.DEROGATION, date(2020, 1, 1))]
    here = Place(Decimal(50), Decimal(2))
    (reason,) = may_deliver(here, permits, here, Delivery(AnimalProduct.DAIRY, date(2026, 10, 6), 262_500))
    assert "250 kg par semaine" in str(reason)
    assert "12500 g" in str(reason)


def test_the_law_speaks_of_every_product_of_animals() -> None:
    assert set(animal_rules()) == set(AnimalProduct)
    for rows in animal_rules().values():
        for row in rows:
            capped = row.derogation == "capped"
            assert (row.weekly_grams(large_share=False) is not None) == capped
            assert not capped or row.weekly_grams(large_share=True) < row.weekly_grams(large_share=False)
