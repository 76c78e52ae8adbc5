"""What is known of a dish on a menu: ours by its fiche technique, another by the words of its name, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Protocol

from catering.menus.derived import DERIVED
from catering.menus.names.attributes import Named, attributes_of_name
from catering.menus.names.matching import Match, Matcher
from catering.menus.names.slots import seasons_only, slot_of_name
from catering.menus.names.words import Reading, read_kinds, words_of
from catering.recipes.attributes import DishFacts
from catering.recipes.portions import changed_dish
from catering.recipes.rules import Dish, Ingredient
from catering.rules import Thresholds, UnknownRuleError, thresholds
from catering.rules.meals import Served
from catering.rules.truth import Truth


class Known(StrEnum):
    """How the attributes of a dish on a menu are known."""

    RECIPE = "recipe"
    """It is one of our dishes: its fiche technique says."""
    WORDS = "words"
    """Every word of its name is known: what they make sure of, and no more."""
    PART = "part"
    """Some words are known: what they rule out or bring."""
    NOTHING = "nothing"
    """No word is known."""


class Catalogue(Protocol):
    """The dishes and ingredients that we have."""

    @property
    def ingredients(self) -> Mapping[str, Ingredient]: ...
    @property
    def dishes(self) -> Mapping[str, Dish]: ...


@dataclass(frozen=True, slots=True)
class Identified:
    """A dish name as read: its component (None when nothing tells), what it is and how that is known."""

    name: str
    slot: str | None
    known: Known
    match: Match | None
    reading: Reading
    marked_vegetarian: bool = False

    @property
    def named(self) -> Named:
        """What its name says."""
        return Named(self.reading, self.marked_vegetarian)

    @property
    def seasons_only(self) -> bool:
        """Whether it only seasons another dish."""
        return self.match is None and seasons_only(self.reading)


@dataclass
class Book:
    """Our dishes, their facts under the law of each date, and names identified once."""

    catalogue: Catalogue
    portions: Callable[[date], Mapping[str, int]] = lambda _: {}
    """Grams of a cover, by slug, of the dishes whose portion somebody changed, as it holds on a day."""
    _facts: dict[tuple[str, Thresholds, int], DishFacts] = field(default_factory=dict)
    _served: dict[tuple[Identified, Thresholds | None, int | None], Mapping[str, Truth]] = field(default_factory=dict)
    _names: dict[tuple[str, str | None, bool], Identified] = field(default_factory=dict)

    @cached_property
    def matcher(self) -> Matcher:
        """Finds our dishes by name."""
        return Matcher(list(self.catalogue.dishes.values()))

    def facts(self, dish: Identified, on: date) -> DishFacts | None:
        """What follows from the fiche technique of a dish under the law of a date; None when it is not ours, or when
        there was no law yet."""
        limits = _limits(on)
        ours = None if dish.match is None else self.catalogue.dishes.get(dish.match.dish)
        if limits is None or ours is None:
            return None
        grams = self._changed_g(dish, on) or ours.served_g
        if (ours.id, limits, grams) not in self._facts:
            served = ours if grams == ours.served_g else changed_dish(ours, grams)
            self._facts[ours.id, limits, grams] = DERIVED.facts(served, self.catalogue.ingredients, on, limits)
        return self._facts[ours.id, limits, grams]

    def at(self, portions: Callable[[date], Mapping[str, int]]) -> Book:
        """The same book where other portions are served; what was found once is found for both."""
        return replace(self, portions=portions)

    def _changed_g(self, dish: Identified, on: date) -> int | None:
        return None if dish.match is None else self.portions(on).get(dish.match.dish)

    def identify(self, name: str, slot: str | None = None, *, vegetarian: bool = False) -> Identified:
        """What a name names; ``vegetarian`` when the menu marks it so."""
        key = (name, slot, vegetarian)
        if key not in self._names:
            self._names[key] = self._identified(*key)
        return self._names[key]

    def _identified(self, name: str, slot: str | None, vegetarian: bool) -> Identified:
        reading = read_kinds(words_of(name).every)
        match = self.matcher.match(name, slot)
        if match is not None:
            return Identified(name, match.slot, Known.RECIPE, match, reading, vegetarian)
        known = Known.WORDS if reading.whole else Known.PART if reading.kinds else Known.NOTHING
        return Identified(name, slot or slot_of_name(reading), known, None, reading, vegetarian)

    def served(self, dish: Identified, on: date, covers: int | None = None) -> Served:
        """The dish as the frequencies read it under the law of a date; what is not known of it is unknown."""
        key = (dish, _limits(on), self._changed_g(dish, on))
        if key not in self._served:
            self._served[key] = self._truths(dish, on)
        return Served(self._served[key], dish.name, covers, Truth.UNKNOWN)

    def _truths(self, dish: Identified, on: date) -> Mapping[str, Truth]:
        facts = self.facts(dish, on)
        # A name that the menu marks as vegetarian is not the dish of ours that has meat in it.
        if facts is not None and not (dish.marked_vegetarian and facts.attributes["vegetarian"] is Truth.FALSE):
            return facts.attributes
        if dish.slot is None:
            return {}
        return attributes_of_name(dish.slot, dish.named)


@lru_cache(maxsize=8_192)
def _limits(on: date) -> Thresholds | None:
    try:
        return thresholds(on)
    except UnknownRuleError:
        return None
