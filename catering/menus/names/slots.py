"""Which component of the meal a dish is, when the file does not say and the dish is not ours."""

from catering.menus.names.attributes import FISHES, FLESH, SEASONING, STARCHES
from catering.menus.names.words import Reading

MEATS = FLESH - FISHES - {"cured", "fat_cured", "shellfish"}
FRUITS = frozenset({"fruit", "sweet_fruit", "cooked_fruit", "dried_fruit", "fruit_salad"})
DESSERTS = frozenset({"pastry", "milk_dessert", "frozen"})
MAINS = MEATS | {"lean_fish", "salmon", "minced", "ball", "rolled", "breaded", "mixed", "plant", "soy", "egg"}


def slot_of_name(reading: Reading) -> str | None:
    """The component that the words of a name make sure of; None when they leave it open."""
    kinds, foods = reading.kinds, reading.kinds - SEASONING
    if not reading.whole or not foods:
        return None
    if foods & MEATS and "salad" not in kinds:
        return "main"
    for slot, sure in (
        ("dairy", foods <= {"cheese", "yoghurt", "fresh_dairy"}),
        ("dessert", foods <= FRUITS | DESSERTS and "starter" not in kinds and "composed" not in kinds),
        ("starter", "starter" in kinds and not foods & MAINS),
        ("starter", "fat_cured" in foods),
        ("starter", bool(foods) and foods <= {"raw_veg", "salad", "cheese"} and "raw_veg" in foods),
        ("side", foods <= {"cooked_veg", "veg", *STARCHES, "cheese"} and bool(foods & {"cooked_veg", *STARCHES})),
        ("main", bool(foods & MAINS) and not foods & {"salad", "raw_veg"}),
    ):
        if sure:
            return slot
    return None


def seasons_only(reading: Reading) -> bool:
    """Whether a name speaks of nothing but what seasons another dish: ketchup, gravy."""
    return reading.whole and reading.kinds <= {"neutral", "style", "rich_sauce"}
