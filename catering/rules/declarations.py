"""What is declared of an EGAlim year and shown to diners, as dated data: campaigns, forms, the items of the display."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field

from catering.rules.book import LAW_FOLDER
from catering.rules.shapes import Confidence, Dated
from catering.rules.tables import dated_rows

FOLDER = Path("egalim")
DATES = ("valid_from", "valid_to", "source", "confidence")


class _Row(Dated):
    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    confidence: Confidence


class Campaign(_Row):
    """When ma-cantine takes the declarations of a data year, or their corrections (EGA-25, EGA-26)."""

    data_year: int = Field(ge=2020)  # legal-number: ma-cantine knows no earlier year
    phase: Literal["declaration", "correction"]


class Form(_Row):
    """Which version of a form of ma-cantine a data year is declared on."""

    form: Literal["simple", "detaille"]
    version: str = Field(min_length=1)


class DisplayItem(_Row):
    """A figure told to diners: of which rule, and whether the law asks for it or it merely helps (EGA-30)."""

    id: str = Field(pattern=r"^AFF-\d\d$")
    figure: Literal["quality", "pat", "bio", "meat_and_fish"]
    rule: str = Field(pattern=r"^(EGA-\d\d)?$")
    french_name: str = Field(min_length=1)
    told: str = Field(min_length=1)
    duty: Literal["mandatory", "useful"]


@cache
def _campaigns(folder: Path) -> tuple[Campaign, ...]:
    columns = ("data_year", "phase", *DATES, "note")
    table = dated_rows(folder, FOLDER / "campaigns.csv", Campaign, columns, lambda row: (row.data_year, row.phase))
    return tuple(row for rows in table.values() for row in rows)


@cache
def _forms(folder: Path) -> tuple[Form, ...]:
    columns = ("form", "version", *DATES, "note")
    table = dated_rows(folder, FOLDER / "forms.csv", Form, columns, lambda row: row.form)
    return tuple(row for rows in table.values() for row in rows)


@cache
def _display(folder: Path) -> tuple[DisplayItem, ...]:
    columns = ("id", "figure", "rule", "french_name", "told", "duty", *DATES, "note")
    table = dated_rows(folder, FOLDER / "display.csv", DisplayItem, columns, lambda row: row.id)
    return tuple(row for rows in table.values() for row in rows)


def campaigns(data_year: int, folder: Path = LAW_FOLDER) -> list[Campaign]:
    """The phases of the campaign on a data year, in order of time; none while nobody published them."""
    found = [row for row in _campaigns(folder) if row.data_year == data_year]
    return sorted(found, key=lambda row: row.valid_from)


def form_of(form: str, data_year: int, folder: Path = LAW_FOLDER) -> Form:
    """A form as it stands for a data year. Raises LookupError before the law."""
    for row in _forms(folder):
        if row.form == form and row.in_force(date(data_year, 12, 31)):
            return row
    raise LookupError(f"no form {form} for the data of {data_year}")


def form_version(form: str, data_year: int, folder: Path = LAW_FOLDER) -> str:
    """The version of a form for a data year. Raises LookupError before the law."""
    return form_of(form, data_year, folder).version


def form_doubt(form: str, data_year: int, folder: Path = LAW_FOLDER) -> str | None:
    """What is not sure of the columns of a form for a data year, in French; None when its schema was read."""
    row = form_of(form, data_year, folder)
    return None if row.confidence == "verified" else row.note


def display_items(data_year: int, folder: Path = LAW_FOLDER) -> list[DisplayItem]:
    """What diners are told of a data year, asked by its last day, in order of id."""
    return sorted((row for row in _display(folder) if row.in_force(date(data_year, 12, 31))), key=lambda row: row.id)
