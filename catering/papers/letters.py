"""The letters that a printed page knows: which font bears a text, and what stands for a letter that none has.

Nearly every text is borne by the fonts that all PDF readers have. A name from elsewhere (Łódź, Ферма, Αγρόκτημα) is set
in a font that comes with the paper, of which only the letters used are stored.
"""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from fontTools.ttLib import TTFont

ENCODING = "windows-1252"
"""Letters of the fonts that every PDF reader has: œ, €, ’ and all French accents are among them."""
PLAIN = "helvetica"
WIDE = "dejavu"
FONTS = Path(__file__).with_name("fonts")
WIDE_FILES = {"": FONTS / "DejaVuSansCondensed.ttf", "B": FONTS / "DejaVuSansCondensed-Bold.ttf"}
"""By style. Their licence and their hashes are in ``manifest.csv`` beside them."""
NARROW = dict.fromkeys(map(ord, "\u202f\u2009\u2007"), "\u00a0") | dict.fromkeys(map(ord, "\t\r\n"), " ")
INSTEAD = NARROW | {ord("\u2212"): "-", ord("\u2011"): "-", ord("≤"): "<=", ord("≥"): ">="}


class Font(NamedTuple):
    """How a text is set: family, style (``B`` is bold) and points."""

    family: str
    style: str
    size: float


def font_for(text: str, style: str, size: float) -> Font:
    """The font that bears every letter of a printable text."""
    return Font(PLAIN if _is_plain(text) else WIDE, style, size)


def printable(text: str) -> str:
    """The text in letters of our fonts: one that they lack loses its mark, or is named by its number, as [U+6F22]."""
    if text.isascii() and text.isprintable():
        return text
    known = unicodedata.normalize("NFC", text).translate(INSTEAD)
    return "".join(map(_printable, known))


@lru_cache(maxsize=1024)
def _printable(letter: str) -> str:
    # Controls, surrogates and letters of private use have no shape; an unassigned one might.
    if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co"):
        return ""
    if _is_known(letter):
        return letter
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return plain if plain and all(map(_is_known, plain)) else f"[U+{ord(letter):04X}]"


def _is_known(letter: str) -> bool:
    return _is_plain(letter) or ord(letter) in wide_letters()


def _is_plain(text: str) -> bool:
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


@cache
def wide_letters() -> frozenset[int]:
    """What both styles of the wide font have a shape for."""
    styles = []
    for file in WIDE_FILES.values():
        with TTFont(file, lazy=True) as font:
            styles.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*styles)
