"""A workbook of one sheet of text, written row by row: memory does not grow with the rows (decision 0091)."""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from itertools import count, islice
from typing import IO, TypeAlias

ROWS_AT_ONCE = 1_000
TEXT_FORMAT = 49  # legal-number: the built-in format "@" of OOXML
"""Number of the format of cells that are text and stay text."""
SPECIAL = re.compile("[&<>\\x00-\\x08\\x0b-\\x1f\\ufffe\\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold or would change, and what a reader would take for an escape of OOXML."""
MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>'
    f'<Override PartName="/{SHEET}" ContentType="{KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font>'
    '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="1"><xf numFmtId="{TEXT_FORMAT}" fontId="0" fillId="0" borderId="0" xfId="0" '
    'applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>",
}
"""The parts of the package that say nothing of the rows."""


Add: TypeAlias = Callable[[Iterable[Sequence[str]]], None]
"""Writes some rows below those before; an empty text leaves its cell out."""


@contextmanager
def workbook(out: IO[bytes], title: str) -> Iterator[Add]:
    """A workbook whose cells are all text, as they are given, the header first; it is whole when the block ends.

    Args:
        out: where to; it need not be seekable.
        title: name of the sheet, at most 31 characters.
    """
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        f'<sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
        for name, content in {**PARTS, "xl/workbook.xml": book}.items():
            parts.writestr(name, XML + content)
        with parts.open(SHEET, "w", force_zip64=True) as sheet:
            sheet.write(f'{XML}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            numbers = count(1)

            def add(rows: Iterable[Sequence[str]]) -> None:
                written = _rows(rows, numbers)
                while some := "".join(islice(written, ROWS_AT_ONCE)):
                    sheet.write(some.encode())

            yield add
            sheet.write(b"</sheetData></worksheet>")


def _rows(rows: Iterable[Sequence[str]], numbers: Iterator[int]) -> Iterator[str]:
    columns: list[str] = []
    for row in rows:
        number = next(numbers)
        while len(columns) < len(row):
            columns.append(_letters(len(columns) + 1))
        cells = [
            f'<c r="{column}{number}" t="inlineStr"><is><t xml:space="preserve">{_text(cell)}</t></is></c>'
            for column, cell in zip(columns, row, strict=False)
            # The last one even when it is empty: readers take a shorter row for one that lacks cells.
            if cell or column == columns[len(row) - 1]
        ]
        yield f'<row r="{number}">{"".join(cells)}</row>'


def _letters(column: int) -> str:
    """Name of a column, from 1: A … Z, AA …"""
    letters = ""
    while column:
        column, rank = divmod(column - 1, 26)
        letters = chr(ord("A") + rank) + letters
    return letters


def _text(cell: str) -> str:
    return SPECIAL.sub(_escape, cell) if SPECIAL.search(cell) else cell


def _escape(found: re.Match[str]) -> str:
    return MARKUP.get(found[0]) or f"_x{ord(found[0]):04X}_"
