"""What a dish is made of, weighed as it is mixed: dry pulses and cereals with the water they take up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from catering.recipes.rules import PERCENT, Cover, Ingredient
from catering.recipes.vocabulary import Frying, IngredientKind, Slot, Technique
from catering.rules.thresholds import Thresholds
from catering.rules.truth import Truth, at_least

K = IngredientKind

VEGETABLES = frozenset({K.VEGETABLE_RAW, K.VEGETABLE_COOKED, K.MUSHROOM})
FRESH_RAW = frozenset({K.VEGETABLE_RAW, K.MUSHROOM, K.FRUIT})
DRY_STARCHES = frozenset({K.PULSE, K.CEREAL, K.PASTA_RICE, K.POTATO})
STARCHES = DRY_STARCHES | {K.BREAD, K.FLOUR, K.PASTRY_DOUGH}
RED_MEAT = frozenset({K.BEEF, K.VEAL, K.LAMB})
MEATS = RED_MEAT | {K.PORK, K.POULTRY, K.RABBIT, K.OFFAL, K.PROCESSED_MEAT}
FLESH = MEATS | {K.FISH, K.SHELLFISH}
MILKS = frozenset({K.MILK, K.YOGHURT, K.CREAM})
SEASONING = frozenset({K.OIL, K.BUTTER, K.CONDIMENT, K.HERB_SPICE, K.STOCK, K.SUGAR, K.DRINK, K.GELATINE})
"""Left out of every share: what flavours, fries or moistens a mix is not a part of it."""

UNCOOKED = frozenset({Technique.RAW, Technique.COLD_ASSEMBLED, Technique.NONE})

Keep = Callable[[Ingredient], bool]


@dataclass(frozen=True)
class Composition:
    """A cover and the thresholds of a date. Weights are grams as mixed; None when dryness cannot be told."""

    cover: Cover
    limits: Thresholds

    @property
    def slot(self) -> Slot:
        return self.cover.dish.slot

    @property
    def uncooked(self) -> bool:
        return self.cover.dish.technique in UNCOOKED

    @cached_property
    def _weights(self) -> tuple[tuple[Ingredient, Decimal | None], ...]:
        return tuple((ingredient, self._mixed(ingredient, grams)) for ingredient, grams in self.cover.parts)

    def _mixed(self, ingredient: Ingredient, grams: Decimal) -> Decimal | None:
        """Grams once hydrated: a starch as rich in energy as a dry one is dry and takes up cooking water."""
        if ingredient.kind not in DRY_STARCHES or ingredient.frying is not None:
            return grams
        kcal = ingredient.nutrients.get("kcal")
        if kcal is None:
            return None
        if kcal < self.limits.dry_kcal:
            return grams
        return grams * (self.limits.hydration_flakes if ingredient.kind is K.POTATO else self.limits.hydration)

    def weight_where(self, keep: Keep) -> Decimal | None:
        """Grams of the kept ingredients as mixed, None when one of them is unknown."""
        total = Decimal(0)
        for ingredient, grams in self._weights:
            if keep(ingredient):
                if grams is None:
                    return None
                total += grams
        return total

    def weight(self, kinds: Iterable[IngredientKind]) -> Decimal | None:
        wanted = frozenset(kinds)
        return self.weight_where(lambda ingredient: ingredient.kind in wanted)

    @cached_property
    def whole(self) -> Decimal | None:
        """Grams of everything but the seasoning."""
        return self.weight_where(lambda ingredient: ingredient.kind not in SEASONING)

    def share_at_least(self, kinds: Iterable[IngredientKind], share: Decimal) -> Truth:
        """Whether these kinds are there and make at least ``share`` of the dish, seasoning aside."""
        part = self.weight(kinds)
        if part == 0:
            return Truth.FALSE
        return at_least(part, None if self.whole is None else share * self.whole)

    def has(self, kinds: Iterable[IngredientKind]) -> bool:
        return not self.cover.kinds.isdisjoint(kinds)

    @property
    def fried(self) -> bool:
        """Deep-fried in the kitchen, to be fried, or bought pre-fried."""
        fried_in_kitchen = self.cover.dish.technique is Technique.DEEP_FRIED
        return fried_in_kitchen or any(ingredient.frying is not None for ingredient, _ in self.cover.parts)

    def per_100_g(self, nutrient: str) -> Decimal | None:
        """Amount × 100 of one cover, to be compared with a limit × served_g: no division, hence no rounding."""
        total = self.cover.total(nutrient)
        return None if total is None else total * PERCENT

    def limit_per_100_g(self, limit: Decimal) -> Decimal:
        return limit * self.cover.dish.served_g


def prefried(ingredient: Ingredient) -> bool:
    return ingredient.frying is Frying.PREFRIED
