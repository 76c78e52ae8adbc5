"""Reading CSV tables cell by cell: every fault is noted with its line and column, and reading goes on.

A cell that cannot be read is noted and replaced by a harmless value, so that one fault does not hide the next or cause
others. Nothing built from such a value ever leaves the reader: a single fault refuses the whole folder.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Collection, Container, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from optimizer.faults import FolderFault
from optimizer.folders.texts import read_text

_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.([0-9]{1,18}))?", re.ASCII)
_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_NO_DAY = date(2000, 1, 1)


class _Reader(Protocol):
    """A csv reader: rows, and the number of physical lines read."""

    @property
    def line_num(self) -> int: ...
    def __iter__(self) -> Iterator[list[str]]: ...


class Everything:
    """Stands for the ids of a table that could not be read: no reference to it is called unknown."""

    def __contains__(self, item: object) -> bool:
        return True


class Row:
    """One line of a table; the same object is moved down the file, so keep what it returns, never the row itself."""

    def __init__(self, file: str, columns: tuple[str, ...], faults: list[FolderFault]) -> None:
        self.file = file
        self.line = 1
        self.values: list[str] = []
        self.muted = False
        self._at = {column: place for place, column in enumerate(columns)}
        self._faults = faults
        self._texts: dict[str, str] = {}
        self._days: dict[str, date] = {}

    def fault(self, column: str, message: str, repair: str) -> None:
        """Note a fault in a cell of this line (or in the line itself when ``column`` is empty)."""
        if not self.muted:
            value = self.values[self._at[column]] if column else ""
            self._faults.append(FolderFault(self.file, self.line, column, value, message, repair))

    def raw(self, column: str) -> str:
        return self.values[self._at[column]]

    def text(self, column: str, *, empty: bool = False) -> str:
        """A name or an id, on one line."""
        value = self.values[self._at[column]]
        known = self._texts.get(value)
        if known is not None and (known or empty):
            return known
        if not value and not empty:
            self.fault(column, "La cellule est vide.", "la remplir.")
        elif value != value.strip() or _CONTROL.search(value):
            self.fault(
                column,
                f"« {value!r} » commence ou finit par une espace, ou contient un caractère de contrôle.",
                "ôter ces caractères.",
            )
        else:
            self._texts[value] = value
        return value

    def reference(self, column: str, known: Container[str], where: str) -> str:
        """An id that must stand in another table (``where``, a file name)."""
        value = self.text(column)
        if value and value not in known:
            self.fault(
                column, f"« {value} » n'existe pas dans {where}.", f"corriger l'identifiant ou l'ajouter à {where}."
            )
        return value

    def choice(self, column: str, options: Collection[str]) -> str:
        value = self.raw(column)
        if value not in options:
            self.fault(column, f"« {value} » n'est pas admis{_suggestion(value, options)}.", _one_of(options))
            return next(iter(options))
        return value

    def integer(self, column: str, *, at_least: int) -> int:
        value = self.raw(column)
        if not _INTEGER.fullmatch(value):
            self.fault(column, f"« {value} » n'est pas un nombre entier.", "écrire un entier, sans espace ni unité.")
            return at_least
        number = int(value)
        if number < at_least:
            self.fault(column, f"{number} est trop petit.", f"écrire un entier d'au moins {at_least}.")
            return at_least
        return number

    def decimal(self, column: str, *, places: int = 18, at_least: Decimal | int | None = 0) -> Decimal:
        """A number with at most ``places`` decimals, in plain notation with a point."""
        value = self.raw(column)
        match = _DECIMAL.fullmatch(value)
        if match is None:
            self.fault(column, *_not_decimal(value))
            return Decimal(1)
        if places < 18 and len(match[2] or "") > places:
            self.fault(column, f"{value} a plus de {places} décimales.", f"arrondir à {places} décimales.")
        number = Decimal(value)
        if at_least is not None and number < at_least:
            self.fault(column, f"{value} est trop petit.", f"écrire un nombre d'au moins {at_least}.")
            return Decimal(at_least)
        return number

    def day(self, column: str) -> date:
        value = self.raw(column)
        known = self._days.get(value)
        if known is not None:
            return known
        try:
            if not _ISO_DAY.fullmatch(value):
                raise ValueError(value)
            day = date.fromisoformat(value)
        except ValueError:
            what = "La date manque." if not value else f"« {value} » n'est pas une date."
            self.fault(column, what, "écrire une date qui existe, sous la forme AAAA-MM-JJ, par exemple 2026-09-01.")
            return _NO_DAY
        self._days[value] = day
        return day

    def flag(self, column: str) -> bool:
        return self.choice(column, ("true", "false")) == "true"


class Table:
    """A CSV file of a folder: iterate over its rows; ``readable`` is False when its header could not be trusted."""

    def __init__(self, folder: Path, file: str, columns: tuple[str, ...], faults: list[FolderFault]) -> None:
        self._faults = faults
        self._columns = columns
        self.file = file
        self._text = read_text(folder, file, faults)
        self._seen: dict[tuple[str, ...], int] = {}
        self._line = 1
        self.readable = self._text is not None

    def __iter__(self) -> Iterator[Row]:
        if self._text is None:
            return
        reader = csv.reader(io.StringIO(self._text, newline="\n"), strict=True)
        row = Row(self.file, self._columns, self._faults)
        try:
            self.readable = self._header_is_right(next(reader, []))
            if self.readable:
                yield from self._rows(reader, row)
        except csv.Error as error:
            self.readable = False
            message = f"La ligne n'est pas du CSV ({error})."
            repair = "fermer les guillemets ; doubler les guillemets à l'intérieur d'une cellule."
            self._faults.append(FolderFault(self.file, self._line, "", "", message, repair))

    def unique(self, row: Row, *columns: str) -> bool:
        """Whether the row is the first with these cells; if not, a fault is noted."""
        key = tuple([row.raw(column) for column in columns])
        first = self._seen.setdefault(key, row.line)
        if first == row.line:
            return True
        row.fault(
            columns[-1],
            f"« {', '.join(key)} » est déjà décrit ligne {first}.",
            "supprimer la ligne en double ou corriger l'identifiant.",
        )
        return False

    def ids(self, known: Collection[str]) -> Container[str]:
        """``known``, or everything when the table could not be read; ask once its rows have been read."""
        return known if self.readable else Everything()

    def line(self, *key: str) -> int:
        """Line of the first row with these cells, 0 if there is none."""
        return self._seen.get(key, 0)

    def _rows(self, reader: _Reader, row: Row) -> Iterator[Row]:
        width = len(self._columns)
        self._line = reader.line_num + 1
        for values in reader:
            if values:
                row.line = self._line
                row.muted = len(values) != width
                row.values = values
                if row.muted:
                    self._ragged(row, width)
                yield row
            self._line = reader.line_num + 1

    def _ragged(self, row: Row, width: int) -> None:
        message = f"La ligne a {len(row.values)} cellules au lieu de {width}."
        repair = "une cellule par colonne ; le point pour les décimales, des guillemets autour d'un texte à virgule."
        self._faults.append(FolderFault(self.file, row.line, "", ",".join(row.values), message, repair))
        row.values = (row.values + [""] * width)[:width]

    def _header_is_right(self, header: list[str]) -> bool:
        expected = self._columns
        if tuple(header) == expected:
            return True
        repair = f"écrire comme première ligne : {','.join(expected)}"
        for message, column in _header_faults(header, expected):
            self._faults.append(FolderFault(self.file, 1, column, ",".join(header), message, repair))
        return False


def _header_faults(header: list[str], expected: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if not any(header):
        yield "La ligne d'en-tête manque.", ""
        return
    if len(header) == 1 and header[0].count(";") == len(expected) - 1:
        yield "Les colonnes sont séparées par des points-virgules, pas par des virgules.", ""
        return
    missing = [column for column in expected if column not in header]
    extra = [column for column in header if column not in expected]
    for column in missing:
        yield f"La colonne « {column} » manque.", column
    for column in extra:
        yield f"La colonne « {column} » est de trop{_suggestion(column, missing)}.", column
    if not missing and not extra:
        yield "Les colonnes sont répétées ou dans un autre ordre.", ""


def _suggestion(value: str, options: Collection[str]) -> str:
    near = difflib.get_close_matches(value, options, n=1, cutoff=0.5)
    return f" (vouliez-vous « {near[0]} » ?)" if near else ""


def _one_of(options: Collection[str]) -> str:
    return "écrire l'un de : " + ", ".join(options) + "."


def _not_decimal(value: str) -> tuple[str, str]:
    with_point = value.replace(",", ".")
    if "," in value and _DECIMAL.fullmatch(with_point):
        return f"« {value} » est écrit avec une virgule.", f"écrire {with_point}, avec un point."
    return f"« {value} » n'est pas un nombre.", "écrire un nombre comme 12.5, avec un point, sans espace ni unité."
