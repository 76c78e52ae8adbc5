"""What pairing rules exclude together: sets of dishes of different slots of which a day can hold one only.

A pairing rule excludes pairs. Two more things follow and are worth a row: a set of dishes that leaves no dish of a
third slot in common with another set cannot meet it, and three sets that exclude each other share a day's one place.
Every lawful menu satisfies these rows; without them counts may look right that no arrangement of days can keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from weakref import WeakKeyDictionary

import numpy as np

from optimizer.engine.instance import Bools, Instance
from optimizer.engine.meetings import pairings

LARGE = 12
"""Sets smaller than this seldom fill a week: no row of their own."""


@dataclass(frozen=True)
class Exclusion:
    """Of the dishes flagged per slot (each D), a day serves at most one."""

    parts: tuple[tuple[int, Bools], ...]


def exclusions(instance: Instance) -> list[Exclusion]:
    """Exclusions that follow from all hard pairing rules together; the rules themselves have their own rows."""
    if instance not in _found:
        pairs = _pairs(instance)
        merged = _merged(pairs)
        _found[instance] = [Exclusion(((a, first), (b, second))) for a, first, b, second in merged] + _triangles(merged)
    return _found[instance]


_found: WeakKeyDictionary[Instance, list[Exclusion]] = WeakKeyDictionary()
_Pair = tuple[int, Bools, int, Bools]


def _pairs(instance: Instance) -> list[_Pair]:
    """Each pairing as an exclusion of two sets, and the pairs that exclude each other through a third slot."""
    direct: list[_Pair] = []
    for pairing in pairings(instance):
        in_slot = instance.slot_of == pairing.slot_b
        other: Bools = np.asarray((~pairing.b if pairing.require else pairing.b) & in_slot, dtype=np.bool_)
        first: Bools = np.asarray(pairing.a & (instance.slot_of == pairing.slot_a), dtype=np.bool_)
        direct += [(pairing.slot_a, first, pairing.slot_b, other), (pairing.slot_b, other, pairing.slot_a, first)]
    derived: list[_Pair] = []
    for (a, first, c, gone), (b, second, d, gone_too) in combinations(direct, 2):
        if c == d and a != b and bool((gone | gone_too)[instance.slot_of == c].all()):
            derived += [(a, first, b, second), (b, second, a, first)]
    return direct + derived


def _merged(pairs: list[_Pair]) -> list[_Pair]:
    """One set against everything of another slot that it excludes."""
    grouped: dict[tuple[int, bytes, int], tuple[Bools, Bools]] = {}
    for a, first, b, second in pairs:
        key = (a, first.tobytes(), b)
        known = grouped.get(key, (first, np.zeros_like(second)))[1]
        grouped[key] = (first, known | second)
    return [
        (a, first, b, second)
        for (a, _, b), (first, second) in grouped.items()
        if first.sum() >= LARGE and second.sum() >= LARGE
    ]


def _triangles(pairs: list[_Pair]) -> list[Exclusion]:
    """Three sets of three slots, each excluding the others."""
    found: dict[bytes, Exclusion] = {}
    for (a, first, b, second), (e, first_too, c, third) in combinations(pairs, 2):
        if a != e or b == c or len({a, b, c}) < 3:
            continue
        for f, second_too, g, third_too in pairs:
            if f != b or g != c:
                continue
            parts = ((a, first & first_too), (b, second & second_too), (c, third & third_too))
            if all(flags.sum() >= LARGE for _, flags in parts):
                ordered = tuple(sorted(parts, key=lambda part: part[0]))
                found.setdefault(b"".join(flags.tobytes() for _, flags in ordered), Exclusion(ordered))
    return list(found.values())
