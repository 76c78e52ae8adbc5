"""The definitions that dish attributes are derived from, gathered for one date."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from catering.rules.book import RuleBook, law


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Legal and conventional figures behind the attributes; each comes from the file named in ``PARAMETERS``."""

    gras: Decimal
    sucre: Decimal
    calcium_high: Decimal
    calcium_low: Decimal
    dairy_fat: Decimal
    fish_share: Decimal
    fish_protein_per_fat: Decimal
    preparation_share: Decimal
    low_protein_per_fat: Decimal
    raw_share: Decimal
    vegetable_share: Decimal
    starch_share: Decimal
    base_share: Decimal
    hydration: Decimal
    hydration_flakes: Decimal
    dry_kcal: Decimal
    starch_portion: Decimal
    key_share: Decimal
    key_portion: Decimal
    soup_portion: Decimal
    pastry_portion: Decimal
    vegetable_portion: Decimal
    short_season: Decimal


PARAMETERS: dict[str, str] = {
    "gras": "DEF-GRAS",
    "sucre": "DEF-SUCRE",
    "calcium_high": "DEF-CALCIUM-HAUT",
    "calcium_low": "DEF-CALCIUM-BAS",
    "dairy_fat": "DEF-LAITAGE-GRAS",
    "fish_share": "DEF-POISSON-PART",
    "fish_protein_per_fat": "DEF-POISSON-PL",
    "preparation_share": "DEF-PREPARATION-PART",
    "low_protein_per_fat": "DEF-PL-BAS",
    "raw_share": "DEF-CRUDITE-PART",
    "vegetable_share": "DEF-LEGUME-PART",
    "starch_share": "DEF-FECULENT-PART",
    "base_share": "LEC-BASE-PART",
    "hydration": "LEC-HYDRATATION",
    "hydration_flakes": "LEC-HYDRATATION-FLOCONS",
    "dry_kcal": "LEC-SEC-KCAL",
    "starch_portion": "LEC-FECULENT-PORTION",
    "key_share": "LEC-LEGUME-CLE-PART",
    "key_portion": "LEC-LEGUME-CLE-PORTION",
    "soup_portion": "LEC-POTAGE-PORTION",
    "pastry_portion": "LEC-PATE-PORTION",
    "vegetable_portion": "LEC-LEGUME-PORTION",
    "short_season": "LEC-FRUIT-SAISON",
}


def thresholds(on: date, book: RuleBook | None = None) -> Thresholds:
    """The figures in force on a date. Raises UnknownRuleError when a definition has no value then."""
    book = book or law()
    return Thresholds(**{field.name: book.parameter(PARAMETERS[field.name], on) for field in fields(Thresholds)})
