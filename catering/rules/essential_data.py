"""The essential data of a public contract as dated data: each datum, who can say it, the words it may be (CCP-14)."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import ConfigDict, Field

from catering.rules.book import LAW_FOLDER
from catering.rules.shapes import Confidence, Dated
from catering.rules.tables import dated_rows

FOLDER = Path("procurement")
SaidBy: TypeAlias = Literal["books", "buyer", "either", "nobody"]
"""``books``: what is recorded here says it; ``buyer``: its buyer states it; ``nobody``: it is not kept here."""


class _Row(Dated):
    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    datum: str = Field(pattern=r"^[a-z][A-Za-z.]*$")
    confidence: Confidence


class Datum(_Row):
    """One datum of the structure « marchés », named by its path there; ``why`` says what is missing when it is."""

    french_name: str = Field(min_length=1)
    said_by: SaidBy
    kind: Literal["text", "siret", "cpv", "word", "words", "bool", "count", "share", "date", "amount"]
    required: bool
    why: str


class Word(_Row):
    """A word that a datum may be; ``alone``: never beside another one."""

    word: str = Field(min_length=1)
    alone: bool


@cache
def _data(folder: Path) -> tuple[Datum, ...]:
    columns = (
        "datum", "french_name", "said_by", "kind", "required", "why", "valid_from", "valid_to", "source", "confidence",
        "note",
    )  # fmt: skip
    table = dated_rows(folder, FOLDER / "essential_data.csv", Datum, columns, lambda row: row.datum)
    return tuple(row for rows in table.values() for row in rows)


@cache
def _words(folder: Path) -> tuple[Word, ...]:
    columns = ("datum", "word", "alone", "valid_from", "valid_to", "source", "confidence")
    table = dated_rows(folder, FOLDER / "essential_words.csv", Word, columns, lambda row: (row.datum, row.word))
    return tuple(row for rows in table.values() for row in rows)


def essential_data(on: date, folder: Path = LAW_FOLDER) -> list[Datum]:
    """Every datum of the structure in force on a day, in its order; none before 2024."""
    return [row for row in _data(folder) if row.in_force(on)]


def essential_words(datum: str, on: date, folder: Path = LAW_FOLDER) -> list[Word]:
    """The words that a datum may be on a day, in their order; none when it is no word."""
    return [row for row in _words(folder) if row.datum == datum and row.in_force(on)]
