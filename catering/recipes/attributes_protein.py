"""What the main dish is based on, and how much of a preparation is meat, fish or egg.

How NUT-08, NUT-09, NUT-10 and NUT-14 are read is set out in docs/decisions (rules: reading the protein dish).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from catering.recipes.attributes_composition import (
    FLESH,
    RED_MEAT,
    STARCHES,
    VEGETABLES,
    Composition,
    prefried,
)
from catering.recipes.rules import Ingredient
from catering.recipes.vocabulary import IngredientKind
from catering.rules.truth import Truth, above, at_least, below

K = IngredientKind

_SPECIES_OF_KIND = {
    K.BEEF: "beef",
    K.VEAL: "beef",
    K.LAMB: "lamb",
    K.PORK: "pork",
    K.POULTRY: "poultry",
    K.RABBIT: "poultry",
    K.FISH: "fish",
    K.SHELLFISH: "fish",
}
_SPECIES_OF_WORD = (
    ("poultry", re.compile(r"volaille|poulet|poule\b|dinde|canard|pintade|\boie\b|lapin")),
    ("lamb", re.compile(r"agneau|mouton")),
    ("beef", re.compile(r"b(?:œ|oe)uf|veau|génisse")),
    ("pork", re.compile(r"porc")),
)


def species(ingredient: Ingredient) -> str | None:
    """The animal an ingredient comes from: ``beef`` (veal too), ``lamb``, ``pork``, ``poultry`` (rabbit too), ``fish``.

    Offal and charcuterie are of several animals: the first animal named in their name or Ciqual name says which,
    pork when none is. None for what is not flesh.
    """
    if ingredient.kind in _SPECIES_OF_KIND:
        return _SPECIES_OF_KIND[ingredient.kind]
    if ingredient.kind not in FLESH:
        return None
    for text in (ingredient.name.lower(), ingredient.ciqual_name.lower()):
        named = {animal: found.start() for animal, words in _SPECIES_OF_WORD if (found := words.search(text))}
        if named:
            return min(named, key=lambda animal: named[animal])
    return "pork"


def base(dish: Composition) -> str | None:
    """What the dish is based on: ``flesh`` when it has any, else the heaviest of ``egg``, ``cheese`` and plants.

    Plants are told apart as ``pulse``, ``soy`` and ``plant_protein``; ``nothing`` for a dish without any of them; None
    when it cannot be told because a weight is unknown.
    """
    if dish.has(FLESH):
        return "flesh"
    return _heaviest({kind.value: dish.weight({kind}) for kind in (K.EGG, K.CHEESE, K.PULSE, K.SOY, K.PLANT_PROTEIN)})


def _heaviest(weights: Mapping[str, Decimal | None]) -> str | None:
    known = {name: weight for name, weight in weights.items() if weight is not None}
    if len(known) < len(weights):
        return None
    heaviest = max(known, key=lambda name: known[name])
    return heaviest if known[heaviest] else "nothing"


def based_on(dish: Composition, *bases: str) -> Truth:
    """Whether the dish is based on one of ``bases`` (names given by ``base``)."""
    foundation = base(dish)
    return Truth.UNKNOWN if foundation is None else Truth.of(foundation in bases)


def in_main_family(dish: Composition, family: str) -> Truth:
    """Whether a main belongs to a family: a species, ``egg``, ``cheese`` or ``pulse`` (pulses and soy)."""
    if dish.has(FLESH):
        return Truth.of(family in _heaviest_species(dish))
    return based_on(dish, *(("pulse", "soy") if family == "pulse" else (family,)))


def _heaviest_species(dish: Composition) -> frozenset[str]:
    weights: dict[str, Decimal] = {}
    for ingredient, grams in dish.cover.parts:
        animal = species(ingredient)
        if animal:
            weights[animal] = weights.get(animal, Decimal(0)) + grams
    heaviest = max(weights.values())
    return frozenset(animal for animal, weight in weights.items() if weight == heaviest)


def _unground_red_meat(ingredient: Ingredient) -> bool:
    """Unminced beef, veal or lamb, or offal of a butcher's animal (poultry livers and gizzards are not)."""
    if ingredient.kind is K.OFFAL:
        return species(ingredient) != "poultry"
    return ingredient.kind in RED_MEAT and not ingredient.minced


def red_meat_unground_or_offal(dish: Composition) -> Truth:
    """NUT-08: unminced red meat or butcher's offal is the main flesh of the dish."""
    red = dish.weight_where(_unground_red_meat)
    flesh = dish.weight(FLESH)
    if red is None or flesh is None:
        return Truth.UNKNOWN
    return Truth.of(red > 0 and red >= dish.limits.base_share * flesh)


def _animal(dish: Composition) -> Decimal | None:
    return dish.weight(FLESH | {K.EGG})


def _mixed_in(dish: Composition) -> bool:
    """Whether vegetables and cheese are part of the preparation: mince and eggs are mixed with them, pieces are not."""
    flesh = dish.weight(FLESH)
    minced = dish.weight_where(lambda ingredient: ingredient.minced)
    return not flesh or (minced is not None and minced >= dish.limits.base_share * flesh)


def preparation_weight(dish: Composition) -> Decimal | None:
    """Grams of the protein preparation: animal part, starch, dough, breading and plant proteins.

    Vegetables and cheese only when mixed in; liquids, fats, cream and seasoning are sauce.
    """
    kinds = FLESH | STARCHES | {K.EGG, K.SOY, K.PLANT_PROTEIN}
    if _mixed_in(dish):
        kinds = kinds | VEGETABLES | {K.CHEESE, K.NUT, K.FRUIT, K.DRIED_FRUIT}
    return dish.weight(kinds)


def _breaded(dish: Composition) -> Truth:
    """Bought pre-fried: its breading or batter leaves less than the legal share of meat or fish."""
    coated = dish.weight_where(lambda ingredient: ingredient.kind in FLESH and prefried(ingredient))
    flesh = dish.weight(FLESH)
    if not coated or flesh is None:
        return Truth.of(None if coated is None or flesh is None else False)
    return at_least(coated, dish.limits.base_share * flesh)


def protein_prep_lt70(dish: Composition) -> Truth:
    """NUT-10: a preparation based on meat, fish or egg with less than the legal share of them."""
    matter = preparation_weight(dish)
    share = None if matter is None else dish.limits.preparation_share * matter
    return based_on(dish, "flesh", "egg") & (_breaded(dish) | below(_animal(dish), share))


def fish_ge70_pl_ge2(dish: Composition) -> Truth:
    """NUT-09: fish, or a preparation with the legal share of fish, whose protein is at least twice its fat."""
    fish = dish.weight({K.FISH})
    matter = preparation_weight(dish)
    if fish == 0:
        return Truth.FALSE
    enough = at_least(fish, None if matter is None else dish.limits.fish_share * matter)
    fat = dish.cover.total("fat_g")
    lean = at_least(dish.cover.total("protein_g"), None if fat is None else dish.limits.fish_protein_per_fat * fat)
    return enough & ~_breaded(dish) & lean


def protein_dish_fat_ge_protein(dish: Composition) -> Truth:
    """NUT-14: a plat protidique (meat, fish, egg, offal or cheese) with at least as much fat as protein."""
    fat = dish.cover.total("fat_g")
    lean = above(dish.cover.total("protein_g"), None if fat is None else dish.limits.low_protein_per_fat * fat)
    return based_on(dish, "flesh", "egg", "cheese") & ~lean


def vegetarian(dish: Composition) -> Truth:
    """VEG-01: no ingredient from a killed animal, gelatine and stock included."""
    truth = Truth.TRUE
    for ingredient, _ in dish.cover.parts:
        truth &= ~Truth.of(ingredient.animal_flesh)
    return truth


def vegetarian_dish(dish: Composition, foundation: str) -> Truth:
    """VEG-05..08: a vegetarian main whose heaviest protein is ``foundation``."""
    return vegetarian(dish) & based_on(dish, foundation)


def vegetarian_pulses_or_cereals(dish: Composition) -> Truth:
    """VEG-04: a vegetarian main with a portion of pulses or cereals and no heavier egg, cheese, soy or substitute."""
    portion = at_least(dish.weight({K.PULSE, K.CEREAL, K.PASTA_RICE}), dish.limits.starch_portion)
    return vegetarian(dish) & based_on(dish, "pulse", "nothing") & portion


__all__ = [
    "base",
    "based_on",
    "fish_ge70_pl_ge2",
    "in_main_family",
    "preparation_weight",
    "protein_dish_fat_ge_protein",
    "protein_prep_lt70",
    "red_meat_unground_or_offal",
    "species",
    "vegetarian",
    "vegetarian_dish",
    "vegetarian_pulses_or_cereals",
]
