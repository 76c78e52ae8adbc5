"""Rows of the law tables: read strictly, keyed, refused with file and line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from catering.rules.faults import french_fault
from catering.rules.marks import MarkedRow, read_csv

Row = TypeVar("Row", bound=BaseModel)


class TableRow(BaseModel):
    """A row whose cells are all known columns."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def keyed(path: Path, model: type[Row], key: Callable[[Row], str]) -> Mapping[str, Row]:
    """Rows of a table by their key. Raises RuleFileError for a row that does not fit or a key written twice."""
    rows: dict[str, Row] = {}
    for marked in read_csv(path, list(model.model_fields)):
        row = parsed(marked, model)
        if key(row) in rows:
            raise marked.fault(f"« {key(row)} » est déjà défini plus haut")
        rows[key(row)] = row
    return MappingProxyType(rows)


def parsed(marked: MarkedRow, model: type[Row]) -> Row:
    """A row as its model; an empty cell of an optional column is absent. Raises RuleFileError."""
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    cells = {name: text for name, text in marked.cells.items() if text or name in required}
    try:
        return model.model_validate(cells)
    except ValidationError as error:
        raise marked.fault(french_fault(error)[1]) from error
