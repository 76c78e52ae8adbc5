"""Which of our dishes a name names: words weighed by how much they tell, spelling mistakes forgiven.

The confidence is the share of the telling words that both names have (a weighted Dice coefficient): 1 for the same
words in any order. A word weighs the more, the fewer of our dishes have it. The threshold was measured on real menus
(docs/handbook/nutrition.md): below it, a name is not ours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from math import log
from typing import Protocol

from catering.menus.names.words import lexicon, words_of
from catering.recipes.vocabulary import Slot
from catering.spelling import folded

ACCEPTED = 0.9
"""Least confidence of a match."""
LIKE = 0.86
"""Least likeness of two spellings of one word."""
SHORTEST_TYPO = 5
"""Letters below which a misspelt word could be another one."""
DIGITS = 3


class Called(Protocol):
    """A dish of ours as far as its name goes."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def slot(self) -> Slot: ...


@dataclass(frozen=True, slots=True)
class Match:
    """A dish of ours that a name names, and how sure it is (0 to 1)."""

    dish: str
    slot: str
    confidence: float


@dataclass
class Matcher:
    """Our dishes, ready to be found by name."""

    dishes: Sequence[Called]
    _found: dict[tuple[str, str | None], Match | None] = field(default_factory=dict)

    @cached_property
    def _names(self) -> list[tuple[Called, frozenset[str]]]:
        return [(dish, frozenset(words_of(dish.name).core)) for dish in self.dishes]

    @cached_property
    def _weights(self) -> Mapping[str, float]:
        having: dict[str, int] = defaultdict(int)
        for _, words in self._names:
            for word in words:
                having[word] += 1
        return {word: log(1 + len(self.dishes) / count) for word, count in having.items()}

    @cached_property
    def _vocabulary(self) -> list[str]:
        """Words a misspelt one may have meant: ours, and those that tell foods apart."""
        return sorted({*self._weights, *(word for words in lexicon() for word in words)})

    @cached_property
    def _called(self) -> Mapping[str, list[Called]]:
        """Our dishes by their whole name: what tells apart two dishes of the same words."""
        called: dict[str, list[Called]] = defaultdict(list)
        for dish in self.dishes:
            called[folded(dish.name)].append(dish)
        return called

    def match(self, name: str, slot: str | None = None) -> Match | None:
        """The dish of ours that a name names, of this component when it is known; None when none surely is."""
        key = (name, slot)
        if key not in self._found:
            same = [dish for dish in self._called.get(folded(name), ()) if slot in (None, dish.slot.value)]
            self._found[key] = _alone(same) or self._best(frozenset(map(self._spelt, words_of(name).core)), slot)
        return self._found[key]

    def _spelt(self, word: str) -> str:
        if word in self._weights or len(word) < SHORTEST_TYPO:
            return word
        close = get_close_matches(word, self._vocabulary, n=1, cutoff=LIKE)
        return close[0] if close else word

    def _best(self, words: frozenset[str], slot: str | None) -> Match | None:
        scored = sorted(
            ((self._score(words, own), dish.slot.value, dish.id) for dish, own in self._of(slot)), reverse=True
        )
        if not scored or scored[0][0] < ACCEPTED:
            return None
        score, found, dish_id = scored[0]
        if len(scored) > 1 and scored[1][0] == score:
            # Two dishes of ours have these words: which one it is, the name does not tell.
            return None
        return Match(dish_id, found, round(score, DIGITS))

    def _of(self, slot: str | None) -> Iterable[tuple[Called, frozenset[str]]]:
        return (pair for pair in self._names if slot is None or pair[0].slot.value == slot)

    def _score(self, words: frozenset[str], own: frozenset[str]) -> float:
        shared = words & own
        if not shared:
            return 0.0
        return 2 * self._weight(shared) / (self._weight(words) + self._weight(own))

    def _weight(self, words: Iterable[str]) -> float:
        # A word that none of our dishes has tells as much as one that a single dish has: it makes another dish of it.
        most = log(1 + len(self.dishes))
        return sum(self._weights.get(word, most) for word in words)


def _alone(same: Sequence[Called]) -> Match | None:
    return Match(same[0].id, same[0].slot.value, 1.0) if len(same) == 1 else None
