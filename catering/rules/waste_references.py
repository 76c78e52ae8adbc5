"""Published figures of food waste that a kitchen compares itself with, as dated data (regulations §2.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import ConfigDict, Field

from catering.rules.book import LAW_FOLDER
from catering.rules.shapes import Confidence, Dated, Unit
from catering.rules.tables import dated_rows

TABLE = Path("waste") / "references.csv"
COLUMNS = (
    "id", "kind", "scope", "french_name", "value", "unit", "valid_from", "valid_to", "source", "confidence", "note",
)  # fmt: skip


class ReferenceKind(StrEnum):
    """What a reference says."""

    MEAN = "mean"
    """Edible grams per cover."""
    STAGE_SHARE = "stage_share"
    GROUP_SHARE = "group_share"
    COST = "cost"
    """Euros per cover."""


class WasteReference(Dated):
    """A published figure. ``scope``: of whom a mean is, which stage, which family of food, which cost."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    id: str = Field(pattern=r"^REF-[A-Z0-9-]+$")
    kind: ReferenceKind
    scope: str = Field(min_length=1)
    french_name: str = Field(min_length=1)
    value: Decimal = Field(gt=0)
    unit: Unit
    confidence: Confidence


@cache
def _rows(folder: Path) -> tuple[WasteReference, ...]:
    by_id = dated_rows(folder, TABLE, WasteReference, COLUMNS, lambda row: row.id)
    return tuple(row for rows in by_id.values() for row in rows)


def waste_references(on: date, kind: ReferenceKind, folder: Path = LAW_FOLDER) -> list[WasteReference]:
    """The references of a kind that stand on a date, in the order of the table. Raises RuleFileError."""
    return [row for row in _rows(folder) if row.kind is kind and row.in_force(on)]
