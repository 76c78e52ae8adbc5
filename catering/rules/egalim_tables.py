"""The dated tables of the EGAlim computation: cells of the detailed form, informative figures, sharing, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from catering.rules.book import LAW_FOLDER
from catering.rules.marks import read_csv
from catering.rules.shapes import Confidence, Dated
from catering.rules.tables import dated_rows

FOLDER = Path("egalim")
DATES = ("valid_from", "valid_to", "source", "confidence")


class _Row(Dated):
    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    confidence: Confidence


class FormCell(_Row):
    """A cell of the detailed form, one per family: the signs whose purchases go there, by data year."""

    cell: str = Field(pattern=r"^[a-z_]+$")
    french_name: str = Field(min_length=1)
    signs: str = Field(min_length=1)


class Information(_Row):
    """A figure that is shown and counts in no ratio: purchases that bear any of these marks (EGA-23)."""

    information: str = Field(pattern=r"^[a-z_]+$")
    french_name: str = Field(min_length=1)
    any_of: str = Field(min_length=1)


class Sharing(_Row):
    """How a purchase of a central kitchen is shared over the restaurants it serves."""

    scope: Literal["satellites"]
    by: Literal["equal", "yearly_meals"]


class Reason(_Row):
    """Why a sign does not make a purchase count; ``sign`` empty for every sign that has no row of its own."""

    case: str = Field(pattern=r"^[a-z_]+$")
    sign: str
    rule: str = Field(pattern=r"^EGA-\d\d$")
    reason: str = Field(min_length=1)
    repair: str = Field(min_length=1)


class FermierWord(BaseModel):
    """A word by which the name of a product tells its nature, for the mention *fermier* (EGA-12)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    word: str = Field(pattern=r"^[a-z]+$")
    product: str = Field(pattern=r"^[a-z]+$")
    source: str = Field(min_length=1)
    note: str


class FermierFamily(BaseModel):
    """What of a family the mention *fermier* is defined for (EGA-12)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    family: str = Field(pattern=r"^[A-Z_]+$")
    defined: str
    """Natures that a name may tell there, by spaces."""
    otherwise: str
    """Nature of what no such word tells; empty when the buyer answers for it."""
    source: str = Field(min_length=1)
    note: str


@cache
def fermier_families(folder: Path = LAW_FOLDER) -> Mapping[str, FermierFamily]:
    """What *fermier* may be of each family. Raises RuleFileError."""
    rows = read_csv(folder / FOLDER / "fermier_families.csv", list(FermierFamily.model_fields))
    parsed = (FermierFamily.model_validate(row.cells) for row in rows)
    return {row.family: row for row in parsed}


@cache
def fermier_words(folder: Path = LAW_FOLDER) -> Mapping[str, str]:
    """The nature that each word tells: the first such word of a name does. Raises RuleFileError."""
    rows = read_csv(folder / FOLDER / "fermier_words.csv", list(FermierWord.model_fields))
    parsed = (FermierWord.model_validate(row.cells) for row in rows)
    return {row.word: row.product for row in parsed}


@cache
def _cells(folder: Path) -> Mapping[str, tuple[FormCell, ...]]:
    columns = ("cell", "french_name", "signs", *DATES, "note")
    return dated_rows(folder, FOLDER / "cells.csv", FormCell, columns, lambda row: row.cell)


@cache
def _informations(folder: Path) -> Mapping[str, tuple[Information, ...]]:
    columns = ("information", "french_name", "any_of", *DATES, "note")
    return dated_rows(folder, FOLDER / "informations.csv", Information, columns, lambda row: row.information)


@cache
def _sharing(folder: Path) -> Mapping[str, tuple[Sharing, ...]]:
    columns = ("scope", "by", *DATES, "note")
    return dated_rows(folder, FOLDER / "sharing.csv", Sharing, columns, lambda row: row.scope)


@cache
def _reasons(folder: Path) -> Mapping[tuple[str, str], tuple[Reason, ...]]:
    columns = ("case", "sign", "rule", "reason", "repair", *DATES)
    return dated_rows(folder, FOLDER / "reasons.csv", Reason, columns, lambda row: (row.case, row.sign))


def form_cells(on: date, folder: Path = LAW_FOLDER) -> tuple[FormCell, ...]:
    """The cells of the detailed form of a data year, asked by its last day, in the order of the form."""
    return tuple(row for rows in _cells(folder).values() for row in rows if row.in_force(on))


def informations(on: date, folder: Path = LAW_FOLDER) -> tuple[Information, ...]:
    """The informative figures of a data year, asked by its last day."""
    return tuple(row for rows in _informations(folder).values() for row in rows if row.in_force(on))


def sharing(on: date, folder: Path = LAW_FOLDER) -> Sharing:
    """How central purchases of a data year are shared, asked by its last day. Raises LookupError before the law."""
    for row in _sharing(folder)["satellites"]:
        if row.in_force(on):
            return row
    raise LookupError(f"no way to share over satellites on {on}")


def reason_why(case: str, sign: str, on: date, folder: Path = LAW_FOLDER) -> Reason:
    """Why a sign does not count in a case. Raises LookupError for a case that no row states."""
    known = _reasons(folder)
    rows = known.get((case, sign)) or known.get((case, ""))
    if rows is None:
        raise LookupError(f"no reason is stated for {case}")
    return next((row for row in rows if row.in_force(on)), rows[-1])
