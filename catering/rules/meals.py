"""Meals as the frequencies read them: per component one dish or several choices, each with its attributes.

Several choices (docs/decisions/0065-choices-are-weighted.md): each weighs its share of the covers, or one over their
number when the covers of one of them are not known. A meal then counts for a part of itself, the same for everybody
who reads it; where the rule says that one choice is enough (the vegetarian menu), it counts whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from catering.rules.shapes import SLOTS, Count, WeeklyCount
from catering.rules.truth import Truth

Attributes: TypeAlias = Mapping[str, Truth]
Weight: TypeAlias = int | Fraction


@dataclass(frozen=True, slots=True)
class Served:
    """A dish that diners could take: an attribute that is not named has the truth ``otherwise``.

    ``covers`` are the lunches that took it, None when nobody counted.
    """

    attributes: Attributes
    name: str = ""
    covers: int | None = None
    otherwise: Truth = Truth.FALSE

    def truth(self, attribute: str) -> Truth:
        """Whether the dish has an attribute."""
        return self.attributes.get(attribute, self.otherwise)


@dataclass(frozen=True, slots=True)
class Meal:
    """A lunch: the choices of each component; a component may be missing."""

    day: date
    dishes: Mapping[str, Sequence[Served]]

    @classmethod
    def without_choice(cls, day: date, dishes: Mapping[str, Attributes]) -> Meal:
        """A lunch with one dish per component."""
        return cls(day, {slot: (Served(attributes),) for slot, attributes in dishes.items()})


class Standing(StrEnum):
    """How a criterion stands over some meals."""

    SATISFIED = "satisfied"
    """Whatever the missing figures are."""
    BROKEN = "broken"
    """Whatever the missing figures are."""
    UNDECIDED = "undecided"
    """The missing figures decide."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How much a meal counts for a rule: ``sure`` at least, ``possible`` at most, both between 0 and 1."""

    sure: Weight
    possible: Weight


NOTHING = Tally(0, 0)
_WHOLE = {Truth.TRUE: Tally(1, 1), Truth.UNKNOWN: Tally(0, 1), Truth.FALSE: NOTHING}


def tally(rule: Count | WeeklyCount, meal: Meal) -> Tally:
    """How much a meal counts; it counts once, however many of its dishes match."""
    counted = _of_dishes(rule, meal)
    if not counted.possible or (menu := menu_of(rule)) is None:
        return counted
    rest = [_of_slot(rule, meal.dishes[slot], menu) for slot in _around(rule, meal)]
    return Tally(
        counted.sure * _product(each.sure for each in rest), counted.possible * _product(each.possible for each in rest)
    )


def menu_of(rule: Count | WeeklyCount) -> str | None:
    """What the whole meal must be for its dishes to count (VEG-04 to VEG-08: vegetarian); None when that is all one."""
    return rule.menu if isinstance(rule, Count) else None


def _around(rule: Count | WeeklyCount, meal: Meal) -> list[str]:
    """The components that are served beside those in which a rule counts dishes."""
    return [slot for slot in SLOTS if slot not in rule.slots and meal.dishes.get(slot)]


def _of_dishes(rule: Count | WeeklyCount, meal: Meal) -> Tally:
    slots = [_of_slot(rule, meal.dishes[slot], rule.attribute) for slot in rule.slots if meal.dishes.get(slot)]
    if len(slots) < 2:
        return slots[0] if slots else NOTHING
    if rule.match == "all":
        return Tally(_product(each.sure for each in slots), _product(each.possible for each in slots))
    # Diners choose each component by itself, so that what matches nowhere is what matches in none of them.
    return Tally(1 - _product(1 - each.sure for each in slots), 1 - _product(1 - each.possible for each in slots))


def _of_slot(rule: Count | WeeklyCount, choices: Sequence[Served], attribute: str) -> Tally:
    if len(choices) == 1:
        return _WHOLE[choices[0].truth(attribute)]
    truths = [choice.truth(attribute) for choice in choices]
    if rule.choices == "offered":
        return Tally(int(Truth.TRUE in truths), int(any(truth.possibly for truth in truths)))
    shares = shares_of(choices)
    return Tally(
        sum((share for share, truth in zip(shares, truths, strict=True) if truth is Truth.TRUE), Fraction(0)),
        sum((share for share, truth in zip(shares, truths, strict=True) if truth.possibly), Fraction(0)),
    )


def strangers(rule: Count | WeeklyCount, meal: Meal) -> list[str]:
    """Names of the dishes of a meal of which nobody knows whether they count, or whether their menu does."""
    own = [choice for slot in rule.slots for choice in meal.dishes.get(slot, ())]
    unknown = [choice.name for choice in own if choice.truth(rule.attribute) is Truth.UNKNOWN]
    return unknown + [choice.name for _, choices in unsure_around(rule, meal) for choice in choices]


def unsure_around(rule: Count | WeeklyCount, meal: Meal) -> list[tuple[str, list[Served]]]:
    """By component beside those that a rule counts in, the dishes that leave open whether the menu is what it asks.

    A component with one choice that surely is leaves nothing open where the rule says that one is enough.
    """
    if (menu := menu_of(rule)) is None:
        return []
    found = {slot: meal.dishes[slot] for slot in _around(rule, meal)}
    return [
        (slot, [choice for choice in choices if choice.truth(menu) is Truth.UNKNOWN])
        for slot, choices in found.items()
        if rule.choices == "weighted" or all(choice.truth(menu) is not Truth.TRUE for choice in choices)
    ]


def shares_of(choices: Sequence[Served]) -> list[Fraction]:
    """The part of the diners that each choice of a component weighs; they add up to one."""
    covers = [choice.covers for choice in choices]
    total = sum(count for count in covers if count is not None)
    if None in covers or not total:
        return [Fraction(1, len(choices))] * len(choices)
    return [Fraction(count or 0, total) for count in covers]


def _product(weights: Iterable[Weight]) -> Weight:
    result: Weight = 1
    for weight in weights:
        result *= weight
    return result


__all__ = [
    "NOTHING",
    "Attributes",
    "Meal",
    "Served",
    "Standing",
    "Tally",
    "Weight",
    "menu_of",
    "shares_of",
    "strangers",
    "tally",
    "unsure_around",
]
