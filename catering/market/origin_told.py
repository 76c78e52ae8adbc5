"""What is told of where goods come from: countries that a text names, and the one text that buyers read (ORI-04)."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

from catering.market.countries import countries
from catering.rules.origin import Stages, wording
from catering.rules.procurement import procurement_law
from catering.spelling import folded

TABLE = Path(__file__).with_name("origin_words.csv")
"""Words that name a country without being its name: regions and départements, what comes from it. Words with another
meaning are left out (Nord, Manche, Charolais)."""
NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
BRACKETED = re.compile(r"\((.*)\)")
LONGEST = 120
"""Characters of an origin on a line of an order."""


class Told(Protocol):
    """What a supplier states of where something comes from."""

    @property
    def origin(self) -> str: ...
    @property
    def born_in(self) -> str | None: ...
    @property
    def reared_in(self) -> str | None: ...
    @property
    def slaughtered_in(self) -> str | None: ...


def stages_of(told: Told) -> Stages:
    """The countries of an animal's life, as they are stated."""
    return Stages(told.born_in, told.reared_in, told.slaughtered_in)


def countries_of(stages: Stages) -> frozenset[str]:
    """The countries stated for an animal's life, each once."""
    return frozenset(filter(None, (stages.born, stages.reared, stages.slaughtered)))


def named(text: str) -> frozenset[str]:
    """The countries (ISO 3166) that a text names: itself, a region of it, what comes from it."""
    return frozenset(_words()[found] for found in _any_of(frozenset(_words())).findall(_plain(text)))


def named_for_meat(text: str) -> frozenset[str]:
    """The same of a meat, for which a commune of the Département alone names France too.

    Of other goods it does not: fish of any sea is landed in Boulogne.
    """
    communes = frozenset(_plain(row.name).strip() for rows in procurement_law().communes.values() for row in rows)
    return named(text) or frozenset({"FR"} if _any_of(communes).search(_plain(text)) else ())


def origin_told(offer: Told) -> str:
    """Where an offer comes from, as orders, papers and purchases tell it.

    For a meat whose life is stated, the words of the law, with the supplier's own for a place inside that one country;
    for anything else what the supplier wrote.
    """
    stages = stages_of(offer)
    lawful = wording(stages, countries())
    if lawful is None:
        return offer.origin
    place = _place(offer.origin, stages)
    whole = f"{lawful} ({place})"
    return whole if place and len(whole) <= LONGEST else lawful


def _place(text: str, stages: Stages) -> str:
    """The place that a text tells beside the country: ``France (Pas-de-Calais)`` is the Pas-de-Calais."""
    lived = countries_of(stages)
    if len(lived) > 1 or named_for_meat(text) - lived:
        return ""
    country = countries()[min(lived)]
    beside = text.removeprefix(country).strip()
    if beside != text:
        inside = BRACKETED.fullmatch(beside)
        return inside[1] if inside else ""
    return "" if country in text else text


def _plain(text: str) -> str:
    return f" {NOT_A_LETTER.sub(' ', folded(text)).strip()} "


@cache
def _words() -> Mapping[str, str]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        words = {row["word"]: row["country"] for row in csv.DictReader(file)}
    words |= {name: code for code, name in countries().items()}
    return {_plain(word).strip(): code for word, code in words.items()}


@cache
def _any_of(words: frozenset[str]) -> re.Pattern[str]:
    """The longest word first: the Nord-Pas-de-Calais is one region, Grande-Bretagne is not Bretagne."""
    longest = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<= )(?:{'|'.join(longest)})(?= )")
