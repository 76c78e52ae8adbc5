"""What states a seed table: its files, its columns, its key and the database table it fills."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from catering import cells
from catering.cells import Read
from catering.db import Base

REQUIRED = object()
"""Stands for "an empty cell is a fault"."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    ``empty`` is the value of an empty cell, or ``REQUIRED``. ``attribute`` is the column of the model when its name is
    another one. ``refers_to`` names the table whose id the cell holds; the integer key is then stored. ``missing`` is
    what is wrong with an empty cell and its repair.
    """

    name: str
    read: Read
    empty: object = REQUIRED
    missing: tuple[str, str] = ("cellule vide", "la renseigner")
    stored: bool = True
    """False when the cell fills a table of its own."""
    attribute: str = ""
    refers_to: str = ""

    @property
    def required(self) -> bool:
        """Whether an empty cell is a fault."""
        return self.empty is REQUIRED

    @property
    def target(self) -> str:
        """Name of the attribute of the model."""
        return self.attribute or self.name


@dataclass(frozen=True, slots=True)
class Table:
    """One seed table, in one or several files of the same columns."""

    name: str
    title: str
    """What a person calls its rows, in French."""
    files: tuple[str, ...]
    model: type[Base]
    key: tuple[str, ...]
    """Columns of the file that name a row."""
    columns: tuple[Column, ...]
    derived: Mapping[str, tuple[str, Callable[[str], object]]] = field(default_factory=dict)
    """Attributes of the model that follow from one cell: the column and how."""
    ranked_within: str = ""
    """Column whose equal values group the rows that ``position`` counts, in the order of the file."""

    @property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by their name in the file."""
        return {column.name: column for column in self.columns}

    @property
    def has_number(self) -> bool:
        """Whether rows of other tables point to these by an integer key."""
        return hasattr(self.model, "id")


def optional(name: str, read: Read) -> Column:
    """A column whose empty cell is unknown, or none."""
    return Column(name, read, empty=None)


def reference(name: str, table: str, attribute: str, empty: object = REQUIRED) -> Column:
    """A column that names a row of another table."""
    read = cells.uai if table == "kitchens" else cells.slug
    return Column(name, read, empty=empty, attribute=attribute, refers_to=table)
