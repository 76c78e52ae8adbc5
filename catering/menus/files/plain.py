"""Menus as a simple table: one row per dish (`date`, `plat` …) or one row per lunch (a column per component)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from catering.cells import Fault, day, french_day, text, whole
from catering.documents.tables import Rows
from catering.menus.files.lines import LONGEST_NAME, NOT_ON_THE_TRAY, MenuFile, MenuLine, Row, rows_of, slot_named
from catering.spelling import folded

LONG_HEADER = ("date", "plat")
WIDE_COLUMNS = ("entree", "plat", "legumes", "garniture", "laitage", "dessert")
MORE_COLUMNS = ("composante", "restaurant", "secteur", "couverts", "regime", "commentaire")
OR = re.compile(r"\s+(?:ou|OU|Ou)\s+(?![^(]*\))")
"""Between two dishes at one's choice, outside brackets."""
VEGETARIAN = re.compile(r"(?<!non )(?<!non-)(?<!pas )\bveg")
"""In a folded text."""
REGIME = "regime"
STARS = "*°"
MOST_MONTHS = 12  # legal-number: months of a year


def read_plain(into: MenuFile, rows: Rows) -> None:
    """Read a table of one of the two shapes into the file, faults and all."""
    header = {name.strip() for name in rows.header}
    wide = len(header.intersection(WIDE_COLUMNS)) > 1
    missing = [name for name in (("date",) if wide else LONG_HEADER) if name not in header]
    if missing:
        into.faults += [_missing(into.file, name) for name in missing]
        return
    read = list(rows_of(into, rows))
    day_of = _day_reader([row.cells["date"] for row in read])
    for row in read:
        into.lines += _lunch(row, day_of) if wide else _dish(row, day_of)


def _day_reader(cells: Sequence[str]) -> Callable[[str], date]:
    """How a column of days is read: DD/MM/YYYY when all are days of the calendar written so, and one is after the 12th.

    Before the 13th nothing tells the day from the month: such a file is refused, each line with its repair.
    """
    turned = {cell: french_day(cell) for cell in cells if cell}
    found = {cell: on for cell, on in turned.items() if on is not None}
    if found and len(found) == len(turned) and any(on.day > MOST_MONTHS for on in found.values()):
        return found.__getitem__
    return day


def _missing(file: str, name: str) -> Fault:
    return Fault(file, 1, name, "", "colonne absente", f"nommer « {name} » la colonne qui la porte")


def _dish(row: Row, day_of: Callable[[str], date]) -> Iterator[MenuLine]:
    on, name = row.read("date", day_of), row.needed("plat")
    row.needed("date")
    component = row.cells.get("composante", "")
    if folded(component) in NOT_ON_THE_TRAY:
        row.into.leave("pain et autres lignes hors plateau")
        return
    slot = row.read("composante", slot_named)
    covers = row.read("couverts", whole(0))
    if isinstance(on, date) and _named(row, "plat", name):
        vegetarian = _is_vegetarian(row, REGIME)
        kept = str(slot) if slot else None
        yield MenuLine(row.line, _place(row), on, kept, _tidy(name), _int(covers), vegetarian, REGIME)


def _lunch(row: Row, day_of: Callable[[str], date]) -> Iterator[MenuLine]:
    row.needed("date")
    on = row.read("date", day_of)
    cells = {column: row.cells[column] for column in WIDE_COLUMNS if row.cells.get(column)}
    if not isinstance(on, date):
        return
    if not cells.get("plat") or (len(cells) > 1 and len({folded(cell) for cell in cells.values()}) == 1):
        row.into.leave("jours sans plat principal ou fermés")
        return
    for column, cell in cells.items():
        # What is said of the lunch is said of each of its dishes.
        marked = REGIME if _is_vegetarian(row, REGIME) else f"code_{column}"
        vegetarian = _is_vegetarian(row, marked)
        for choice in OR.split(cell):
            if _named(row, column, choice):
                yield MenuLine(row.line, _place(row), on, slot_named(column), _tidy(choice), None, vegetarian, marked)


def _is_vegetarian(row: Row, column: str) -> bool:
    return bool(VEGETARIAN.search(folded(row.cells.get(column, ""))))


def _named(row: Row, column: str, name: str) -> bool:
    found = row.read(column, text(LONGEST_NAME)) is not None
    return found and bool(_tidy(name))


def _place(row: Row) -> str:
    return row.cells.get("restaurant") or row.cells.get("secteur") or ""


def _tidy(name: str) -> str:
    return name.translate({ord(char): None for char in STARS}).strip(" ,;/-")


def _int(value: object | None) -> int | None:
    return value if isinstance(value, int) else None
