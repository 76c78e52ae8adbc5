"""Words by which a text claims a sign of quality: whoever writes one proves the sign (EGA-11 to EGA-20)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import ConfigDict, Field

from catering.rules.book import LAW_FOLDER
from catering.rules.shapes import Confidence, Dated
from catering.rules.tables import dated_rows
from catering.spelling import folded

TABLE = Path("egalim") / "label_words.csv"
COLUMNS = ("word", "signs", "rule", "valid_from", "valid_to", "source", "confidence", "note")
LETTERS = re.compile(r"[a-z]+")
INITIALS = re.compile(r"\b([a-z])\.(?=[a-z]\b)")
"""Between initials: « A.B. » is AB."""
SPELT_OUT = re.compile(r"(?<![a-z0-9])[a-z](?:[ .\-_/*]{1,3}[a-z](?![a-z0-9])){2,}")
"""Three letters apart or more: « B I O » is a word."""
AMONG_LETTERS = re.compile(r"(?<=[a-z])[01](?=[a-z])")
"""A figure that passes for a letter: « B1O », « R0uge »."""
DENIED = frozenset(["non", "pas", "hors", "sans"])
"""Before a word, what denies it: « non bio » claims nothing."""

Phrase = tuple[str, ...]


class LabelWord(Dated):
    """A word or a phrase, the signs (codes of ``labels.csv``, any one of them) that it claims, and the rule."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    word: str = Field(min_length=1)
    signs: str = Field(pattern=r"^[A-Z0-9_]+( [A-Z0-9_]+)*$")
    rule: str = Field(pattern=r"^EGA-\d\d$")
    confidence: Confidence


@cache
def label_words(folder: Path = LAW_FOLDER) -> Mapping[str, tuple[LabelWord, ...]]:
    """The dated rows of each word. Raises RuleFileError."""
    return dated_rows(folder, TABLE, LabelWord, COLUMNS, lambda row: row.word)


def claims(text: str, on: date, known_as: Collection[str] = ()) -> list[LabelWord]:
    """What a text claims, in its order; a phrase is read before the words in it.

    Args:
        text: what buyers read.
        on: day of the law.
        known_as: words that belong to the name of the product itself, of which no one is a claim.
    """
    told, found, place = phrase(text), list[LabelWord](), 0
    words = _on(on)
    while place < len(told):
        row = next((row for each, row in words if told[place : place + len(each)] == each), None)
        read = 1 if row is None else len(phrase(row.word))
        own = set(told[place : place + read]) <= set(known_as)
        if row is not None and not own and not (place and told[place - 1] in DENIED):
            found.append(row)
        place += read
    return found


def phrase(text: str) -> Phrase:
    """The words of a text, without accents, capitals or signs."""
    plain = AMONG_LETTERS.sub(lambda figure: "oi"[int(figure[0])], folded(text))
    joined = SPELT_OUT.sub(lambda letters: "".join(LETTERS.findall(letters[0])), plain)
    return tuple(LETTERS.findall(INITIALS.sub(r"\1", joined)))


@cache
def _on(day: date) -> tuple[tuple[Phrase, LabelWord], ...]:
    """The words of a day, the longest phrase first."""
    rows = (row for some in label_words().values() for row in some if row.in_force(day))
    return tuple(sorted(((phrase(row.word), row) for row in rows), key=lambda each: (-len(each[0]), each[0])))
