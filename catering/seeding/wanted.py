"""From the rows of the seed files to the rows that the database is to hold."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Table as SqlTable

from catering.recipes.models import IngredientAllergen
from catering.seeding.reading import Row, Sheet
from catering.seeding.shapes import Table

Key = tuple[object, ...]
Values = dict[str, Any]
Ids = Mapping[str, Mapping[str, int]]
"""Per seed table, the integer key of each natural id."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """All rows of one database table, by the attributes that name a row. ``files`` is where a person finds them."""

    title: str
    table: SqlTable
    key: tuple[str, ...]
    files: tuple[str, ...]
    references: Mapping[str, str]
    """Attributes that hold an integer key, with the seed table they point to."""
    rows: Mapping[Key, Values]

    def key_of(self, values: Mapping[str, Any]) -> Key:
        """The key of a row of this table."""
        return tuple(values[attribute] for attribute in self.key)

    def name_of(self, values: Mapping[str, Any], names: Mapping[str, Mapping[int, str]]) -> str:
        """What a person calls a row: its natural ids and words, joined with spaces."""
        return " ".join(
            names[self.references[attribute]][values[attribute]]
            if attribute in self.references
            else str(plain(values[attribute]))
            for attribute in self.key
        )


def wanted(sheet: Sheet, ids: Ids) -> Wanted:
    """The rows of a sheet that holds no fault, with references resolved to integer keys."""
    table = sheet.table
    key = tuple(table.by_name[column].target for column in table.key)
    references = {column.target: column.refers_to for column in table.columns if column.refers_to}
    ranks: Counter[str] = Counter()
    rows: dict[Key, Values] = {}
    for row in sheet.rows:
        values = _stored(table, row, ids)
        if table.ranked_within:
            owner = row.cells[table.ranked_within]
            ranks[owner] += 1
            values["position"] = ranks[owner]
        rows[tuple(values[attribute] for attribute in key)] = values
    return Wanted(table.title, _sql(table.model.__table__), key, table.files, references, rows)


def _stored(table: Table, row: Row, ids: Ids) -> Values:
    values: Values = {}
    for column in table.columns:
        value = row.values[column.name]
        if column.refers_to and value is not None:
            value = ids[column.refers_to][str(value)]
        if column.stored:
            values[column.target] = value
    for attribute, (column_name, follow) in table.derived.items():
        values[attribute] = follow(row.cells[column_name])
    return values


def wanted_allergens(ingredients: Sheet, ids: Ids) -> Wanted:
    """One row per ingredient and allergen: the cell of the ingredient table holds them all."""
    pairs: Iterator[Values] = (
        {"ingredient_id": ids["ingredients"][row.cells["id"]], "allergen": allergen}
        for row in ingredients.rows
        for allergen in _set(row.values["allergens"])
    )
    key = ("ingredient_id", "allergen")
    rows: dict[Key, Values] = {(pair["ingredient_id"], pair["allergen"]): pair for pair in pairs}
    return Wanted(
        "allergènes",
        _sql(IngredientAllergen.__table__),
        key,
        ingredients.table.files,
        {"ingredient_id": "ingredients"},
        rows,
    )


def _set(value: object) -> frozenset[object]:
    assert isinstance(value, frozenset)
    return value


def _sql(table: object) -> SqlTable:
    assert isinstance(table, SqlTable)
    return table


def plain(value: object) -> object:
    """A value as JSON can hold it, without loss: decimals and dates as text, sets in order."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(value)
    exact: dict[type, Callable[[Any], str]] = {Decimal: str, date: date.isoformat}
    return exact[type(value)](value) if type(value) in exact else value
