"""Repeatable draws keyed by what is drawn, so that adding a row to an input changes no other draw.

Each draw is a SHA-256 of the seed and the key: the same on every machine and Python version, and exact
(integers and decimals only), unlike a stream of pseudo-random numbers read in order.
"""

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

Item = TypeVar("Item")
STEPS = 10_000


class Draws:
    """Draws in [0, 1], in a range, among items, all determined by `seed` and the key."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def number(self, *key: str) -> int:
        """Return a uniform integer of 64 bits."""
        text = "\x1f".join((self._seed, *key))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")

    def unit(self, *key: str) -> Decimal:
        """Return a uniform decimal of [0, 1], in steps of 1/10 000."""
        return Decimal(self.number(*key) % (STEPS + 1)) / STEPS

    def between(self, low: Decimal, high: Decimal, *key: str) -> Decimal:
        """Return a uniform decimal of [low, high]."""
        return low + (high - low) * self.unit(*key)

    def choice(self, items: Sequence[Item], *key: str) -> Item:
        """Return one of the items, each as likely."""
        return items[self.number(*key) % len(items)]

    def weighted(self, items: Sequence[tuple[Item, int]], *key: str) -> Item:
        """Return one of the (item, weight) pairs' items, in proportion to the weights."""
        ticket = self.number(*key) % sum(weight for _, weight in items)
        for item, weight in items:
            ticket -= weight
            if ticket < 0:
                return item
        raise AssertionError("weights are positive")

    def shuffled(self, items: Iterable[str], *key: str) -> list[str]:
        """Return the items in a drawn order; an item's rank does not depend on the order given."""
        return sorted(items, key=lambda item: (self.number(*key, item), item))
