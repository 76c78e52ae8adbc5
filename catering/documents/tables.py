"""Tables that people send and fetch: CSV and XLSX as rows of text, and back, nothing lost and nothing run."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from catering.cells import BadCell
from catering.documents import refusals
from catering.documents.models import FileKind

UTF16 = (b"\xff\xfe", b"\xfe\xff")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHIELD = "'"
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
MOST_INFLATED = 40_000_000
"""Bytes of all parts of a spreadsheet once unpacked: a small file can hide a very large one."""
MOST_PARTS = 500
MOST_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class Rows:
    """The header and the other rows, each with its line in the file; blank rows are passed over."""

    header: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]


def shielded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before what could start one."""
    return SHIELD + text if text.startswith((*FORMULA, SHIELD)) else text


def unshielded(cell: str) -> str:
    """The text of a cell, as ``shielded`` was given it.

    Raises:
        BadCell: it is a formula; a plain number with its sign is none.
    """
    if cell.startswith(SHIELD):
        return cell[len(SHIELD) :]
    if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell):
        raise BadCell("formule", "écrire la valeur elle-même, sans =, +, - ni @ au début")
    return cell


def read_rows(kind: FileKind, content: bytes, most: int) -> Rows:
    """The rows of a table, as text.

    Args:
        kind: CSV (UTF-8 or Windows-1252, commas or semicolons) or XLSX (its first sheet).
        content: the file.
        most: greatest number of rows after the header.

    Raises:
        refusals.TableRefused: it is no such table, or too large.
    """
    rows = _csv_rows(content) if kind is FileKind.CSV else _xlsx_rows(content)
    filled = ((line, row) for line, row in rows if any(row))
    _, header = next(filled, (0, ()))
    if not header:
        raise refusals.TableRefused("Le tableau est vide : il lui faut une ligne d'en-tête.")
    found: list[tuple[int, tuple[str, ...]]] = []
    for line in filled:
        found.append(line)
        if len(found) > most:
            raise refusals.TableRefused(f"Plus de {most} lignes : couper le tableau en plusieurs.")
    return Rows(header, tuple(found))


def _csv_rows(content: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    text = _decoded(content)
    first = text.split("\n", maxsplit=1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True
    )
    start = 1
    try:
        for cells in reader:
            yield start, tuple(cells)
            start = reader.line_num + 1
    except csv.Error as error:
        raise refusals.TableRefused(
            f"Ligne {start} : CSV mal formé ({error}). Fermer les guillemets ; un guillemet s'y écrit deux fois."
        ) from error


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark; else Windows-1252, which old spreadsheets write."""
    if content.startswith(UTF16):
        raise refusals.TableRefused("Fichier en UTF-16 : l'enregistrer en CSV UTF-8.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise refusals.TableRefused(
                f"L'octet {error.start + 1} n'est ni de l'UTF-8 ni du Windows-1252 : enregistrer en CSV UTF-8."
            ) from error


def _xlsx_rows(content: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    _refuse_bombs(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        for line, cells in enumerate(book.worksheets[0].iter_rows(max_col=MOST_COLUMNS), start=1):
            yield line, _trimmed(tuple(_text(cell.value) for cell in cells))
    except refusals.TableRefused:
        raise
    except Exception as error:
        # A file made to harm can make the reader fail in any way.
        raise refusals.TableRefused("Classeur illisible : l'ouvrir, puis l'enregistrer de nouveau en XLSX.") from error


def _refuse_bombs(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            infos = parts.infolist()
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_INFLATED:
                raise refusals.TableRefused("Classeur trop grand une fois ouvert : n'y garder que le tableau.")
            for info in infos:
                with parts.open(info) as part:
                    if b"<!DOCTYPE" in part.read(1_000):
                        raise refusals.TableRefused("Ce classeur contient des déclarations qu'un tableur n'écrit pas.")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise refusals.TableRefused(
            "Classeur illisible : l'enregistrer de nouveau en XLSX, sans mot de passe."
        ) from error


def _trimmed(row: tuple[str, ...]) -> tuple[str, ...]:
    """Without the empty cells at the end: a sheet is as wide as its widest row."""
    last = max((rank for rank, cell in enumerate(row, start=1) if cell), default=0)
    return row[:last]


def _text(value: object) -> str:
    """A cell as its author would have typed it in a text table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        exact = Decimal(repr(value))
        return f"{exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact:f}"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV that a French spreadsheet opens by a double click: semicolons, UTF-8 with its mark, formulas shielded."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([shielded(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def xlsx_file(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet whose cells are all text: no spreadsheet turns a number or a date into another."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append(list(header))
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=shielded(text))
            cell.data_type, cell.number_format = "s", "@"
            cells.append(cell)
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
