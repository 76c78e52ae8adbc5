"""What a chef looks at before the law does: the key vegetable, the starch, the pastry, the species of a dish.

These attributes serve the house rules (``catering/rules/house``): no carrots twice on a day, no potato salad before
pasta, no pastry at both ends of the meal. They are read from the weights of the fiche technique, like those of the law.
Figures are the platform's own reading (``LEC-…``), never a figure of the law.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from functools import partial

from catering.recipes.attributes_composition import FLESH, MILKS, STARCHES, VEGETABLES, Composition, Keep
from catering.recipes.attributes_plate import contains_starch, cooked_veg_side, dessert_raw_fruit, starch_side
from catering.recipes.attributes_protein import based_on, in_main_family, red_meat_unground_or_offal
from catering.recipes.rules import Ingredient
from catering.recipes.vocabulary import IngredientKind, Slot, Technique
from catering.rules.truth import Truth, at_least

K = IngredientKind
S = Slot

KEY_VEGETABLES: Mapping[str, re.Pattern[str]] = {
    "carrot": re.compile(r"carotte"),
    "tomato": re.compile(r"tomate"),
    "cabbage": re.compile(r"\bchoux?\b(?!-)|choucroute"),
    "beetroot": re.compile(r"betterave"),
    "endive": re.compile(r"endive"),
    "leek": re.compile(r"poireau"),
    "squash": re.compile(r"potimarron|potiron|\bcourges?\b"),
    "cucumber": re.compile(r"concombre"),
    "celery": re.compile(r"céleri"),
    "salad": re.compile(r"laitue|salade|frisée|mâche|cresson|roquette"),
    "macedoine": re.compile(r"macédoine"),
    "courgette": re.compile(r"courgette|ratatouille"),
}
"""The vegetables that the seasons of the north bring back most often, by the words of an ingredient's name."""

FISH_SPECIES: Mapping[str, re.Pattern[str]] = {
    "colin": re.compile(r"colin"),
    "lieu_noir": re.compile(r"lieu noir"),
    "merlan": re.compile(r"merlan"),
}
"""The species with enough dishes, cheap enough, to come back every week if nobody minds."""

KEY_FRUITS: Mapping[str, re.Pattern[str]] = {
    "apple": re.compile(r"\bpommes?\b(?! de terre)"),
    "pear": re.compile(r"\bpoires?\b"),
    "banana": re.compile(r"banane"),
    "orange": re.compile(r"\borange\b"),
    "kiwi": re.compile(r"kiwi"),
    "pineapple": re.compile(r"ananas"),
}
"""The fruits that are cheap for months on end, by the words of an ingredient's name."""

_AROMATIC = re.compile(r"oignon|échalote|\bail\b|concentré")
_GREEN = re.compile(r"haricots? (?:verts?|beurre)|petits pois|épinard|brocoli|courgette|blette|poireau")
_RICE = re.compile(r"\briz\b")
_YOGHURT = re.compile(r"yaourt(?!.*(?:fruit|vanille))")
_FRESH_CHEESE = re.compile(r"(?:fromage blanc|faisselle|petit-suisse|skyr)(?!.*fruit)")
_LICQUES = re.compile(r"licques")
_PROCESSED_CHEESE = re.compile(r"fromage fondu")
_WHITE_SUGAR = re.compile(r"\bsucre\b")
_LANDED = re.compile(
    r"lieu noir|merlan|cabillaud|églefin|maquereau|hareng frais|rouget|plie|limande|\bsole\b|roussette|tacaud|grondin"
    r"|julienne|merlu|\braie\b|sardine fraîche|encornet|seiche"
)
"""Species sold at the fish auction of Boulogne-sur-Mer (FranceAgriMer, ventes en halle à marée)."""
_NOT_FRESH = re.compile(r"surgelé|boîte|fumé|pané|mariné")

DOUGHS = frozenset({K.FLOUR, K.PASTRY_DOUGH, K.BREAD})
_OVEN = frozenset({Technique.BAKED, Technique.GRILLED, Technique.ROASTED, Technique.SAUTEED, Technique.DEEP_FRIED})


def _named(words: re.Pattern[str], *kinds: IngredientKind) -> Keep:
    return lambda ingredient: ingredient.kind in kinds and words.search(ingredient.name.lower()) is not None


def _vegetable(ingredient: Ingredient) -> bool:
    return ingredient.kind in VEGETABLES and _AROMATIC.search(ingredient.name.lower()) is None


def key_vegetable(dish: Composition, words: re.Pattern[str]) -> Truth:
    """A vegetable that the diner tells by name: enough of it, and a fair share of the vegetables, aromatics aside."""
    vegetables = dish.weight_where(_vegetable)
    key = dish.weight_where(lambda each: _vegetable(each) and words.search(each.name.lower()) is not None)
    share = None if vegetables is None else dish.limits.key_share * vegetables
    return at_least(key, dish.limits.key_portion) & at_least(key, share)


def soup(dish: Composition) -> Truth:
    """A starter boiled, or mixed cold, and served by the bowl."""
    bowl = dish.cover.dish.served_g >= dish.limits.soup_portion
    return Truth.of(bowl and (dish.uncooked or dish.cover.dish.technique is Technique.BOILED))


def pastry(dish: Composition) -> Truth:
    """A tart, pizza, cake, biscuit or pancake: flour, dough or bread out of the oven, or such bread alone."""
    doughs = dish.weight(DOUGHS)
    if dish.slot is S.MAIN:
        return at_least(doughs, dish.limits.pastry_portion)
    baked = Truth.of(dish.cover.dish.technique in _OVEN and dish.has(DOUGHS | {K.CEREAL}))
    return baked | (Truth.of(dish.uncooked) & dish.share_at_least(DOUGHS, dish.limits.base_share))


def starchy_starter(dish: Composition) -> Truth:
    """A starter of potatoes, cereals, pulses or dough: the starch of the meal. A soup is one only by its pulses."""
    light = soup(dish) & ~at_least(dish.weight({K.PULSE}), dish.limits.starch_portion)
    return (dish.share_at_least(STARCHES, dish.limits.starch_share) | pastry(dish)) & ~light


def fruit_starter(dish: Composition) -> Truth:
    return dish.share_at_least({K.FRUIT}, dish.limits.base_share)


def protein_starter(dish: Composition) -> Truth:
    """A starter of egg, fish or charcuterie."""
    return at_least(dish.weight(FLESH | {K.EGG}), dish.limits.key_portion)


def apple(dish: Composition) -> Truth:
    """Apple in a starter, or a dessert that is mostly apple, raw or cooked."""
    share = dish.limits.base_share if dish.slot is S.DESSERT else dish.limits.key_share
    apples = dish.weight_where(_named(KEY_FRUITS["apple"], K.FRUIT, K.COMPOTE))
    return at_least(apples, dish.limits.key_portion) & at_least(
        apples, None if dish.whole is None else share * dish.whole
    )


def key_fruit(dish: Composition, words: re.Pattern[str]) -> Truth:
    """A dessert of raw fruit in which the diner tells this one: enough of it, and a fair share of the fruit."""
    part = dish.weight_where(_named(words, K.FRUIT))
    share = None if dish.whole is None else dish.limits.key_share * dish.whole
    return dessert_raw_fruit(dish) & at_least(part, dish.limits.key_portion) & at_least(part, share)


def short_season_fruit(dish: Composition) -> Truth:
    """A dessert of raw fruit, mostly of fruit in season a few months a year: strawberry, melon, grape, clementine."""
    part = dish.weight_where(lambda each: each.kind is K.FRUIT and len(each.months) <= dish.limits.short_season)
    share = None if dish.whole is None else dish.limits.base_share * dish.whole
    return dessert_raw_fruit(dish) & at_least(part, share)


def plain_dairy(dish: Composition, words: re.Pattern[str]) -> Truth:
    """Yoghurt or fresh cheese of this name, with sugar or without, and nothing else to tell it from the next one."""
    named, sugar = _named(words, K.YOGHURT), _named(_WHITE_SUGAR, K.SUGAR)
    other = dish.weight_where(lambda each: not named(each) and not sugar(each))
    part = dish.weight_where(named)
    return Truth.UNKNOWN if part is None or other is None else Truth.of(part > 0 and other == 0)


def processed_cheese(dish: Composition) -> Truth:
    """A cheese melted and moulded in a factory, in foil or in a tub."""
    melted = dish.weight_where(_named(_PROCESSED_CHEESE, K.CHEESE))
    share = None if dish.whole is None else dish.limits.base_share * dish.whole
    return cheese(dish) & at_least(melted, share)


def with_apple(dish: Composition) -> Truth:
    """Apple enough to be noticed, raw, stewed or in a cake."""
    return at_least(dish.weight_where(_named(KEY_FRUITS["apple"], K.FRUIT, K.COMPOTE)), dish.limits.key_portion)


def milky(dish: Composition) -> Truth:
    """Milk, yoghurt, fromage blanc or a milk dessert, as opposed to cheese, fruit and pastry."""
    return dish.share_at_least(MILKS, dish.limits.base_share) & ~pastry(dish)


def rice_pudding(dish: Composition) -> Truth:
    return milky(dish) & Truth.of(dish.weight_where(_named(_RICE, K.PASTA_RICE)) != 0)


def milk_drink(dish: Composition) -> Truth:
    return dish.share_at_least({K.MILK}, dish.limits.base_share)


def cheese(dish: Composition) -> Truth:
    return dish.share_at_least({K.CHEESE}, dish.limits.base_share)


def regional(dish: Composition) -> Truth:
    """The fiche honours a product of the north."""
    return Truth.of(bool(dish.cover.dish.regional))


def regional_cheese(dish: Composition) -> Truth:
    return regional(dish) & cheese(dish)


def mash(dish: Composition) -> Truth:
    """Vegetables or potatoes boiled and mashed with milk or cream."""
    boiled = dish.cover.dish.technique is Technique.BOILED
    return Truth.of(boiled and dish.has(MILKS) and not dish.has({K.PASTA_RICE, K.CEREAL, K.PULSE}))


def green_vegetables(dish: Composition) -> Truth:
    """A side whose vegetables are mostly green: beans, peas, spinach, broccoli, courgettes, leeks."""
    vegetables = dish.weight_where(_vegetable)
    green = dish.weight_where(lambda each: _vegetable(each) and _GREEN.search(each.name.lower()) is not None)
    share = None if vegetables is None else dish.limits.base_share * vegetables
    return cooked_veg_side(dish) & at_least(green, share)


_STARCH_GROUPS: Mapping[str, Keep] = {
    "potato": lambda each: each.kind is K.POTATO,
    "pasta": lambda each: each.kind is K.PASTA_RICE and _RICE.search(each.name.lower()) is None,
    "rice": _named(_RICE, K.PASTA_RICE),
    "grain": lambda each: each.kind is K.CEREAL,
    "pulse": lambda each: each.kind is K.PULSE,
}


def starch_of_side(dish: Composition, group: str) -> Truth:
    """A starchy side whose heaviest starch, once cooked, is of this group; at equal weights of each of them."""
    weights = {name: dish.weight_where(keep) for name, keep in _STARCH_GROUPS.items()}
    if any(weight is None for weight in weights.values()):
        return starch_side(dish) & Truth.UNKNOWN
    heaviest = max(weight or Decimal(0) for weight in weights.values())
    return starch_side(dish) & Truth.of(heaviest > 0 and weights[group] == heaviest)


def vegetables_without_starch(dish: Composition) -> Truth:
    """A main that brings its own vegetables but no starch."""
    return at_least(dish.weight_where(_vegetable), dish.limits.vegetable_portion) & ~contains_starch(dish)


def complete_meat(dish: Composition) -> Truth:
    """A dish of meat or fish with its starch: hachis, lasagne, couscous, paella, cassoulet."""
    return based_on(dish, "flesh") & contains_starch(dish)


def _of_the_flesh(dish: Composition, keep: Keep) -> Truth:
    part, flesh = dish.weight_where(lambda each: each.kind in FLESH and keep(each)), dish.weight(FLESH)
    if part is None or flesh is None:
        return Truth.UNKNOWN
    return Truth.of(part > 0 and part >= dish.limits.base_share * flesh)


def minced(dish: Composition) -> Truth:
    """Minced meat is most of the flesh: steak haché, meatballs, bolognese, hachis."""
    return _of_the_flesh(dish, lambda each: each.minced)


def charcuterie(dish: Composition) -> Truth:
    """Sausage, ham, bacon or a bought preparation is most of the flesh."""
    return _of_the_flesh(dish, lambda each: each.kind is K.PROCESSED_MEAT)


def pulse_and_cereal(dish: Composition) -> Truth:
    """A main with a portion of pulses and a portion of rice, pasta or another cereal: their proteins complete."""
    pulses, cereals = dish.weight({K.PULSE}), dish.weight({K.CEREAL, K.PASTA_RICE})
    return at_least(pulses, dish.limits.starch_portion) & at_least(cereals, dish.limits.starch_portion)


def offal(dish: Composition) -> Truth:
    return _of_the_flesh(dish, lambda each: each.kind is K.OFFAL)


def unground_red_meat(dish: Composition) -> Truth:
    """What NUT-08 counts without the offal: beef, veal or lamb to chew."""
    return red_meat_unground_or_offal(dish) & ~offal(dish)


def licques_poultry(dish: Composition) -> Truth:
    """Chicken, turkey or capon of Licques is most of the flesh."""
    return _of_the_flesh(dish, _named(_LICQUES, K.POULTRY))


def fish_species(dish: Composition, words: re.Pattern[str]) -> Truth:
    """A fish main mostly of one species, whether fresh or frozen."""
    return in_main_family(dish, "fish") & _of_the_flesh(dish, _named(words, K.FISH))


def boulogne_fish(dish: Composition) -> Truth:
    """A main mostly of fresh fish landed at Boulogne-sur-Mer; frozen, tinned or breaded fish does not count."""
    return in_main_family(dish, "fish") & _of_the_flesh(dish, _landed)


def _landed(ingredient: Ingredient) -> bool:
    name = ingredient.name.lower()
    return _LANDED.search(name) is not None and _NOT_FRESH.search(name) is None


Row = tuple[str, AbstractSet[Slot], tuple[str, ...], Callable[[Composition], Truth]]
_MIX = ("kcal",)


def house_rows() -> list[Row]:
    """Name, slots, ingredient columns read and decision of every attribute of this file."""
    rows: list[Row] = [
        ("soup", {S.STARTER}, (), soup),
        ("starchy_starter", {S.STARTER}, _MIX, starchy_starter),
        ("fruit_starter", {S.STARTER}, _MIX, fruit_starter),
        ("protein_starter", {S.STARTER}, (), protein_starter),
        ("pastry", {S.STARTER, S.MAIN, S.DESSERT}, _MIX, pastry),
        ("apple", {S.STARTER, S.DESSERT}, _MIX, apple),
        ("milky", {S.DAIRY, S.DESSERT}, _MIX, milky),
        ("milk_drink", {S.DAIRY}, _MIX, milk_drink),
        ("cheese", {S.STARTER, S.DAIRY}, _MIX, cheese),
        ("plain_yoghurt", {S.DAIRY}, (), partial(plain_dairy, words=_YOGHURT)),
        ("plain_fresh_cheese", {S.DAIRY}, (), partial(plain_dairy, words=_FRESH_CHEESE)),
        ("processed_cheese", {S.DAIRY}, _MIX, processed_cheese),
        ("with_apple", {S.DESSERT}, (), with_apple),
        ("rice_pudding", {S.DESSERT}, _MIX, rice_pudding),
        ("short_season_fruit", {S.DESSERT}, _MIX, short_season_fruit),
        ("vegetables_without_starch", {S.MAIN}, _MIX, vegetables_without_starch),
        ("pulse_and_cereal", {S.MAIN}, _MIX, pulse_and_cereal),
        ("regional", {S.MAIN}, (), regional),
        ("regional_cheese", {S.DAIRY}, _MIX, regional_cheese),
        ("mash", {S.SIDE}, (), mash),
        ("green_vegetables", {S.SIDE}, _MIX, green_vegetables),
        ("complete_meat", {S.MAIN}, _MIX, complete_meat),
        ("minced", {S.MAIN}, (), minced),
        ("charcuterie", {S.MAIN}, (), charcuterie),
        ("offal", {S.MAIN}, (), offal),
        ("unground_red_meat", {S.MAIN}, _MIX, unground_red_meat),
        ("licques_poultry", {S.MAIN}, (), licques_poultry),
        ("boulogne_fish", {S.MAIN}, _MIX, boulogne_fish),
    ]
    keyed = {S.STARTER, S.MAIN, S.SIDE}
    rows += [(f"key_{name}", keyed, (), partial(key_vegetable, words=of)) for name, of in KEY_VEGETABLES.items()]
    rows += [(f"fruit_{name}", {S.DESSERT}, _MIX, partial(key_fruit, words=of)) for name, of in KEY_FRUITS.items()]
    rows += [(f"side_{name}", {S.SIDE}, _MIX, partial(starch_of_side, group=name)) for name in _STARCH_GROUPS]
    rows += [(f"fish_{name}", {S.MAIN}, _MIX, partial(fish_species, words=of)) for name, of in FISH_SPECIES.items()]
    return rows


__all__ = ["FISH_SPECIES", "KEY_FRUITS", "KEY_VEGETABLES", "Row", "house_rows"]
