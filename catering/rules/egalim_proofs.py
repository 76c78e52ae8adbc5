"""What the proof of a sign and the nature of a product tell the law of a line (EGA-11, EGA-12, EGA-14, EGA-16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from catering.rules.book import LAW_FOLDER, RuleBook
from catering.rules.egalim import PurchaseLine
from catering.rules.marks import read_csv
from catering.rules.tables import Label

CONVERSION, EQUIVALENCE = "conversion", "equivalence"
"""Conditions of labels: of a holding in conversion, and of what is proven equivalent to another sign."""
RAW_FAMILY = "FRUITS_ET_LEGUMES"
"""The family of what is sold raw, fresh or frozen."""
MONTHS = 12  # legal-number: of a year of the calendar


class Plant(BaseModel):
    """A kind of ingredient that comes from plants only; ``ingredients`` when all that is of it is raw."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str = Field(pattern=r"^[a-z_]+$")
    ingredients: str = Field(pattern=r"^[0-9]*$")
    source: str = Field(min_length=1)
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A certificate as the law reads it: its label, its first and last days, and what some labels depend on.

    ``conversion_since`` start of the holding's conversion; ``ingredients`` agricultural ones of what it covers;
    ``equivalent_to`` the sign whose equivalence its file documents. None is not told.
    """

    label: str
    valid_from: date
    valid_to: date
    conversion_since: date | None = None
    ingredients: int | None = None
    equivalent_to: str | None = None


def with_proof(line: PurchaseLine, kind: str | None, proof: Proof | None) -> PurchaseLine:
    """A line with what its product and its proof tell; what they do not tell stays unknown.

    A conversion whose start nobody tells is counted from the first day of its certificate: it is no younger.

    Args:
        line: as bought.
        kind: of its ingredient: ``vegetable_raw``, ``egg``… None when nobody tells.
        proof: the certificate of the sign under which it was sold; None when there is none.
    """
    told = replace(line, product=kind, plant=None if kind is None else kind in plants(), certified=None)
    if proof is None or proof.label not in line.labels:
        return told
    since = proof.conversion_since or proof.valid_from
    return replace(
        told,
        certified=(proof.valid_from, proof.valid_to),
        conversion_months=months_begun(since, line.delivered or line.invoiced),
        agricultural_ingredients=proof.ingredients or _ingredients(kind, line.family),
        equivalent_to=proof.equivalent_to,
        proven=line.proven | ({proof.label} if proof.equivalent_to else frozenset()),
    )


def months_begun(since: date, until: date) -> int:
    """Months begun between two days: twelve on the day a year is whole, thirteen the day after; never negative."""
    months = (until.year - since.year) * MONTHS + until.month - since.month
    return max(months + (until.day > since.day), 0)


def counts_from(proof: Proof, book: RuleBook) -> date:
    """First day on which what a certificate proves may count: of a conversion, once it is old enough (EGA-11)."""
    if proof.label not in ageing(book):
        return proof.valid_from
    since = proof.conversion_since or proof.valid_from
    months = int(book.parameter("EGA-11-MOIS", since))
    years, month = divmod(since.month - 1 + months, MONTHS)
    first = date(since.year + years, month + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return max(proof.valid_from, min(first + timedelta(days=since.day), following))


@cache
def ageing(book: RuleBook) -> frozenset[str]:
    """Labels that count from some age on: of what bears one, the day of delivery must be known."""
    return frozenset(code for code in conditional(book) if _condition_of(code, CONVERSION, book))


@cache
def conditional(book: RuleBook) -> frozenset[str]:
    """Labels that count on a condition, on some day."""
    return frozenset(code for code, rows in book.tables.labels.items() if any(row.condition for row in rows))


def _condition_of(code: str, condition: str, book: RuleBook) -> bool:
    return any(row.condition == condition for row in book.tables.labels[code])


def equivalents(book: RuleBook, on: date) -> Mapping[str, Label]:
    """Signs that a file may prove a product to be equivalent to: those that count by themselves on a day (EGA-16)."""
    found = {code: book.label(code, on) for code in book.tables.labels}
    return {code: label for code, label in found.items() if label and label.counts_as_quality and not label.condition}


def _ingredients(kind: str | None, family: str) -> int | None:
    plant = plants().get(kind or "")
    return int(plant.ingredients) if plant and plant.ingredients and family == RAW_FAMILY else None


@cache
def plants(folder: Path = LAW_FOLDER) -> Mapping[str, Plant]:
    """Kinds of ingredients that come from plants only. Raises RuleFileError."""
    rows = read_csv(folder / "egalim" / "plants.csv", list(Plant.model_fields))
    return {row.kind: row for row in (Plant.model_validate(row.cells) for row in rows)}
