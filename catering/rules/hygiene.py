"""Hygiene of what is delivered to a canteen: who may sell products of animals, how far and how much (HYG-01 to 04)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from catering.rules.book import LAW_FOLDER, RuleBook, UnknownRuleError, law
from catering.rules.marks import RuleFileError
from catering.rules.shapes import Confidence, Dated
from catering.rules.tables import dated_rows

TABLE = Path("hygiene") / "animal_products.csv"
USE_BY = Path("hygiene") / "use_by_categories.csv"
SOLD_AS = Path("hygiene") / "categories_of_products.csv"
ANY = "any"
"""In ``SOLD_AS``: whatever the kind of the ingredient, unless a row names the kind."""
COLUMNS = (
    "product", "french_name", "derogation", "small_share_max", "large_share_max", "unit", "grams_per_unit", "rule",
    "valid_from", "valid_to", "source", "confidence", "note",
)  # fmt: skip


class ProductCategory(StrEnum):
    """What a product is to hygiene law; it decides the temperature at which it may be delivered (HYG-T-*)."""

    MINCED_MEAT = "minced_meat"
    OFFAL = "offal"
    MEAT_PREPARATION = "meat_preparation"
    POULTRY = "poultry"
    """Poultry and rabbit."""
    MEAT_CUT = "meat_cut"
    CARCASS = "carcass"
    """Carcasses and large pieces of hoofed animals."""
    FRESH_FISH = "fresh_fish"
    """Fresh fish, cooked crustaceans, thawed fish."""
    EGG_PRODUCT = "egg_product"
    """Ovoproducts that are not UHT."""
    RAW_MILK = "raw_milk"
    PRODUCER_DEFINED = "producer_defined"
    """Pasteurised milk, ripened cheese, eggs: the producer states the limit."""
    VERY_PERISHABLE = "very_perishable"
    """Ready-cut salads, fresh cheese, fresh pastry."""
    PERISHABLE = "perishable"
    COLD_DISH = "cold_dish"
    """Dishes prepared in advance, served cold or reheated."""
    ICE_CREAM = "ice_cream"
    FROZEN_MINCED_FISH_SURGELE = "frozen_minced_fish_surgele"
    """Frozen minced meat, preparations and fish, and everything sold as *surgelé*."""
    FROZEN_OTHER = "frozen_other"
    """Other frozen goods (*congelés*)."""
    HOT_DISH = "hot_dish"
    AMBIENT = "ambient"
    """Keeps at room temperature."""


class AnimalProduct(StrEnum):
    """What a product of animals is for the sanitary approval; a product of plants is none of these."""

    HEATED_MILK = "heated_milk"
    DAIRY = "dairy"
    BUTCHER_MEAT = "butcher_meat"
    """Fresh meat of cattle, pigs, sheep; not minced."""
    OTHER_MEAT = "other_meat"
    """Poultry, rabbit, offal."""
    MEAT_PRODUCT = "meat_product"
    """Charcuterie, dishes with meat."""
    TREATED_EGG_OR_MILK = "treated_egg_or_milk"
    """Made of raw egg or raw milk, then treated."""
    FISH = "fish"
    PROCESSED_FISH = "processed_fish"
    SNAIL = "snail"
    MINCED_MEAT = "minced_meat"
    EGG_PRODUCT = "egg_product"
    RAW_EGG_OR_MILK = "raw_egg_or_milk"
    SHELL_EGG = "shell_egg"


class AnimalRule(Dated):
    """What the law says of one product of animals sold under dérogation; caps are in ``unit`` per week."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    product: AnimalProduct
    french_name: str = Field(min_length=1)
    derogation: Literal["capped", "excluded", "packing_centre"]
    small_share_max: Decimal | None = None
    large_share_max: Decimal | None = None
    unit: Literal["kg", "L"] | None = None
    grams_per_unit: int | None = None
    rule: str
    confidence: Confidence

    def weekly_grams(self, *, large_share: bool) -> int | None:
        """Most grams of a week under dérogation, to all buyers together; None when the product is not capped."""
        most = self.large_share_max if large_share else self.small_share_max
        return None if most is None or self.grams_per_unit is None else int(most * self.grams_per_unit)

    def stated(self, *, large_share: bool) -> str:
        """The cap as the text states it, e.g. ``250 kg``."""
        return f"{self.large_share_max if large_share else self.small_share_max} {self.unit}"


class SoldAs(Dated):
    """The categories, and so the temperatures, at which a product of animals may be sold; the first is the usual one.

    ``kind``: of its ingredient, in the ingredients' words, or ``any``.
    """

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    product: AnimalProduct
    kind: str
    categories: Annotated[tuple[ProductCategory, ...], BeforeValidator(str.split), Field(min_length=1)]
    confidence: Confidence


class UseBy(Dated):
    """A category of goods that spoil fast enough to bear a DLC whatever their seller says (HYG-DLC)."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    category: ProductCategory
    rule: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class DerogationLimits:
    """How far, as the crow flies, a supplier under dérogation delivers, in km."""

    km: Decimal
    prefect_km: Decimal


@cache
def animal_rules(folder: Path = LAW_FOLDER) -> Mapping[AnimalProduct, tuple[AnimalRule, ...]]:
    """The dated rows of each product of animals. Raises RuleFileError."""
    rows = dated_rows(folder, TABLE, AnimalRule, COLUMNS, lambda row: row.product)
    return MappingProxyType({product: rows[product] for product in AnimalProduct})


def animal_rule(product: AnimalProduct, on: date) -> AnimalRule:
    """What the law says of a product of animals on a date. Raises UnknownRuleError when it says nothing then."""
    for row in animal_rules()[product]:
        if row.in_force(on):
            return row
    raise UnknownRuleError(f"Aucune règle d'hygiène pour « {product} » le {on:%d/%m/%Y}.")


@cache
def sold_as(folder: Path = LAW_FOLDER) -> Mapping[tuple[AnimalProduct, str], tuple[SoldAs, ...]]:
    """The dated rows of each product of animals and kind of ingredient. Raises RuleFileError."""
    columns = ("product", "kind", "categories", "valid_from", "valid_to", "source", "confidence", "note")
    rows = dated_rows(folder, SOLD_AS, SoldAs, columns, lambda row: (row.product, row.kind))
    if missing := sorted(product for product in AnimalProduct if (product, ANY) not in rows):
        raise RuleFileError(folder / SOLD_AS, 1, f"aucune catégorie pour {', '.join(missing)} : ajouter une ligne")
    return rows


def categories_of(product: AnimalProduct, kind: str, on: date) -> tuple[ProductCategory, ...]:
    """In which categories a product of animals may be sold on a date, the usual one first.

    Raises:
        UnknownRuleError: the law says nothing then.
    """
    rows = sold_as()
    for row in rows.get((product, kind), rows[product, ANY]):
        if row.in_force(on):
            return row.categories
    raise UnknownRuleError(f"Aucune catégorie d'hygiène pour « {product} » le {on:%d/%m/%Y}.")


@cache
def use_by_rows(folder: Path = LAW_FOLDER) -> Mapping[ProductCategory, tuple[UseBy, ...]]:
    """The dated rows of each category that bears a DLC. Raises RuleFileError."""
    columns = ("category", "rule", "valid_from", "valid_to", "source", "confidence", "note")
    return dated_rows(folder, USE_BY, UseBy, columns, lambda row: row.category)


def bears_use_by(category: ProductCategory, on: date) -> bool:
    """Whether goods of a category bear a DLC on a date: cold by law, never served after it (HYG-DLC)."""
    return any(row.in_force(on) for row in use_by_rows().get(category, ()))


def derogation_limits(on: date, book: RuleBook | None = None) -> DerogationLimits:
    """The distances of HYG-02 on a date, in km. Raises UnknownRuleError."""
    book = book or law()
    return DerogationLimits(book.parameter("HYG-02-KM", on), book.parameter("HYG-02-KM-PREFET", on))
