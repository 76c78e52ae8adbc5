"""What a French spreadsheet makes of the cells of a price book, read as what it was: its dates, numbers and words.

A file that the platform wrote comes back from there with day-first dates, VRAI for true, spaces between thousands. Each
of these can mean one thing only; what could mean two stays a fault.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from catering.cells import BadCell, Read, day, truth
from catering.rules.allergens import FRENCH as ALLERGENS
from catering.rules.allergens import Allergen
from catering.spelling import folded

DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
THOUSANDS = re.compile(r"-?[0-9]{1,3}([ \u00a0\u202f][0-9]{3})+([,.][0-9]+)?")
"""Three digits after each space: « 5 000 », never « 5 00 »."""
SPACES = re.compile(r"[ \u00a0\u202f]")
PERCENT = re.compile(r"[ \u00a0\u202f]?%$")
TRUTHS = {"vrai": "true", "oui": "true", "true": "true", "faux": "false", "non": "false", "false": "false"}
BETWEEN_WORDS = re.compile(r"\s*[,;]\s*")


def french_day(cell: str) -> object:
    """An ISO date, or the same day first: ``01/12/2026``."""
    turned = DAY_FIRST.fullmatch(cell)
    return day(cell if turned is None else f"{turned[3]}-{turned[2]:0>2}-{turned[1]:0>2}")


def french_truth(cell: str) -> object:
    """``true`` or ``false``, VRAI or FAUX, oui or non."""
    return truth(TRUTHS.get(folded(cell), cell))


def with_thousands(read: Read, *, percent: bool = False) -> Read:
    """The same number, written with spaces between thousands; with ``percent`` its sign may follow."""

    def read_plain(cell: str) -> object:
        number = PERCENT.sub("", cell) if percent else cell
        return read(SPACES.sub("", number) if THOUSANDS.fullmatch(number) else number)

    return read_plain


def in_french(read: Read, words: Mapping[str, StrEnum]) -> Read:
    """The same word, by its code or by what it is called in French (``words``), whatever the accents and capitals."""
    codes = {folded(french): word.value for french, word in words.items()}

    def read_word(cell: str) -> object:
        return read(codes.get(folded(cell), cell))

    return read_word


def allergens_in_french(read: Read) -> Read:
    """Allergens by their codes between spaces, or in French between commas: ``lait, fruits à coque``."""
    codes = {folded(french): allergen.value for allergen, french in ALLERGENS.items()}
    known = {allergen.value for allergen in Allergen}

    def read_words(cell: str) -> object:
        parts = BETWEEN_WORDS.split(cell)
        if len(parts) == 1 and folded(cell) not in codes:
            parts = cell.split(" ")
        told = [codes.get(folded(part), part) for part in parts]
        if len(parts) > 1 and (unknown := next((part for part in told if part not in known), None)) is not None:
            raise BadCell(f"« {unknown} » n'est pas un allergène", f"choisir parmi : {', '.join(ALLERGENS.values())}")
        return read(" ".join(told))

    return read_words
