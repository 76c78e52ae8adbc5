"""Closed vocabularies of ingredients and dishes; the allergens are those of the law."""

from enum import StrEnum

from catering.rules.allergens import Allergen as Allergen


class Family(StrEnum):
    """Product family of ma-cantine (regulations.md §1.2, MC-CODE)."""

    VIANDES_VOLAILLES = "VIANDES_VOLAILLES"
    CHARCUTERIE = "CHARCUTERIE"
    PRODUITS_DE_LA_MER = "PRODUITS_DE_LA_MER"
    FRUITS_ET_LEGUMES = "FRUITS_ET_LEGUMES"
    PRODUITS_LAITIERS = "PRODUITS_LAITIERS"
    BOULANGERIE = "BOULANGERIE"
    BOISSONS = "BOISSONS"
    AUTRES = "AUTRES"


class IngredientKind(StrEnum):
    """What an ingredient is, finely enough to derive the attributes of the arrêté."""

    BEEF = "beef"
    VEAL = "veal"
    LAMB = "lamb"
    PORK = "pork"
    POULTRY = "poultry"
    RABBIT = "rabbit"
    OFFAL = "offal"
    PROCESSED_MEAT = "processed_meat"
    FISH = "fish"
    SHELLFISH = "shellfish"
    EGG = "egg"
    CHEESE = "cheese"
    MILK = "milk"
    YOGHURT = "yoghurt"
    CREAM = "cream"
    BUTTER = "butter"
    OIL = "oil"
    VEGETABLE_RAW = "vegetable_raw"
    """Bought fresh; can be served raw or cooked."""
    VEGETABLE_COOKED = "vegetable_cooked"
    """Bought frozen, tinned or precooked."""
    MUSHROOM = "mushroom"
    POTATO = "potato"
    PULSE = "pulse"
    CEREAL = "cereal"
    PASTA_RICE = "pasta_rice"
    BREAD = "bread"
    FLOUR = "flour"
    FRUIT = "fruit"
    DRIED_FRUIT = "dried_fruit"
    NUT = "nut"
    SOY = "soy"
    SUGAR = "sugar"
    CHOCOLATE = "chocolate"
    CONDIMENT = "condiment"
    HERB_SPICE = "herb_spice"
    STOCK = "stock"
    GELATINE = "gelatine"
    DRINK = "drink"
    PASTRY_DOUGH = "pastry_dough"
    PLANT_PROTEIN = "plant_protein"
    COMPOTE = "compote"


class Frying(StrEnum):
    """Whether an ingredient is fried."""

    DEEP = "deep"
    """To be deep-fried in the kitchen: chips, doughnuts."""
    PREFRIED = "prefried"
    """Bought pre-fried: breaded fish, nuggets."""


class Slot(StrEnum):
    """Component of a meal, in the order of the tray."""

    STARTER = "starter"
    MAIN = "main"
    SIDE = "side"
    DAIRY = "dairy"
    DESSERT = "dessert"


class Technique(StrEnum):
    """How a dish is finished; ``deep_fried`` makes it a fried dish."""

    RAW = "raw"
    BOILED = "boiled"
    STEAMED = "steamed"
    BRAISED = "braised"
    ROASTED = "roasted"
    GRILLED = "grilled"
    BAKED = "baked"
    SAUTEED = "sauteed"
    DEEP_FRIED = "deep_fried"
    COLD_ASSEMBLED = "cold_assembled"
    NONE = "none"
