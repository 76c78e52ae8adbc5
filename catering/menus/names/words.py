"""A dish name as a set of plain words: no accents, no plural, no mark of quality, nothing in brackets."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from catering.spelling import folded

LEXICON = Path(__file__).with_name("lexicon.csv")
STOP = frozenset(Path(__file__).with_name("stop_words.txt").read_text(encoding="utf-8").split())
"""Words that name no food: articles, and marks of quality or origin."""
PHRASES_DROPPED = re.compile(r"\b(?:label rouge|bleu blanc coeur|haute valeur environnementale|plein air)\b")
NO_SUGAR = re.compile(r"\bsans sucre(?: ajoutes?)?\b")
TERRINE = re.compile(r"\bp[âa]té(s?)\b", re.IGNORECASE)
"""The one word that its accent alone tells from another food."""
WITHOUT = re.compile(r"\bsans \w+(?: ajoutes?)?\b")
BRACKETS = re.compile(r"\(([^)]*)\)?")
LONGEST_PHRASE = 4
SHORTEST_PLURAL = 4


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a name. ``core`` leaves out what brackets explain; ``every`` keeps it. Both in their order."""

    core: tuple[str, ...]
    every: tuple[str, ...]


@lru_cache(maxsize=65_536)
def words_of(name: str) -> Words:
    """The plain words of a dish name."""
    plain = folded(TERRINE.sub("terrinedeviande", name)).replace("'", " ").replace("-", " ")
    plain = PHRASES_DROPPED.sub(" ", WITHOUT.sub(" ", NO_SUGAR.sub("sanssucre", plain)))
    core = _kept(BRACKETS.sub(" ", plain))
    inside = _kept(" ".join(BRACKETS.findall(plain)))
    return Words(core or inside, (*core, *inside) if core else inside)


def _kept(text: str) -> tuple[str, ...]:
    found = re.findall(r"[a-z0-9]+", text)
    return tuple(singular(word) for word in found if word not in STOP and not word.isdigit())


def singular(word: str) -> str:
    """The word without the mark of its plural: ``carottes`` and ``choux`` lose a letter, ``riz`` does not."""
    return word[:-1] if len(word) >= SHORTEST_PLURAL and word[-1] in "sx" else word


@cache
def lexicon() -> Mapping[tuple[str, ...], frozenset[str]]:
    """What kinds of food each word, or few words together, names."""
    with LEXICON.open(encoding="utf-8", newline="") as file:
        rows = [(words_of(row["words"]).core, row["kinds"].split()) for row in csv.DictReader(file)]
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for words, kinds in rows:
        found[words] = found.get(words, frozenset()) | frozenset(kinds)
    return found


@dataclass(frozen=True, slots=True)
class Reading:
    """The kinds of food that a name speaks of, and its words that the lexicon does not know."""

    kinds: frozenset[str]
    unknown: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether every word is known."""
        return bool(self.kinds) and not self.unknown


def read_kinds(words: Sequence[str]) -> Reading:
    """What some words name, the longest phrases first."""
    known, kinds, unknown = lexicon(), set[str](), list[str]()
    start = 0
    while start < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - start), 0, -1):
            if (named := known.get(tuple(words[start : start + length]))) is not None:
                kinds |= named
                start += length
                break
        else:
            unknown.append(words[start])
            start += 1
    return Reading(frozenset(kinds), tuple(unknown))
