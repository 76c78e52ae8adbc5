"""What the words of a dish name make sure of, for dishes that are not ours; everything else stays unknown.

Two rules hold throughout. A food that is named is in the dish: one word of flesh is enough to say that it is not
vegetarian. A food that is not named is only absent when every word of the name is known; one word that the lexicon does
not know leaves open whatever it could bring. Figures (fat, calcium, sugars) follow from words only where foods of that
name all lie on one side of the limit, as docs/decisions/0066-names-are-read-not-guessed.md lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from catering.menus.names.words import Reading
from catering.rules.truth import Truth

RED = frozenset({"beef", "veal", "lamb", "offal"})
FISHES = frozenset({"lean_fish", "fish", "salmon"})
WHITE = frozenset({"pork", "poultry", "rabbit"})
FLESH = RED | FISHES | WHITE | {"cured", "fat_cured", "sausage", "shellfish"}
SHAPED = frozenset({"minced", "ball", "rolled", "breaded", "sausage", "composed", "mixed", "fat_cured", "dish"})
"""Forms in which the named food is mixed with others that are not named."""
VEGETABLES = frozenset({"cooked_veg", "veg"})
STARCHES = frozenset({"starch", "fried_starch", "pulse"})
SEASONING = frozenset(
    {"neutral", "style", "raw_mark", "rich_sauce", "sweet", "starter", "dried_fruit", "soup", "gratin"}
    | {"stock", "perhaps_flesh", "usual_flesh"}
)
LIGHT = frozenset(
    {
        "raw_veg",
        "fruit",
        "sweet_fruit",
        "cooked_veg",
        "veg",
        "salad",
        "pulse",
        "neutral",
        "style",
        "raw_mark",
        "starter",
    }
)
MEATLESS = frozenset(
    {"fruit", "sweet_fruit", "dried_fruit", "cooked_fruit", "fruit_salad", "raw_veg", "salad", "cooked_veg", "veg"}
    | {"starch", "fried_starch", "pulse", "soy", "plant", "egg", "cheese", "yoghurt", "fresh_dairy"}
    | {"sweet", "neutral", "style", "raw_mark", "rich_sauce", "starter", "gratin"}
)  # fmt: skip
"""Kinds that no meat, fish or gelatine is made of."""
LEAN = frozenset({"beef", "veal", "poultry", "rabbit", "pork", "lean_fish"})
YES, NO, OPEN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@dataclass(frozen=True, slots=True)
class Named:
    """What a name says: its kinds, whether every word is known, whether somebody marked the dish as vegetarian."""

    reading: Reading
    marked_vegetarian: bool = False

    @property
    def kinds(self) -> frozenset[str]:
        return self.reading.kinds

    @property
    def whole(self) -> bool:
        """Whether every food is named: a salad in the style of a place has what that place puts in it."""
        return self.reading.whole and not {"salad", "style"} <= self.kinds

    @property
    def foods(self) -> frozenset[str]:
        """The kinds without what seasons them."""
        return self.kinds - SEASONING

    @property
    def flesh(self) -> frozenset[str]:
        return frozenset() if self.plant else self.kinds & FLESH

    @property
    def said_without_flesh(self) -> bool:
        """Whether its name or who wrote the menu says so."""
        return self.marked_vegetarian or "plant" in self.kinds

    @property
    def contradicted(self) -> bool:
        """Whether it is said to be without flesh though its name tells some: the name is believed (VEG-01)."""
        return self.said_without_flesh and self.reading.flesh_told

    @property
    def doubtful(self) -> bool:
        """Whether it is said to be without flesh though a dish of that name usually has some: nothing is sure."""
        return self.said_without_flesh and self.reading.flesh_usual and not self.reading.flesh_told

    @property
    def plant(self) -> bool:
        """Whether it says that it is made without flesh: then the flesh it names is imitated."""
        return self.said_without_flesh and not (self.contradicted or self.doubtful)

    def any(self, kinds: Iterable[str]) -> bool:
        return not self.kinds.isdisjoint(kinds)

    def only(self, kinds: Iterable[str]) -> bool:
        """Whether every word is known, and all foods it names are of these kinds."""
        return self.whole and bool(self.foods) and self.foods <= frozenset(kinds)

    def none(self, kinds: Iterable[str]) -> bool:
        """Whether every word is known, and no food it names is of these kinds."""
        return self.whole and not self.any(kinds)


def surely(*answers: tuple[bool, Truth]) -> Truth:
    """The truth of the first condition that holds; unknown when none does."""
    return next((truth for holds, truth in answers if holds), OPEN)


def attributes_of_name(slot: str, named: Named) -> Mapping[str, Truth]:
    """What a name makes sure of in a component: true and false; an attribute that is not there is unknown."""
    if named.doubtful:
        return {}
    decide = {**_VEGETARIAN, **_BY_SLOT[slot]}
    truths = {attribute: decision(named) for attribute, decision in decide.items()}
    return {attribute: truth for attribute, truth in truths.items() if truth is not OPEN}


def _vegetarian(named: Named) -> Truth:
    return surely(
        (named.plant, YES),
        (bool(named.flesh) or "stock" in named.kinds, NO),
        (named.whole and named.kinds <= MEATLESS and not named.any({"soup"}), YES),
    )


def _raw(named: Named) -> Truth:
    """Raw vegetables or fruit; a green salad alone is one, a bowl of many things is not told."""
    fresh = {"raw_veg", "fruit", "sweet_fruit", "salad"}
    return surely(
        (named.only(fresh) and not named.any({"cooked_fruit"}), YES),
        ("fat_cured" in named.kinds and not named.any({"salad", *fresh}), NO),
        (named.none({*fresh, "veg", "fruit_salad", "raw_mark", "dish"}), NO),
    )


def _raw_side(named: Named) -> Truth:
    return surely((named.only({"raw_veg", "salad"}), YES), (named.none({"raw_veg", "salad", "fruit"}), NO))


def _starter_fat(named: Named) -> Truth:
    green = named.whole and named.kinds <= LIGHT
    starchy = named.whole and named.kinds <= LIGHT | {"starch"} and not named.any({"salad"})
    return surely(("fat_cured" in named.kinds and not named.any({"salad", "raw_veg"}), YES), (green or starchy, NO))


def _no_cheese(named: Named) -> Truth:
    return surely((named.none({"cheese", "composed", "pastry", "dish"}), NO))


def _cooked_veg(named: Named) -> Truth:
    return surely(
        (named.only(VEGETABLES | {"cheese"}) and named.any(VEGETABLES), YES),
        (named.none(VEGETABLES | {"salad", "composed", "dish"}), NO),
    )


def _starch(named: Named) -> Truth:
    return surely(
        (named.only(STARCHES | {"cheese"}) and named.any(STARCHES), YES),
        (named.none(STARCHES | {"salad", "composed", "dish"}), NO),
    )


def _fried_side(named: Named) -> Truth:
    return surely((named.none({"fried_starch", "breaded", "pastry", "composed"}), NO))


def _red_meat(named: Named) -> Truth:
    meat = named.flesh
    return surely(
        (bool(meat & RED) and named.whole and not named.any(SHAPED) and not meat - RED, YES),
        (named.any({"minced", "rolled", "breaded", "sausage"}) and not named.any({"dish"}), NO),
        (named.plant or (bool(meat) and meat.isdisjoint(RED) and named.none(RED)), NO),
        (named.whole and not meat and named.only(MEATLESS), NO),
    )


def _fish(named: Named) -> Truth:
    meat = named.flesh
    lean = named.only({"lean_fish", "whole"} | VEGETABLES) and "rich_sauce" not in named.kinds
    return surely(
        ("lean_fish" in meat and lean, YES),
        (named.plant or (bool(meat) and meat.isdisjoint(FISHES)), NO),
        (named.any({"breaded", "mixed"}), NO),
        (_salmon(named), NO),
        (named.only(MEATLESS), NO),
    )


def _salmon(named: Named) -> bool:
    return "salmon" in named.kinds and named.only({"salmon", "whole"} | VEGETABLES)


def _preparation(named: Named) -> Truth:
    meat = named.flesh
    piece = named.whole and bool(meat - {"shellfish", "sausage", "cured"}) and not named.any(SHAPED)
    patty = (
        named.whole and meat == {"beef"} and "minced" in named.kinds and not named.any({"ball", "composed", "mixed"})
    )
    return surely(
        (bool(meat) and named.any({"breaded", "mixed"}), YES),
        (piece or patty, NO),
        (named.only({"egg", "cheese"}) and "egg" in named.kinds, NO),
        (named.plant and not named.any({"egg"}), NO),
        (named.only(MEATLESS - {"egg"}), NO),
    )


def _fried_main(named: Named) -> Truth:
    return surely((named.none({"fried_starch", "breaded", "composed", "dish", "pastry", "plant", "ball"}), NO))


def _fat_ge_protein(named: Named) -> Truth:
    lean = named.only(LEAN | {"whole"} | VEGETABLES) and not named.any(SHAPED | {"rich_sauce"})
    return surely(
        ("sausage" in named.kinds and bool(named.flesh) and not named.any({"poultry", "composed", "pulse"}), YES),
        (lean and bool(named.flesh), NO),
        (_salmon(named) and "rich_sauce" not in named.kinds, NO),
        (named.plant and named.none({"cheese", "egg"}), NO),
        (named.only(MEATLESS - {"egg", "cheese"}), NO),
    )


def _vegetarian_dish(*, of: frozenset[str], before: frozenset[str] = frozenset()) -> Callable[[Named], Truth]:
    """A vegetarian main dish based on some foods, unless it is based on others first."""

    def decide(named: Named) -> Truth:
        vegetarian = _vegetarian(named)
        return surely(
            (vegetarian is NO, NO),
            (vegetarian is YES and named.any(of) and not named.any(before), YES),
            (vegetarian is YES and named.none(of | {"composed", "dish", "plant", "cheese"}), NO),
        )

    return decide


def _cheese_is_no_laitage(named: Named) -> Truth:
    return surely(
        (named.only({"yoghurt", "fruit", "sweet_fruit", "cooked_fruit"}) and named.any({"yoghurt"}), YES),
        (named.only({"cheese"}), NO),
        (named.none({"fresh_dairy", "milk_dessert", "yoghurt", "frozen", "cheese"}), NO),
    )


def _dessert_raw(named: Named) -> Truth:
    cooked = {"cooked_fruit", "pastry", "milk_dessert", "frozen", "yoghurt", "fresh_dairy", "sweet"}
    return surely(
        (named.only({"fruit", "sweet_fruit"}) and not named.any({*cooked, "dried_fruit"}), YES),
        (named.any({"cooked_fruit", "pastry", "milk_dessert", "frozen"}) and not named.any({"fruit_salad"}), NO),
        (named.none({"fruit", "fruit_salad", "dish"}), NO),
    )


def _dessert_fat(named: Named) -> Truth:
    return surely((named.only({"fruit", "sweet_fruit", "cooked_fruit", "fruit_salad"}) and _plain(named), NO))


def _dessert_sweet(named: Named) -> Truth:
    return surely((named.only({"fruit", "sweet_fruit"}) and _plain(named) and not named.any({"cooked_fruit"}), NO))


def _plain(named: Named) -> bool:
    return not named.any({"dried_fruit", "sweet", "rich_sauce"})


_VEGETARIAN: Mapping[str, Callable[[Named], Truth]] = {"vegetarian": _vegetarian}
_BY_SLOT: Mapping[str, Mapping[str, Callable[[Named], Truth]]] = {
    "starter": {
        "raw_veg_or_fruit_starter_or_side": _raw,
        "starter_fat_gt15": _starter_fat,
        "cheese_ca_ge150": _no_cheese,
        "cheese_ca_100_150": _no_cheese,
    },
    "main": {
        "red_meat_unground_or_offal": _red_meat,
        "fish_ge70_pl_ge2": _fish,
        "protein_prep_lt70": _preparation,
        "fried_fat_gt15": _fried_main,
        "protein_dish_fat_ge_protein": _fat_ge_protein,
        "veg_dish_pulses_or_wholegrain": _vegetarian_dish(of=frozenset({"pulse"})),
        "veg_dish_egg": _vegetarian_dish(of=frozenset({"egg"}), before=frozenset({"pulse", "soy"})),
        "veg_dish_soy": _vegetarian_dish(of=frozenset({"soy"})),
        "veg_dish_cheese": _vegetarian_dish(of=frozenset()),
        "veg_dish_processed_plant_protein": _vegetarian_dish(of=frozenset()),
    },
    "side": {
        "raw_veg_or_fruit_starter_or_side": _raw_side,
        "cooked_veg_side": _cooked_veg,
        "starch_side": _starch,
        "fried_fat_gt15": _fried_side,
    },
    "dairy": {
        "cheese_ca_ge150": _no_cheese,
        "cheese_ca_100_150": _no_cheese,
        "dairy_ca_gt100_fat_lt5": _cheese_is_no_laitage,
    },
    "dessert": {
        "dessert_raw_fruit": _dessert_raw,
        "dessert_fat_gt15": _dessert_fat,
        "dessert_sugar_gt20_fat_lt15": _dessert_sweet,
        "dairy_ca_gt100_fat_lt5": _cheese_is_no_laitage,
    },
}
"""The attributes that a name may decide in each component. A figure of them all: below or above the limit for every
food of that name, whoever makes it."""
