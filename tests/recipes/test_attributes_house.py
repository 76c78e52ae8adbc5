"""The attributes that the house rules count: key vegetables, starches, pastry, soup, species, purées."""

from datetime import date
from pathlib import Path

import pytest

from catering.recipes.attributes import DishFacts, derive_all
from catering.recipes.report_reading import read_dishes, read_ingredients
from catering.recipes.rules import Ingredient
from catering.rules import Truth
from tests.recipes.plates import facts_of, food, truths

SEEDS = Path(__file__).parents[2] / "seeds"
T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
Lines = list[tuple[Ingredient, int]]

CARROT = food("carotte", "vegetable_raw", name="Carotte")
CABBAGE = food("chou", "vegetable_raw", name="Chou blanc")
CAULIFLOWER = food("chou_fleur", "vegetable_raw", name="Chou-fleur de Saint-Omer")
COURGETTE = food("courgette", "vegetable_raw", name="Courgette")
SQUASH = food("butternut", "vegetable_raw", name="Courge butternut")
ONION = food("oignon", "vegetable_raw", name="Oignon jaune")
BEANS = food("haricots", "vegetable_cooked", name="Haricots verts surgelés")
POTATO = food("pomme_de_terre", "potato", name="Pomme de terre de consommation", kcal=80)
RICE = food("riz", "pasta_rice", name="Riz long", kcal=350)
PASTA = food("pates", "pasta_rice", name="Coquillettes", kcal=350)
SEMOLINA = food("semoule", "cereal", name="Semoule de blé", kcal=350)
LENTIL = food("lentille", "pulse", name="Lentilles vertes sèches", kcal=320)
BEEF = food("boeuf", "beef", name="Bœuf")
MINCE = food("hache", "beef", name="Bœuf haché", minced=True)
SAUSAGE = food("saucisse", "processed_meat", name="Saucisse de Toulouse")
LIVER = food("foie", "offal", name="Foie de génisse")
POLLOCK = food("lieu", "fish", name="Lieu noir, filet")
FROZEN_POLLOCK = food("lieu_s", "fish", name="Lieu noir, filet surgelé")
COLIN = food("colin", "fish", name="Colin d'Alaska, filet surgelé")
FLOUR = food("farine", "flour", name="Farine")
DOUGH = food("pate", "pastry_dough", name="Pâte brisée")
APPLE = food("pomme", "fruit", name="Pomme")
MELON = food("melon", "fruit", name="Melon")
PEAR = food("poire", "fruit", name="Poire Conférence")
BANANA = food("banane", "fruit", name="Banane")
STRAWBERRY = food("fraise", "fruit", name="Fraise de Samer", months=frozenset({5, 6, 7, 8, 9}))
SUGAR = food("sucre", "sugar", name="Sucre en poudre")
HONEY = food("miel", "sugar", name="Miel")
MILK = food("lait", "milk", name="Lait")
YOGHURT = food("yaourt", "yoghurt", name="Yaourt nature")
FRUIT_YOGHURT = food("yaourt_fruits", "yoghurt", name="Yaourt aux fruits")
FROMAGE_BLANC = food("fromage_blanc", "yoghurt", name="Fromage blanc 3 % MG")
MELTED = food("fondu", "cheese", name="Fromage fondu en portion")
CHEESE = food("edam", "cheese", name="Edam")
EGG = food("oeuf", "egg", name="Œuf")
OIL = food("huile", "oil", name="Huile")


def has(name: str, slot: str, technique: str, lines: Lines, served_g: int = 0) -> Truth:
    return truths(slot, technique, lines, served_g)[name]


@pytest.mark.parametrize("slot", ["starter", "main", "side"])
def test_a_key_vegetable_is_told_in_every_component_that_can_repeat_it(slot: str) -> None:
    assert has("key_carrot", slot, "braised", [(CARROT, 60), (BEEF, 60)]) is T
    assert has("key_carrot", slot, "braised", [(CARROT, 12), (BEEF, 120)]) is F, "a little in the sauce is no carrot"
    assert has("key_carrot", slot, "braised", [(CARROT, 30), (BEANS, 150)]) is F, "a tenth of the vegetables"
    assert has("key_carrot", slot, "braised", [(CARROT, 40), (ONION, 200)]) is T, "aromatics do not count"


def test_names_that_look_alike_are_told_apart() -> None:
    assert has("key_cabbage", "side", "boiled", [(CAULIFLOWER, 150)]) is F
    assert has("key_cabbage", "side", "boiled", [(CABBAGE, 150)]) is T
    assert has("key_squash", "side", "boiled", [(COURGETTE, 150)]) is F
    assert has("key_squash", "side", "boiled", [(SQUASH, 150)]) is T
    assert has("apple", "starter", "boiled", [(POTATO, 150)]) is F


def test_the_starch_of_a_side_is_its_heaviest_once_cooked() -> None:
    both = truths("side", "boiled", [(RICE, 50), (LENTIL, 32)])
    assert {name: both[f"side_{name}"] for name in ("rice", "pulse", "pasta", "potato", "grain")} == {
        "rice": T, "pulse": F, "pasta": F, "potato": F, "grain": F,
    }  # fmt: skip
    assert has("side_potato", "side", "boiled", [(POTATO, 200)]) is T
    assert has("side_pasta", "side", "boiled", [(PASTA, 80)]) is T
    assert has("side_grain", "side", "steamed", [(SEMOLINA, 80)]) is T
    assert has("side_potato", "side", "boiled", [(POTATO, 40), (CARROT, 150)]) is F, "a vegetable side"
    unknown = food("mystere", "cereal", name="Semoule", kcal=None)
    assert has("side_grain", "side", "boiled", [(unknown, 80)]) is U


def test_a_starchy_starter_is_a_salad_of_starch_or_a_pastry_but_a_vegetable_soup_is_light() -> None:
    assert has("starchy_starter", "starter", "boiled", [(POTATO, 110), (OIL, 8)]) is T
    assert has("starchy_starter", "starter", "boiled", [(LENTIL, 45)]) is T
    assert has("starchy_starter", "starter", "baked", [(DOUGH, 30), (CARROT, 80)]) is T
    assert has("starchy_starter", "starter", "boiled", [(POTATO, 90), (CARROT, 60)], 250) is F
    assert has("starchy_starter", "starter", "boiled", [(LENTIL, 45), (CARROT, 30)], 250) is T, "a pulse soup feeds"


def test_a_soup_is_served_by_the_bowl() -> None:
    assert has("soup", "starter", "boiled", [(CARROT, 180)], 250) is T
    assert has("soup", "starter", "raw", [(COURGETTE, 180)], 200) is T, "cold soups too"
    assert has("soup", "starter", "boiled", [(CARROT, 120)], 115) is F
    assert has("soup", "side", "boiled", [(CARROT, 180)], 250) is F


def test_pastry_is_dough_out_of_the_oven() -> None:
    assert has("pastry", "dessert", "baked", [(FLOUR, 20), (EGG, 20)]) is T
    assert has("pastry", "dessert", "boiled", [(FLOUR, 6), (MILK, 110)]) is F, "a cream bound with starch"
    assert has("pastry", "main", "baked", [(DOUGH, 60), (EGG, 50)]) is T
    assert has("pastry", "main", "baked", [(FLOUR, 8), (BEEF, 120)]) is F, "floured meat is no pie"


def test_a_milk_dessert_is_no_pastry_with_milk_in_it() -> None:
    assert has("milky", "dessert", "boiled", [(MILK, 110), (RICE, 14)]) is T
    assert has("milky", "dessert", "baked", [(MILK, 60), (FLOUR, 20)]) is F
    assert has("milky", "dairy", "none", [(YOGHURT, 125)]) is T
    assert has("milky", "dairy", "none", [(CHEESE, 30)]) is F
    assert has("milk_drink", "dairy", "none", [(MILK, 150)]) is T
    assert has("milk_drink", "dairy", "none", [(YOGHURT, 125)]) is F
    assert has("cheese", "dairy", "none", [(CHEESE, 30)]) is T


def test_apple_is_seen_in_a_salad_and_leads_a_dessert() -> None:
    assert has("apple", "starter", "raw", [(CARROT, 80), (APPLE, 40)]) is T
    assert has("apple", "dessert", "raw", [(APPLE, 150)]) is T
    assert has("apple", "dessert", "raw", [(APPLE, 45), (MELON, 100)]) is F
    assert has("fruit_starter", "starter", "raw", [(MELON, 200)]) is T


def test_yoghurt_with_sugar_is_the_same_yoghurt_and_with_honey_another() -> None:
    assert has("plain_yoghurt", "dairy", "none", [(YOGHURT, 125)]) is T
    assert has("plain_yoghurt", "dairy", "none", [(YOGHURT, 125), (SUGAR, 5)]) is T
    assert has("plain_yoghurt", "dairy", "none", [(YOGHURT, 115), (HONEY, 7)]) is F
    assert has("plain_yoghurt", "dairy", "none", [(FRUIT_YOGHURT, 125)]) is F
    assert has("plain_yoghurt", "dairy", "none", [(FROMAGE_BLANC, 100)]) is F
    assert has("plain_fresh_cheese", "dairy", "none", [(FROMAGE_BLANC, 100), (SUGAR, 5)]) is T
    assert has("plain_fresh_cheese", "dairy", "none", [(FROMAGE_BLANC, 92), (APPLE, 28)]) is F


def test_processed_cheese_is_told_from_cheese() -> None:
    assert has("processed_cheese", "dairy", "none", [(MELTED, 25)]) is T
    assert has("processed_cheese", "dairy", "none", [(CHEESE, 30)]) is F


def test_a_fruit_is_told_in_every_raw_dessert_that_shows_it() -> None:
    assert has("fruit_banana", "dessert", "raw", [(BANANA, 155)]) is T
    both = truths("dessert", "raw", [(APPLE, 70), (PEAR, 69)])
    assert (both["fruit_apple"], both["fruit_pear"], both["fruit_banana"]) == (T, T, F)
    assert has("fruit_banana", "dessert", "raw", [(APPLE, 120), (BANANA, 20)]) is F, "a slice for the colour"
    assert has("fruit_apple", "dessert", "boiled", [(APPLE, 150)]) is F, "stewed: the law counts it apart"


def test_apple_is_noticed_in_a_cake_too() -> None:
    assert has("with_apple", "dessert", "baked", [(FLOUR, 20), (EGG, 13), (APPLE, 30)]) is T
    assert has("with_apple", "dessert", "baked", [(FLOUR, 20), (EGG, 13), (APPLE, 10)]) is F


def test_rice_pudding_is_milk_and_rice() -> None:
    assert has("rice_pudding", "dessert", "boiled", [(MILK, 115), (RICE, 14)]) is T
    assert has("rice_pudding", "dessert", "boiled", [(MILK, 115), (SEMOLINA, 11)]) is F


def test_poultry_of_licques() -> None:
    licques, chicken = (food(name, "poultry", name=name) for name in ("Cuisse de poulet de Licques", "Filet de poulet"))
    assert has("licques_poultry", "main", "roasted", [(licques, 200)]) is T
    assert has("licques_poultry", "main", "roasted", [(chicken, 120)]) is F


def test_a_fruit_of_a_short_season_is_most_of_the_dessert() -> None:
    assert has("short_season_fruit", "dessert", "raw", [(STRAWBERRY, 130)]) is T
    assert has("short_season_fruit", "dessert", "raw", [(STRAWBERRY, 73), (BANANA, 70)]) is T
    assert has("short_season_fruit", "dessert", "raw", [(STRAWBERRY, 40), (BANANA, 90)]) is F
    assert has("short_season_fruit", "dessert", "raw", [(BANANA, 155)]) is F, "there all year"


def test_offal_is_no_red_meat_to_chew() -> None:
    assert has("unground_red_meat", "main", "braised", [(BEEF, 120)]) is T
    assert has("unground_red_meat", "main", "sauteed", [(LIVER, 120)]) is F
    assert has("unground_red_meat", "main", "grilled", [(MINCE, 100)]) is F


def test_what_the_flesh_of_a_main_mostly_is() -> None:
    assert has("minced", "main", "grilled", [(MINCE, 100)]) is T
    assert has("minced", "main", "braised", [(BEEF, 120), (MINCE, 20)]) is F
    assert has("charcuterie", "main", "grilled", [(SAUSAGE, 120)]) is T
    assert has("charcuterie", "main", "braised", [(BEEF, 120), (SAUSAGE, 20)]) is F
    assert has("offal", "main", "sauteed", [(LIVER, 120)]) is T
    assert has("complete_meat", "main", "baked", [(MINCE, 90), (POTATO, 180)]) is T
    assert has("complete_meat", "main", "baked", [(MINCE, 90), (CARROT, 180)]) is F
    assert has("protein_starter", "starter", "boiled", [(EGG, 60)]) is T
    assert has("protein_starter", "starter", "raw", [(CARROT, 100), (EGG, 10)]) is F


def test_fish_of_boulogne_is_fresh() -> None:
    assert has("boulogne_fish", "main", "baked", [(POLLOCK, 120)]) is T
    assert has("boulogne_fish", "main", "baked", [(FROZEN_POLLOCK, 120)]) is F
    assert has("boulogne_fish", "main", "baked", [(COLIN, 120)]) is F
    assert has("fish_lieu_noir", "main", "baked", [(FROZEN_POLLOCK, 120)]) is T, "the same fish, frozen or not"
    assert has("fish_colin", "main", "baked", [(COLIN, 120)]) is T
    assert has("fish_colin", "main", "baked", [(POLLOCK, 70), (COLIN, 50)]) is F


def test_pulses_meet_cereals_when_both_make_a_portion() -> None:
    assert has("pulse_and_cereal", "main", "braised", [(LENTIL, 40), (RICE, 40)]) is T
    assert has("pulse_and_cereal", "main", "braised", [(LENTIL, 60), (RICE, 10)]) is F
    assert has("pulse_and_cereal", "main", "braised", [(LENTIL, 60)]) is F


def test_a_main_that_brings_its_vegetables_wants_a_starch() -> None:
    assert has("vegetables_without_starch", "main", "baked", [(CABBAGE, 200), (BEEF, 80)]) is T
    assert has("vegetables_without_starch", "main", "baked", [(CABBAGE, 200), (POTATO, 100)]) is F
    assert has("vegetables_without_starch", "main", "baked", [(CARROT, 36), (BEEF, 130)]) is F


def test_mash_and_green_vegetables() -> None:
    assert has("mash", "side", "boiled", [(CARROT, 140), (MILK, 15)]) is T
    assert has("mash", "side", "boiled", [(CARROT, 140)]) is F
    assert has("mash", "side", "boiled", [(PASTA, 80), (MILK, 15)]) is F
    assert has("green_vegetables", "side", "steamed", [(BEANS, 150)]) is T
    assert has("green_vegetables", "side", "steamed", [(BEANS, 60), (CARROT, 90)]) is F


@pytest.fixture(scope="module")
def catalogue() -> dict[str, DishFacts]:
    return derive_all(read_dishes(SEEDS).values(), read_ingredients(SEEDS), date(2026, 9, 1))


@pytest.mark.parametrize(
    ("dish", "names"),
    [
        ("hachis_parmentier", {"minced", "complete_meat", "contains_starch"}),
        ("endives_jambon", {"vegetables_without_starch", "charcuterie", "key_endive", "regional"}),
        ("boeuf_carottes_tilques", {"key_carrot", "regional"}),
        ("chili_sin_carne", {"pulse_and_cereal", "contains_starch", "key_tomato"}),
        ("merlan_meuniere", {"boulogne_fish", "fish_merlan"}),
        ("quiche_lorraine", {"pastry", "charcuterie"}),
        ("puree_crecy", {"mash", "key_carrot", "cooked_veg_side"}),
        ("taboule", {"starchy_starter"}),
        ("gaspacho_entree", {"soup", "key_tomato"}),
        ("maroilles_portion", {"cheese", "regional_cheese"}),
        ("sable_vergeoise", {"pastry"}),
        ("riz_au_lait_vanille", {"milky"}),
        ("yaourt_nature_sucre", {"plain_yoghurt", "milky"}),
        ("fromage_fondu_double", {"processed_cheese", "cheese"}),
        ("riz_au_lait_chicoree", {"rice_pudding", "milky"}),
        ("gateau_yaourt_pommes", {"pastry", "with_apple"}),
        ("poulet_licques_biere", {"licques_poultry", "main_poultry", "regional"}),
        ("fraises_nature", {"short_season_fruit"}),
        ("salade_fruits_automne", {"fruit_apple", "fruit_pear"}),
        ("carbonade_flamande", {"unground_red_meat", "regional"}),
    ],
)
def test_dishes_of_the_catalogue_read_as_a_chef_would(
    catalogue: dict[str, DishFacts], dish: str, names: set[str]
) -> None:
    assert {name for name in names if catalogue[dish].attributes[name] is not T} == set()


def test_no_house_attribute_is_unknown_in_the_catalogue(catalogue: dict[str, DishFacts]) -> None:
    """An unknown counts against every maximum: a missing figure would quietly take dishes off the menu."""
    unknown = {each.dish.id for each in catalogue.values() if any(of.attribute == "pastry" for of in each.unknowns)}
    assert unknown == set()


def test_a_fiche_says_whether_it_is_of_the_region() -> None:
    assert facts_of("main", "grilled", [(BEEF, 100)]).attributes["regional"] is F
