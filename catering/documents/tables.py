"""Tables that people send and fetch: CSV and XLSX as rows of text, and back, nothing lost and nothing run."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from catering.cells import BadCell
from catering.documents import refusals
from catering.documents.models import FileKind
from catering.documents.sheet import sheet_rows
from catering.documents.workbook import workbook

ZIP = b"PK\x03\x04"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHIELD = "'"
READ_TWICE = frozenset((*FORMULA, SHIELD))
"""First characters of the cells that ``unshielded`` looks at; any other cell is its own text."""
NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
MOST_INFLATED = 40_000_000
"""Bytes of all parts of a spreadsheet once unpacked: a small file can hide a very large one."""
MOST_PARTS = 500
SEPARATORS = ",;\t"
"""Between the cells of a text table; the first one that the header holds most often."""
CHUNK = 1_000_000

NumberedRow: TypeAlias = tuple[int, tuple[str, ...]]
"""A row and its line in the file, counted from 1."""


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


def unformulated(text: str) -> str:
    """A text that starts like no formula, for files whose reader would take a shield for part of the text."""
    return text.lstrip("".join((*FORMULA, SHIELD, " ")))


def read_rows(kind: FileKind, content: bytes, most: int) -> Rows:
    """The rows of a table, as text.

    Args:
        kind: CSV (UTF-8 or Windows-1252; commas, semicolons or tabs) or XLSX (its first sheet).
        content: the file.
        most: greatest number of rows after the header.

    Raises:
        refusals.TableRefused: it is no such table, or too large.
    """
    rows = _csv_rows(io.BytesIO(content)) if kind is FileKind.CSV else _xlsx_rows(io.BytesIO(content), MOST_INFLATED)
    _, header = next(rows, (0, ()))
    if not header:
        raise refusals.TableRefused("Le tableau est vide : il lui faut une ligne d'en-tête.")
    found: list[tuple[int, tuple[str, ...]]] = []
    for line in rows:
        found.append(line)
        if len(found) > most:
            raise refusals.TableRefused(f"Plus de {most} lignes : couper le tableau en plusieurs.")
    return Rows(header, tuple(found))


def stream_rows(file: BinaryIO, most_inflated: int = MOST_INFLATED) -> Iterator[NumberedRow]:
    """The filled rows of a table of any length, header included, told apart by its first bytes, never by its name.

    Args:
        file: what can be read again from its start: a text table (see ``read_rows``) or a workbook (its first sheet).
        most_inflated: greatest number of bytes of a workbook once unpacked.

    Raises:
        refusals.TableRefused: it is no such table, perhaps only once its first rows are read.
    """
    signature = file.read(len(ZIP))
    file.seek(0)
    return _xlsx_rows(file, most_inflated) if signature == ZIP else _csv_rows(file)


def _csv_rows(file: BinaryIO) -> Iterator[NumberedRow]:
    """The filled rows."""
    text = io.TextIOWrapper(file, encoding=_encoding(file), newline="")
    separator = _separator(text.readline())
    text.seek(0)
    reader = csv.reader(text, delimiter=separator, strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cells):
                yield start, tuple(cells)
            start = reader.line_num + 1
    except csv.Error as error:
        raise refusals.TableRefused(
            f"Ligne {start} : CSV mal formé ({error}). Fermer les guillemets ; un guillemet s'y écrit deux fois."
        ) from error
    finally:
        # The file is its opener's to close, who may have done so before the last row was asked for.
        if not file.closed:
            text.detach()


def _separator(header: str) -> str:
    bare = re.sub(r'"[^"]*"', "", header)
    return max(SEPARATORS, key=bare.count)


def _encoding(file: BinaryIO) -> str:
    """UTF-8 with or without its mark; else Windows-1252, which old spreadsheets write. The file is left at its start.

    Raises:
        refusals.TableRefused: some byte is neither.
    """
    if file.read(len(UTF16[0])) in UTF16:
        raise refusals.TableRefused("Fichier en UTF-16 : l'enregistrer en CSV UTF-8.")
    if _first_undecoded(file, "utf-8") is None:
        return "utf-8-sig"
    position = _first_undecoded(file, "cp1252")
    if position is not None:
        raise refusals.TableRefused(
            f"L'octet {position + 1} n'est ni de l'UTF-8 ni du Windows-1252 : enregistrer en CSV UTF-8."
        )
    return "cp1252"


def _first_undecoded(file: BinaryIO, encoding: str) -> int | None:
    """Where a file stops being text of an encoding; None when it never does. The file is left at its start."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    kept = read = 0
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
            read += len(chunk)
            kept = len(decoder.getstate()[0])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return read - kept + error.start
    finally:
        file.seek(0)
    return None


def _xlsx_rows(file: BinaryIO, most_inflated: int) -> Iterator[NumberedRow]:
    """The filled rows."""
    _refuse_bombs(file, most_inflated)
    try:
        for line, cells in sheet_rows(file):
            if any(cells):
                yield line, tuple(cells)
    except refusals.TableRefused:
        raise
    except Exception as error:
        # A file made to harm can make the reader fail in any way.
        raise refusals.TableRefused("Classeur illisible : l'ouvrir, puis l'enregistrer de nouveau en XLSX.") from error


def _refuse_bombs(file: BinaryIO, most_inflated: int) -> None:
    try:
        with zipfile.ZipFile(file) as parts:
            infos = parts.infolist()
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > most_inflated:
                raise refusals.TableRefused("Classeur trop grand une fois ouvert : n'y garder que le tableau.")
            for info in infos:
                with parts.open(info) as part:
                    if b"<!DOCTYPE" in part.read(1_000):
                        raise refusals.TableRefused("Ce classeur contient des déclarations qu'un tableur n'écrit pas.")
    except refusals.TableRefused:
        raise
    except Exception as error:
        # Damaged bytes send the archive's reader to places before the file, into other formats, anywhere.
        raise refusals.TableRefused(
            "Classeur illisible : l'enregistrer de nouveau en XLSX, sans mot de passe."
        ) from error


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV that a French spreadsheet opens by a double click: semicolons, UTF-8 with its mark, formulas shielded."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([shielded(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def xlsx_file(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet whose cells are all text: no spreadsheet turns a number or a date into another."""
    stream = io.BytesIO()
    with workbook(stream, title) as add:
        add([header])
        add([shielded(cell) for cell in row] for row in rows)
    return stream.getvalue()
