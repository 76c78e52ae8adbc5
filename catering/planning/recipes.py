"""The dishes as the optimizer reads them: grams, derived attributes and nutrients of one cover."""

from decimal import ROUND_HALF_UP, Decimal

import optimizer.problem as engine
from catering.planning.facts import Facts
from catering.planning.keeping import weeks_ahead
from catering.recipes.attributes import DishFacts, derive_all
from catering.rules import RuleBook, Truth

NUTRIENT_STEP = Decimal("0.0001")


def dishes_of(facts: Facts, book: RuleBook) -> dict[str, engine.Dish]:
    """Every dish by id, with what the law in force on the first day of the horizon makes of it.

    Raises:
        catering.recipes.rules.UnknownIngredientError: a recipe names an ingredient that is not in the table.
    """
    catalogue = facts.catalogue
    derived = derive_all(catalogue.dishes.values(), catalogue.ingredients, facts.first_day, book)
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


def weeks_ahead_of(facts: Facts) -> dict[str, int]:
    """How many weeks before their use ingredients that keep may be delivered; what nobody knows to keep may not."""
    return {each.slug: weeks for each in facts.ingredients if (weeks := weeks_ahead(each.keeping_days))}
