"""Starters, sides, dairy products and desserts: shares, raw and cooked, calcium, fat and sugar."""

import pytest

from catering.recipes.rules import Ingredient
from catering.rules import Truth
from tests.recipes.plates import food, truths

T, F = Truth.TRUE, Truth.FALSE
Lines = list[tuple[Ingredient, int]]

CARROT = food("carotte", "vegetable_raw")
BEANS = food("haricots_verts", "vegetable_cooked")
POTATO = food("pomme_de_terre", "potato", kcal=80)
LENTIL = food("lentille", "pulse", kcal=320)
TINNED_LENTIL = food("lentille_boite", "pulse", kcal=110)
RICE = food("riz", "pasta_rice", kcal=350)
FLAKES = food("flocons", "potato", kcal=350)
BUTTER = food("beurre", "butter", fat_g=82)
CREAM = food("creme", "cream", fat_g=30)
MILK = food("lait", "milk", calcium_mg=115, fat_g=1.5)
CHIPS = food("frites", "potato", kcal=244, fat_g=10, frying="prefried")


def garnish(lines: Lines, technique: str = "boiled") -> tuple[Truth, Truth]:
    found = truths("side", technique, lines)
    return found["cooked_veg_side"], found["starch_side"]


def test_a_vegetable_side_and_a_starch_side() -> None:
    assert garnish([(CARROT, 150), (BUTTER, 8)]) == (T, F)
    assert garnish([(POTATO, 200), (BUTTER, 8)]) == (F, T)


def test_half_and_half_has_one_class() -> None:
    """At equal parts the side is a vegetable, so that NUT-03 and NUT-04 never count one plate twice."""
    assert garnish([(CARROT, 100), (POTATO, 100), (BUTTER, 10)]) == (T, F)
    assert garnish([(CARROT, 99), (POTATO, 101), (BUTTER, 10)]) == (F, T)


def test_a_gratin_drowned_in_cream_is_neither() -> None:
    assert garnish([(BEANS, 80), (CREAM, 100)], "baked") == (F, F)


def test_dry_starches_weigh_what_they_weigh_once_cooked() -> None:
    assert garnish([(CARROT, 100), (RICE, 50)]) == (F, T)
    assert garnish([(CARROT, 100), (LENTIL, 50)]) == (F, T)
    assert garnish([(CARROT, 100), (TINNED_LENTIL, 50)]) == (T, F)
    assert garnish([(FLAKES, 32), (MILK, 100)]) == (F, T)


def test_frozen_chips_are_not_dry_flakes() -> None:
    assert garnish([(CHIPS, 90), (BEANS, 100)], "baked") == (T, F)


def test_pulses_are_a_starch_never_a_vegetable() -> None:
    assert garnish([(LENTIL, 70), (CARROT, 20)]) == (F, T)


def test_fresh_vegetables_count_as_cooked_only_when_cooked() -> None:
    assert garnish([(CARROT, 150)], "cold_assembled") == (F, F)
    assert garnish([(BEANS, 150)], "cold_assembled") == (T, F)


def test_a_raw_starter_needs_half_of_raw_produce() -> None:
    def raw(technique: str, *lines: tuple[Ingredient, int]) -> Truth:
        found = truths("starter", technique, list(lines))
        return found["raw_veg_or_fruit_starter_or_side"]

    ham = food("jambon", "processed_meat")
    assert raw("raw", (CARROT, 100)) is T
    assert raw("cold_assembled", (CARROT, 50), (ham, 50)) is T
    assert raw("cold_assembled", (CARROT, 49), (ham, 51)) is F
    assert raw("boiled", (CARROT, 100)) is F
    assert raw("cold_assembled", (food("betterave_cuite", "vegetable_cooked"), 100)) is F
    assert raw("raw", (food("melon", "fruit"), 180)) is T
    assert raw("cold_assembled", (POTATO, 100)) is F


def test_a_raw_fruit_dessert_is_fruit_and_nothing_else() -> None:
    apple, sugar = food("pomme", "fruit"), food("sucre", "sugar")
    assert truths("dessert", "raw", [(apple, 150)])["dessert_raw_fruit"] is T
    assert truths("dessert", "cold_assembled", [(apple, 100), (food("kiwi", "fruit"), 50)])["dessert_raw_fruit"] is T
    assert truths("dessert", "cold_assembled", [(apple, 150), (sugar, 5)])["dessert_raw_fruit"] is F
    assert truths("dessert", "baked", [(apple, 150)])["dessert_raw_fruit"] is F
    assert truths("dessert", "none", [(food("compote", "compote"), 100)])["dessert_raw_fruit"] is F
    assert truths("starter", "raw", [(apple, 150)])["dessert_raw_fruit"] is F


def test_milk_desserts_and_yoghurts_are_lean_dairy_but_cheese_is_not() -> None:
    name = "dairy_ca_gt100_fat_lt5"
    rice_pudding = [(MILK, 120), (RICE, 15), (food("sucre", "sugar"), 12)]
    assert truths("dessert", "boiled", rice_pudding)[name] is T
    lean_cheese = food("fromage_maigre", "cheese", calcium_mg=600, fat_g=10)
    as_cheese = truths("dairy", "none", [(lean_cheese, 30)])
    assert (as_cheese[name], as_cheese["cheese_ca_ge150"]) == (F, T)
    assert truths("dairy", "none", [(food("creme_dessert", "yoghurt", calcium_mg=110, fat_g=5), 100)])[name] is F
    assert truths("starter", "none", [(food("yaourt", "yoghurt", calcium_mg=130), 100)])[name] is F


def test_a_tomato_salad_with_a_little_cheese_is_no_cheese_course() -> None:
    feta = food("feta", "cheese", calcium_mg=500)
    assert (
        truths("starter", "cold_assembled", [(food("tomate", "vegetable_raw"), 80), (feta, 40)])["cheese_ca_ge150"] is F
    )
    assert (
        truths("starter", "cold_assembled", [(food("tomate", "vegetable_raw"), 30), (feta, 40)])["cheese_ca_ge150"] is T
    )


@pytest.mark.parametrize(("fat", "gras"), [(15, F), ("15.01", T)])
def test_gras_is_strictly_above_the_limit_as_served(fat: object, gras: Truth) -> None:
    pie = food("friand", "pastry_dough", fat_g=fat)
    assert truths("starter", "baked", [(pie, 100)])["starter_fat_gt15"] is gras
    drier = truths("starter", "baked", [(pie, 100)], served_g=80)
    assert drier["starter_fat_gt15"] is T, "the same fat in a lighter portion is a higher content"


def test_fried_needs_a_fryer_or_a_prefried_product_and_fat() -> None:
    oil = food("huile", "oil", fat_g=100)
    at_home = truths("side", "deep_fried", [(POTATO, 200), (oil, 25)], served_g=150)
    assert (at_home["fried"], at_home["fried_fat_gt15"]) == (T, T)
    in_the_oven = truths("side", "baked", [(CHIPS, 200)], served_g=180)
    assert (in_the_oven["fried"], in_the_oven["fried_fat_gt15"]) == (T, F)
    roasted = truths("side", "roasted", [(POTATO, 200), (oil, 40)], served_g=180)
    assert (roasted["fried"], roasted["fried_fat_gt15"]) == (F, F)


def test_a_sweet_dairy_counts_only_for_the_recommendation() -> None:
    sweet = food("yaourt_sucre", "yoghurt", sugars_g=18, fat_g=2)
    found = truths("dairy", "none", [(sweet, 125)])
    assert found["dessert_sugar_gt20_fat_lt15"] is F
    assert found["dessert_or_dairy_sugar_gt20_fat_lt15"] is T
