"""Distances between places given in degrees."""

from decimal import ROUND_HALF_UP, Decimal
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0
ROAD_PER_CROW = 1.3
"""Kilometres by road per kilometre as the crow flies: an estimate. Published ratios run from 1.2 (Great Britain) to
1.36 (rural Spain), e.g. 1.29 on main roads (Domínguez-Caamaño 2016)."""
TENTH = Decimal("0.1")


def crow_km(from_lat: Decimal, from_lon: Decimal, to_lat: Decimal, to_lon: Decimal) -> Decimal:
    """Great-circle distance in kilometres between two places in degrees, to 0.1 km."""
    return Decimal(_great_circle(from_lat, from_lon, to_lat, to_lon)).quantize(TENTH, ROUND_HALF_UP)


def road_km(from_lat: Decimal, from_lon: Decimal, to_lat: Decimal, to_lon: Decimal) -> Decimal:
    """Estimated road distance in kilometres between two places in degrees, to 0.1 km."""
    crow = _great_circle(from_lat, from_lon, to_lat, to_lon)
    return Decimal(crow * ROAD_PER_CROW).quantize(TENTH, ROUND_HALF_UP)


def _great_circle(from_lat: Decimal, from_lon: Decimal, to_lat: Decimal, to_lon: Decimal) -> float:
    lat_1, lon_1, lat_2, lon_2 = (radians(float(degrees)) for degrees in (from_lat, from_lon, to_lat, to_lon))
    half_chord = sin((lat_2 - lat_1) / 2) ** 2 + cos(lat_1) * cos(lat_2) * sin((lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half_chord))
