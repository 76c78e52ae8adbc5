"""Read the ingredients and dishes of a seeds folder into plain facts (columns: seeds/README.md)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from catering.recipes.catalogue import Catalogue
from catering.recipes.rules import NUTRIENTS, PERCENT, Dish, Ingredient, RecipeLine
from catering.recipes.vocabulary import Allergen, Family, Frying, IngredientKind, Slot, Technique

Row = Mapping[str, str]
_T = TypeVar("_T")
_ALL_YEAR = frozenset(range(1, 13))


def recipes_of(folder: Path) -> Catalogue:
    """The ingredients and dishes of a seeds folder. Raises ValueError with file and line."""
    return Catalogue(read_ingredients(folder), read_dishes(folder))


def read_ingredients(folder: Path) -> dict[str, Ingredient]:
    """The ingredients of a seeds folder, by id. An empty figure is unknown. Raises ValueError with file and line."""
    path = folder / "ingredients" / "ingredients.csv"
    return {ingredient.id: ingredient for ingredient in _parsed(path, _ingredient)}


def read_dishes(folder: Path) -> dict[str, Dish]:
    """The dishes of a seeds folder, by id; a slot without its two files is skipped. Raises ValueError (file, line)."""
    dishes: dict[str, Dish] = {}
    for slot in Slot:
        table, lines = (folder / "dishes" / f"{slot}{end}.csv" for end in ("", "_lines"))
        if table.exists() and lines.exists():
            dishes |= _slot(table, lines)
    return dishes


def _slot(table: Path, lines: Path) -> dict[str, Dish]:
    recipes: dict[str, tuple[RecipeLine, ...]] = {}
    for dish, line in _parsed(lines, lambda row: (row["dish"], RecipeLine(row["ingredient"], int(row["grams"])))):
        recipes[dish] = (*recipes.get(dish, ()), line)
    return {dish.id: dish for dish in _parsed(table, lambda row: _dish(row, recipes.get(row["id"], ())))}


def _parsed(path: Path, make: Callable[[Row], _T]) -> Iterator[_T]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            try:
                yield make(row)
            except (ValueError, KeyError, TypeError, InvalidOperation) as error:
                raise ValueError(f"{path}:{reader.line_num}: {error}") from error


def _ingredient(row: Row) -> Ingredient:
    return Ingredient(
        id=row["id"],
        name=row["name"],
        family=Family(row["family"]),
        kind=IngredientKind(row["kind"]),
        nutrients={name: _figure(row[name]) for name in NUTRIENTS},
        edible_pct=_figure(row["edible_pct"]) or PERCENT,
        animal_flesh={"true": True, "false": False}.get(row["animal_flesh"]),
        minced=row["minced"] == "true",
        frying=Frying(row["frying"]) if row["frying"] else None,
        allergens=frozenset(Allergen(code) for code in row["allergens"].split()),
        months=_months(row["months"]),
        keeping_days=int(row["keeping_days"]) if row["keeping_days"] else None,
        co2e_kg_per_kg=_figure(row["co2e_kg_per_kg"]),
        co2e_transport_kg_per_kg=_figure(row["co2e_transport_kg_per_kg"]),
        ciqual_name=row["ciqual_name"],
    )


def _dish(row: Row, lines: tuple[RecipeLine, ...]) -> Dish:
    return Dish(
        id=row["id"],
        name=row["name"],
        slot=Slot(row["slot"]),
        technique=Technique(row["technique"]),
        served_g=int(row["served_g"]),
        lines=lines,
        months=_months(row["months"]),
        equipment=row["equipment"],
        prep_minutes_per_100=int(row["prep_minutes_per_100"]) if row["prep_minutes_per_100"] else None,
        regional=row["regional"],
        steps=row["steps"],
    )


def _figure(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _months(text: str) -> frozenset[int]:
    months = frozenset(int(month) for month in text.split())
    if not months or not months <= _ALL_YEAR:
        raise ValueError(f"mois illisibles « {text} » : des nombres de 1 à 12 séparés par des espaces sont attendus")
    return months
