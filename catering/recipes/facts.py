"""From the rows of the catalogue to what follows from them: dish facts under the law in force on a date."""

from collections.abc import Iterable, Mapping
from datetime import date

from catering.recipes import models
from catering.recipes.attributes import DishFacts, derive_all
from catering.recipes.catalogue import plain_dish, plain_ingredient
from catering.recipes.portions import at_portion


def facts_of(rows: Iterable[models.Dish], on: date, served_g: int | None = None) -> Mapping[str, DishFacts]:
    """The facts of dishes read with their lines, by slug; all at another portion where ``served_g`` is given.

    Raises:
        catering.rules.UnknownRuleError: a definition has no value on that date.
        ValueError: a fiche has no ingredient.
    """
    dishes = list(rows)
    ingredients = {line.ingredient.slug: line.ingredient for dish in dishes for line in dish.lines}
    read = {slug: plain_ingredient(row) for slug, row in ingredients.items()}
    return derive_all((at_portion(plain_dish(dish), served_g) for dish in dishes), read, on)
