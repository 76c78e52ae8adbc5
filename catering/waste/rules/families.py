"""Family in which a dish stands while few have weighed it: its component of the meal, and what it is made of."""

from collections.abc import Collection, Mapping

MEATS = ("main_fish", "main_poultry", "main_pork", "main_beef", "main_lamb", "main_egg", "main_cheese", "main_pulse")
BY_SLOT: Mapping[str, tuple[str, ...]] = {
    "starter": ("soup", "protein_starter", "starchy_starter", "fruit_starter", "raw_veg_or_fruit_starter_or_side"),
    "main": MEATS,
    "side": ("cooked_veg_side", "starch_side"),
    "dairy": ("cheese", "milky"),
    "dessert": ("dessert_raw_fruit", "pastry", "milky"),
}
"""Derived attributes of the dish, the first that it has being its family; dishes without any are a family too."""


def family_of(slot: str, attributes: Collection[str]) -> str:
    """The family of a dish, e.g. ``main.main_fish``; the attributes are those that are true."""
    return f"{slot}.{next((name for name in BY_SLOT[slot] if name in attributes), 'other')}"
