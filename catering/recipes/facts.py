"""From the rows of the catalogue to what follows from them: dish facts under the law in force on a date."""

from collections.abc import Iterable, Mapping
from datetime import date

from catering.recipes import models
from catering.recipes import rules as plain
from catering.recipes.attributes import DishFacts, derive_all


def plain_ingredient(row: models.Ingredient) -> plain.Ingredient:
    """The ingredient of a row read with its allergens."""
    return plain.Ingredient(
        id=row.slug,
        name=row.name,
        family=row.family,
        kind=row.kind,
        nutrients={name: getattr(row, name) for name in plain.NUTRIENTS},
        edible_pct=row.edible_pct,
        animal_flesh=row.animal_flesh,
        minced=row.minced,
        frying=row.frying,
        allergens=frozenset(each.allergen for each in row.allergens),
        months=row.months,
        keeping_days=row.keeping_days,
        co2e_kg_per_kg=row.co2e_kg_per_kg,
        co2e_transport_kg_per_kg=row.co2e_transport_kg_per_kg,
        ciqual_name=row.ciqual_name or "",
    )


def plain_dish(row: models.Dish) -> plain.Dish:
    """The fiche technique of a row read with its lines and their ingredients (``queries.with_lines``)."""
    return plain.Dish(
        id=row.slug,
        name=row.name,
        slot=row.slot,
        technique=row.technique,
        served_g=row.served_g,
        lines=tuple(plain.RecipeLine(line.ingredient.slug, line.grams) for line in row.lines),
        months=row.months,
        equipment=row.equipment or "",
        prep_minutes_per_100=row.prep_minutes_per_100,
        regional=row.regional or "",
        steps=row.steps,
    )


def facts_of(rows: Iterable[models.Dish], on: date) -> Mapping[str, DishFacts]:
    """The facts of dishes read with their lines, by slug.

    Raises:
        catering.rules.UnknownRuleError: a definition has no value on that date.
        ValueError: a fiche has no ingredient.
    """
    dishes = list(rows)
    ingredients = {line.ingredient.slug: line.ingredient for dish in dishes for line in dish.lines}
    read = {slug: plain_ingredient(row) for slug, row in ingredients.items()}
    return derive_all((plain_dish(dish) for dish in dishes), read, on)
