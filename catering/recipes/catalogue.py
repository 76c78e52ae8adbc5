"""The ingredients and dishes of the database as the plain facts that the derivations read."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catering.people.viewer import Viewer
from catering.recipes import models, rules
from catering.recipes.queries import dishes, ingredients, with_lines


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every ingredient and dish a viewer may read, by slug, in the order of the slugs."""

    ingredients: dict[str, rules.Ingredient]
    dishes: dict[str, rules.Dish]


async def load_catalogue(session: AsyncSession, viewer: Viewer) -> Catalogue:
    """Read the catalogue in a fixed number of statements, whatever its size."""
    with_allergens = ingredients(viewer).options(selectinload(models.Ingredient.allergens))
    foods = await session.scalars(with_allergens.order_by(models.Ingredient.slug))
    recipes = await session.scalars(with_lines(dishes(viewer)).order_by(models.Dish.slug))
    return Catalogue(
        ingredients={food.slug: plain_ingredient(food) for food in foods},
        dishes={recipe.slug: plain_dish(recipe) for recipe in recipes},
    )


def plain_ingredient(row: models.Ingredient) -> rules.Ingredient:
    """The facts of an ingredient read with its allergens."""
    return rules.Ingredient(
        id=row.slug,
        name=row.name,
        family=row.family,
        kind=row.kind,
        nutrients={nutrient: getattr(row, nutrient) for nutrient in rules.NUTRIENTS},
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


def plain_dish(row: models.Dish) -> rules.Dish:
    """The fiche technique of a dish read with its lines and their ingredients.

    Raises:
        ValueError: the fiche has no line.
    """
    return rules.Dish(
        id=row.slug,
        name=row.name,
        slot=row.slot,
        technique=row.technique,
        served_g=row.served_g,
        lines=tuple(rules.RecipeLine(line.ingredient.slug, line.grams) for line in row.lines),
        months=row.months,
        equipment=row.equipment or "",
        prep_minutes_per_100=row.prep_minutes_per_100,
        regional=row.regional or "",
        steps=row.steps,
    )
