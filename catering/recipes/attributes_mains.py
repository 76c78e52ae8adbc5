"""The main ingredient of a main dish as the diner names it, and what makes a meal a festive one.

The main ingredient is the heaviest carrier of protein of the fiche: meat, fish, egg, cheese, pulse or soy, as mixed.
Two cuts of an animal are one ingredient (bourguignon and mince are both beef); two animals of one family are not
(chicken and turkey are both poultry). House rules (``HOUSE-121`` and following) keep each of them to once a week.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from functools import partial

from catering.recipes.attributes_composition import FLESH, Composition
from catering.recipes.attributes_house import Row, pastry
from catering.recipes.attributes_protein import species
from catering.recipes.rules import Ingredient
from catering.recipes.vocabulary import IngredientKind, Slot
from catering.rules.truth import Truth

K = IngredientKind

_PLANTS_AND_DAIRY = frozenset({K.EGG, K.CHEESE, K.PULSE, K.SOY, K.PLANT_PROTEIN})
CARRIERS = FLESH | _PLANTS_AND_DAIRY
_MIX = ("kcal",)

_WORDS: Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "beef": (("veal", re.compile(r"\bveau")),),
    "poultry": (
        ("turkey", re.compile(r"dinde")),
        ("guinea_fowl", re.compile(r"pintade")),
        ("duck", re.compile(r"canard|\boie\b")),
        ("rabbit", re.compile(r"lapin")),
    ),
}
"""Animals that a family holds beside the one it is named for, by the words of an ingredient's name."""
_COMMON = {"poultry": "chicken"}
"""What a family is when none of its other animals is named: nuggets of poultry are chicken to who eats them."""

NAMED = ("beef", "veal", "lamb", "pork", "chicken", "turkey", "fish", "egg", "cheese", "pulse")
"""The main ingredients with dishes enough to come back within a week."""

_FESTIVE = re.compile(r"licques|pintade|chapon|canard|gigot|rôti de veau|\bsaumon\b(?! fumé)")
"""What is bought for a feast: poultry of Licques, guinea fowl, capon, duck, leg of lamb, roast of veal, salmon."""


def named(ingredient: Ingredient) -> str | None:
    """What a diner calls a carrier of protein; None for what carries none."""
    if ingredient.kind in _PLANTS_AND_DAIRY:
        return ingredient.kind.value
    family = species(ingredient)
    if family is None:
        return None
    text = ingredient.name.lower()
    return next((animal for animal, words in _WORDS.get(family, ()) if words.search(text)), _COMMON.get(family, family))


def main_ingredients(dish: Composition) -> AbstractSet[str] | None:
    """The heaviest carrier of protein (more than one at equal weights, none without any); None when it is unknown."""
    names = {name for ingredient, _ in dish.cover.parts if (name := named(ingredient)) is not None}
    weights: dict[str, Decimal] = {}
    for name in names:
        weight = dish.weight_where(lambda each, name=name: named(each) == name)  # type: ignore[misc]
        if weight is None:
            return None
        weights[name] = weight
    heaviest = max(weights.values(), default=Decimal(0))
    return frozenset(name for name, weight in weights.items() if weight == heaviest > 0)


def mainly(dish: Composition, name: str) -> Truth:
    """Whether a main ingredient of the dish is this one."""
    found = main_ingredients(dish)
    return Truth.UNKNOWN if found is None else Truth.of(name in found)


def festive(dish: Composition) -> Truth:
    """A main mostly of what is bought for a feast; a dessert out of the oven, which goes with it."""
    if dish.slot is Slot.DESSERT:
        return pastry(dish)
    found = main_ingredients(dish)
    if found is None:
        return Truth.UNKNOWN
    carried = dish.weight_where(lambda each: named(each) in found)
    feast = dish.weight_where(lambda each: named(each) in found and _FESTIVE.search(each.name.lower()) is not None)
    if carried is None or feast is None:
        return Truth.UNKNOWN
    return Truth.of(feast > 0 and feast >= dish.limits.base_share * carried)


def main_rows() -> list[Row]:
    """Name, slots, ingredient columns read and decision of every attribute of this file."""
    mains: list[Row] = [(f"mainly_{name}", {Slot.MAIN}, _MIX, partial(mainly, name=name)) for name in NAMED]
    return [*mains, ("festive", {Slot.MAIN, Slot.DESSERT}, _MIX, festive)]


__all__ = ["NAMED", "festive", "main_ingredients", "main_rows", "mainly", "named"]
