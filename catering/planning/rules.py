"""Pure decisions of planning: what reaches whom, at what price, and for how long a label counts."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0
ROAD_PER_CROW = 1.3
"""Kilometres by road per kilometre as the crow flies: an estimate. Published ratios run from 1.2 (Great Britain) to
1.36 (rural Spain), e.g. 1.29 on main roads (Domínguez-Caamaño 2016)."""
TENTH = Decimal("0.1")
PRICE_STEP = Decimal("0.0001")
GRAMS_PER_KG = 1000
HUNDRED_KM = 100


def road_km(from_lat: Decimal, from_lon: Decimal, to_lat: Decimal, to_lon: Decimal) -> Decimal:
    """Estimated road distance in kilometres between two places in degrees, to 0.1 km."""
    lat_1, lon_1, lat_2, lon_2 = (radians(float(degrees)) for degrees in (from_lat, from_lon, to_lat, to_lon))
    half_chord = sin((lat_2 - lat_1) / 2) ** 2 + cos(lat_1) * cos(lat_2) * sin((lon_2 - lon_1) / 2) ** 2
    crow = 2 * EARTH_RADIUS_KM * asin(sqrt(half_chord))
    return Decimal(crow * ROAD_PER_CROW).quantize(TENTH, ROUND_HALF_UP)


def delivery_eur_per_kg(base: Decimal, per_100km: Decimal, distance_km: Decimal) -> Decimal:
    """Delivery price in €/kg excl. tax for a distance, rounded half-up to four decimals."""
    return (base + per_100km * distance_km / HUNDRED_KM).quantize(PRICE_STEP, ROUND_HALF_UP)


def eur_per_kg(price_eur_per_pack: Decimal, pack_g: int) -> Decimal:
    """Price of a kilogram in €/kg excl. tax, rounded half-up to four decimals."""
    return (price_eur_per_pack * GRAMS_PER_KG / pack_g).quantize(PRICE_STEP, ROUND_HALF_UP)


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> tuple[date, date] | None:
    """Days common to two spans (both ends included, None = without end); None when there is none.

    Raises:
        ValueError: neither span ends.
    """
    start = max(first[0], second[0])
    ends = [end for _, end in (first, second) if end is not None]
    if not ends:
        raise ValueError("neither span ends")
    end = min(ends)
    return (start, end) if start <= end else None
