"""Pictures: readable without sight, without anything from elsewhere, and never outside their frame."""

from decimal import Decimal
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.charts import WIDTH, ChartLine, ChartRow, Picture, bars, line

SVG = "{http://www.w3.org/2000/svg}"
figures = st.decimals(0, 10_000, places=1)
labels = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=120)


@st.composite
def rows(draw: st.DrawFn) -> ChartRow:
    low, value, high = sorted(draw(st.tuples(figures, figures, figures)))
    whole = draw(st.sampled_from(["unknown", "alone", "between"]))
    label = draw(labels)
    if whole == "unknown":
        return ChartRow(label, None)
    return ChartRow(label, value) if whole == "alone" else ChartRow(label, value, low, high)


levels = st.lists(st.builds(ChartLine, labels, figures), max_size=3)
pictures = st.builds(Picture, labels, st.just("g par couvert"), st.lists(rows(), max_size=30), levels)


@pytest.mark.parametrize("draw", [bars, line])
@given(picture=pictures)
def test_any_picture_can_be_read_and_stays_in_its_frame(draw, picture: Picture) -> None:  # type: ignore[no-untyped-def]
    svg = fromstring(draw(picture))
    assert svg.get("role") == "img"
    assert svg.findtext(f"{SVG}desc") == picture.description
    height = int(svg.get("viewBox", "").split()[3])
    for each in svg.iter():
        for name, most in (("x", WIDTH), ("cx", WIDTH), ("x1", WIDTH), ("x2", WIDTH), ("y", height), ("y2", height)):
            assert 0 <= float(each.get(name, 0)) <= most, (each.tag, name)
    assert {each.tag.removeprefix(SVG) for each in svg.iter()} <= {
        "svg", "title", "desc", "rect", "text", "line", "polyline", "polygon", "circle",
    }  # fmt: skip


def test_every_row_is_told_in_words() -> None:
    picture = Picture(
        "Titre",
        "g par couvert",
        [ChartRow("Lundi", Decimal("95.0"), Decimal("80.5"), Decimal("109.5")), ChartRow("Mardi", None)],
        [ChartLine("Cible", Decimal("67.5"))],
    )
    assert picture.description == (
        "Lundi : 95,0 g par couvert, de 80,5 à 109,5. Mardi : inconnu. Repère, Cible : 67,5 g par couvert."
    )


def test_bars_are_as_long_as_their_figures() -> None:
    picture = Picture("Titre", "kg", [ChartRow("a", Decimal(10)), ChartRow("b", Decimal(5)), ChartRow("c", None)])
    widths = [int(each.get("width", 0)) for each in fromstring(bars(picture)).findall(f"{SVG}rect")[1:]]
    assert widths[0] == 2 * widths[1]
    assert len(widths) == 2, "what is unknown has no bar"


def test_levels_stand_beside_the_bars_on_white_and_cross_no_label() -> None:
    levels = [ChartLine("Moyenne", Decimal(1)), ChartLine("Cible", Decimal(8))]
    svg = fromstring(bars(Picture("Titre", "g", [ChartRow(each, Decimal(10)) for each in "abc"], levels)))
    labels = [int(each.get("y", 0)) for each in svg.findall(f"{SVG}text")]
    drawn = [each for each in svg.findall(f"{SVG}line") if each.get("x1") == each.get("x2")]
    assert len(drawn) == 2 * len(levels) * 3
    for each in drawn:
        top, bottom = int(each.get("y1", 0)), int(each.get("y2", 0))
        # Letters stand from 11 pixels above their line to 3 below it.
        assert not any(top <= y + 3 and y - 11 <= bottom for y in labels), (top, bottom, labels)
    assert [each.get("stroke") for each in drawn[:2]] == ["#ffffff", "#b34000"]


def test_a_missing_value_breaks_the_line() -> None:
    known = [ChartRow(str(rank), None if rank == 2 else Decimal(rank)) for rank in range(5)]
    assert len(fromstring(line(Picture("Titre", "kg", known))).findall(f"{SVG}polyline")) == 2


def test_markup_in_a_label_stays_text() -> None:
    svg = bars(Picture("<b>", "kg", [ChartRow("<script>alert(1)</script> & co", Decimal(1))]))
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg
