"""Purchases of a central kitchen or a group, shared over the restaurants it serves, to the cent."""

from collections.abc import Mapping
from datetime import date

from catering.rules.egalim_tables import sharing
from catering.rules.egalim_year import Cell, Tally


def shared(tally: Tally, yearly_meals: Mapping[str, int], year: int) -> dict[str, Tally]:
    """What each satellite declares of its central kitchen's purchases of a year.

    From the data of 2025 on in proportion to the yearly meals of each, in equal parts before. Every cell is shared to
    the cent by largest remainder, so that the parts add up to it exactly.

    Args:
        tally: cents by cell of the central kitchen.
        yearly_meals: meals of the year by satellite.
        year: civil year.

    Raises:
        ValueError: there is no satellite, or nobody said how many meals they serve.
    """
    equal = sharing(date(year, 12, 31)).by == "equal"
    weights = {name: 1 if equal else meals for name, meals in sorted(yearly_meals.items())}
    if not weights or sum(weights.values()) <= 0 or min(weights.values()) < 0:
        raise ValueError("yearly meals are needed to share purchases over satellites")
    parts: dict[str, dict[Cell, int]] = {name: {} for name in weights}
    for cell, cents in tally.items():
        for name, part in _parts(cents, weights).items():
            if part:
                parts[name][cell] = part
    return dict(parts)


def _parts(cents: int, weights: Mapping[str, int]) -> dict[str, int]:
    total = sum(weights.values())
    floors = {name: cents * weight // total for name, weight in weights.items()}
    left = cents - sum(floors.values())
    by_remainder = sorted(weights, key=lambda name: (-(cents * weights[name] % total), name))
    return {name: floors[name] + (name in by_remainder[:left]) for name in weights}
