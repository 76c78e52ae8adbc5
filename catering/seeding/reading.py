"""From the bytes of one seed file to typed rows, with every fault on the way."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias

from catering.cells import BadCell, Fault
from catering.seeding.shapes import Column, Table

UTF8_BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
AS_UTF8 = "enregistrer le fichier en UTF-8 sans BOM"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file. ``values`` lacks the columns whose cell is at fault; ``cells`` keeps all as written."""

    file: str
    line: int
    cells: Mapping[str, str]
    values: Mapping[str, object]

    def fault(self, column: str, message: str, repair: str) -> Fault:
        """A fault in one of the cells of this row."""
        return Fault(self.file, self.line, column, self.cells.get(column, ""), message, repair)


@dataclass(slots=True)
class Sheet:
    """The rows of one table. ``readable`` is false when a file could not be read: its ids are then unknown."""

    table: Table
    rows: list[Row] = field(default_factory=list)
    readable: bool = True

    @property
    def by_id(self) -> dict[str, Row]:
        """The rows of a table whose key is one column, by the text of that key; the first of doubles."""
        (key,) = self.table.key
        found: dict[str, Row] = {}
        for row in self.rows:
            if cell := row.cells.get(key):
                found.setdefault(cell, row)
        return found


Sheets: TypeAlias = Mapping[str, Sheet]
"""Every sheet by the name of its table."""


def read_sheet(folder: Path, table: Table, faults: list[Fault]) -> Sheet:
    """Read all files of a table, adding what is wrong to ``faults``."""
    sheet = Sheet(table)
    for file in table.files:
        text = _decoded(folder, file, faults)
        rows = None if text is None else _rows(file, text, table, faults)
        if rows is None:
            sheet.readable = False
        else:
            sheet.rows += rows
    return sheet


def _decoded(folder: Path, file: str, faults: list[Fault]) -> str | None:
    try:
        raw = (folder / file).read_bytes()
    except FileNotFoundError:
        faults.append(Fault(file, 0, "", "", "fichier absent", f"le créer dans {folder} (colonnes : seeds/README.md)"))
        return None
    except OSError as error:
        message = f"fichier illisible ({error.strerror})"
        faults.append(Fault(file, 0, "", "", message, "mettre un fichier CSV à sa place"))
        return None
    if raw.startswith(UTF16_BOMS) or b"\0" in raw[:400]:
        faults.append(Fault(file, 1, "", "", "fichier en UTF-16", AS_UTF8))
        return None
    if raw.startswith(UTF8_BOM):
        faults.append(Fault(file, 1, "", "", "marque d'ordre des octets (BOM) en tête du fichier", AS_UTF8))
        raw = raw.removeprefix(UTF8_BOM)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        faults.append(_not_utf8(file, raw, error.start))
        return None


def _not_utf8(file: str, raw: bytes, start: int) -> Fault:
    line = raw.count(b"\n", 0, start) + 1
    text = raw.splitlines()[line - 1].decode("cp1252", errors="replace")
    header = next(csv.reader([raw.splitlines()[0].decode("cp1252", errors="replace")]))
    cells = next(csv.reader([text]))
    place = next((rank for rank, cell in enumerate(cells) if not cell.isascii()), 0)
    column = header[place] if place < len(header) else ""
    return Fault(file, line, column, cells[place], "octet qui n'est pas de l'UTF-8 (Windows-1252 ?)", AS_UTF8)


def _rows(file: str, text: str, table: Table, faults: list[Fault]) -> list[Row] | None:
    found = len(faults)
    lines = _lines(file, text, faults)
    header = next(lines, None)
    if header is None and len(faults) == found:
        whole = ",".join(column.name for column in table.columns)
        faults.append(Fault(file, 1, "", "", "fichier vide", f"y écrire au moins la ligne d'en-tête : {whole}"))
    if header is None or not _header_fits(file, header[1], table, faults):
        return None
    return [_row(file, line, header[1], cells, table, faults) for line, cells in lines]


def _lines(file: str, text: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it starts on; blank lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            if cells:
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        repair = "fermer les guillemets ; un guillemet dans une cellule s'écrit deux fois"
        faults.append(Fault(file, start, "", "", f"CSV mal formé ({error})", repair))


def _header_fits(file: str, header: list[str], table: Table, faults: list[Fault]) -> bool:
    expected = [column.name for column in table.columns]
    found = len(faults)
    if len(header) == 1 and ";" in header[0]:
        faults.append(Fault(file, 1, "", header[0], "colonnes séparées par ;", "séparer par des virgules"))
        return False
    missing = [name for name in expected if name not in header]
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            faults.append(Fault(file, 1, name, "", "colonne écrite deux fois", "n'en garder qu'une"))
        if name not in expected:
            close = get_close_matches(name, missing, n=1)
            repair = f"la renommer « {close[0]} »" if close else "la retirer"
            faults.append(Fault(file, 1, name, "", "colonne inconnue", repair))
    whole = ",".join(expected)
    faults += [Fault(file, 1, name, "", "colonne absente", f"l'ajouter ; attendu : {whole}") for name in missing]
    return len(faults) == found


def _row(file: str, line: int, header: list[str], cells: list[str], table: Table, faults: list[Fault]) -> Row:
    if len(cells) != len(header):
        faults.append(_wrong_width(file, line, header, cells, table))
        return Row(file, line, dict(zip(header, cells, strict=False)), {})
    row = Row(file, line, dict(zip(header, cells, strict=True)), {})
    values: dict[str, object] = {}
    for column in table.columns:
        try:
            values[column.name] = _value(column, row.cells[column.name])
        except BadCell as bad:
            faults.append(row.fault(column.name, bad.message, bad.repair))
    return Row(file, line, row.cells, values)


def _value(column: Column, cell: str) -> object:
    if not cell:
        if column.required:
            raise BadCell(*column.missing)
        return column.empty
    if cell != cell.strip():
        raise BadCell(
            "espaces autour de la valeur", f"écrire « {cell.strip()} »" if cell.strip() else "vider la cellule"
        )
    return column.read(cell)


def _wrong_width(file: str, line: int, header: list[str], cells: list[str], table: Table) -> Fault:
    message = f"{len(cells)} cellules au lieu de {len(header)}"
    if len(cells) == len(header) + 1:
        for rank, name in enumerate(header):
            number = f"{cells[rank]},{cells[rank + 1]}"
            if _splits_a_number(rank, header, cells, table):
                repair = f"la virgule n'est pas la marque décimale : écrire {number.replace(',', '.')}"
                return Fault(file, line, name, number, "ce n'est pas un nombre décimal", repair)
    return Fault(file, line, "", "", message, "mettre entre guillemets une cellule qui contient une virgule")


def _splits_a_number(rank: int, header: list[str], cells: list[str], table: Table) -> bool:
    """Whether reading two neighbouring cells as one decimal makes every cell of the line right."""
    if not (cells[rank].isdigit() and cells[rank + 1].isdigit()):
        return False
    mended = [*cells[:rank], f"{cells[rank]}.{cells[rank + 1]}", *cells[rank + 2 :]]
    try:
        for name, cell in zip(header, mended, strict=True):
            _value(table.by_name[name], cell)
    except BadCell:
        return False
    return True
