"""How a buyer may word a need, an answer or a reason: no place and no distance as a condition (CCP-01, CCP-41).

What tells a condition from an address is the phrase: the place of a farm is one, the place of a collège is none. A
proper name is one wherever it stands; one that is a word of every day too only after « de » and with its capital. The
words, the names of places, what a phrase is about and the names that are no condition are dated tables of the law.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from catering.rules.procurement import PhraseRole, ProcurementLaw, WordKind, procurement_law
from catering.spelling import folded

SENTENCE = re.compile(r"[.;!?]+(?=\s|$)|[\n\r]+")
WORD = re.compile(r"[^\W\d_]+")
TOKEN = re.compile(r"[a-z]+|[0-9]+")
"""A number and its unit are two words however they are written: « 50km » is « 50 km »."""
BEFORE_A_PLACE = frozenset(
    ["de", "du", "d", "des", "en", "a", "au", "aux", "dans", "sur", "vers", "hors", "pres", "autour"]
)
ARTICLES = frozenset(["le", "la", "les", "l", "notre", "nos", "ce", "cet", "cette", "ces", "un", "une"])
DETERMINERS = ARTICLES | frozenset(["aux", "au", "vos", "ses", "leurs", "dans"])
GOES_ON = frozenset(["ni", "ou", "et", "de", "d", "du", "des", "la", "le", "les", "l", "son", "sa", "ses", "sans"])
"""With what a clause begins that goes on with what was denied before it."""
SPELT_OUT = 4
"""So many single letters in a row are a word written to pass unseen."""
LONGEST_WORD = 12  # legal-number: letters, nothing of the law
"""Letters from which on a word may hide another."""
SHORTEST_HIDDEN = 5
NAME = "_"
"""What stands in a phrase for a name that is no condition."""

Phrase = tuple[str, ...]


class Kind(StrEnum):
    """What a text is: what is wanted or why it was chosen, or where and when to deliver."""

    GOODS = "goods"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class _Lists:
    """The tables of a date by the first word of each phrase, without accents; a word is told as the law writes it."""

    words: defaultdict[str, list[tuple[Phrase, WordKind, str]]]
    roles: defaultdict[str, list[tuple[Phrase, PhraseRole]]]
    names: defaultdict[str, list[Phrase]]
    common: frozenset[Phrase]
    """Names of communes that are words of every day too: a place only where they begin with a capital."""


def conditions(text: str, kind: Kind, on: date, tables: ProcurementLaw | None = None) -> list[str]:
    """What states a place or a distance as a condition in a text, as the law writes it; empty when nothing does.

    Args:
        text: what somebody wrote.
        kind: in a text about delivery a place is an address, unless the phrase is about who produces.
        on: day of the law.
        tables: that of the platform by default.
    """
    lists = _own_lists(on) if tables is None else _lists(tables, on)
    found = [word for part in SENTENCE.split(text) for word in _of_phrase(_asserted(part, lists), kind, lists)]
    return sorted(set(found))


def doubts(text: str, on: date, tables: ProcurementLaw | None = None) -> list[str]:
    """Words with a capital that may be a commune or mean something else, in a text about goods: to be read again."""
    lists = _own_lists(on) if tables is None else _lists(tables, on)
    found = [word for part in SENTENCE.split(text) for word in _doubtful(_asserted(part, lists), lists)]
    return sorted(set(found))


def _doubtful(part: str, lists: _Lists) -> Iterator[str]:
    tokens, capitals = _without_names(_tokens(part), lists), _capitals(part)
    roles = _roles(tokens, lists)
    for start, token in enumerate(tokens):
        if token in capitals and _about(roles, start) is None and not _is_where(tokens, start):
            yield from (
                told
                for phrase, _, told in lists.words.get(token, ())
                if phrase in lists.common and _at(tokens, start, phrase)
            )


def _capitals(part: str) -> frozenset[str]:
    """The words of a phrase that begin with a capital and need not, being neither the first one nor in a title of
    capitals."""
    words = WORD.findall(part)
    if all(word.isupper() for word in words):
        return frozenset()
    return frozenset(folded(word) for word in words[1:] if word[0].isupper())


def _asserted(part: str, lists: _Lists) -> str:
    """A sentence without what it denies: « aucune condition de prix, légumes locaux » says « légumes locaux ».

    A negation reaches to the end of its clause, and over the clauses that go on with it (« ni », « de »).
    """
    kept, denied = [], False
    for clause in part.split(","):
        tokens = _tokens(clause)
        goes_on = denied and bool(tokens) and tokens[0] in GOES_ON
        denied = goes_on or PhraseRole.NEGATION in _roles(_without_names(tokens, lists), lists).values()
        if not denied:
            kept.append(clause)
    return ",".join(kept)


def _tokens(part: str) -> list[str]:
    """The words of a phrase without accents; a word spelt out letter by letter is one again."""
    found: list[str] = []
    run: list[str] = []
    for token in [*TOKEN.findall(folded(part)), ""]:
        if len(token) == 1 and token.isalpha():
            run.append(token)
            continue
        found += ["".join(run)] if len(run) >= SPELT_OUT else run
        run = []
        if token:
            found.append(token)
    return found


def _of_phrase(part: str, kind: Kind, lists: _Lists) -> Iterator[str]:
    tokens, capitals = _without_names(_tokens(part), lists), _capitals(part)
    roles = _roles(tokens, lists)
    for start in range(len(tokens)):
        for phrase, word_kind, told in lists.words.get(tokens[start], ()):
            if phrase in lists.common and tokens[start] not in capitals:
                continue
            if _at(tokens, start, phrase) and _is_condition(tokens, start, word_kind, kind, roles):
                yield told
    for token in tokens:
        # Spelt out, words run into each other.
        if len(token) > LONGEST_WORD:
            yield from _hidden(token, lists)


def _hidden(token: str, lists: _Lists) -> Iterator[str]:
    for first, entries in lists.words.items():
        if len(first) >= SHORTEST_HIDDEN and token.endswith(first):
            yield from (
                told for phrase, word_kind, told in entries if word_kind is WordKind.ALWAYS and len(phrase) == 1
            )


def _is_condition(tokens: list[str], start: int, word: WordKind, kind: Kind, roles: dict[int, PhraseRole]) -> bool:
    """Whether a word at a place of a phrase is a condition on who may sell or what may be sold."""
    before = tokens[start - 1] if start else ""
    if word is WordKind.ALWAYS:
        return not (before in DETERMINERS and tokens[start] == "local")
    if word is WordKind.ADJECTIVE:
        return before not in DETERMINERS
    about = _about(roles, start)
    if about is not None:
        return about is PhraseRole.ORIGIN
    if kind is Kind.DELIVERY:
        return False
    return word in (WordKind.NEAR, WordKind.NAME) or _is_where(tokens, start)


def _about(roles: dict[int, PhraseRole], start: int) -> PhraseRole | None:
    """What the nearest word before a place tells the phrase to be about."""
    return next((roles[place] for place in range(start - 1, -1, -1) if place in roles), None)


def _is_where(tokens: list[str], start: int) -> bool:
    """Whether what stands before a name makes a place of it: « d'Arras », « dans le Pas-de-Calais »."""
    before = tokens[max(start - 2, 0) : start]
    if not before:
        return False
    return before[-1] in BEFORE_A_PLACE or (before[-1] in ARTICLES and before[0] in BEFORE_A_PLACE)


def _without_names(tokens: list[str], lists: _Lists) -> list[str]:
    """The phrase, each name that is no condition made one word that says nothing."""
    kept: list[str] = []
    place = 0
    while place < len(tokens):
        named = next((each for each in lists.names.get(tokens[place], ()) if _at(tokens, place, each)), None)
        kept.append(tokens[place] if named is None else NAME)
        place += 1 if named is None else len(named)
    return kept


def _roles(tokens: list[str], lists: _Lists) -> dict[int, PhraseRole]:
    """What the phrase is about, by the last word of what tells it; of two that end there, the longer one tells."""
    found = [
        (len(phrase), place + len(phrase) - 1, role)
        for place, token in enumerate(tokens)
        for phrase, role in lists.roles.get(token, ())
        if _at(tokens, place, phrase)
    ]
    return {place: role for _, place, role in sorted(found)}


def _at(tokens: Sequence[str], place: int, phrase: Phrase) -> bool:
    return tuple(tokens[place : place + len(phrase)]) == phrase


def _lists(tables: ProcurementLaw, on: date) -> _Lists:
    common = frozenset(_phrase(each.name) for each in tables.common_words_on(on))
    lists = _Lists(defaultdict(list), defaultdict(list), defaultdict(list), common)
    for word in tables.geographic_words_on(on):
        phrase = _phrase(word.word)
        lists.words[phrase[0]].append((phrase, word.kind, word.word))
    for commune in tables.communes_on(on):
        phrase = _phrase(commune.name)
        kind = WordKind.PLACE if phrase in common else WordKind.NAME
        lists.words[phrase[0]].append((phrase, kind, commune.name))
    for context in tables.contexts_on(on):
        phrase = _phrase(context.word)
        lists.roles[phrase[0]].append((phrase, context.role))
    for name in tables.protected_names_on(on):
        phrase = _phrase(name.name)
        lists.names[phrase[0]].append(phrase)
    for names in lists.names.values():
        # The longest first: « emmental français Est-Central » before anything it contains.
        names.sort(key=len, reverse=True)
    return lists


@lru_cache(maxsize=8)
def _own_lists(on: date) -> _Lists:
    return _lists(procurement_law(), on)


def _phrase(text: str) -> Phrase:
    return tuple(TOKEN.findall(folded(text)))
