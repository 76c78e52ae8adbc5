"""What a kitchen is compared with: the published figures that speak of kitchens like it (regulations §2.2)."""

from datetime import date

from catering.rules.waste_references import ReferenceKind, WasteReference, waste_references
from catering.waste.rules.figures import CARE
from catering.waste.vocabulary import FoodGroup, KitchenKind, Stage

OF_CARE, OF_SCHOOLS = frozenset({"health"}), frozenset({"school", "pilots"})
"""Scopes of means that speak of one kind only; the others speak of both."""


def means(kind: KitchenKind, on: date, *, of_its_kind: bool = False) -> list[WasteReference]:
    """Means that stand on a date and are not of another kind of establishment; only those of its own kind if asked."""
    own, other = (OF_CARE, OF_SCHOOLS) if kind in CARE else (OF_SCHOOLS, OF_CARE)
    found = waste_references(on, ReferenceKind.MEAN)
    return [each for each in found if each.scope in own or not (of_its_kind or each.scope in other)]


def costs(on: date) -> list[WasteReference]:
    """Published euros per cover that stand on a date."""
    return waste_references(on, ReferenceKind.COST)


def published_share(word: Stage | FoodGroup | None, on: date) -> WasteReference | None:
    """Share of the edible waste that studies find in a stage or a family of food; None where none is published."""
    kind = ReferenceKind.STAGE_SHARE if isinstance(word, Stage) else ReferenceKind.GROUP_SHARE
    return next((each for each in waste_references(on, kind) if each.scope == word), None)
