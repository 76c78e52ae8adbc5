"""What is known of the goods behind the lunches of a kitchen: whoever keeps its shelves tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from catering.rules.allergens import Allergen
from catering.rules.origin import Stages

Behind: TypeAlias = tuple[date, str]
"""Day of the lunch and slug of the ingredient."""


@dataclass(frozen=True, slots=True)
class GoodsTold:
    """By day and ingredient: countries of the lots used, as many as there are different origins; allergens that sellers
    state of the lots used and, from today on, of what is on the shelves or ordered for the week. One of these will be
    used, and nobody knows yet which."""

    meats: Mapping[Behind, Sequence[Stages]] = field(default_factory=dict)
    allergens: Mapping[Behind, frozenset[Allergen]] = field(default_factory=dict)
