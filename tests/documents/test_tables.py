"""Tables in and out: nothing lost, nothing run, nothing unpacked without end."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from catering.cells import BadCell
from catering.documents import refusals
from catering.documents.models import FileKind
from catering.documents.tables import csv_file, read_rows, shielded, unshielded, xlsx_file

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn"), include_characters="=+-@'\";,"),
    max_size=20,
)
rows_of_three = st.lists(st.tuples(st.sampled_from(["a", "=b", "'c"]), texts, texts), max_size=8)
HEADER = ("id", "product", "origin")


def read(kind: FileKind, content: bytes) -> list[tuple[str, ...]]:
    table = read_rows(kind, content, most=100)
    assert table.header == HEADER
    return [tuple(unshielded(cell) for cell in [*row, "", ""][:3]) for _, row in table.lines]


@given(texts)
def test_a_shielded_text_starts_no_formula_and_comes_back(text: str) -> None:
    assert not shielded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unshielded(shielded(text)) == text


@given(rows_of_three)
def test_a_csv_round_trip_loses_nothing(rows: list[tuple[str, str, str]]) -> None:
    assert read(FileKind.CSV, csv_file(HEADER, rows)) == rows


@settings(max_examples=25, deadline=None)
@given(rows_of_three)
def test_an_xlsx_round_trip_loses_nothing(rows: list[tuple[str, str, str]]) -> None:
    assert read(FileKind.XLSX, xlsx_file("offres", HEADER, rows)) == rows


@pytest.mark.parametrize("cell", ['=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "=1"])
def test_a_formula_is_refused(cell: str) -> None:
    with pytest.raises(BadCell, match="formule"):
        unshielded(cell)


@pytest.mark.parametrize("cell", ["-5", "+2.50", "-1,5"])
def test_a_number_with_its_sign_is_no_formula(cell: str) -> None:
    assert unshielded(cell) == cell


@pytest.mark.parametrize(
    "content",
    [
        "id,product,origin\n1,Œuf,France\n".encode(),
        "id,product,origin\n1,Œuf,France\n".encode("utf-8-sig"),
        "id;product;origin\r\n1;Œuf;France\r\n".encode("cp1252"),
        'id;product;origin\n\n"1";"Œuf";France\n;;\n'.encode(),
    ],
    ids=["utf8", "bom", "windows", "quotes"],
)
def test_the_files_of_spreadsheets_are_read_alike(content: bytes) -> None:
    assert read(FileKind.CSV, content) == [("1", "Œuf", "France")]


def test_lines_are_counted_as_a_person_counts_them() -> None:
    content = b'id,product,origin\n\n1,"two\nlines",France\n2,Carotte,France\n'
    assert [line for line, _ in read_rows(FileKind.CSV, content, 10).lines] == [3, 5]


@pytest.mark.parametrize(
    ("kind", "content", "says"),
    [
        (FileKind.CSV, "id\n1".encode("utf-16"), "UTF-16"),
        (FileKind.CSV, b"", "vide"),
        (FileKind.CSV, b'id,product\n"1,Carotte\n', "guillemets"),
        (FileKind.CSV, b"id\n\x81\n", "octet"),
        (FileKind.XLSX, b"PK\x03\x04 xl/ nothing", "illisible"),
    ],
)
def test_what_cannot_be_read_says_how_to_mend_it(kind: FileKind, content: bytes, says: str) -> None:
    with pytest.raises(refusals.TableRefused, match=says):
        read_rows(kind, content, 10)


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(refusals.TableRefused, match="Plus de 2 lignes"):
        read_rows(FileKind.CSV, b"id\n1\n2\n3\n", 2)


def test_a_spreadsheet_gives_numbers_and_dates_as_one_would_type_them() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(HEADER))
    sheet.append([5000, 2.3, date(2026, 9, 1)])
    sheet.append([0.3, 1e-3, datetime(2026, 9, 2)])  # noqa: DTZ001 - a spreadsheet knows no zones
    sheet.append([True, None, 10.0])
    stream = io.BytesIO()
    book.save(stream)
    assert read(FileKind.XLSX, stream.getvalue()) == [
        ("5000", "2.3", "2026-09-01"),
        ("0.3", "0.001", "2026-09-02"),
        ("true", "", "10"),
    ]


def test_a_formula_of_a_spreadsheet_is_refused() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(HEADER))
    sheet.append(["=1+1", "a", "b"])
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(BadCell, match="formule"):
        read(FileKind.XLSX, stream.getvalue())


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


def test_a_small_file_that_unpacks_without_end_is_refused_unread() -> None:
    bomb = zipped({"xl/workbook.xml": b"0" * 41_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(refusals.TableRefused, match="trop grand"):
        read_rows(FileKind.XLSX, bomb, 10)


def test_a_spreadsheet_that_declares_entities_is_refused() -> None:
    bomb = zipped({"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'})
    with pytest.raises(refusals.TableRefused, match="déclarations"):
        read_rows(FileKind.XLSX, bomb, 10)
