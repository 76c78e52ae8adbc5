"""Ingredients and dishes as plain facts, free of any database: what the attribute derivations read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from catering.recipes.vocabulary import Allergen, Family, Frying, IngredientKind, Slot, Technique

NUTRIENTS: tuple[str, ...] = (
    "kcal", "protein_g", "fat_g", "saturates_g", "carbs_g", "sugars_g", "fibre_g", "salt_g", "calcium_mg", "iron_mg",
)  # fmt: skip
"""Names of the nutrient columns, per 100 g of the edible part of an ingredient (Ciqual)."""

CO2E = "co2e_kg_per_kg"
CO2E_TRANSPORT = "co2e_transport_kg_per_kg"

PERCENT = Decimal(100)
GRAMS_PER_KG = Decimal(1000)


class UnknownIngredientError(LookupError):
    """A recipe line names an ingredient that is not in the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """A food as bought. ``nutrients``: per 100 g of edible part; a name without value is unknown, never zero.

    ``edible_pct``: percent of the bought weight left after trimming. ``months``: its season, all twelve when it has
    none. CO2e in kg per kg bought, the transport step apart.
    """

    id: str
    name: str
    family: Family
    kind: IngredientKind
    nutrients: Mapping[str, Decimal | None]
    edible_pct: Decimal = PERCENT
    animal_flesh: bool | None = False
    minced: bool = False
    frying: Frying | None = None
    allergens: frozenset[Allergen] = frozenset()
    months: frozenset[int] = frozenset(range(1, 13))
    keeping_days: int | None = None
    co2e_kg_per_kg: Decimal | None = None
    co2e_transport_kg_per_kg: Decimal | None = None
    ciqual_name: str = ""


@dataclass(frozen=True, slots=True)
class RecipeLine:
    """Grams of an ingredient in one cover, raw as bought (a positive integer)."""

    ingredient: str
    grams: int

    def __post_init__(self) -> None:
        if self.grams < 1:
            raise ValueError(
                f"{self.ingredient} : {self.grams} g par couvert ; un poids entier d'au moins 1 g est attendu"
            )


@dataclass(frozen=True, kw_only=True)
class Dish:
    """A fiche technique: one cover of a dish. ``served_g``: weight of one cover as served."""

    id: str
    name: str
    slot: Slot
    technique: Technique
    served_g: int
    lines: tuple[RecipeLine, ...]
    months: frozenset[int] = frozenset(range(1, 13))
    equipment: str = ""
    prep_minutes_per_100: int | None = None
    regional: str = ""
    steps: str = ""

    def __post_init__(self) -> None:
        if self.served_g < 1:
            raise ValueError(f"{self.id} : served_g doit être un poids entier d'au moins 1 g")
        if not self.lines:
            raise ValueError(f"{self.id} : la fiche n'a aucun ingrédient")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A figure nobody gave: the column of an ingredient that a dish needs."""

    ingredient: str
    column: str


@dataclass(frozen=True)
class Cover:
    """One cover of a dish with its ingredients at hand: weights and totals, in exact decimals."""

    dish: Dish
    ingredients: Mapping[str, Ingredient] = field(repr=False)

    @cached_property
    def parts(self) -> tuple[tuple[Ingredient, Decimal], ...]:
        """Each ingredient with its edible grams (grams bought × edible_pct). Raises UnknownIngredientError."""
        return tuple(
            (self._ingredient(line), Decimal(line.grams) * self._ingredient(line).edible_pct / PERCENT)
            for line in self.dish.lines
        )

    def _ingredient(self, line: RecipeLine) -> Ingredient:
        try:
            return self.ingredients[line.ingredient]
        except KeyError as error:
            raise UnknownIngredientError(f"{self.dish.id} : ingrédient inconnu « {line.ingredient} »") from error

    @cached_property
    def kinds(self) -> frozenset[IngredientKind]:
        return frozenset(ingredient.kind for ingredient, _ in self.parts)

    @cached_property
    def edible_g(self) -> Decimal:
        """Grams that enter the dish, before cooking takes or gives water."""
        return sum((grams for _, grams in self.parts), Decimal(0))

    def total(self, nutrient: str) -> Decimal | None:
        """Amount of a nutrient in one cover, in its own unit; None when a contributing ingredient lacks it.

        What is cooked stays in the plate: cooking moves water, so the amount does not depend on ``served_g``.
        """
        total = Decimal(0)
        for ingredient, grams in self.parts:
            amount = ingredient.nutrients.get(nutrient)
            if amount is None:
                return None
            total += grams * amount / PERCENT
        return total

    def missing(self, columns: Iterable[str]) -> tuple[Unknown, ...]:
        """The unknown figures behind a derivation that reads these columns, in recipe order."""
        wanted = tuple(columns)
        return tuple(Unknown(i.id, column) for i, _ in self.parts for column in wanted if _column(i, column) is None)

    def footprint(self, column: str) -> Decimal | None:
        """kg CO2e of one cover, from what is bought (trimmings included); None when an ingredient lacks it."""
        total = Decimal(0)
        for line in self.dish.lines:
            per_kg = _column(self._ingredient(line), column)
            if per_kg is None:
                return None
            total += line.grams * Decimal(per_kg) / GRAMS_PER_KG
        return total

    @property
    def allergens(self) -> frozenset[Allergen]:
        """Union over the ingredients (regulation (EU) 1169/2011, annex II)."""
        return frozenset().union(*(ingredient.allergens for ingredient, _ in self.parts))

    @property
    def season(self) -> frozenset[int]:
        """Months in which every ingredient is in season."""
        months = frozenset(range(1, 13))
        for ingredient, _ in self.parts:
            months &= ingredient.months
        return months

    @property
    def cooking_yield(self) -> Decimal:
        """Weight as served over the edible weight that goes in: below 1 water is lost, above 1 it is absorbed."""
        return self.dish.served_g / self.edible_g

    def cost_range(self, eur_per_kg: Mapping[str, tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal] | None:
        """Least and greatest cost of one cover in euros, from the (lowest, highest) price of each ingredient bought.

        None when an ingredient has no price: an unknown cost is not zero.
        """
        if any(line.ingredient not in eur_per_kg for line in self.dish.lines):
            return None
        ends = [
            sum((line.grams * eur_per_kg[line.ingredient][end] / GRAMS_PER_KG for line in self.dish.lines), Decimal(0))
            for end in (0, 1)
        ]
        return ends[0], ends[1]


def _column(ingredient: Ingredient, column: str) -> Decimal | bool | None:
    if column in NUTRIENTS:
        return ingredient.nutrients.get(column)
    if column == CO2E:
        return ingredient.co2e_kg_per_kg
    if column == CO2E_TRANSPORT:
        return ingredient.co2e_transport_kg_per_kg
    if column == "animal_flesh":
        return ingredient.animal_flesh
    raise KeyError(column)
