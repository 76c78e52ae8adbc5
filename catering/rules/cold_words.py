"""Whether the name of a product, or its pack, says that it does not keep at room temperature (HYG-T-*)."""

import re
from collections.abc import Collection
from datetime import date

from catering.rules.hygiene import ProductCategory
from catering.rules.product_words import Says, said
from catering.rules.temperatures import temperature

GROWN = frozenset(["vegetable_raw", "vegetable_cooked", "fruit", "mushroom", "potato", "herb_spice"])
"""Kinds of ingredients that keep as they grew, and no longer once they are peeled, cut or under vacuum."""
PREPARED = frozenset(
    ["pasta_rice", "pastry_dough", "compote", "soy", "plant_protein", "pulse", "condiment", "stock", "drink"]
)
"""Kinds that are dry, tinned or bottled unless they are called fresh."""
COOKED = frozenset(["pulse", "cereal", "pasta_rice"])
"""Kinds that keep dry, under vacuum too, and no longer once they are cooked."""
DEGREES = re.compile(
    r"(?<![0-9,.])\+\s?([0-9]{1,2})(?=\s?(?:[°º/,)]|c\b|à|et\b|$))|(?<![0-9,.])([0-9]{1,2})\s?[°º]\s?c\b", re.IGNORECASE
)
"""« +4 », « 4 °C »; « 6° » is a vinegar."""
ONCE_OPEN = re.compile(r"apr[eè]s (?:l')?ouverture", re.IGNORECASE)


def keeps_cold(text: str, kind: str, on: date, besides: Collection[str] = ()) -> bool:
    """Whether a text says that a product is kept cold.

    Args:
        text: the name of the product, with its pack.
        kind: of its ingredient.
        on: day of the law.
        besides: words of the ingredient's own name, which say nothing.
    """
    says = said(text, on, besides)
    if says & {Says.COLD, Says.USE_BY} or _cold_degrees(text, on):
        # A jar to be kept cold once it is open keeps well until then.
        return ONCE_OPEN.search(text) is None
    if Says.KEEPS in says:
        return False
    cooked = says >= {Says.MADE, Says.CUT} and kind in COOKED
    return cooked or (Says.CUT in says and kind in GROWN) or (Says.FRESH in says and kind in PREPARED)


def _cold_degrees(text: str, on: date) -> bool:
    """Whether a temperature is written that is one of the cold: no warmer than what is perishable may be."""
    warmest = temperature(ProductCategory.PERISHABLE, on).celsius
    assert warmest is not None, "a test holds that what is perishable has a limit"
    return any(int(found[1] or found[2]) <= warmest for found in DEGREES.finditer(text))
