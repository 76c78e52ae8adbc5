"""Pure decision: in which order a hub drives to the kitchens of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from catering.geography import road_km


@dataclass(frozen=True, slots=True)
class Stop:
    """A place to drive to, in degrees; ``kitchen_id`` names it."""

    kitchen_id: int
    lat: Decimal
    lon: Decimal


def nearest_first(lat: Decimal, lon: Decimal, stops: Sequence[Stop]) -> list[tuple[Stop, Decimal]]:
    """Stops each followed by the nearest one left, with the estimated road kilometres from the one before.

    Not the shortest tour: an order that a driver understands and changes at will. Ties go to the lower number.
    """
    left, tour = list(stops), []
    while left:
        km, _, stop = min((road_km(lat, lon, each.lat, each.lon), each.kitchen_id, each) for each in left)
        left.remove(stop)
        tour.append((stop, km))
        lat, lon = stop.lat, stop.lon
    return tour
