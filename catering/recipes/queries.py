"""What a viewer may read of the ingredients and dishes: the catalogue is shared by everybody who signs in."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from catering.columns import holds
from catering.people.viewer import Viewer
from catering.recipes.models import Dish, DishLine, Ingredient, IngredientAllergen
from catering.recipes.vocabulary import Allergen, Family, IngredientKind, Slot

INGREDIENT_KEY = (Ingredient.slug,)
"""Order in which ingredients are paged."""
DISH_KEY = (Dish.slug,)
"""Order in which dishes are paged."""


def ingredients_visible_to(viewer: Viewer) -> Select[Ingredient]:
    """Ingredients a viewer may read: all."""
    del viewer
    return select(Ingredient)


def dishes_visible_to(viewer: Viewer) -> Select[Dish]:
    """Dishes a viewer may read: all."""
    del viewer
    return select(Dish)


def allergens_visible_to(viewer: Viewer) -> Select[IngredientAllergen]:
    """Allergens of the ingredients a viewer may read: all."""
    del viewer
    return select(IngredientAllergen)


def dish_lines_visible_to(viewer: Viewer) -> Select[DishLine]:
    """Lines of the dishes a viewer may read: all."""
    del viewer
    return select(DishLine)


def ingredients(
    viewer: Viewer,
    *,
    slugs: Collection[str] | None = None,
    ids: Collection[int] | None = None,
    family: Family | None = None,
    kind: IngredientKind | None = None,
    month: int | None = None,
) -> Select[Ingredient]:
    """Visible ingredients that meet every condition given; ``month`` keeps those in season (1 to 12)."""
    statement = ingredients_visible_to(viewer)
    if slugs is not None:
        statement = statement.where(Ingredient.slug.in_(slugs))
    if ids is not None:
        statement = statement.where(Ingredient.id.in_(ids))
    if family is not None:
        statement = statement.where(Ingredient.family == family)
    if kind is not None:
        statement = statement.where(Ingredient.kind == kind)
    if month is not None:
        statement = statement.where(holds(Ingredient.months, month))
    return statement


def dishes(
    viewer: Viewer,
    *,
    slugs: Collection[str] | None = None,
    slot: Slot | None = None,
    month: int | None = None,
    ingredient: str | None = None,
    without: Collection[Allergen] = (),
) -> Select[Dish]:
    """Visible dishes that meet every condition given.

    Args:
        viewer: on whose behalf.
        slugs: only these; the way to page through the dishes that have a derived attribute.
        slot: only this component of the meal.
        month: only dishes that may be served in this month (1 to 12).
        ingredient: only dishes that contain the ingredient of this slug.
        without: only dishes none of whose ingredients declares one of these allergens.
    """
    statement = dishes_visible_to(viewer)
    if slugs is not None:
        statement = statement.where(Dish.slug.in_(slugs))
    if slot is not None:
        statement = statement.where(Dish.slot == slot)
    if month is not None:
        statement = statement.where(holds(Dish.months, month))
    if ingredient is not None:
        statement = statement.where(Dish.lines.any(DishLine.ingredient.has(Ingredient.slug == ingredient)))
    if without:
        declares = Ingredient.allergens.any(IngredientAllergen.allergen.in_(without))
        statement = statement.where(~Dish.lines.any(DishLine.ingredient.has(declares)))
    return statement


def with_lines(statement: Select[Dish]) -> Select[Dish]:
    """The same dishes, each with its lines and their ingredients and allergens, in a fixed number of statements."""
    return statement.options(
        selectinload(Dish.lines).joinedload(DishLine.ingredient).selectinload(Ingredient.allergens)
    )
