"""Attributes of starters, sides, dairy products and desserts: raw, cooked, starchy, fat, sweet, rich in calcium."""

from __future__ import annotations

from decimal import Decimal

from catering.recipes.attributes_composition import FRESH_RAW, MILKS, STARCHES, UNCOOKED, VEGETABLES, Composition
from catering.recipes.vocabulary import IngredientKind
from catering.rules.truth import Truth, above, at_least, below

K = IngredientKind


def raw_veg_or_fruit(dish: Composition) -> Truth:
    """NUT-01: raw vegetables or fresh fruit are at least the legal share of an uncooked dish."""
    if not dish.uncooked:
        return Truth.FALSE
    return dish.share_at_least(FRESH_RAW, dish.limits.raw_share)


def dessert_raw_fruit(dish: Composition) -> Truth:
    """NUT-02: raw fruit and nothing else, no added sugar (GEM-RCN)."""
    return Truth.of(dish.uncooked and dish.cover.kinds == {K.FRUIT})


def cooked_veg_side(dish: Composition) -> Truth:
    """NUT-03: cooked vegetables, pulses excluded, are at least the legal share of the side."""
    cooked = {K.VEGETABLE_COOKED} if dish.uncooked else VEGETABLES
    return dish.share_at_least(cooked, dish.limits.vegetable_share)


def starch_side(dish: Composition) -> Truth:
    """NUT-04: pulses, starches or cereals are at least the legal share; at equal parts the side is a vegetable."""
    return dish.share_at_least(STARCHES, dish.limits.starch_share) & ~cooked_veg_side(dish)


def _cheese(dish: Composition) -> Truth:
    return dish.share_at_least({K.CHEESE}, dish.limits.base_share)


def cheese_ca_ge150(dish: Composition) -> Truth:
    """NUT-05: a cheese with at least the high calcium limit per portion."""
    return _cheese(dish) & at_least(dish.cover.total("calcium_mg"), dish.limits.calcium_high)


def cheese_ca_100_150(dish: Composition) -> Truth:
    """NUT-06: a cheese from the low calcium limit to less than the high one, per portion."""
    calcium = dish.cover.total("calcium_mg")
    return _cheese(dish) & at_least(calcium, dish.limits.calcium_low) & below(calcium, dish.limits.calcium_high)


def dairy_ca_gt100_fat_lt5(dish: Composition) -> Truth:
    """NUT-07: a dairy product other than cheese, or a milk dessert, rich in calcium and lean, per portion."""
    milky = dish.share_at_least(MILKS, dish.limits.base_share)
    calcium = above(dish.cover.total("calcium_mg"), dish.limits.calcium_low)
    return milky & calcium & below(dish.cover.total("fat_g"), dish.limits.dairy_fat)


def fat_gt15(dish: Composition) -> Truth:
    """*Produit gras*: strictly above the limit, in g per 100 g as served."""
    return above(dish.per_100_g("fat_g"), dish.limit_per_100_g(dish.limits.gras))


def fried(dish: Composition) -> Truth:
    return Truth.of(dish.fried)


def fried_fat_gt15(dish: Composition) -> Truth:
    """NUT-13: to be fried or pre-fried, and *gras*."""
    return fried(dish) & fat_gt15(dish)


def sweet_and_not_fat(dish: Composition) -> Truth:
    """NUT-15: strictly more simple sugars per portion than the limit, and strictly less fat than a *produit gras*."""
    sweet = above(dish.cover.total("sugars_g"), dish.limits.sucre)
    return sweet & below(dish.per_100_g("fat_g"), dish.limit_per_100_g(dish.limits.gras))


def contains_starch(dish: Composition) -> Truth:
    """A main that already holds a portion of starch, pulses or cereals."""
    return at_least(dish.weight(STARCHES), dish.limits.starch_portion)


def fat_percent(dish: Composition) -> Decimal | None:
    """g of fat per 100 g as served, to be shown."""
    fat = dish.per_100_g("fat_g")
    return None if fat is None else fat / dish.cover.dish.served_g


__all__ = [
    "UNCOOKED",
    "cheese_ca_100_150",
    "cheese_ca_ge150",
    "contains_starch",
    "cooked_veg_side",
    "dairy_ca_gt100_fat_lt5",
    "dessert_raw_fruit",
    "fat_gt15",
    "fat_percent",
    "fried",
    "fried_fat_gt15",
    "raw_veg_or_fruit",
    "starch_side",
    "sweet_and_not_fat",
]
