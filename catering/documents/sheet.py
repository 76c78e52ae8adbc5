"""The first sheet of a workbook, row by row as its XML comes: memory holds shared texts and one row (decision 0104).

A formula is given as its text, never as what a spreadsheet computed of it: whoever reads decides about it.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from typing import IO, BinaryIO, TypeAlias
from xml.etree import ElementTree
from xml.parsers import expat

from catering.documents import refusals

CHUNK = 64 * 1024
MOST_COLUMNS = 100
MOST_REMEMBERED = 100_000
MOST_LETTERS = 3
"""Of a column's name; thousands of them would be computed with for seconds."""
WHOLE_DIGITS = 15  # legal-number: precision of a spreadsheet
"""Digits a spreadsheet keeps of a number: what its binary fraction adds behind them nobody typed."""
DAY_ZERO, DAY_ZERO_OF_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - cells know no zone
LEAP_BUG = 60  # legal-number: spreadsheets count a 29 February 1900
DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Numbers of the built-in formats that show a date or a time."""
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
"""What a format shows as it stands, colours and conditions."""
ESCAPE = re.compile("_x(?![Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")
"""A character by its number; half of one is none."""
DIGITS = "0123456789"
RowOfSheet: TypeAlias = tuple[int, list[str]]
"""Number of a row, from 1, and its cells, without the empty ones at the end."""


def sheet_rows(file: BinaryIO) -> Iterator[RowOfSheet]:
    """The rows of the first sheet that have a cell which is not empty, as text.

    Raises:
        catering.documents.refusals.TableRefused: a cell is filled too far to the right, or the XML declares a type.
        KeyError, ValueError, zipfile.BadZipFile, expat.ExpatError, ElementTree.ParseError: it is no workbook.
    """
    with zipfile.ZipFile(file) as parts:
        book = _tree(parts, main := _target(parts, "", "officeDocument"))
        sheet = next(each for each in book.iter() if _local(each.tag) == "sheet")
        number = next(value for name, value in sheet.attrib.items() if _local(name) == "id" and name != "id")
        properties = next((each for each in book.iter() if _local(each.tag) == "workbookPr"), None)
        of_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        texts = list(_texts(parts, _target(parts, main, "sharedStrings", needed=False)))
        dates = _date_styles(parts, _target(parts, main, "styles", needed=False))
        reading = _Sheet(texts, dates, DAY_ZERO_OF_1904 if of_1904 else DAY_ZERO)
        with parts.open(_target(parts, main, number)) as part:
            yield from _parsed(part, reading)


def _target(parts: zipfile.ZipFile, of: str, wanted: str, *, needed: bool = True) -> str:
    """The part that another one names by number or by the end of its type; empty when there is none."""
    folder, _, name = of.rpartition("/")
    links = f"{folder}/_rels/{name}.rels".lstrip("/")
    for each in _tree(parts, links):
        if each.get("Id") == wanted or each.get("Type", "").rpartition("/")[2] == wanted:
            target = each.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
    if needed:
        raise KeyError(wanted)
    return ""


def _tree(parts: zipfile.ZipFile, part: str) -> ElementTree.Element:
    """A small part as a whole, once it is sure that it declares no type: entities could unfold without end."""
    content = parts.read(part)
    looking = expat.ParserCreate()
    looking.StartDoctypeDeclHandler = _refuse_types
    looking.Parse(content, True)
    return ElementTree.fromstring(content)  # noqa: S314 - see above


@lru_cache(maxsize=1_000)  # legal-number: more names than OOXML has
def _local(name: str) -> str:
    """A name of XML without its namespace or prefix."""
    return name.rpartition("}")[2].rpartition(":")[2]


def _date_styles(parts: zipfile.ZipFile, part: str) -> frozenset[str]:
    """Numbers of the cell styles that show a date or a time."""
    if not part:
        return frozenset()
    root = _tree(parts, part)
    own = {each.get("numFmtId"): each.get("formatCode", "") for each in root.iter() if _local(each.tag) == "numFmt"}
    formats = next((each for each in root if _local(each.tag) == "cellXfs"), ())
    return frozenset(
        str(style)
        for style, each in enumerate(formats)
        if ((of := each.get("numFmtId", "0")) in own and _shows_a_date(own[of])) or (of not in own and int(of) in DATES)
    )


def _shows_a_date(code: str) -> bool:
    return re.search("[dmhys]", LITERAL.sub("", code.split(";")[0]), re.IGNORECASE) is not None


def _parsed(part: IO[bytes], reading: "_Reading") -> Iterator[RowOfSheet]:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = partial(_begin, parser, reading)
    parser.CharacterDataHandler = reading.text.append
    parser.StartDoctypeDeclHandler = _refuse_types
    while chunk := part.read(CHUNK):
        parser.Parse(chunk)
        yield from reading.taken()
    parser.Parse(b"", True)
    yield from reading.taken()


def _begin(parser: expat.XMLParserType, reading: "_Reading", name: str, told: Mapping[str, str]) -> None:
    """At the root: a part that writes a prefix before its names is read more slowly, without it."""
    if ":" in name:
        parser.StartElementHandler = lambda name, told: reading.start(_local(name), told)
        parser.EndElementHandler = lambda name: reading.end(_local(name))
    else:
        parser.StartElementHandler, parser.EndElementHandler = reading.start, reading.end
    reading.start(_local(name), told)


def _refuse_types(*_: object) -> None:
    raise refusals.TableRefused("Ce classeur contient des déclarations qu'un tableur n'écrit pas.")


class _Reading:
    """What comes of a part; ``text`` is what was written since it was last emptied."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self._rows: list[RowOfSheet] = []
        self._spoken = 0

    def start(self, name: str, told: Mapping[str, str]) -> None:
        """An element begins."""
        raise NotImplementedError

    def end(self, name: str) -> None:
        """An element ends."""
        raise NotImplementedError

    def taken(self) -> Sequence[RowOfSheet]:
        """The rows that are whole since last asked."""
        rows, self._rows = self._rows, []
        return rows

    def _said(self) -> str:
        """What was written, its escapes undone."""
        text = self.text[0] if len(self.text) == 1 else "".join(self.text)
        return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class _Texts(_Reading):
    """The shared texts, each a row of one cell; how Japanese is pronounced is no part of them."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []

    def start(self, name: str, told: Mapping[str, str]) -> None:
        del told
        if name == "t":
            self.text.clear()
        elif name == "si":
            self._parts = []
        elif name == "rPh":
            self._spoken += 1

    def end(self, name: str) -> None:
        if name == "t":
            if not self._spoken:
                self._parts.append(self._said())
        elif name == "si":
            self._rows.append((0, ["".join(self._parts)]))
        elif name == "rPh":
            self._spoken -= 1


def _texts(parts: zipfile.ZipFile, part: str) -> Iterator[str]:
    if part:
        with parts.open(part) as opened:
            for _, (text,) in _parsed(opened, _Texts()):
                yield text


class _Sheet(_Reading):
    """The rows of a sheet."""

    def __init__(self, texts: Sequence[str], dates: frozenset[str], day_zero: datetime) -> None:
        super().__init__()
        self._texts = texts
        self._numbers = _Numbers()
        self._days = _Days(day_zero)
        self._dates = dates
        self._row, self._cells = 0, list[str]()
        self._column = 0
        self._kind, self._style = "n", "0"
        self._value = ""
        self._formula: str | None = None

    def start(self, name: str, told: Mapping[str, str]) -> None:
        if name == "c":
            place = told.get("r")
            self._column = self._column + 1 if place is None else _column(place.rstrip(DIGITS))
            self._kind, self._style = told.get("t", "n"), told.get("s", "0")
            self._value, self._formula = "", None
        elif name in ("v", "t", "f"):
            self.text.clear()
        elif name == "row":
            self._row = int(float(told["r"])) if "r" in told else self._row + 1
            self._cells, self._column = [], 0
        elif name == "rPh":
            self._spoken += 1

    def end(self, name: str) -> None:
        if name == "c":
            if shown := self._shown() if self._formula is None else f"={self._formula}":
                self._put(shown)
        elif name == "t":
            if not self._spoken:
                self._value += self._said()
        elif name == "v":
            self._value = self._said()
        elif name == "f":
            self._formula = self._said()
        elif name == "row":
            if self._cells:
                self._rows.append((self._row, self._cells))
        elif name == "rPh":
            self._spoken -= 1

    def _shown(self) -> str:
        """The cell as its author would have typed it in a text table."""
        kind, value = self._kind, self._value
        if kind == "inlineStr" or not value:
            return value
        if kind == "s":
            return self._texts[int(value)]
        if kind == "n":
            return self._days[value] if self._style in self._dates else self._numbers[value]
        if kind == "b":
            return "true" if int(value) else "false"
        return value.partition("T")[0] if kind == "d" else value

    def _put(self, shown: str) -> None:
        if self._column > MOST_COLUMNS:
            raise refusals.TableRefused(
                f"Ligne {self._row} : une cellule est remplie au-delà de la colonne {MOST_COLUMNS}. N'y garder que le "
                "tableau."
            )
        cells, blank = self._cells, self._column - len(self._cells) - 1
        if blank >= 0:
            cells += [""] * blank
            cells.append(shown)
        else:
            cells[self._column - 1] = shown


@lru_cache(maxsize=20_000)  # legal-number: more columns than a sheet has
def _column(letters: str) -> int:
    """Number of a column, from 1: A is 1, AA is 27. Raises ValueError."""
    if len(letters) > MOST_LETTERS:
        raise ValueError(letters[:MOST_LETTERS])
    number = 0
    for letter in letters:
        number = 26 * number + int(letter, 36) - 9
    return number


class _Memo(dict[str, str]):
    def __missing__(self, written: str) -> str:
        made = self._read(written)
        if len(self) < MOST_REMEMBERED:
            self[written] = made
        return made

    def _read(self, written: str) -> str:
        raise NotImplementedError


class _Numbers(_Memo):
    """Numbers as people write them."""

    def _read(self, written: str) -> str:
        if not re.search("[.eE]", written):
            return str(int(written))
        exact = Decimal(f"{float(written):.{WHOLE_DIGITS}g}")
        return f"{exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact:f}"


class _Days(_Memo):
    """Days as ISO writes them; a time without a day as a time."""

    def __init__(self, day_zero: datetime) -> None:
        super().__init__()
        self._day_zero = day_zero

    def _read(self, written: str) -> str:
        days = float(written)
        try:
            at = timedelta(milliseconds=round(days * 86_400_000))  # legal-number: a day
            if 0 <= days < 1 and not at.days:
                return (self._day_zero + at).time().isoformat()
            if 0 < days < LEAP_BUG and self._day_zero is DAY_ZERO:
                at += timedelta(days=1)
            return (self._day_zero + at).date().isoformat() if days >= 0 else "#VALUE!"
        except OverflowError:
            return "#VALUE!"
