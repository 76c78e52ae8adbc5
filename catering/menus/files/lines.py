"""A menu as a file states it, whatever the shape of the file: one line per dish."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from catering.cells import BadCell, Fault
from catering.documents.tables import Rows, unshielded
from catering.refusal import Refusal
from catering.spelling import folded

LONGEST_NAME = 160  # legal-number: longest name of a dish in the national schema
SLOTS: Mapping[str, str | None] = {
    "entree": "starter",
    "plat": "main",
    "plat principal": "main",
    "plat protidique": "main",
    "garniture": "side",
    "legumes": "side",
    "accompagnement": "side",
    "laitage": "dairy",
    "produit laitier": "dairy",
    "fromage": "dairy",
    "dessert": "dessert",
    "": None,
}
"""French names of the components, folded; an empty cell leaves the component to the name of the dish."""
NOT_ON_THE_TRAY = frozenset({"pain", "autre"})
"""Lines of a menu that no frequency counts."""


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One dish of one lunch. ``slot`` None: the file does not say; ``covers`` None: nobody counted."""

    line: int
    restaurant: str
    day: date
    slot: str | None
    name: str
    covers: int | None = None
    vegetarian: bool = False
    marked_in: str = ""
    """Column that marks it as vegetarian."""


@dataclass(slots=True)
class MenuFile:
    """The lines of a file, what is wrong in it, and what was left aside on purpose, by reason."""

    file: str
    lines: list[MenuLine] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    aside: dict[str, int] = field(default_factory=dict)

    def leave(self, why: str) -> None:
        """Count a line that is no dish of a lunch."""
        self.aside[why] = self.aside.get(why, 0) + 1


class MenusRefused(Refusal):
    """Lines of a menus file are at fault; nothing of it is kept. ``table``: where they are fetched as a file."""

    def __init__(self, faults: Sequence[Fault], *, table: str | None = None) -> None:
        self.table = table
        self.faults = tuple(sorted(faults))
        super().__init__(
            f"{len(self.faults)} faute{'s' if len(self.faults) > 1 else ''} dans le fichier de menus ; "
            "rien n'en est pris."
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file by column, with the place to write down what is wrong in it."""

    into: MenuFile
    line: int
    cells: Mapping[str, str]

    def fault(self, column: str, message: str, repair: str) -> None:
        """Note what is wrong in a cell."""
        value = self.cells.get(column, "")
        self.into.faults.append(Fault(self.into.file, self.line, column, value, message, repair))

    def read(self, column: str, reader: Callable[[str], object]) -> object | None:
        """A cell read by ``reader``; None when it is empty or at fault, which is noted."""
        cell = self.cells.get(column, "")
        if not cell:
            return None
        try:
            return reader(cell)
        except BadCell as bad:
            self.fault(column, bad.message, bad.repair)
            return None

    def needed(self, column: str) -> str:
        """A cell that may not be empty; empty and noted when it is."""
        cell = self.cells.get(column, "")
        if not cell:
            self.fault(column, "cellule vide", "la remplir, ou retirer la ligne")
        return cell


def rows_of(into: MenuFile, rows: Rows) -> Iterator[Row]:
    """The rows of a table by column; a row with too many cells is a fault."""
    header = [name.strip() for name in rows.header]
    for line, cells in rows.lines:
        if len(cells) > len(header):
            message = f"{len(cells)} cellules au lieu de {len(header)}"
            repair = "mettre entre guillemets une cellule qui contient le séparateur"
            into.faults.append(Fault(into.file, line, "", "", message, repair))
            continue
        padded = [*cells, *[""] * (len(header) - len(cells))]
        yield Row(into, line, dict(zip(header, map(_cleaned, padded), strict=True)))


def _cleaned(cell: str) -> str:
    try:
        return " ".join(unshielded(cell.strip()).split())
    except BadCell:
        # A dish may well be called « - fromage » : nothing runs it here.
        return " ".join(cell.split())


def slot_named(cell: str) -> str | None:
    """The component of a French name.

    Raises:
        BadCell: no component is called so.
    """
    try:
        return SLOTS[folded(cell)]
    except KeyError as error:
        raise BadCell("composante inconnue", "écrire entrée, plat, garniture, laitage ou dessert") from error
