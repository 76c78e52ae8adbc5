"""Small dishes written in a line, for the attribute tests."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from catering.recipes.attributes import DishFacts, derive
from catering.recipes.rules import NUTRIENTS, Dish, Ingredient, RecipeLine
from catering.recipes.vocabulary import Family, Frying, IngredientKind, Slot, Technique
from catering.rules import Truth

ON = date(2026, 9, 1)
FLESH = {
    "beef",
    "veal",
    "lamb",
    "pork",
    "poultry",
    "rabbit",
    "offal",
    "processed_meat",
    "fish",
    "shellfish",
    "gelatine",
}


def food(slug: str, kind: str, /, **facts: Any) -> Ingredient:
    """An ingredient with every nutrient at zero save those given (None = unknown), per 100 g."""
    known = {nutrient: facts.pop(nutrient, 0) for nutrient in NUTRIENTS}
    nutrients = {name: None if amount is None else Decimal(str(amount)) for name, amount in known.items()}
    facts.setdefault("animal_flesh", kind in FLESH)
    if "frying" in facts:
        facts["frying"] = Frying(facts["frying"])
    if "edible_pct" in facts:
        facts["edible_pct"] = Decimal(facts["edible_pct"])
    facts.setdefault("name", slug)
    return Ingredient(id=slug, family=Family.AUTRES, kind=IngredientKind(kind), nutrients=nutrients, **facts)


def facts_of(slot: str, technique: str, lines: list[tuple[Ingredient, int]], served_g: int = 0) -> DishFacts:
    """What follows from a dish of these ingredients; served at the weight that goes in unless said otherwise."""
    dish = Dish(
        id="plat",
        name="Plat",
        slot=Slot(slot),
        technique=Technique(technique),
        served_g=served_g or sum(weight for _, weight in lines),
        lines=tuple(RecipeLine(each.id, weight) for each, weight in lines),
    )
    return derive(dish, {each.id: each for each, _ in lines}, ON)


def truths(slot: str, technique: str, lines: list[tuple[Ingredient, int]], served_g: int = 0) -> Mapping[str, Truth]:
    return facts_of(slot, technique, lines, served_g).attributes
