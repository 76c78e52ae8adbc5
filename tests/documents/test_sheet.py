"""Workbooks as spreadsheets write them: shared texts, dates, formulas, prefixes, and files made to harm."""

import io
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from catering.documents import refusals
from catering.documents.tables import stream_rows, xlsx_file

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINK = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
FIRST = f'<Relationship Id="a" Type="{REL}/officeDocument" Target="xl/b.xml"/>'
BOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="a" sheetId="1" r:id="rId7"/></sheets></workbook>'


def book_of(sheet: str, texts: str = "", book: str = BOOK) -> io.BytesIO:
    """A workbook of one sheet, its parts where other writers than ours put them."""
    stream = io.BytesIO()
    links = f'<Relationship Id="rId7" Type="{REL}/worksheet" Target="/xl/sheets/a.xml"/>'
    if texts:
        links += f'<Relationship Id="rId8" Type="{REL}/sharedStrings" Target="texts.xml"/>'
    with zipfile.ZipFile(stream, "w") as parts:
        parts.writestr("_rels/.rels", LINK.format(FIRST))
        parts.writestr("xl/b.xml", book)
        parts.writestr("xl/_rels/b.xml.rels", LINK.format(links))
        parts.writestr("xl/sheets/a.xml", sheet)
        if texts:
            parts.writestr("xl/texts.xml", f'<sst xmlns="{MAIN}">{texts}</sst>')
    stream.seek(0)
    return stream


def rows(of: io.BytesIO) -> list[tuple[int, tuple[str, ...]]]:
    return list(stream_rows(of))


def sheet(cells: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'


def saved(*cells: object, epoch: datetime | None = None) -> io.BytesIO:
    book = Workbook()
    if epoch is not None:
        book.epoch = epoch
    assert book.active is not None
    book.active.append(list(cells))
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


texts = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=12)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(texts, min_size=1, max_size=5), min_size=1, max_size=8))
def test_texts_come_back_from_our_writer_and_from_a_spreadsheets(table: list[list[str]]) -> None:
    filled = [(line, tuple(row)) for line, row in enumerate(table, start=1) if any(row)]
    trimmed = [(line, row[: max(rank for rank, cell in enumerate(row, 1) if cell)]) for line, row in filled]
    # Our writer shields what a spreadsheet would take for a formula: here nothing starts like one.
    plain = [[f"a{cell}" if cell else "" for cell in row] for row in table]
    ours = rows(io.BytesIO(xlsx_file("a", plain[0], plain[1:])))
    assert [(line, tuple(cell[1:] for cell in row)) for line, row in ours] == trimmed


def test_shared_texts_are_read_without_how_they_are_said() -> None:
    texts = "<si><t>Œuf</t></si><si><r><t>a</t></r><r><t xml:space='preserve'> b</t></r><rPh><t>KA</t></rPh></si>"
    cells = '<row r="3"><c r="B3" t="s"><v>1</v></c><c r="A3" t="s"><v>0</v></c></row>'
    assert rows(book_of(sheet(cells), texts)) == [(3, ("Œuf", "a b"))]


def test_names_with_a_prefix_are_the_same_names() -> None:
    prefixed = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c>'
        '<x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert rows(book_of(prefixed)) == [(1, ("1", "a"))]


@pytest.mark.parametrize(
    "cell",
    ["<f>1+1</f><v>2</v>", '<f t="shared" si="0"/><v>2</v>', '<f t="array" ref="A1">SUM(1)</f><v>1</v>'],
)
def test_a_formula_is_told_as_one_never_as_its_result(cell: str) -> None:
    ((_, (text,)),) = rows(book_of(sheet(f'<row r="1"><c r="A1">{cell}</c></row>')))
    assert text.startswith("=")


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_days_times_and_numbers_are_as_one_would_type_them(epoch: datetime | None) -> None:
    told = saved(date(2026, 3, 2), time(7, 30), 1.1, 12345678901234, 0.1 + 0.2, True, epoch=epoch)
    assert rows(told) == [(1, ("2026-03-02", "07:30:00", "1.1", "12345678901234", "0.3", "true"))]


def test_escapes_are_undone_but_for_half_a_character() -> None:
    cells = '<row><c t="inlineStr"><is><t>a_x0026_b_x005F_x0026_ _xD800_</t></is></c></row>'
    assert rows(book_of(sheet(cells))) == [(1, ("a&b_x0026_ _xD800_",))]


def test_a_cell_beyond_the_table_is_refused_not_left_out() -> None:
    with pytest.raises(refusals.TableRefused, match="au-delà de la colonne 100"):
        rows(book_of(sheet('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>')))


@pytest.mark.parametrize("where", ["sheet", "texts", "book"])
def test_a_declared_type_is_refused_however_far_it_stands(where: str) -> None:
    far = "<!--" + "x" * 2_000 + "-->"
    bomb = f'{far}<!DOCTYPE a [<!ENTITY b "c">]>'
    cells = sheet('<row><c t="s"><v>0</v></c></row>')
    harmed = {"sheet": "xl/sheets/a.xml", "texts": "xl/texts.xml", "book": "xl/b.xml"}[where]
    made = io.BytesIO()
    with zipfile.ZipFile(book_of(cells, "<si><t>a</t></si>")) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, (bomb.encode() if name == harmed else b"") + old.read(name))
    made.seek(0)
    with pytest.raises(refusals.TableRefused, match="déclarations"):
        rows(made)


@pytest.mark.parametrize(
    "cells",
    ['<row><c t="s"><v>4</v></c></row>', "<row><c><v>x</v></c></row>", "<row><c", '<row r="a"><c><v>1</v></c></row>'],
)
def test_what_no_spreadsheet_writes_is_unreadable(cells: str) -> None:
    with pytest.raises(refusals.TableRefused, match="illisible"):
        rows(book_of(sheet(cells)))
