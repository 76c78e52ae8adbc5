"""Where what was received on a food contract comes from: shares of the Union and of France (CCP-06)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.declarations.contract_origin import FoodOrigin, origins_of

DAY = date(2026, 9, 1)
PLACES = [("FR", "FRANCE"), ("BE", "EUROPE"), ("NO", "EUROPE"), ("MA", "TIERS"), (None, None)]


def shares(*rows: tuple[str | None, str | None, str]) -> tuple[Decimal | None, Decimal | None]:
    found = origins_of([(country, zone, Decimal(amount)) for country, zone, amount in rows], DAY)
    return found.union_share, found.france_share


def test_shares_are_of_all_that_was_received() -> None:
    found = shares(("FR", "FRANCE", "60"), ("BE", "EUROPE", "20"), ("MA", "TIERS", "15"), (None, None, "5"))
    assert found == (Decimal("0.80"), Decimal("0.60"))


@pytest.mark.parametrize("country", ["NO", "IS", "LI"])
def test_the_economic_area_is_europe_for_ma_cantine_and_not_of_the_union(country: str) -> None:
    assert shares((country, "EUROPE", "50"), ("FR", "FRANCE", "50")) == (Decimal("0.50"), Decimal("0.50"))


def test_what_is_of_unknown_origin_counts_in_neither_and_is_told() -> None:
    found = origins_of([(None, None, Decimal(30)), ("FR", "FRANCE", Decimal(70))], DAY)
    assert found == FoodOrigin(Decimal(100), Decimal(70), Decimal(70), Decimal(30))


def test_an_offer_that_changed_country_since_keeps_the_zone_of_the_reception() -> None:
    assert shares(("MA", "EUROPE", "10"))[0] == 1


def test_nothing_received_has_no_share() -> None:
    assert shares() == (None, None)
    assert FoodOrigin(received=Decimal("-5")).union_share is None


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.integers(1, 10**9)), min_size=1, max_size=6))
def test_france_is_in_the_union_and_the_union_in_all(rows: list[tuple[tuple[str | None, str | None], int]]) -> None:
    union, france = shares(*((country, zone, f"{cents / 100:.2f}") for (country, zone), cents in rows))
    assert union is not None
    assert france is not None
    assert 0 <= france <= union <= 1
