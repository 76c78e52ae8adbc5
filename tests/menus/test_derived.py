"""Facts are taken again while nothing has changed, and derived anew for another fiche, ingredient, portion or law."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from catering.menus import derived
from catering.menus.derived import Derived
from catering.menus.dishes import Book
from catering.recipes.attributes import derive
from catering.recipes.rules import Dish, Ingredient
from catering.recipes.vocabulary import Slot
from catering.rules import thresholds

TODAY = date(2026, 9, 7)


@pytest.fixture
def ingredients(book: Book) -> Mapping[str, Ingredient]:
    """Those of the seeds."""
    return book.catalogue.ingredients


@pytest.fixture
def dish(book: Book) -> Dish:
    """A fiche whose figures are all known."""
    return next(each for each in book.catalogue.dishes.values() if each.slot is Slot.MAIN and known(each, book))


def known(dish: Dish, book: Book) -> bool:
    nutrients = derive(dish, book.catalogue.ingredients, TODAY).nutrients
    return nutrients["fat_g"] is not None and nutrients["kcal"] is not None


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Dishes whose facts were derived."""
    found: list[str] = []

    def counted(dish: Dish, ingredients: Mapping[str, Ingredient], on: date) -> object:
        found.append(dish.id)
        return derive(dish, ingredients, on)

    monkeypatch.setattr(derived, "derive", counted)
    return found


def test_nothing_is_derived_twice_until_something_changes(
    made: list[str], dish: Dish, ingredients: Mapping[str, Ingredient]
) -> None:
    facts, limits = Derived(), thresholds(TODAY)
    first = facts.facts(dish, ingredients, TODAY, limits)
    assert facts.facts(replace(dish), dict(ingredients), TODAY, limits) is first
    assert len(made) == 1
    slug = dish.lines[0].ingredient
    fat = replace(ingredients[slug], nutrients={**ingredients[slug].nutrients, "fat_g": Decimal(50)})
    richer = {**ingredients, slug: fat}
    changed = facts.facts(dish, richer, TODAY, limits)
    assert changed.nutrients["fat_g"] != first.nutrients["fat_g"]
    larger = replace(dish, served_g=dish.served_g + 10)
    assert facts.facts(larger, ingredients, TODAY, limits).dish.served_g == dish.served_g + 10
    line = replace(dish.lines[0], grams=dish.lines[0].grams * 2)
    heavier = replace(dish, lines=(line, *dish.lines[1:]))
    assert facts.facts(heavier, ingredients, TODAY, limits).nutrients["kcal"] != first.nutrients["kcal"]
    assert len(made) == 4


def test_what_is_kept_is_bounded(
    made: list[str], dish: Dish, ingredients: Mapping[str, Ingredient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derived, "MOST", 2)
    facts, limits = Derived(), thresholds(TODAY)
    for grams in (100, 110, 120):
        facts.facts(replace(dish, served_g=grams), ingredients, TODAY, limits)
    assert len(facts._kept) == 1
    assert len(made) == 3
