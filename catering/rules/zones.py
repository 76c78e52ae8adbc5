"""The zone of a country: France, the European Union and Economic Area, or a third country (EGA-23, EGA-50)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field

from catering.rules.book import LAW_FOLDER
from catering.rules.shapes import Confidence, Dated
from catering.rules.tables import dated_rows

TABLE = Path("origin") / "zones.csv"
COLUMNS = ("country", "zone", "valid_from", "valid_to", "source", "confidence", "note")
THIRD_COUNTRY = "TIERS"
EEA_ONLY = TABLE.with_name("eea_only.csv")


class CountryZone(Dated):
    """The zone of a country (ISO 3166, two letters) while it belongs to it."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    country: str = Field(pattern=r"^[A-Z]{2}$")
    zone: Literal["FRANCE", "EUROPE"]
    confidence: Confidence


class EeaOnly(Dated):
    """A country of the European Economic Area that is not of the Union, while it is."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    country: str = Field(pattern=r"^[A-Z]{2}$")
    confidence: Confidence


@cache
def _eea_only(folder: Path) -> Mapping[str, tuple[EeaOnly, ...]]:
    columns = ("country", *COLUMNS[2:])
    return dated_rows(folder, EEA_ONLY, EeaOnly, columns, lambda row: row.country)


@cache
def _zones(folder: Path) -> Mapping[str, tuple[CountryZone, ...]]:
    return dated_rows(folder, TABLE, CountryZone, COLUMNS, lambda row: row.country)


def zone_of(country: str | None, on: date, folder: Path = LAW_FOLDER) -> str:
    """FRANCE, EUROPE or TIERS; empty for a country that nobody told. Raises RuleFileError."""
    if country is None:
        return ""
    rows = _zones(folder).get(country, ())
    return next((row.zone for row in rows if row.in_force(on)), THIRD_COUNTRY)


def in_union(country: str | None, on: date, folder: Path = LAW_FOLDER) -> bool | None:
    """Whether a country is of the European Union, France among them; None when nobody told it. Raises RuleFileError."""
    zone = zone_of(country, on, folder)
    if not zone or country is None:
        return None
    return zone != THIRD_COUNTRY and not any(row.in_force(on) for row in _eea_only(folder).get(country, ()))
