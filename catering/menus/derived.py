"""Facts of dishes, derived once and taken again by the next request, as long as nothing they follow from has changed.

They follow from the fiche, its ingredients and the limits of the law alone, all of which are compared: nothing has to
say that a recipe changed. Deriving the dishes of a year's menus is half of what the 20-meal sheet costs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from catering.recipes.attributes import DishFacts, derive
from catering.recipes.rules import Dish, Ingredient
from catering.rules import Thresholds

MOST = 4_096
"""Facts that are kept: ten portions of each dish of the catalogue."""


@dataclass(frozen=True, slots=True)
class _Kept:
    dish: Dish
    made_of: tuple[Ingredient | None, ...]
    facts: DishFacts


@dataclass
class Derived:
    """What was derived, by dish, limits and portion."""

    _kept: dict[tuple[str, Thresholds, int], _Kept] = field(default_factory=dict)

    def facts(self, dish: Dish, ingredients: Mapping[str, Ingredient], on: date, limits: Thresholds) -> DishFacts:
        """The facts of a dish under the law of a date, whose limits are given.

        Raises:
            UnknownIngredientError: the dish holds an ingredient that is not among those given.
        """
        made_of = tuple(ingredients.get(line.ingredient) for line in dish.lines)
        key = dish.id, limits, dish.served_g
        kept = self._kept.get(key)
        if kept is None or kept.made_of != made_of or kept.dish != dish:
            if len(self._kept) >= MOST:
                self._kept.clear()
            kept = self._kept[key] = _Kept(dish, made_of, derive(dish, ingredients, on))
        return kept.facts


DERIVED = Derived()
"""Of this process."""
