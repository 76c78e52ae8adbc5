"""Lunches as the frequencies read them, from the dishes of a day, whatever they were read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from catering.menus.dishes import Book, Identified
from catering.menus.names.attributes import STARCHES
from catering.recipes.vocabulary import Slot
from catering.rules import RuleBook, UnknownRuleError, law
from catering.rules.meals import Meal, Served
from catering.rules.truth import Truth

AUGUST = 8
COMPOSED = "garniture du plat composé"
"""What stands for the side of a lunch whose main dish holds it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A dish on the tray of a day and the covers that took it, when somebody counted."""

    dish: Identified
    covers: int | None = None


@dataclass(frozen=True, slots=True)
class Tray:
    """All that is served on one day, one lunch for everybody or with choices."""

    day: date
    taken: tuple[Taken, ...]

    def by_slot(self) -> Mapping[str, list[Taken]]:
        """The dishes of each component; a dish that is listed twice counts once."""
        found: dict[str, list[Taken]] = defaultdict(list)
        for each in dict.fromkeys(self.taken):
            if each.dish.slot is not None:
                found[each.dish.slot].append(each)
        return found

    def unplaced(self) -> list[Taken]:
        """Dishes of which nothing tells the component, sauces left out."""
        return [each for each in self.taken if each.dish.slot is None and not each.dish.seasons_only]


class StructureFault(StrEnum):
    """How the components of a lunch are not what the arrêté asks (NUT-S1)."""

    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    NO_SIDE_OR_DAIRY = "no_side_or_dairy"


def meal_of(tray: Tray, book: Book) -> Meal:
    """The lunch under the law of its day.

    A lunch without a side has that of its composed main dish, whose class its starch tells. A dish that could be
    anything makes every component that is missing unknown: it may be that one.
    """
    slots = tray.by_slot()
    served: dict[str, Sequence[Served]] = {
        slot: [book.served(each.dish, tray.day, each.covers) for each in taken] for slot, taken in slots.items()
    }
    strangers = [Served({}, each.dish.name, otherwise=Truth.UNKNOWN) for each in tray.unplaced()]
    for slot in Slot if strangers else ():
        served.setdefault(slot.value, strangers)
    if Slot.SIDE.value not in served and (mains := slots.get(Slot.MAIN.value)):
        served[Slot.SIDE.value] = [_side_within(each, tray.day, book) for each in mains]
    return Meal(tray.day, served)


def _side_within(main: Taken, on: date, book: Book) -> Served:
    starch = book.served(main.dish, on).truth("contains_starch")
    if main.dish.match is None:
        named = main.dish.reading.kinds & STARCHES or "mixed" in main.dish.reading.kinds
        starch = Truth.TRUE if named else Truth.UNKNOWN
    sure = starch is Truth.TRUE
    classes = {"starch_side": Truth.TRUE, "cooked_veg_side": Truth.FALSE} if sure else {}
    absent = {"raw_veg_or_fruit_starter_or_side": Truth.FALSE, "fried_fat_gt15": Truth.FALSE}
    vegetarian = {"vegetarian": Truth.TRUE}
    return Served(classes | absent | vegetarian, f"{main.dish.name} ({COMPOSED})", main.covers, Truth.UNKNOWN)


def structure_fault(tray: Tray, on: date, book: RuleBook | None = None) -> StructureFault | None:
    """What is wrong with the number and kind of components of a lunch; None when nothing is, or nothing was asked."""
    rules = book or law()
    try:
        least, most = (int(rules.parameter(f"NUT-S1-{end}", on)) for end in ("MIN", "MAX"))
    except UnknownRuleError:
        return None
    slots = set(tray.by_slot())
    if tray.unplaced():
        return None
    if len(slots) > most:
        return StructureFault.TOO_MANY
    if not {Slot.SIDE.value, Slot.DAIRY.value} <= slots and len(slots) >= least:
        return StructureFault.NO_SIDE_OR_DAIRY
    return StructureFault.TOO_FEW if len(slots) < least else None


def school_year_of(day: date) -> str:
    """The school year of a day, as ``2026-27``: it turns in August, when nobody serves."""
    first = day.year if day.month >= AUGUST else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def by_school_year(trays: Iterable[Tray]) -> Mapping[str, list[Tray]]:
    """The trays of each school year, in order of day: the blocks of a year start on its first service day."""
    found: dict[str, list[Tray]] = defaultdict(list)
    for tray in sorted(trays, key=lambda tray: tray.day):
        found[school_year_of(tray.day)].append(tray)
    return found
