"""Pictures of figures: rows in, one SVG out that a screen reader can read and that needs nothing from elsewhere.

The table of the same rows stands beside the picture wherever it is shown: the picture never says more than the rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap
from xml.etree.ElementTree import Element, SubElement, tostring
from zlib import crc32

from catering.figures import number

WIDTH, MARGIN = 720, 16  # legal-number: pixels of a picture
PLOT = WIDTH - 2 * MARGIN
LETTER = 14
LINE = 20  # legal-number: pixels between two lines of text
BAR = 18  # legal-number: pixels of a bar
HEIGHT = 260
AXIS = 56
WRAP = 80  # legal-number: letters that fit on one line
DASHES = ("8 4", "2 4", "12 4 2 4")
"""How the lines of several levels are told apart without colour."""
BEYOND = 5  # legal-number: pixels by which a level passes the bar on both sides, clear of the letters
SAMPLE = 36
"""Pixels of the sample of a line beside its name."""
HALO = 6
"""Pixels of the white under a line that crosses a bar, from which its own colour does not stand out."""
INK, FILL, BAND, MARK, PAPER = "#1b1b1b", "#1f5fa8", "#bfd4ea", "#b34000", "#ffffff"
"""Each stands out from white and from its neighbours at 4.5 to 1 where letters are drawn, 3 to 1 elsewhere."""


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One bar or point; ``low`` and ``high`` are its interval; no value is drawn as a gap and said so."""

    label: str
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A level to compare with: a reference, a target."""

    label: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be drawn. ``unit`` follows each figure, as ``g par couvert``."""

    title: str
    unit: str
    rows: Sequence[ChartRow]
    levels: Sequence[ChartLine] = ()

    @property
    def description(self) -> str:
        """Every row in words: what who cannot see the picture is told."""
        return " ".join(
            [f"{each.label} : {self._told(each)}." for each in self.rows]
            + [f"Repère, {each.label} : {number(each.value)} {self.unit}." for each in self.levels]
        )

    def _told(self, row: ChartRow) -> str:
        if row.value is None:
            return "inconnu"
        between = "" if row.low is None or row.high is None else f", de {number(row.low)} à {number(row.high)}"
        return f"{number(row.value)} {self.unit}{between}"

    @property
    def top(self) -> Decimal:
        """The greatest figure to be shown."""
        figures = [each for row in self.rows for each in (row.value, row.high) if each is not None]
        return max([*figures, *(level.value for level in self.levels), Decimal(0)])


def bars(picture: Picture) -> str:
    """Horizontal bars, one under the other, each under its label; levels are dashed lines beside each bar."""
    heads = [wrap(_head(picture, row), WRAP) or [""] for row in picture.rows]
    top = MARGIN + LINE * (len(wrap(picture.title, WRAP)) + len(picture.levels)) + 2 * LETTER
    height = top + sum(LINE * len(head) + BAR + LETTER for head in heads) + MARGIN
    svg, y = _canvas(picture, height), top
    for head, row in zip(heads, picture.rows, strict=True):
        y = _text(svg, MARGIN, y, head)
        if row.value is not None:
            _box(svg, MARGIN, y - LETTER + 4, _x(picture, row.value) - MARGIN, BAR, FILL)
            _whisker(svg, picture, row, y - LETTER + 4 + BAR // 2)
        _levels_beside(svg, picture, y - LETTER + 4)
        y += BAR + LETTER
    return _written(svg)


def _levels_beside(svg: Element, picture: Picture, top: int) -> None:
    """The levels beside the bar that begins at ``top``, a little longer than it: a line through a label hides it."""
    for rank, level in enumerate(picture.levels):
        x = _x(picture, level.value)
        _stroke(svg, x, top - BEYOND, x, top + BAR + BEYOND, PAPER, width=HALO)
        _stroke(svg, x, top - BEYOND, x, top + BAR + BEYOND, MARK, DASHES[rank % len(DASHES)])


def line(picture: Picture) -> str:
    """Points in their order from left to right, joined; the interval is a band, a missing value breaks the line."""
    top = MARGIN + LINE * (len(wrap(picture.title, WRAP)) + len(picture.levels))
    svg = _canvas(picture, top + HEIGHT + AXIS)
    bottom = top + HEIGHT
    _stroke(svg, MARGIN, bottom, WIDTH - MARGIN, bottom, INK)
    places = [(_at(rank, len(picture.rows)), row) for rank, row in enumerate(picture.rows)]
    for run in _unbroken(places):
        _band(svg, picture, run, bottom)
        points = " ".join(f"{x},{_y(picture, row.value, bottom)}" for x, row in run)
        SubElement(svg, "polyline", {"points": points, "fill": "none", "stroke": FILL, "stroke-width": "2"})
        for x, row in run:
            dot = SubElement(svg, "circle", cx=str(x), cy=str(_y(picture, row.value, bottom)), r="4", fill=FILL)
            SubElement(dot, "title").text = _head(picture, row)
    for rank, level in enumerate(picture.levels):
        y = _y(picture, level.value, bottom)
        _stroke(svg, MARGIN, y, WIDTH - MARGIN, y, MARK, DASHES[rank % len(DASHES)])
    for x, row in _some(places):
        _text(svg, x, bottom + LINE, [row.label], anchor="middle")
    return _written(svg)


Places = Sequence[tuple[int, ChartRow]]


def _head(picture: Picture, row: ChartRow) -> str:
    return f"{row.label} : inconnu" if row.value is None else f"{row.label} : {number(row.value)} {picture.unit}"


def _canvas(picture: Picture, height: int) -> Element:
    box = f"0 0 {WIDTH} {height}"
    # Several pictures may stand on one page: no two of its elements may have the same id.
    own = f"{crc32(f'{picture.title} {picture.description}'.encode()):08x}"
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": box,
            "role": "img",
            "lang": "fr",
            "aria-labelledby": f"titre-{own} description-{own}",
            "font-family": "sans-serif",
            "font-size": str(LETTER),
        },
    )
    SubElement(svg, "title", id=f"titre-{own}").text = picture.title
    SubElement(svg, "desc", id=f"description-{own}").text = picture.description
    _box(svg, 0, 0, WIDTH, height, PAPER)
    y = _text(svg, MARGIN, MARGIN + LETTER, wrap(picture.title, WRAP), weight="bold")
    for rank, level in enumerate(picture.levels):
        _stroke(svg, MARGIN, y - 5, MARGIN + SAMPLE, y - 5, MARK, DASHES[rank % len(DASHES)])
        name = f"{level.label} : {number(level.value)} {picture.unit}"
        y = _text(svg, MARGIN + SAMPLE + LETTER // 2, y, [name], colour=MARK)
    return svg


def _x(picture: Picture, value: Decimal) -> int:
    return MARGIN + int(PLOT * value / picture.top) if picture.top else MARGIN


def _y(picture: Picture, value: Decimal | None, bottom: int) -> int:
    assert value is not None, "only what is known is drawn"
    return bottom - int((HEIGHT - LINE) * value / picture.top) if picture.top else bottom


def _at(rank: int, many: int) -> int:
    inset = AXIS
    return WIDTH // 2 if many == 1 else inset + (WIDTH - 2 * inset) * rank // (many - 1)


def _unbroken(places: Places) -> Iterable[Places]:
    run: list[tuple[int, ChartRow]] = []
    for x, row in places:
        if row.value is None:
            if run:
                yield run
            run = []
        else:
            run.append((x, row))
    if run:
        yield run


def _some(places: Places) -> Places:
    """As many labels as fit under the axis, the first and the last among them; every row is in the table beside."""
    most = WIDTH // (2 * AXIS)
    step = max(1, -(-(len(places) - 1) // (most - 1)))
    kept = list(places[::step])
    return kept if not places or kept[-1] is places[-1] else [*kept[: most - 1], places[-1]]


def _band(svg: Element, picture: Picture, run: Places, bottom: int) -> None:
    known = [(x, row.low, row.high) for x, row in run if row.low is not None and row.high is not None]
    if len(known) < 2:
        for x, low, high in known:
            _stroke(svg, x, _y(picture, low, bottom), x, _y(picture, high, bottom), INK)
        return
    there = [f"{x},{_y(picture, high, bottom)}" for x, _, high in known]
    back = [f"{x},{_y(picture, low, bottom)}" for x, low, _ in reversed(known)]
    SubElement(svg, "polygon", points=" ".join(there + back), fill=BAND)


def _whisker(svg: Element, picture: Picture, row: ChartRow, y: int) -> None:
    if row.low is None or row.high is None:
        return
    low, high = _x(picture, row.low), _x(picture, row.high)
    for colour, width in ((PAPER, HALO), (INK, 2)):
        _stroke(svg, low, y, high, y, colour, width=width)
        for x in (low, high):
            _stroke(svg, x, y - 5, x, y + 5, colour, width=width)


def _text(
    svg: Element,
    x: int,
    y: int,
    lines: Sequence[str],
    *,
    weight: str = "normal",
    colour: str = INK,
    anchor: str = "start",
) -> int:
    for each in lines:
        style = {"x": str(x), "y": str(y), "font-weight": weight, "fill": colour, "text-anchor": anchor}
        SubElement(svg, "text", style).text = each
        y += LINE
    return y


def _box(svg: Element, x: int, y: int, width: int, height: int, colour: str) -> None:
    SubElement(svg, "rect", x=str(x), y=str(y), width=str(max(width, 0)), height=str(height), fill=colour)


def _stroke(
    svg: Element, x1: int, y1: int, x2: int, y2: int, colour: str, dashes: str | None = None, *, width: int = 2
) -> None:
    dash = {} if dashes is None else {"stroke-dasharray": dashes}
    ends = {"x1": str(x1), "y1": str(y1), "x2": str(x2), "y2": str(y2)}
    SubElement(svg, "line", ends | {"stroke": colour, "stroke-width": str(width)} | dash)


def _written(svg: Element) -> str:
    return tostring(svg, encoding="unicode")
