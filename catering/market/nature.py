"""What a product is for hygiene and temperature, as far as its ingredient tells: defaults, and what cannot be."""

import re
from datetime import date

from catering.rules.hygiene import AnimalProduct, ProductCategory, categories_of
from catering.spelling import folded

RAW = re.compile(r"\bcrus?\b")
MINCED = re.compile(r"\b(hachee?s?|hachis|egrenee?s?|boulettes?|farces?|tartares?|chair (a|de|hachee))\b")
"""Words for meat that went through the mincer, in folded letters."""

BUTCHER = frozenset({AnimalProduct.BUTCHER_MEAT, AnimalProduct.MINCED_MEAT, AnimalProduct.MEAT_PRODUCT})
OTHER = frozenset({AnimalProduct.OTHER_MEAT, AnimalProduct.MINCED_MEAT, AnimalProduct.MEAT_PRODUCT})
SEA = frozenset({AnimalProduct.FISH, AnimalProduct.PROCESSED_FISH})
MILKY = frozenset({AnimalProduct.DAIRY, AnimalProduct.TREATED_EGG_OR_MILK, AnimalProduct.RAW_EGG_OR_MILK})
FARM_EGG = "oeuf"
"""The ingredient that is an egg in its shell: whatever a supplier writes, it needs a packing centre (HYG-04)."""
EGGS = frozenset({AnimalProduct.EGG_PRODUCT, AnimalProduct.RAW_EGG_OR_MILK})
"""What eggs out of their shell are: the dérogation leaves both out (HYG-03)."""
POSSIBLE: dict[str, frozenset[AnimalProduct]] = {
    "beef": BUTCHER,
    "veal": BUTCHER,
    "lamb": BUTCHER,
    "pork": BUTCHER,
    "poultry": OTHER,
    "rabbit": OTHER,
    "offal": OTHER,
    "processed_meat": frozenset({AnimalProduct.MEAT_PRODUCT}),
    "fish": SEA,
    "shellfish": SEA | {AnimalProduct.SNAIL},
    "egg": EGGS,
    "milk": frozenset({AnimalProduct.HEATED_MILK, AnimalProduct.RAW_EGG_OR_MILK}),
    "cheese": MILKY,
    "yoghurt": MILKY,
    "cream": MILKY,
    "butter": MILKY,
}
"""Per kind of ingredient, what its products may be; other kinds are no products of animals."""
USUAL: dict[str, AnimalProduct] = {
    **dict.fromkeys(("beef", "veal", "lamb", "pork"), AnimalProduct.BUTCHER_MEAT),
    **dict.fromkeys(("poultry", "rabbit", "offal"), AnimalProduct.OTHER_MEAT),
    **dict.fromkeys(("cheese", "yoghurt", "cream", "butter"), AnimalProduct.DAIRY),
    **dict.fromkeys(("fish", "shellfish"), AnimalProduct.FISH),
    "processed_meat": AnimalProduct.MEAT_PRODUCT,
    "egg": AnimalProduct.EGG_PRODUCT,
}
"""Milk is not among them: heated or raw decides whether it may be sold, and only its supplier knows."""
CATEGORIES: dict[str, ProductCategory] = {
    **dict.fromkeys(("beef", "veal", "lamb", "pork"), ProductCategory.MEAT_CUT),
    **dict.fromkeys(("poultry", "rabbit"), ProductCategory.POULTRY),
    **dict.fromkeys(("fish", "shellfish"), ProductCategory.FRESH_FISH),
    **dict.fromkeys(("egg", "milk"), ProductCategory.PRODUCER_DEFINED),
    **dict.fromkeys(("cream", "processed_meat"), ProductCategory.VERY_PERISHABLE),
    **dict.fromkeys(("yoghurt", "butter"), ProductCategory.PERISHABLE),
    "cheese": ProductCategory.PRODUCER_DEFINED,
    "offal": ProductCategory.OFFAL,
}
"""Per kind of ingredient, the usual temperature of a fresh product; everything else keeps at room temperature."""


def possible_products(slug: str, kind: str, *, minced: bool) -> frozenset[AnimalProduct]:
    """What products of an ingredient may be; empty for what is not of animals. Minced meat is nothing else."""
    if slug == FARM_EGG:
        return frozenset({AnimalProduct.SHELL_EGG})
    possible = POSSIBLE.get(kind, frozenset())
    return frozenset({AnimalProduct.MINCED_MEAT}) if minced and possible else possible


def usual_product(slug: str, kind: str, *, minced: bool) -> AnimalProduct | None:
    """What a product of an ingredient is when its supplier does not say; None when that must be said."""
    if slug == FARM_EGG:
        return AnimalProduct.SHELL_EGG
    usual = USUAL.get(kind)
    return AnimalProduct.MINCED_MEAT if minced and usual is not None else usual


def kept_as(kind: str, product: AnimalProduct | None, on: date) -> ProductCategory:
    """The category of a product whose supplier states none: as usual, unless what it is may not be sold so."""
    usual = usual_category(kind, minced=product is AnimalProduct.MINCED_MEAT)
    allowed = (usual,) if product is None else categories_of(product, kind, on)
    return usual if usual in allowed else allowed[0]


def says_raw(product: str) -> bool:
    """Whether the name of a product says that its milk is raw."""
    return RAW.search(folded(product)) is not None


def says_minced(product: str) -> bool:
    """Whether the name of a product says that its meat is minced."""
    return MINCED.search(folded(product)) is not None


def usual_category(kind: str, *, minced: bool) -> ProductCategory:
    """The temperature of a product of an ingredient when its supplier does not say."""
    if minced and kind in CATEGORIES:
        return ProductCategory.MINCED_MEAT
    return CATEGORIES.get(kind, ProductCategory.AMBIENT)
