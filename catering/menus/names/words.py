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
IMITATED = re.compile(r"(\b(?:veg\w*|soja|tofu|seitan|quorn)\b.*?)\b(?:facon|gout|saveur) (?:de |d )?\w+")
"""What a dish without flesh says that it imitates: « émincé végétal façon poulet »."""
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
    plain = IMITATED.sub(r"\1", plain)
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


FLESH = frozenset(
    {"beef", "veal", "lamb", "offal", "lean_fish", "fish", "salmon", "pork", "poultry", "rabbit"}
    | {"cured", "fat_cured", "sausage", "shellfish", "stock"}
)
"""Kinds of the body of an animal, what is only cooked out of it included (``stock``: bouillon, gelatine, lard)."""
IMITATION, RECIPE, USUAL = "plant", "composed", "usual_flesh"
"""A word that says that a dish is without flesh; a dish of many things, some of them flesh perhaps; one that is
usually of some: « cassoulet »."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The kinds of food that a name speaks of, and its words that the lexicon does not know."""

    kinds: frozenset[str]
    unknown: tuple[str, ...]
    flesh_told: bool = False
    """Whether flesh is named that no word before or after says to be imitated: « burger végétarien au bacon »."""
    flesh_usual: bool = False
    """Whether the dish is usually of flesh, and no word says that this one is not: « hachis parmentier »."""

    @property
    def whole(self) -> bool:
        """Whether every word is known."""
        return bool(self.kinds) and not self.unknown


def read_kinds(words: Sequence[str]) -> Reading:
    """What some words name, the longest phrases first."""
    known, unknown, phrases = lexicon(), list[str](), list[tuple[Sequence[str], frozenset[str]]]()
    start = 0
    while start < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - start), 0, -1):
            if (named := known.get(tuple(words[start : start + length]))) is not None:
                phrases.append((words[start : start + length], named))
                start += length
                break
        else:
            unknown.append(words[start])
            start += 1
    kinds = frozenset[str]().union(*(named for _, named in phrases))
    return Reading(kinds, tuple(unknown), *_flesh(phrases))


def _flesh(phrases: Sequence[tuple[Sequence[str], frozenset[str]]]) -> tuple[bool, bool]:
    """Whether flesh is told, and whether it is usual, by phrases in their order.

    A word that says that a dish is without flesh imitates what stands before it (« steak végétal »); what comes after
    it is in the dish.
    """
    imitations = [place for place, (_, kinds) in enumerate(phrases) if IMITATION in kinds]
    after = phrases[imitations[0] + 1 :] if imitations else phrases
    stocks = [each for each in phrases if "stock" in each[1]]
    meaty = [each for each in (*after, *stocks) if (FLESH | {USUAL}) & each[1]]
    return any(_tells(*each) for each in meaty), any(not _tells(*each) for each in meaty)


def _tells(words: Sequence[str], kinds: frozenset[str]) -> bool:
    """Whether a phrase names flesh, rather than a dish that is usually of some: « brandade de morue » does."""
    alone = (lexicon().get((word,), frozenset[str]()) for word in words)
    return bool(FLESH & kinds) and (
        RECIPE not in kinds or any(FLESH & named and RECIPE not in named for named in alone)
    )
