"""One printed paper: title, who and where, tables whose heads repeat on every page, numbered pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal

from fpdf import FPDF

from catering.papers.letters import ENCODING, WIDE, WIDE_FILES, Font, font_for, printable

MARGIN = 12
FOOT = 16
"""Millimetres left free at the bottom of a page."""
TITLE_PT, PARTY_PT, SMALL_PT = 22, 12, 9
LINE = 1.25
"""Height of a line, in heights of its letters."""
MM_PER_PT = 25.4 / 72
GREY = (235, 235, 235)
HEAD_GREY = (210, 210, 210)
PADDING = 1.0
"""Millimetres between the border of a cell and its text."""
BASELINE = 0.8
CELLS = 5_000
"""Texts whose lines are remembered from one paper to the next: the products and the places of a year come again."""
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""Date of papers that are of no moment: the same data gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, its share of the width, and on which side its cells stand."""

    head: str
    share: float
    align: Literal["LEFT", "RIGHT", "CENTER"] = "LEFT"


@dataclass(frozen=True, slots=True)
class _Table:
    """How a table is set: width (mm) and side of each column, points of its letters, least height of a row (mm)."""

    widths: Sequence[float]
    aligns: Sequence[str]
    size: float
    least: float


class Sheet(FPDF):
    """An upright paper; every text may hold any letter. ``scale`` enlarges its title, for a paper read from afar."""

    def __init__(
        self, title: str, number: str, at: datetime = NEVER, *, paper: Literal["A4", "A3"] = "A4", scale: float = 1
    ) -> None:
        super().__init__(format=paper)
        self.core_fonts_encoding = ENCODING
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, FOOT)
        self.set_creation_date(at)
        self.set_title(printable(f"{title} {number}"))
        self.set_lang("fr")
        self._heading = f"{title} {number}"
        self.named_below()
        self.add_page()
        self.write_line(title, TITLE_PT * scale, bold=True)
        self.write_line(number, PARTY_PT * scale, bold=True)

    def named_below(self, *names: str) -> None:
        """What the foot of this page and of the next ones says after the title."""
        self.foot = printable(" · ".join((self._heading, *names)))

    def footer(self) -> None:
        """Which paper it is and which of its pages, on each of them: loose pages are found again."""
        self.set_y(-FOOT + 4)
        self._take(font_for(self.foot, "", SMALL_PT))
        self.cell(self.epw * 0.8, 5, self._fitting(self.foot, self.epw * 0.8))
        self._take(font_for("", "", SMALL_PT))
        self.cell(0, 5, f"page {self.page_no()}/{{nb}}")

    def write_line(self, text: str, size: float = PARTY_PT, *, bold: bool = False) -> None:
        """A paragraph over the whole width."""
        self._paragraph(self.l_margin, self.epw, text, size, "B" if bold else "")

    def _set(self, text: str, style: str, size: float) -> str:
        """The letters of a text, once the font that bears them is taken."""
        letters = printable(text)
        self._take(font_for(letters, style, size))
        return letters

    def _take(self, font: Font) -> None:
        _have(self, font)
        self.set_font(*font)

    def gap(self, millimetres: float = 4) -> None:
        """Some white."""
        self.ln(millimetres)

    def alarm(self, text: str) -> None:
        """What nobody may overlook, white on black."""
        self.gap(2)
        letters = self._set(text, "B", PARTY_PT + 2)
        self.set_fill_color(0)
        self.set_text_color(255)
        self.multi_cell(0, 10, letters, align="C", fill=True, new_x="LMARGIN", new_y="NEXT")
        self.set_text_color(0)

    def parties(self, *parties: tuple[str, Sequence[str]]) -> None:
        """Who is concerned, side by side: the role, then the name in bold and the other lines."""
        self.gap()
        gutter = 4.0
        width = (self.epw - gutter * (len(parties) - 1)) / len(parties)
        top, bottom = self.get_y(), self.get_y()
        for rank, (role, (name, *others)) in enumerate(parties):
            left = self.l_margin + rank * (width + gutter)
            self.set_y(top)
            self._paragraph(left, width, role, SMALL_PT, "")
            self._paragraph(left, width, name, PARTY_PT, "B")
            for line in others:
                self._paragraph(left, width, line, PARTY_PT - 1, "")
            bottom = max(bottom, self.get_y())
        for rank in range(len(parties)):
            self.rect(self.l_margin + rank * (width + gutter), top - 1, width, bottom - top + 2)
        self.set_xy(self.l_margin, bottom + 1)
        self.gap()

    def _paragraph(self, left: float, width: float, text: str, size: float, style: str) -> None:
        """Lines of letters below each other; the next thing stands below them, at the margin."""
        height = _height(size)
        font = font_for(printable(text), style, size)
        for line in _wrapped(text, width - 2 * PADDING, font):
            self.keep_together(height)
            # A new page writes its foot in another font.
            self._take(font)
            self.text(left + PADDING, self.get_y() + height * BASELINE, line)
            self.set_xy(self.l_margin, self.get_y() + height)

    def lines(self, columns: Sequence[Column], rows: Iterable[Sequence[str]], size: float, least: float = 0) -> None:
        """A table; its head is repeated on each page and no row is cut in two.

        Args:
            columns: heads and widths.
            rows: one text per column; a line feed starts a new line in the cell.
            size: of the letters, in points.
            least: least height of a row in millimetres, where somebody writes by hand.
        """
        self.gap(2)
        whole = sum(column.share for column in columns)
        table = _Table([self.epw * column.share / whole for column in columns], [c.align for c in columns], size, least)
        heads, body = [column.head for column in columns], list(rows)
        first = self._row_height(table, body[0], "") if body else 0.0
        self.keep_together(self._row_height(table, heads, "B") + first)
        self._row(table, heads, "B", HEAD_GREY)
        for rank, row in enumerate(body):
            if self.will_page_break(self._row_height(table, row, "")):
                self.add_page()
                self._row(table, heads, "B", HEAD_GREY)
            self._row(table, row, "", GREY if rank % 2 else None)
        self.set_x(self.l_margin)

    def _row(self, table: "_Table", cells: Sequence[str], style: str, fill: tuple[int, int, int] | None) -> None:
        height, line = self._row_height(table, cells, style), _height(table.size)
        left, top = self.l_margin, self.get_y()
        if fill is not None:
            self.set_fill_color(*fill)
        for cell, width, align in zip(cells, table.widths, table.aligns, strict=True):
            self.rect(left, top, width, height, style="D" if fill is None else "DF")
            font = font_for(printable(cell), style, table.size)
            texts = _wrapped(cell, width - 2 * PADDING, font)
            self._take(font)
            first = top + (height - len(texts) * line) / 2
            for rank, text in enumerate(texts):
                free = width - 2 * PADDING - _width_of(text, font)
                indent = PADDING + {"LEFT": 0.0, "RIGHT": free, "CENTER": free / 2}[align]
                # The letters stand on a line four fifths down.
                self.text(left + indent, first + rank * line + line * BASELINE, text)
            left += width
        self.set_xy(self.l_margin, top + height)

    def _row_height(self, table: "_Table", cells: Sequence[str], style: str) -> float:
        most = 1
        for cell, width in zip(cells, table.widths, strict=True):
            font = font_for(printable(cell), style, table.size)
            most = max(most, len(_wrapped(cell, width - 2 * PADDING, font)))
        return max(most * _height(table.size) + 2 * PADDING, table.least)

    def keep_together(self, millimetres: float) -> None:
        """Start a new page when less than this is left on this one."""
        if self.will_page_break(millimetres):
            self.add_page()

    def signatures(self, *who: str) -> None:
        """Boxes to date and sign."""
        height = 28.0
        self.keep_together(height + 6)
        self.gap()
        width = self.epw / len(who)
        top = self.get_y()
        for rank, each in enumerate(who):
            self.rect(self.l_margin + rank * width, top, width, height)
            self.set_xy(self.l_margin + rank * width + 1, top + 1)
            letters = self._set(each, "", SMALL_PT + 1)
            self.multi_cell(width - 2, 5, letters, align="L", new_x="LMARGIN", new_y="NEXT")
        self.set_y(top + height)

    def content(self) -> bytes:
        """The PDF: the same bytes for the same texts."""
        return bytes(self.output())

    def _fitting(self, text: str, width: float) -> str:
        while text and self.get_string_width(text) > width:
            text = text[:-2].rstrip("…") + "…"
        return text


def _height(size: float) -> float:
    return size * MM_PER_PT * LINE


@lru_cache(maxsize=CELLS)
def _wrapped(cell: str, width: float, font: Font) -> Sequence[str]:
    """The lines of a cell: broken between words, and inside one that is wider than the cell (mm)."""
    found: list[str] = []
    for part in cell.split("\n"):
        line = ""
        for word in printable(part).split(" "):
            longer = f"{line} {word}" if line else word
            if _width_of(longer, font) <= width:
                line = longer
                continue
            found += [line] if line else []
            line = word
            while len(line) > 1 and _width_of(line, font) > width:
                fitting = _fitting_letters(line, width, font)
                found.append(line[:fitting])
                line = line[fitting:]
        found.append(line)
    return tuple(found)


def _fitting_letters(word: str, width: float, font: Font) -> int:
    """How many letters of a word fit in a width; one at least."""
    most = 1
    while most < len(word) and _width_of(word[: most + 1], font) <= width:
        most += 1
    return most


def _width_of(text: str, font: Font) -> float:
    """Millimetres of a text; the widths of letters are asked of the font once, for all papers."""
    ruler, widths = _ruler(font.family, font.style)
    if unknown := set(text) - widths.keys():
        widths |= {letter: ruler.get_string_width(letter) for letter in unknown}
    return sum(map(widths.__getitem__, text)) * font.size


@lru_cache
def _ruler(family: str, style: str) -> tuple[FPDF, dict[str, float]]:
    """What measures letters of one point of a font, and the millimetres of those it has measured."""
    ruler = FPDF()
    ruler.core_fonts_encoding = ENCODING
    _have(ruler, Font(family, style, 1))
    ruler.set_font(family, style, 1)
    return ruler, {}


def _have(paper: FPDF, font: Font) -> None:
    """Have a paper know a font that readers of PDF do not have by themselves."""
    if font.family == WIDE and f"{WIDE}{font.style}" not in paper.fonts:
        paper.add_font(WIDE, font.style, WIDE_FILES[font.style])
