"""Words by which the name of a product says what hygiene law must know: minced, raw, fresh, frozen, made, keeping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import ConfigDict, Field

from catering.rules.book import LAW_FOLDER
from catering.rules.label_words import Phrase, phrase
from catering.rules.shapes import Confidence, Dated
from catering.rules.tables import dated_rows

TABLE = Path("hygiene") / "product_words.csv"
COLUMNS = ("word", "says", "valid_from", "valid_to", "source", "confidence", "note")


class Says(StrEnum):
    """What a word in the name of a product says of it."""

    MINCED = "minced"
    """Meat that went through the mincer, or is sold so."""
    RAW = "raw"
    RAW_FOOD = "raw_food"
    """Raw eggs or raw milk in a product whose ingredient may be none of animals."""
    FRESH = "fresh"
    """Does not keep outside the cold."""
    DEEP_FROZEN = "deep_frozen"
    """Sold as *surgelé*."""
    FROZEN = "frozen"
    """*Congelé*."""
    MADE = "made"
    """Cooked, cured or smoked: fresh meat no more."""
    KEEPS = "keeps"
    """At room temperature: tinned, dried, UHT."""
    CUT = "cut"
    """Peeled, grated, sliced, cooked under vacuum: a vegetable that no longer keeps as it grew."""
    COLD = "cold"
    """Kept in the cold, whatever it is made of."""
    USE_BY = "use_by"
    """Bears a DLC, which is for what does not keep outside the cold."""


class ProductWord(Dated):
    """A word or a phrase, and what it says."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    word: str = Field(min_length=1)
    says: Says
    confidence: Confidence


@cache
def product_words(folder: Path = LAW_FOLDER) -> Mapping[tuple[str, Says], tuple[ProductWord, ...]]:
    """The dated rows of each word and what it says. Raises RuleFileError."""
    return dated_rows(folder, TABLE, ProductWord, COLUMNS, lambda row: (row.word, row.says))


def said(text: str, on: date, besides: Collection[str] = ()) -> frozenset[Says]:
    """What a text says of a product, whatever the accents, capitals and plurals.

    Args:
        text: the name of the product, with its pack where that counts.
        on: day of the law.
        besides: words that say nothing: those of the ingredient's own name.
    """
    told = _plain(phrase(text))
    own = frozenset(_plain(besides))
    words = _on(on)
    return frozenset(
        says
        for place, first in enumerate(told)
        if not (place and told[place - 1] in DENIED)
        for each, says in words.get(first, ())
        if told[place : place + len(each)] == each and not own.issuperset(each)
    )


def _plain(words: Collection[str]) -> Phrase:
    """Without the mark of a plural; short words have none."""
    return tuple(word.rstrip("s") if len(word) > 3 else word for word in words)


DENIED = frozenset(_plain(["non", "pas", "hors", "sans", "jamais", "ni"]))
"""Before a word, what denies it: « jamais congelé »."""


@cache
def _on(day: date) -> Mapping[str, Sequence[tuple[Phrase, Says]]]:
    """The words of a day by their first one: files of thousands of names are read by them."""
    found: dict[str, list[tuple[Phrase, Says]]] = defaultdict(list)
    for row in (row for some in product_words().values() for row in some if row.in_force(day)):
        words = _plain(phrase(row.word))
        found[words[0]].append((words, row.says))
    return found
