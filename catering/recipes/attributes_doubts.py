"""What looks wrong in a fiche technique: yield, season, cooking of a raw dish, side of no class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from catering.recipes.attributes import DishFacts
from catering.recipes.attributes_composition import FRESH_RAW, SEASONING
from catering.recipes.rules import Ingredient
from catering.recipes.vocabulary import Slot, Technique
from catering.rules import RuleBook, Truth, law

_RAW = FRESH_RAW | SEASONING
_COOKING = re.compile(r"\b(?:cuire|cuisson|bouillante?|vapeur|four|rissoler|poêler|blanchir)\b", re.IGNORECASE)


def doubts(
    facts: DishFacts, ingredients: Mapping[str, Ingredient], on: date = date(2026, 9, 1), book: RuleBook | None = None
) -> Iterator[str]:
    """One French sentence per doubt, starting with the dish id."""
    for message in (
        *_yield(facts, on, book or law()),
        *_season(facts, ingredients),
        *_raw_but_cooked(facts, ingredients),
        *_classes(facts),
    ):
        yield f"{facts.dish.id} : {message}"


def _yield(facts: DishFacts, on: date, book: RuleBook) -> Iterator[str]:
    low, high = book.parameter("LEC-RENDEMENT-MIN", on), book.parameter("LEC-RENDEMENT-MAX", on)
    if not low <= facts.cooking_yield <= high:
        yield f"rendement {facts.cooking_yield:.2f} hors de {low} à {high} ; revoir les grammes ou served_g"


def _season(facts: DishFacts, ingredients: Mapping[str, Ingredient]) -> Iterator[str]:
    for line in facts.dish.lines:
        late = sorted(facts.dish.months - ingredients[line.ingredient].months)
        if late:
            yield f"{line.ingredient} hors saison aux mois {' '.join(map(str, late))}"


def _raw_but_cooked(facts: DishFacts, ingredients: Mapping[str, Ingredient]) -> Iterator[str]:
    """Nothing but fresh produce, said to be served raw, and a cook who cooks: an egg or croutons would explain it."""
    if not {ingredients[line.ingredient].kind for line in facts.dish.lines} <= _RAW:
        return
    raw = ("raw_veg_or_fruit_starter_or_side", "dessert_raw_fruit")
    if any(facts.attributes[name] is Truth.TRUE for name in raw) and _COOKING.search(facts.dish.steps):
        yield "compté comme cru mais les étapes parlent de cuisson ; revoir technique"


def _classes(facts: DishFacts) -> Iterator[str]:
    dish, having = facts.dish, {name for name, truth in facts.attributes.items() if truth is not Truth.FALSE}
    if dish.slot is Slot.SIDE and not having & {"cooked_veg_side", "starch_side"}:
        yield "garniture ni légume cuit ni féculent : NUT-03 et NUT-04 ne pourront pas la compter"
    if dish.technique is Technique.DEEP_FRIED and dish.slot not in (Slot.MAIN, Slot.SIDE):
        yield "frit hors plat et garniture : NUT-13 ne le compte pas"


__all__ = ["doubts"]
