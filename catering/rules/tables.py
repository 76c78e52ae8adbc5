"""The tables of the law: sources, dish attributes, ma-cantine families, EGAlim buckets and labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from catering.rules.faults import french_fault
from catering.rules.marks import MarkedRow, read_csv
from catering.rules.shapes import Confidence, Dated

_Row = TypeVar("_Row", bound=BaseModel)
_Dated = TypeVar("_Dated", bound=Dated)
_Key = TypeVar("_Key")


class _TableRow(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_TableRow):
    """A text read: the key used by the other files, its title and, where known, its address."""

    key: str = Field(min_length=1)
    title: str = Field(min_length=1)
    url: str


class AttributeName(_TableRow):
    """A dish attribute that rules may count; ``definition`` is what a nutrition manager reads."""

    attribute: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    definition: str = Field(min_length=1)


class Family(_TableRow):
    """A ma-cantine product family."""

    code: str = Field(pattern=r"^[A-Z_]+$")
    french_name: str = Field(min_length=1)
    meat_or_fish: bool


class Bucket(_TableRow):
    """Where a purchase counts; one line has one bucket, the lowest ``rank`` that applies (EGA-20)."""

    code: str = Field(pattern=r"^[A-Z_]+$")
    french_name: str = Field(min_length=1)
    rank: int = Field(ge=1)
    counts_as_quality: bool


class FermierProduct(_TableRow):
    """A product for which a text defines the mention *fermier*, and the sign it must bear besides (EGA-12)."""

    product: str = Field(pattern=r"^[a-z]+$")
    with_any_of: str
    or_direct_sale: bool
    source: str
    note: str


class Portion(_TableRow):
    """Recommended grams of one portion in a collège; ``mandatory`` for ready products of outside suppliers (NUT-P1)."""

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    product: str = Field(min_length=1)
    min_g: int = Field(ge=1)
    max_g: int = Field(ge=1)
    weighed: Literal["raw", "served"]
    mandatory: bool
    source: str
    confidence: Confidence

    @model_validator(mode="after")
    def _bounds_are_possible(self) -> Portion:
        if self.min_g > self.max_g:
            raise ValueError(f"min_g ({self.min_g}) dépasse max_g ({self.max_g})")
        return self


class Label(Dated):
    """A sign, mention or claim: its bucket while valid, its rank when a product bears several, its conditions."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[A-Z0-9_]+$")
    french_name: str = Field(min_length=1)
    bucket: str
    counts_as_bio: bool
    counts_as_quality: bool
    waterfall: int = Field(ge=1)
    condition: str
    confidence: Confidence
    legal_basis: str


LabelTable: TypeAlias = Mapping[str, tuple[Label, ...]]
"""The dated rows of each label code."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Every table, by key. Labels keep the rows of all periods."""

    sources: Mapping[str, Source]
    attributes: Mapping[str, AttributeName]
    families: Mapping[str, Family]
    buckets: Mapping[str, Bucket]
    labels: LabelTable
    fermier: Mapping[str, FermierProduct]
    portions: Mapping[str, Portion]


NO_BUCKET = "NON_EGALIM"
"""Bucket of a purchase that no sign brings into EGAlim."""
CONDITIONS = ("", "conversion", "fermier", "tender", "equivalence")
"""What a label may demand beyond being there; ``egalim.py`` holds one test per name."""


def load_tables(folder: Path) -> Tables:
    """Read and cross-check the tables of a rules folder. Raises RuleFileError."""
    sources = _keyed(folder / "sources.csv", Source, lambda row: row.key)
    buckets = _keyed(folder / "egalim" / "buckets.csv", Bucket, lambda row: row.code)
    return Tables(
        sources,
        _keyed(folder / "nutrition" / "attributes.csv", AttributeName, lambda row: row.attribute),
        _keyed(folder / "egalim" / "families.csv", Family, lambda row: row.code),
        buckets,
        _labels(folder / "egalim" / "labels.csv", buckets, sources),
        _keyed(folder / "egalim" / "fermier.csv", FermierProduct, lambda row: row.product),
        _keyed(folder / "nutrition" / "portions.csv", Portion, lambda row: row.id),
    )


def _keyed(path: Path, model: type[_Row], key: Callable[[_Row], str]) -> Mapping[str, _Row]:
    rows: dict[str, _Row] = {}
    for marked in read_csv(path, list(model.model_fields)):
        row = _parse(marked, model)
        if key(row) in rows:
            raise marked.fault(f"« {key(row)} » est déjà défini plus haut")
        rows[key(row)] = row
    return MappingProxyType(rows)


def _parse(marked: MarkedRow, model: type[_Row]) -> _Row:
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    cells = {name: text for name, text in marked.cells.items() if text or name in required}
    try:
        return model.model_validate(cells)
    except ValidationError as error:
        raise marked.fault(french_fault(error)[1]) from error


def dated_rows(
    folder: Path, table: Path, model: type[_Dated], columns: Sequence[str], key: Callable[[_Dated], _Key]
) -> Mapping[_Key, tuple[_Dated, ...]]:
    """The rows of a table of law, all periods of each key together.

    Args:
        folder: the rules folder, whose ``sources.csv`` must know every source.
        table: the file, relative to the folder.
        model: what a row states.
        columns: the exact header.
        key: what two rows of one thing share; their periods may not overlap.

    Raises:
        RuleFileError: with the file and the line.
    """
    sources = _keyed(folder / "sources.csv", Source, lambda row: row.key)
    rows: dict[_Key, tuple[_Dated, ...]] = {}
    for marked in read_csv(folder / table, columns):
        row = _parse(marked, model)
        if row.source not in sources:
            raise marked.fault(f"source inconnue « {row.source} » : l'ajouter à sources.csv")
        earlier = rows.get(key(row), ())
        if any(row.overlaps(other) for other in earlier):
            raise marked.fault(f"deux périodes de « {key(row)} » se recouvrent : fermer la plus ancienne (valid_to)")
        rows[key(row)] = (*earlier, row)
    return MappingProxyType(rows)


_LABEL_COLUMNS = (
    "code", "french_name", "bucket", "counts_as_bio", "counts_as_quality", "waterfall", "condition",
    "valid_from", "valid_to", "source", "confidence", "legal_basis", "note",
)  # fmt: skip


def _labels(path: Path, buckets: Mapping[str, Bucket], sources: Mapping[str, Source]) -> LabelTable:
    labels: dict[str, tuple[Label, ...]] = {}
    for marked in read_csv(path, _LABEL_COLUMNS):
        label = _parse(marked, Label)
        _check_label(marked, label, buckets, sources)
        earlier = labels.get(label.code, ())
        if any(label.overlaps(other) for other in earlier):
            raise marked.fault(f"deux périodes de « {label.code} » se recouvrent : fermer la plus ancienne (valid_to)")
        labels[label.code] = (*earlier, label)
    return MappingProxyType(labels)


def _check_label(marked: MarkedRow, label: Label, buckets: Mapping[str, Bucket], sources: Mapping[str, Source]) -> None:
    if label.bucket not in buckets:
        raise marked.fault(f"catégorie inconnue « {label.bucket} » ; connues : {', '.join(buckets)}")
    if label.source not in sources:
        raise marked.fault(f"source inconnue « {label.source} » : l'ajouter à sources.csv")
    if label.condition not in CONDITIONS:
        known = ", ".join(filter(None, CONDITIONS))
        raise marked.fault(f"condition inconnue « {label.condition} » ; connues : {known}")
    if label.counts_as_quality != buckets[label.bucket].counts_as_quality:
        raise marked.fault(f"counts_as_quality contredit la catégorie {label.bucket}")
    if label.counts_as_bio and label.bucket != "BIO":
        raise marked.fault("un signe compté en bio appartient à la catégorie BIO")


def label_on(labels: LabelTable, code: str, on: date) -> Label | None:
    """The row of a label in force on a date, or None. Raises KeyError for a code that no row defines."""
    return next((label for label in labels[code] if label.in_force(on)), None)
