"""Ingredients, dishes with their recipes, and what every meal takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from decimal import Decimal
from typing import NamedTuple

from optimizer.folders.opening import Opening
from optimizer.folders.schema import STORABLE_TABLE
from optimizer.folders.tables import Row
from optimizer.problem import FAMILIES, Dish, Ingredient


class _Head(NamedTuple):
    name: str
    slot: str
    months: frozenset[int]


def read_ingredients(folder: Opening) -> tuple[dict[str, Ingredient], Container[str]]:
    """Ingredients by id, and the ids that a recipe may name."""
    table = folder.table("ingredients.csv")
    ingredients = {
        row.raw("ingredient"): Ingredient(row.text("ingredient"), row.text("name"), row.choice("family", FAMILIES))
        for row in table
        if table.unique(row, "ingredient")
    }
    return ingredients, table.ids(ingredients)


def read_every_meal(folder: Opening, ingredients: Container[str]) -> dict[str, int]:
    """Grams per cover of what every cover takes besides the dishes."""
    table = folder.table("every_meal.csv")
    return {
        row.reference("ingredient", ingredients, "ingredients.csv"): row.integer("grams", at_least=1)
        for row in table
        if table.unique(row, "ingredient")
    }


def read_storable(folder: Opening, ingredients: Container[str]) -> dict[str, int]:
    """Weeks that ingredients may come before their use; a folder without the table has none that do."""
    if not (folder.path / STORABLE_TABLE).exists():
        return {}
    table = folder.table(STORABLE_TABLE)
    return {
        row.reference("ingredient", ingredients, "ingredients.csv"): row.integer("weeks_ahead", at_least=1)
        for row in table
        if table.unique(row, "ingredient")
    }


def read_dishes(folder: Opening, slots: tuple[str, ...], ingredients: Container[str]) -> dict[str, Dish]:
    """Dishes by id; a dish without a recipe is a fault."""
    table = folder.table("dishes.csv")
    heads = {row.raw("dish"): _head(row, slots) for row in table if table.unique(row, "dish")}
    known = table.ids(heads)
    recipes = _read_recipes(folder, known, ingredients)
    attributes = _read_attributes(folder, known)
    nutrients = _read_nutrients(folder, known)
    if recipes is not None:
        for id_ in heads.keys() - recipes.keys():
            folder.note(
                table,
                id_,
                "dish",
                f"Le plat « {id_} » n'a aucun ingrédient : il ne coûterait rien.",
                "écrire sa recette dans dish_ingredients.csv.",
            )
    return {
        id_: Dish(
            id_,
            head.name,
            head.slot,
            head.months,
            (recipes or {}).get(id_, {}),
            frozenset(attributes[id_, "true"]),
            frozenset(attributes[id_, "unknown"]),
            nutrients[id_],
        )
        for id_, head in heads.items()
    }


def _head(row: Row, slots: tuple[str, ...]) -> _Head:
    row.text("dish")
    return _Head(row.text("name"), row.choice("slot", slots or ("",)), _months(row))


def _months(row: Row) -> frozenset[int]:
    words = row.raw("months").split(" ")
    repair = "écrire les numéros de mois séparés par une espace, par exemple « 9 10 11 »."
    if words == [""]:
        row.fault("months", "Le plat n'a aucune saison : il ne pourrait jamais être servi.", repair)
    elif len(set(words)) < len(words) or not all(word in _MONTHS for word in words):
        row.fault("months", f"« {row.raw('months')} » n'est pas une liste de mois différents de 1 à 12.", repair)
    return frozenset(_MONTHS[word] for word in words if word in _MONTHS)


_MONTHS = {str(month): month for month in range(1, 13)}


def _read_recipes(
    folder: Opening, dishes: Container[str], ingredients: Container[str]
) -> dict[str, dict[str, int]] | None:
    """Grams per cover by dish and ingredient; None when the file is unreadable."""
    table = folder.table("dish_ingredients.csv")
    recipes: dict[str, dict[str, int]] = defaultdict(dict)
    for row in table:
        if table.unique(row, "dish", "ingredient"):
            recipe = recipes[row.reference("dish", dishes, "dishes.csv")]
            ingredient = row.reference("ingredient", ingredients, "ingredients.csv")
            recipe[ingredient] = row.integer("grams", at_least=1)
    return recipes if table.readable else None


def _read_attributes(folder: Opening, dishes: Container[str]) -> dict[tuple[str, str], set[str]]:
    """Attributes by dish and value (``true`` or ``unknown``)."""
    table = folder.table("dish_attributes.csv")
    attributes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in table:
        if table.unique(row, "dish", "attribute"):
            dish = row.reference("dish", dishes, "dishes.csv")
            attributes[dish, row.choice("value", ("true", "unknown"))].add(row.text("attribute"))
    return attributes


def _read_nutrients(folder: Opening, dishes: Container[str]) -> dict[str, dict[str, Decimal]]:
    table = folder.table("dish_nutrients.csv")
    nutrients: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in table:
        if table.unique(row, "dish", "nutrient"):
            of = nutrients[row.reference("dish", dishes, "dishes.csv")]
            of[row.text("nutrient")] = row.decimal("amount")
    return nutrients
