"""The dishes as the optimizer reads them: grams, derived attributes and nutrients of one cover."""

from decimal import ROUND_HALF_UP, Decimal

import optimizer.problem as engine
from catering.planning.facts import Facts
from catering.recipes import models
from catering.recipes import rules as plain
from catering.recipes.attributes import DishFacts, derive_all
from catering.rules import RuleBook, Truth

NUTRIENT_STEP = Decimal("0.0001")


def dishes_of(facts: Facts, book: RuleBook) -> dict[str, engine.Dish]:
    """Every dish by id, with what the law in force on the first day of the horizon makes of it.

    Raises:
        catering.recipes.rules.UnknownIngredient: a recipe names an ingredient that is not in the table.
    """
    ingredients = {each.slug: plain_ingredient(each) for each in facts.ingredients}
    derived = derive_all((plain_dish(dish) for dish in facts.dishes), ingredients, facts.first_day, book)
    return {slug: _dish(of) for slug, of in derived.items()}


def _dish(of: DishFacts) -> engine.Dish:
    grams: dict[str, int] = {}
    for line in of.dish.lines:
        grams[line.ingredient] = grams.get(line.ingredient, 0) + line.grams
    return engine.Dish(
        id=of.dish.id,
        name=of.dish.name,
        slot=of.dish.slot.value,
        months=of.dish.months,
        ingredients=grams,
        attributes=frozenset(name for name, truth in of.attributes.items() if truth is Truth.TRUE),
        unknown_attributes=frozenset(name for name, truth in of.attributes.items() if truth is Truth.UNKNOWN),
        nutrients={
            name: amount.quantize(NUTRIENT_STEP, ROUND_HALF_UP)
            for name, amount in of.nutrients.items()
            if amount is not None
        },
    )


def ingredients_of(facts: Facts) -> dict[str, engine.Ingredient]:
    """Every ingredient by id."""
    return {each.slug: engine.Ingredient(each.slug, each.name, each.family.value) for each in facts.ingredients}


def plain_ingredient(row: models.Ingredient) -> plain.Ingredient:
    """The ingredient of a row read with its allergens; a trimming loss nobody stated counts as none."""
    return plain.Ingredient(
        id=row.slug,
        name=row.name,
        family=row.family,
        kind=row.kind,
        nutrients={name: getattr(row, name) for name in plain.NUTRIENTS},
        edible_pct=plain.PERCENT if row.edible_pct is None else row.edible_pct,
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
    """The fiche technique of a row read with its lines and their ingredients.

    Raises:
        ValueError: the fiche has no ingredient.
    """
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
