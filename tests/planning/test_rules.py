"""Distances, prices and validity spans of planning."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.geography import road_km
from catering.market.delivered import delivery_eur_per_kg, eur_per_kg
from catering.planning.rules import overlap

ARRAS = (Decimal("50.291"), Decimal("2.777"))
BOULOGNE = (Decimal("50.725"), Decimal("1.614"))
DAYS = st.dates(date(2025, 1, 1), date(2028, 1, 1))
SPANS = st.tuples(DAYS, DAYS).map(lambda ends: (min(ends), max(ends)))


def test_a_road_is_longer_than_the_flight_of_a_crow() -> None:
    """Arras to Boulogne-sur-Mer is 95 km as the crow flies, 116 to 125 km by the roads in use."""
    assert road_km(*ARRAS, *BOULOGNE) == pytest.approx(Decimal(124), abs=2)


def test_a_place_is_at_no_distance_of_itself() -> None:
    assert road_km(*ARRAS, *ARRAS) == 0


@given(
    st.decimals("50", "51", places=3), st.decimals("1.5", "3.2", places=3),
    st.decimals("50", "51", places=3), st.decimals("1.5", "3.2", places=3),
)  # fmt: skip
def test_a_distance_is_the_same_both_ways(lat: Decimal, lon: Decimal, other_lat: Decimal, other_lon: Decimal) -> None:
    assert road_km(lat, lon, other_lat, other_lon) == road_km(other_lat, other_lon, lat, lon)


def test_the_price_of_a_pack_becomes_a_price_per_kg_rounded_half_up() -> None:
    assert eur_per_kg(Decimal("7.50"), 2500) == Decimal("3.0000")
    assert eur_per_kg(Decimal("1.00"), 3000) == Decimal("0.3333")
    assert eur_per_kg(Decimal("2.00"), 3000) == Decimal("0.6667")
    assert eur_per_kg(Decimal("0.00005"), 1000) == Decimal("0.0001")


def test_delivery_grows_with_the_distance() -> None:
    assert delivery_eur_per_kg(Decimal("0.05"), Decimal("0.20"), Decimal(0)) == Decimal("0.0500")
    assert delivery_eur_per_kg(Decimal("0.05"), Decimal("0.20"), Decimal("37.5")) == Decimal("0.1250")


@given(SPANS, SPANS, DAYS)
def test_a_day_is_in_the_overlap_exactly_when_it_is_in_both(
    first: tuple[date, date], second: tuple[date, date], day: date
) -> None:
    common = overlap(first, second)
    inside = common is not None and common[0] <= day <= common[1]
    assert inside == (first[0] <= day <= first[1] and second[0] <= day <= second[1])


def test_a_law_without_end_leaves_the_certificate_its_dates() -> None:
    certificate = (date(2026, 3, 1), date(2027, 2, 28))
    assert overlap(certificate, (date(2022, 1, 1), None)) == certificate
    assert overlap(certificate, (date(2022, 1, 1), date(2026, 12, 31))) == (date(2026, 3, 1), date(2026, 12, 31))
    assert overlap(certificate, (date(2022, 1, 1), date(2026, 3, 1) - timedelta(days=1))) is None


def test_two_spans_without_end_have_no_dated_overlap() -> None:
    with pytest.raises(ValueError, match="ends"):
        overlap((date(2022, 1, 1), None), (date(2023, 1, 1), None))
