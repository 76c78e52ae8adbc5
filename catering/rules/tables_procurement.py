"""The tables of public procurement: homogeneous families, criteria that may be used, price indices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeAlias

from pydantic import ConfigDict, Field

from catering.rules.marks import RuleFileError, read_csv
from catering.rules.rows import TableRow, keyed, parsed
from catering.rules.shapes import Confidence, Dated

Rhythm: TypeAlias = Literal["weekly", "monthly", "quarterly"]
Scale: TypeAlias = Literal["lowest", "highest", "yes"]
"""How a criterion is scored: the lowest or the highest value has all points, or a yes has."""


class HomogeneousFamily(TableRow):
    """A famille homogène of the 15-family nomenclature: what a need is added up by (CCP-20, CCP-22)."""

    code: str = Field(pattern=r"^10\.\d\d$")
    french_name: str = Field(min_length=1)
    raw_material: bool
    """Exposed to the prices of raw materials: a price revision clause is mandatory (CCP-33)."""
    rhythm: Rhythm
    """Suggested rhythm of revision (CCP-33)."""
    source: str
    confidence: Confidence
    note: str


class FamilyOfKind(TableRow):
    """The family of every ingredient of a kind."""

    kind: str = Field(min_length=1)
    family: str


class FamilyOfIngredient(TableRow):
    """The family of one ingredient that is not that of its kind: frozen, tinned, prepared."""

    ingredient: str = Field(min_length=1)
    family: str
    reason: str = Field(min_length=1)


class Criterion(Dated):
    """A criterion by which offers may be compared (CCP-03). What is not in this table is refused."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[a-z_]+$")
    french_name: str = Field(min_length=1)
    scale: Scale
    unit: str
    confidence: Confidence
    rule: str = Field(min_length=1)
    explanation: str = Field(min_length=1)


class PriceIndex(TableRow):
    """A published index that a price may follow (CCP-33); its values are entered by the administration."""

    code: str = Field(pattern=r"^[A-Z-]+$")
    french_name: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    url: str


@dataclass(frozen=True, slots=True)
class ProcurementTables:
    """Every table of procurement, by key."""

    families: Mapping[str, HomogeneousFamily]
    by_kind: Mapping[str, FamilyOfKind]
    by_ingredient: Mapping[str, FamilyOfIngredient]
    criteria: Mapping[str, tuple[Criterion, ...]]
    """The dated rows of each code."""
    indices: Mapping[str, PriceIndex]

    def family_of(self, ingredient: str, kind: str) -> HomogeneousFamily:
        """The family of an ingredient (its slug and kind); label and origin play no part (CCP-23).

        Raises:
            KeyError: no row names the kind.
        """
        exception = self.by_ingredient.get(ingredient)
        return self.families[exception.family if exception else self.by_kind[kind].family]

    def criterion(self, code: str, on: date) -> Criterion | None:
        """A criterion that may be used on a date; None for anything else."""
        return next((row for row in self.criteria.get(code, ()) if row.in_force(on)), None)

    def criteria_on(self, on: date) -> list[Criterion]:
        """Every criterion that may be used on a date, in the order of the table."""
        return [row for rows in self.criteria.values() for row in rows if row.in_force(on)]


def load_procurement(folder: Path, sources: Collection[str]) -> ProcurementTables:
    """Read and cross-check the tables of procurement. Raises RuleFileError."""
    families = keyed(folder / "families.csv", HomogeneousFamily, lambda row: row.code)
    by_kind = keyed(folder / "families_by_kind.csv", FamilyOfKind, lambda row: row.kind)
    by_ingredient = keyed(folder / "families_by_ingredient.csv", FamilyOfIngredient, lambda row: row.ingredient)
    _known(folder / "families.csv", (row.source for row in families.values()), sources)
    _known(folder / "families_by_kind.csv", (row.family for row in by_kind.values()), families)
    _known(folder / "families_by_ingredient.csv", (row.family for row in by_ingredient.values()), families)
    return ProcurementTables(
        families,
        by_kind,
        by_ingredient,
        _criteria(folder / "criteria.csv", sources),
        keyed(folder / "indices.csv", PriceIndex, lambda row: row.code),
    )


def _known(path: Path, named: Iterable[str], known: Collection[str]) -> None:
    for line, name in enumerate(named, start=2):
        if name not in known:
            raise RuleFileError(path, line, f"« {name} » est inconnu ; connus : {', '.join(known)}")


_COLUMNS = (
    "code", "french_name", "scale", "unit", "valid_from", "valid_to", "source", "confidence", "rule", "explanation",
)  # fmt: skip


def _criteria(path: Path, sources: Collection[str]) -> Mapping[str, tuple[Criterion, ...]]:
    criteria: dict[str, tuple[Criterion, ...]] = {}
    for marked in read_csv(path, _COLUMNS):
        row = parsed(marked, Criterion)
        if row.source not in sources:
            raise marked.fault(f"source inconnue « {row.source} » : l'ajouter à sources.csv")
        if any(row.overlaps(other) for other in criteria.get(row.code, ())):
            raise marked.fault(f"deux périodes de « {row.code} » se recouvrent : fermer la plus ancienne (valid_to)")
        criteria[row.code] = (*criteria.get(row.code, ()), row)
    return MappingProxyType(criteria)
