"""What a supplier states of the allergens of a product, as one short text: kept on a line of an order, read back."""

from collections.abc import Sequence
from dataclasses import dataclass

from catering.rules.allergens import FRENCH, Allergen

TRACES = "?"
"""Ends the name of an allergen that a product may only hold traces of."""


@dataclass(frozen=True, slots=True)
class AllergensTold:
    """Allergens that a product contains, and those it may only hold traces of (ALL-05), in order of their names."""

    contains: Sequence[Allergen] = ()
    traces: Sequence[Allergen] = ()

    @property
    def words(self) -> str:
        """``contient lait ; traces possibles : sésame``."""
        named = ", ".join(FRENCH[each] for each in self.contains)
        told = f"contient {named}" if named else "n'en contient aucun"
        return f"{told} ; traces possibles : {', '.join(FRENCH[each] for each in self.traces)}" if self.traces else told


def read_told(stated: str | None) -> AllergensTold:
    """From the text of ``market.queries.stated_allergens``: names apart, in any order, traces marked."""
    marks = sorted((stated or "").split())
    return AllergensTold(
        [Allergen(mark) for mark in marks if not mark.endswith(TRACES)],
        [Allergen(mark.removesuffix(TRACES)) for mark in marks if mark.endswith(TRACES)],
    )


def in_order(stated: str) -> str:
    """The same text with its names in order: two databases put them together in two ways."""
    return " ".join(sorted(stated.split()))
