"""Dish attributes, derived from the fiche technique and the ingredients at a date, never typed in.

Each attribute is true, false or unknown. A figure that an ingredient lacks makes the totals that need it unknown, and
with them every attribute that depends on it; ``DishFacts.unknowns`` says which figure of which ingredient to find.
An attribute that the rest already decides stays decided: a dessert with 5 g of sugars is not sweet whatever its fat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from catering.recipes import attributes_plate as plate
from catering.recipes import attributes_protein as protein
from catering.recipes.attributes_composition import Composition
from catering.recipes.attributes_house import Row, house_rows
from catering.recipes.attributes_mains import main_rows
from catering.recipes.rules import CO2E, CO2E_TRANSPORT, NUTRIENTS, Cover, Dish, Ingredient, Unknown
from catering.recipes.vocabulary import Allergen, Slot
from catering.rules.book import RuleBook
from catering.rules.thresholds import thresholds
from catering.rules.truth import Truth

S = Slot
ANY_SLOT = frozenset(Slot)


@dataclass(frozen=True, slots=True)
class Attribute:
    """A derivation: the slots where it can be true, the ingredient columns it reads, and the decision."""

    name: str
    slots: frozenset[Slot]
    needs: tuple[str, ...]
    decide: Callable[[Composition], Truth]


_PROCESSED = ("processed_plant_protein", "plant_protein")


def _table() -> dict[str, Attribute]:
    fat, mix = ("fat_g",), ("kcal",)
    rows: list[Row] = [
        ("raw_veg_or_fruit_starter_or_side", {S.STARTER, S.SIDE}, mix, plate.raw_veg_or_fruit),
        ("dessert_raw_fruit", {S.DESSERT}, (), plate.dessert_raw_fruit),
        ("cooked_veg_side", {S.SIDE}, mix, plate.cooked_veg_side),
        ("starch_side", {S.SIDE}, mix, plate.starch_side),
        ("cheese_ca_ge150", {S.STARTER, S.DAIRY}, (*mix, "calcium_mg"), plate.cheese_ca_ge150),
        ("cheese_ca_100_150", {S.STARTER, S.DAIRY}, (*mix, "calcium_mg"), plate.cheese_ca_100_150),
        ("dairy_ca_gt100_fat_lt5", {S.DAIRY, S.DESSERT}, (*mix, "calcium_mg", *fat), plate.dairy_ca_gt100_fat_lt5),
        ("red_meat_unground_or_offal", {S.MAIN}, mix, protein.red_meat_unground_or_offal),
        ("fish_ge70_pl_ge2", {S.MAIN}, (*mix, "protein_g", *fat), protein.fish_ge70_pl_ge2),
        ("protein_prep_lt70", {S.MAIN}, mix, protein.protein_prep_lt70),
        ("starter_fat_gt15", {S.STARTER}, fat, plate.fat_gt15),
        ("dessert_fat_gt15", {S.DESSERT}, fat, plate.fat_gt15),
        ("fried", {S.MAIN, S.SIDE}, (), plate.fried),
        ("fried_fat_gt15", {S.MAIN, S.SIDE}, fat, plate.fried_fat_gt15),
        ("protein_dish_fat_ge_protein", {S.MAIN}, (*mix, "protein_g", *fat), protein.protein_dish_fat_ge_protein),
        ("dessert_sugar_gt20_fat_lt15", {S.DESSERT}, ("sugars_g", *fat), plate.sweet_and_not_fat),
        ("dessert_or_dairy_sugar_gt20_fat_lt15", {S.DESSERT, S.DAIRY}, ("sugars_g", *fat), plate.sweet_and_not_fat),
        ("vegetarian", ANY_SLOT, ("animal_flesh",), protein.vegetarian),
        ("contains_starch", {S.MAIN}, mix, plate.contains_starch),
        ("veg_dish_pulses_or_wholegrain", {S.MAIN}, (*mix, "animal_flesh"), protein.vegetarian_pulses_or_cereals),
    ]
    rows += [
        (f"veg_dish_{name}", {S.MAIN}, (*mix, "animal_flesh"), partial(protein.vegetarian_dish, foundation=foundation))
        for name, foundation in (*((same, same) for same in ("egg", "cheese", "soy")), _PROCESSED)
    ]
    rows += [
        (f"main_{family}", {S.MAIN}, mix, partial(protein.in_main_family, family=family))
        for family in ("beef", "lamb", "pork", "poultry", "fish", "egg", "cheese", "pulse")
    ]
    rows += [*house_rows(), *main_rows()]
    return {name: Attribute(name, frozenset(slots), needs, decide) for name, slots, needs, decide in rows}


ATTRIBUTES: Mapping[str, Attribute] = _table()
"""Every derived attribute by name; the same names as catering/rules/nutrition/attributes.csv."""


@dataclass(frozen=True, slots=True)
class UnknownAttribute:
    """An attribute of a dish that cannot be decided, and the figures that are missing."""

    dish: str
    attribute: str
    missing: tuple[Unknown, ...]


@dataclass(frozen=True, slots=True)
class DishFacts:
    """All that follows from a fiche technique at a date, for one cover.

    ``nutrients``: in the unit of each name, None = unknown. ``fat_percent``: g per 100 g as served.
    ``protein_per_fat``: None when unknown or without fat. ``co2e_kg`` leaves transport out, ``co2e_transport_kg`` is
    transport alone. ``season``: months in which every ingredient is in season.
    """

    dish: Dish
    nutrients: Mapping[str, Decimal | None]
    fat_percent: Decimal | None
    protein_per_fat: Decimal | None
    co2e_kg: Decimal | None
    co2e_transport_kg: Decimal | None
    allergens: frozenset[Allergen]
    season: frozenset[int]
    cooking_yield: Decimal
    attributes: Mapping[str, Truth]
    unknowns: tuple[UnknownAttribute, ...]


def derive(dish: Dish, ingredients: Mapping[str, Ingredient], on: date, book: RuleBook | None = None) -> DishFacts:
    """The facts of a dish under the law in force on a date. Raises UnknownIngredientError, UnknownRuleError."""
    return _facts(Composition(Cover(dish, ingredients), thresholds(on, book)))


def derive_all(
    dishes: Iterable[Dish], ingredients: Mapping[str, Ingredient], on: date, book: RuleBook | None = None
) -> dict[str, DishFacts]:
    """The facts of many dishes, by dish id. Raises UnknownIngredientError, UnknownRuleError."""
    limits = thresholds(on, book)
    return {dish.id: _facts(Composition(Cover(dish, ingredients), limits)) for dish in dishes}


def unknown_attributes(facts: Iterable[DishFacts]) -> tuple[UnknownAttribute, ...]:
    """Every attribute that could not be decided, over many dishes."""
    return tuple(unknown for each in facts for unknown in each.unknowns)


def _facts(mix: Composition) -> DishFacts:
    cover = mix.cover
    truths = {name: _decide(attribute, mix) for name, attribute in ATTRIBUTES.items()}
    return DishFacts(
        dish=cover.dish,
        nutrients={nutrient: cover.total(nutrient) for nutrient in NUTRIENTS},
        fat_percent=plate.fat_percent(mix),
        protein_per_fat=_ratio(cover.total("protein_g"), cover.total("fat_g")),
        co2e_kg=cover.footprint(CO2E),
        co2e_transport_kg=cover.footprint(CO2E_TRANSPORT),
        allergens=cover.allergens,
        season=cover.season,
        cooking_yield=cover.cooking_yield,
        attributes=truths,
        unknowns=tuple(_unknowns(mix, truths)),
    )


def _decide(attribute: Attribute, mix: Composition) -> Truth:
    return attribute.decide(mix) if mix.slot in attribute.slots else Truth.FALSE


def _unknowns(mix: Composition, truths: Mapping[str, Truth]) -> Iterable[UnknownAttribute]:
    for name, truth in truths.items():
        if truth is Truth.UNKNOWN:
            yield UnknownAttribute(mix.cover.dish.id, name, mix.cover.missing(ATTRIBUTES[name].needs))


def _ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return None if part is None or not whole else part / whole


__all__ = [
    "ATTRIBUTES",
    "Attribute",
    "DishFacts",
    "UnknownAttribute",
    "derive",
    "derive_all",
    "unknown_attributes",
]
