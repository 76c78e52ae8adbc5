"""The 14 allergens that must be told (ALL-01)."""

from collections.abc import Mapping
from enum import StrEnum


class Allergen(StrEnum):
    """The 14 allergens of annex II of regulation (EU) 1169/2011."""

    GLUTEN = "gluten"
    CRUSTACEANS = "crustaceans"
    EGGS = "eggs"
    FISH = "fish"
    PEANUTS = "peanuts"
    SOY = "soy"
    MILK = "milk"
    NUTS = "nuts"
    CELERY = "celery"
    MUSTARD = "mustard"
    SESAME = "sesame"
    SULPHITES = "sulphites"
    LUPIN = "lupin"
    MOLLUSCS = "molluscs"


FRENCH: Mapping[Allergen, str] = {
    Allergen.GLUTEN: "gluten", Allergen.CRUSTACEANS: "crustacés", Allergen.EGGS: "œufs", Allergen.FISH: "poisson",
    Allergen.PEANUTS: "arachides", Allergen.SOY: "soja", Allergen.MILK: "lait", Allergen.NUTS: "fruits à coque",
    Allergen.CELERY: "céleri", Allergen.MUSTARD: "moutarde", Allergen.SESAME: "sésame",
    Allergen.SULPHITES: "sulfites", Allergen.LUPIN: "lupin", Allergen.MOLLUSCS: "mollusques",
}  # fmt: skip
"""As people say them."""
