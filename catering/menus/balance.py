"""What lunches bring on average: energy, protein, fibre, calcium, iron, salt, where every dish is one of ours.

No text at hand gives a reference for the nutrients of a lunch of a collège (regulations.md): the means are shown, and
nothing is judged by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catering.menus.dishes import Book
from catering.menus.trays import Taken, Tray
from catering.rules.meals import Served, shares_of

SHOWN = (
    "kcal",
    "protein_g",
    "fat_g",
    "saturates_g",
    "carbs_g",
    "sugars_g",
    "fibre_g",
    "salt_g",
    "calcium_mg",
    "iron_mg",
)
TENTH = Decimal("0.1")  # legal-number: rounding of a mean that is shown


@dataclass(frozen=True, slots=True)
class Balance:
    """Means per lunch of a run of lunches, bread left out.

    ``means`` of the lunches whose figure is known of every dish, ``known`` how many they are; None when none is.
    """

    first: date
    last: date
    meals: int
    means: Mapping[str, Decimal | None]
    known: Mapping[str, int]


def balance_of(trays: Sequence[Tray], book: Book) -> Balance:
    """The means over lunches, in order of day.

    Raises:
        ValueError: there is no lunch.
    """
    if not trays:
        raise ValueError("no lunch, no mean")
    totals = [_totals(tray, book) for tray in trays]
    known = {name: [each[name] for each in totals if each[name] is not None] for name in SHOWN}
    return Balance(
        trays[0].day,
        trays[-1].day,
        len(trays),
        {name: _mean([amount for amount in amounts if amount is not None]) for name, amounts in known.items()},
        {name: len(amounts) for name, amounts in known.items()},
    )


def _totals(tray: Tray, book: Book) -> dict[str, Decimal | None]:
    slots = list(tray.by_slot().values())
    if tray.unplaced() or not slots:
        return dict.fromkeys(SHOWN)
    return {name: _sum(_of_slot(taken, name, tray.day, book) for taken in slots) for name in SHOWN}


def _of_slot(taken: Sequence[Taken], nutrient: str, on: date, book: Book) -> Decimal | None:
    """Each choice by its share of the diners."""
    found = [book.facts(each.dish, on) for each in taken]
    shares = shares_of([Served({}, covers=each.covers) for each in taken])
    amounts = [None if each is None else each.nutrients[nutrient] for each in found]
    return _sum(
        None if amount is None else amount * share.numerator / share.denominator
        for amount, share in zip(amounts, shares, strict=True)
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _mean(amounts: Sequence[Decimal]) -> Decimal | None:
    return (sum(amounts, Decimal(0)) / len(amounts)).quantize(TENTH, ROUND_HALF_UP) if amounts else None
