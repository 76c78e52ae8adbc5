"""What a product is for hygiene and temperature, as far as its ingredient tells: defaults, and what cannot be."""

from datetime import date

from catering.rules.cold_words import keeps_cold
from catering.rules.hygiene import AnimalProduct, ProductCategory, categories_of
from catering.rules.product_words import Says, said
from catering.rules.temperatures import usual_categories

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
    "processed_meat": frozenset({AnimalProduct.MEAT_PRODUCT, AnimalProduct.MINCED_MEAT}),
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
WITHOUT_COLD = frozenset({ProductCategory.AMBIENT, ProductCategory.PRODUCER_DEFINED})
"""Categories without a temperature of the law."""


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


def kept_as(kind: str, product: AnimalProduct | None, on: date, name: str = "") -> ProductCategory:
    """The category of a product whose supplier states none: frozen or cold when its name says so, else as usual, unless
    what it is may not be sold so."""
    if name and (frozen := frozen_as(name, kind, product, on)) is not None:
        return frozen
    usual = usual_category(kind, minced=product is AnimalProduct.MINCED_MEAT)
    if usual in WITHOUT_COLD and name and product is None and keeps_cold(name, kind, on):
        return ProductCategory.VERY_PERISHABLE
    allowed = (usual,) if product is None else categories_of(product, kind, on)
    return usual if usual in allowed else allowed[0]


def frozen_as(name: str, kind: str, product: AnimalProduct | None, on: date) -> ProductCategory | None:
    """In which frozen category a product is sold whose name says that it is frozen; None when the name says nothing.

    *Surgelé* is at -18 °C, like minced meat and fish that are frozen in any way; what else is *congelé* at -12 °C.
    """
    says = said(name, on)
    if not says & {Says.DEEP_FROZEN, Says.FROZEN}:
        return None
    congele = ProductCategory.FROZEN_OTHER
    colder = Says.DEEP_FROZEN in says or (product is not None and congele not in categories_of(product, kind, on))
    return ProductCategory.FROZEN_MINCED_FISH_SURGELE if colder else congele


def usual_category(kind: str, *, minced: bool) -> ProductCategory:
    """The temperature of a product of an ingredient when its supplier does not say."""
    if minced and kind in POSSIBLE:
        return ProductCategory.MINCED_MEAT
    return usual_categories().get(kind, ProductCategory.AMBIENT)
