"""Temperature on arrival against the limit of the law, what the site tolerates kept apart (HYG-T-*, T21)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from catering.figures import short
from catering.rules.book import LAW_FOLDER, UnknownRuleError
from catering.rules.hygiene import ProductCategory
from catering.rules.marks import RuleFileError, read_csv
from catering.rules.shapes import Confidence, Dated
from catering.rules.tables import dated_rows

TABLE = Path("hygiene") / "temperatures.csv"
COLUMNS = (
    "id", "category", "french_name", "bound", "celsius", "brief_excess",
    "valid_from", "valid_to", "source", "confidence", "note",
)  # fmt: skip
USUAL = Path("hygiene") / "usual_categories.csv"
DENIED = "(?<!jamais )(?<!non )(?<!pas )(?<!ni )"
SURGELE, CONGELE = (re.compile(rf"{DENIED}\b{word}", re.IGNORECASE) for word in ("surgel", "congel"))
"""In the name of a product: *surgelé* is a protected word of sale; *décongelé* is neither."""
COLDER = frozenset(["fish", "shellfish"])
"""Kinds of ingredients that are at -18 °C however they were frozen."""
NO_TOLERANCE = Decimal(0)


class Temperature(Dated):
    """The temperature at which a category of products may be delivered and stored, °C (arrêté du 21 décembre 2009).

    ``bound``: at most, at least, as stated by the producer, or none. ``brief_excess``: degrees tolerated at the
    surface for a short time.
    """

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    id: str = Field(pattern=r"^HYG-T-[A-Z-]+$")
    category: ProductCategory
    french_name: str = Field(min_length=1)
    bound: Literal["at_most", "at_least", "stated", "none"]
    celsius: Decimal | None = None
    brief_excess: Decimal | None = Field(default=None, ge=0)
    confidence: Confidence

    def limit(self, stated: Decimal | None) -> Decimal | None:
        """The limit of goods whose producer states « au plus » so many °C, None when nothing does: the stricter one."""
        if stated is None or self.bound in ("at_least", "none"):
            return self.celsius
        return stated if self.celsius is None else min(self.celsius, stated)

    @model_validator(mode="after")
    def _degrees_go_with_the_bound(self) -> Temperature:
        if (self.celsius is None) == (self.bound in ("at_most", "at_least")):
            raise ValueError(f"celsius ne va pas avec bound {self.bound} : un degré pour at_most et at_least seulement")
        return self


class TemperatureVerdict(StrEnum):
    """What a temperature on arrival means."""

    NO_LIMIT = "no_limit"
    """Keeps at room temperature, or its producer states no limit."""
    UNMEASURED = "unmeasured"
    """There is a limit and nobody measured."""
    WITHIN = "within"
    TOLERATED = "tolerated"
    """Beyond the limit, by no more than the site's plan tolerates: an alert, acceptable with a reserve."""
    EXCEEDED = "exceeded"
    """Beyond the limit by more than that: an alert, to be refused."""


@dataclass(frozen=True, slots=True)
class TemperatureFinding:
    """A reading judged. Degrees Celsius; ``limit`` None when there is none, ``excess`` 0 when it is met."""

    rule: str
    verdict: TemperatureVerdict
    limit: Decimal | None
    excess: Decimal
    tolerance: Decimal

    @property
    def alert(self) -> bool:
        """Whether the limit of the law is not met."""
        return self.verdict in (TemperatureVerdict.TOLERATED, TemperatureVerdict.EXCEEDED)


@cache
def temperatures(folder: Path = LAW_FOLDER) -> Mapping[ProductCategory, tuple[Temperature, ...]]:
    """The dated limits of each category; every category has one. Raises RuleFileError."""
    rows = dated_rows(folder, TABLE, Temperature, COLUMNS, lambda row: row.category)
    if missing := sorted(set(ProductCategory) - set(rows)):
        raise RuleFileError(folder / TABLE, 1, f"aucune température pour {', '.join(missing)} : ajouter une ligne")
    return MappingProxyType(dict(rows))


def temperature(category: ProductCategory, on: date, folder: Path = LAW_FOLDER) -> Temperature:
    """The limit of a category on a date. Raises UnknownRuleError when the law says nothing then."""
    for row in temperatures(folder)[category]:
        if row.in_force(on):
            return row
    raise UnknownRuleError(f"Aucune température de « {category} » le {on:%d/%m/%Y}.")


@cache
def usual_categories(folder: Path = LAW_FOLDER) -> Mapping[str, ProductCategory]:
    """The category in which an ingredient of a kind is usually sold, by kind. Raises RuleFileError."""
    found: dict[str, ProductCategory] = {}
    for row in read_csv(folder / USUAL, ("kind", "category")):
        if row.cells["category"] not in set(ProductCategory):
            raise row.fault(f"catégorie inconnue « {row.cells['category']} » ; connues : {', '.join(ProductCategory)}")
        found[row.cells["kind"]] = ProductCategory(row.cells["category"])
    return MappingProxyType(found)


def usual_category(kind: str, product: str, *, minced: bool) -> ProductCategory:
    """The category of a product whose seller states none: by its name when frozen, else by what it is made of.

    Raises:
        UnknownRuleError: the table has no such kind.
    """
    if SURGELE.search(product) or (CONGELE.search(product) and (minced or kind in COLDER)):
        return ProductCategory.FROZEN_MINCED_FISH_SURGELE
    if CONGELE.search(product):
        return ProductCategory.FROZEN_OTHER
    if minced:
        return ProductCategory.MINCED_MEAT
    try:
        return usual_categories()[kind]
    except KeyError as error:
        raise UnknownRuleError(f"Aucune catégorie d'hygiène pour « {kind} » dans {USUAL}.") from error


def judge_temperature(
    category: ProductCategory,
    celsius: Decimal | None,
    on: date,
    *,
    site_tolerance: Decimal = NO_TOLERANCE,
    stated_limit: Decimal | None = None,
    folder: Path = LAW_FOLDER,
) -> TemperatureFinding:
    """Judge a temperature measured on arrival.

    Args:
        category: of the product.
        celsius: as measured, None when nobody did.
        on: day of arrival.
        site_tolerance: degrees beyond the limit that the sanitary plan (PMS) of the kitchen accepts with a reserve.
        stated_limit: « à conserver à … °C au plus », as the producer states it; rules where the law leaves it to the
            producer, and where it is stricter than the law.
        folder: of the law, that of the platform by default.

    Raises:
        UnknownRuleError: the law says nothing of the category on that day.
    """
    row = temperature(category, on, folder)
    limit = row.limit(stated_limit)
    tolerance = max(site_tolerance, row.brief_excess or NO_TOLERANCE)
    if limit is None:
        return TemperatureFinding(row.id, TemperatureVerdict.NO_LIMIT, None, Decimal(0), tolerance)
    if celsius is None:
        return TemperatureFinding(row.id, TemperatureVerdict.UNMEASURED, limit, Decimal(0), tolerance)
    excess = max(limit - celsius if row.bound == "at_least" else celsius - limit, Decimal(0))
    return TemperatureFinding(row.id, _verdict(excess, tolerance), limit, excess, tolerance)


def _verdict(excess: Decimal, tolerance: Decimal) -> TemperatureVerdict:
    if not excess:
        return TemperatureVerdict.WITHIN
    return TemperatureVerdict.TOLERATED if excess <= tolerance else TemperatureVerdict.EXCEEDED


def degrees(celsius: Decimal | None) -> str:
    """A temperature as French writes it."""
    return "température inconnue" if celsius is None else f"{short(celsius)} °C"
