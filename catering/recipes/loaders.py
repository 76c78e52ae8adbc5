"""Loads of the catalogue for one operation."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from catering.graph.loading import Loader, ManyByKey, OneByKey
from catering.recipes.attributes import DishFacts
from catering.recipes.facts import facts_of
from catering.recipes.models import Dish, Ingredient, IngredientAllergen
from catering.recipes.queries import allergens_visible_to, dishes_visible_to, ingredients_visible_to, with_lines


class IngredientById(OneByKey[int, Ingredient]):
    """Ingredients by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Ingredient.id

    def statement(self) -> Select[Ingredient]:
        """All visible ingredients."""
        return ingredients_visible_to(self.request.viewer)


class AllergensByIngredientId(ManyByKey[int, IngredientAllergen]):
    """Allergens that ingredients declare."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The ingredient."""
        return IngredientAllergen.ingredient_id

    def statement(self) -> Select[IngredientAllergen]:
        """Those of visible ingredients."""
        declared = allergens_visible_to(self.request.viewer)
        return declared.order_by(IngredientAllergen.ingredient_id, IngredientAllergen.allergen)


class DishById(OneByKey[int, Dish]):
    """Dishes by their number, without their lines."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Dish.id

    def statement(self) -> Select[Dish]:
        """All visible dishes."""
        return dishes_visible_to(self.request.viewer)


class DishWithLinesById(DishById):
    """Dishes by their number, each with its lines, their ingredients and allergens."""

    def statement(self) -> Select[Dish]:
        """All visible dishes, read whole."""
        # A dish that another field read without its lines is in the session already: read it anew.
        return with_lines(super().statement()).execution_options(populate_existing=True)


@dataclass(frozen=True, slots=True)
class DishOn:
    """A dish under the law in force on a date, at another portion than its fiche's where ``served_g`` is given."""

    dish_id: int
    on: date
    served_g: int | None = None


class FactsByDishOn(Loader[DishOn, DishFacts]):
    """What follows from dishes under the law of a date."""

    async def fetch(self, keys: list[DishOn]) -> Mapping[DishOn, DishFacts]:
        """The facts by dish and date."""
        read = await self.request.loader(DishWithLinesById).load_many({key.dish_id for key in keys})
        rows = {row.id: row for row in read if row is not None}
        alike: dict[tuple[date, int | None], list[int]] = defaultdict(list)
        for key in keys:
            alike[key.on, key.served_g].append(key.dish_id)
        return {key: facts for of, ids in alike.items() for key, facts in _facts(rows, ids, *of)}


def _facts(
    rows: Mapping[int, Dish], ids: Sequence[int], on: date, served_g: int | None
) -> list[tuple[DishOn, DishFacts]]:
    wanted = [rows[dish_id] for dish_id in ids if dish_id in rows]
    found = facts_of(wanted, on, served_g)
    return [(DishOn(row.id, on, served_g), found[row.slug]) for row in wanted]
