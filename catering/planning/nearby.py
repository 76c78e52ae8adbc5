"""Which kitchens are near enough to each other to share a supplier's drop: groups from geography alone."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from catering.geography import road_km

NEAR_KM = Decimal(10)  # legal-number: kilometres of an estimate, stated with it
"""Road kilometres between any two kitchens of a group at most (great circle × 1.3, an estimate): some 15 minutes."""
MOST_STOPS = 8  # legal-number: doors of a morning
"""Doors that one truck serves before the morning's cooking begins."""


class Place(NamedTuple):
    """A kitchen, in degrees."""

    uai: str
    lat: Decimal
    lon: Decimal


Group = tuple[Place, ...]


def near_groups(places: Iterable[Place]) -> Mapping[str, str]:
    """The group of each kitchen by UAI, named by the first UAI in it; who is near nobody is a group alone.

    The two groups whose farthest kitchens are nearest to each other become one, while they are near and few enough: the
    same kitchens give the same groups, in whatever order they are told.
    """
    every = sorted(places)
    km = {pair: road_km(pair[0].lat, pair[0].lon, pair[1].lat, pair[1].lon) for pair in combinations(every, 2)}
    groups: list[Group] = [(place,) for place in every]
    while (pair := _nearest(groups, km)) is not None:
        a, b = pair
        groups = sorted([*(of for of in groups if of not in (a, b)), tuple(sorted([*a, *b]))])
    return {place.uai: of[0].uai for of in groups for place in of}


def _nearest(groups: Sequence[Group], km: Mapping[tuple[Place, Place], Decimal]) -> tuple[Group, Group] | None:
    found = [
        (far, a, b)
        for a, b in combinations(groups, 2)
        if len(a) + len(b) <= MOST_STOPS and (far := _farthest(a, b, km)) <= NEAR_KM
    ]
    return min(found)[1:] if found else None


def _farthest(a: Group, b: Group, km: Mapping[tuple[Place, Place], Decimal]) -> Decimal:
    return max(km[min(one, other), max(one, other)] for one in a for other in b)
