"""Portions of a dish that people changed, by date, and how far the grammages let them go (decision 0098).

A grammage of GEM-RCN or of annexe II is about one part of the dish: the meat without its sauce, or the whole. The part
is weighed as served: what is edible of the protein ingredients, less what cooking takes away from the dish as a whole.
A dish that no grammage describes has no bounds, and is left as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from catering.recipes.attributes import DishFacts
from catering.recipes.models import PortionChange
from catering.recipes.rules import Cover, Dish, Ingredient, RecipeLine
from catering.recipes.vocabulary import IngredientKind, Slot, Technique
from catering.rules import RuleBook
from catering.rules.portions import recommended_grams
from catering.rules.truth import Truth

WHOLE = Decimal(1)
GRAMMAGES: Mapping[Slot, tuple[tuple[str, str], ...]] = {
    Slot.STARTER: (
        ("soup", "potage"),
        ("starchy_starter", "salade_feculent"),
        ("raw_veg_or_fruit_starter_or_side", "salade_composee"),
    ),
    Slot.MAIN: (
        ("complete_meat", "plat_compose"),
        ("main_fish", "poisson_filet"),
        ("main_egg", "omelette"),
        ("offal", "abats"),
        ("main_poultry", "saute_volaille"),
        ("main_beef", "saute_braise"),
        ("main_pork", "saute_braise"),
        ("main_lamb", "saute_braise"),
    ),
    Slot.SIDE: (
        ("side_pulse", "legumes_secs"),
        ("mash", "puree"),
        ("starch_side", "feculents"),
        ("cooked_veg_side", "legumes_cuits"),
    ),
    Slot.DAIRY: (("cheese", "fromage"), ("plain_yoghurt", "yaourt"), ("plain_fresh_cheese", "fromage_blanc")),
    Slot.DESSERT: (("dessert_raw_fruit", "fruit_cru"), ("pastry", "patisserie_fraiche")),
}
"""The grammage of catering/rules/nutrition/portions.csv that describes a dish: the first whose attribute it has."""
OF_THE_PROTEIN = frozenset({"poisson_filet", "omelette", "abats", "saute_volaille", "saute_braise"})
"""Grammages of the protein part alone; the others are of the whole dish."""

K = IngredientKind
PROTEINS = frozenset(
    {K.BEEF, K.VEAL, K.LAMB, K.PORK, K.POULTRY, K.RABBIT, K.OFFAL, K.PROCESSED_MEAT, K.FISH, K.SHELLFISH, K.EGG}
)


@dataclass(frozen=True, slots=True)
class PortionBounds:
    """Grams served of a whole cover, such that the part described weighs what ``grammage`` says, source and date kept.

    ``least`` to ``most`` may lie above or below today's portion; they are whole grams inside of the bounds.
    """

    grammage: str
    on: date
    least: int
    most: int

    def holds(self, served_g: int) -> bool:
        """Whether a portion keeps to the grammage."""
        return self.least <= served_g <= self.most


def grammage_of(facts: DishFacts) -> str | None:
    """The grammage that describes a dish; None when none does."""
    if facts.dish.technique is Technique.NONE and facts.dish.slot is Slot.MAIN:
        return None
    true = {name for name, truth in facts.attributes.items() if truth is Truth.TRUE}
    return next((grammage for attribute, grammage in GRAMMAGES[facts.dish.slot] if attribute in true), None)


def portion_bounds(
    facts: DishFacts, ingredients: Mapping[str, Ingredient], on: date, book: RuleBook | None = None
) -> PortionBounds | None:
    """Portions that keep to the grammage of a dish on a date; None when no grammage describes it."""
    grammage = grammage_of(facts)
    if grammage is None:
        return None
    share = WHOLE
    if grammage in OF_THE_PROTEIN:
        part = protein_part(Cover(facts.dish, ingredients))
        if not part:
            return None
        share = part / facts.dish.served_g
    lightest, heaviest = recommended_grams(grammage, on, book)
    least = (lightest / share).to_integral_value(ROUND_CEILING)
    most = (heaviest / share).to_integral_value(ROUND_FLOOR)
    return PortionBounds(grammage, on, int(least), int(most)) if least <= most else None


def protein_part(cover: Cover) -> Decimal:
    """Grams as served of meat, fish and eggs: edible grams x cooking yield, which counts for 1 at most."""
    raw = sum((grams for food, grams in cover.parts if food.kind in PROTEINS), Decimal(0))
    return raw * min(WHOLE, cover.cooking_yield)


def changed_dish(dish: Dish, served_g: int) -> Dish:
    """The fiche with another portion: every ingredient in proportion, whole grams half-up, 1 g at least."""
    lines = tuple(RecipeLine(line.ingredient, scaled_grams(line.grams, served_g, dish.served_g)) for line in dish.lines)
    return replace(dish, served_g=served_g, lines=lines)


def at_portion(dish: Dish, served_g: int | None) -> Dish:
    """The fiche at a portion; as it is where none is given."""
    return dish if served_g in (None, dish.served_g) else changed_dish(dish, served_g)


def scaled_grams(grams: int, served_g: int, before_g: int) -> int:
    """Grams of an ingredient once the portion is another."""
    return max(1, int((Decimal(grams) * served_g / before_g).quantize(WHOLE, ROUND_HALF_UP)))


def in_force(changes: Iterable[PortionChange], on: date, kitchen_id: int | None = None) -> dict[int, PortionChange]:
    """The change that holds for each dish on a day, by dish row id: the one decided last of those that hold.

    What was decided for a kitchen goes before what was decided for all; without a kitchen only the latter count.
    """
    there = [each for each in changes if each.kitchen_id is None or each.kitchen_id == kitchen_id]
    return {
        each.dish_id: each
        for each in sorted(there, key=lambda each: (each.kitchen_id is not None, each.id))
        if each.valid_from <= on and (each.valid_to is None or on <= each.valid_to)
    }


@dataclass
class Portions:
    """Grams of a cover of the dishes that somebody changed, by kitchen and day. ``slugs`` names them by row id."""

    changes: Sequence[PortionChange]
    slugs: Mapping[int, str]
    _found: dict[tuple[int, date], Mapping[str, int]] = field(default_factory=dict)

    def served_g(self, kitchen_id: int, on: date) -> Mapping[str, int]:
        """By slug; dishes that keep the portion of their fiche are left out."""
        if not self.changes:
            return {}
        if (kitchen_id, on) not in self._found:
            held = in_force(self.changes, on, kitchen_id)
            self._found[kitchen_id, on] = {self.slugs[dish]: change.served_g for dish, change in held.items()}
        return self._found[kitchen_id, on]


def with_portions(dishes: Mapping[str, Dish], served_g: Mapping[str, int]) -> dict[str, Dish]:
    """Fiches with the portions of ``served_g`` (by slug); the others as they are."""
    return {slug: changed_dish(dish, served_g[slug]) if slug in served_g else dish for slug, dish in dishes.items()}
