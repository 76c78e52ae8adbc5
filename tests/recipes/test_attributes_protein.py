"""The protein dish: red meat, fish, preparations below 70 %, fat against protein, families, vegetarian dishes."""

import pytest

from catering.recipes.attributes_protein import species
from catering.recipes.rules import Ingredient
from catering.rules import Truth
from tests.recipes.plates import food, truths

T, F = Truth.TRUE, Truth.FALSE
Lines = list[tuple[Ingredient, int]]

BEEF = food("boeuf", "beef", protein_g=22, fat_g=6)
MINCE = food("boeuf_hache", "beef", protein_g=19, fat_g=15, minced=True)
VEAL = food("veau", "veal", protein_g=20, fat_g=5)
CHICKEN = food("poulet", "poultry", protein_g=22, fat_g=4)
COD = food("cabillaud", "fish", protein_g=18, fat_g=1)
BREADED = food("poisson_pane", "fish", protein_g=12, fat_g=9, frying="prefried")
EGG = food("oeuf", "egg", protein_g=13, fat_g=10)
CHEESE = food("fromage", "cheese", protein_g=25, fat_g=28)
CARROT = food("carotte", "vegetable_raw")
SPINACH = food("epinard", "vegetable_cooked")
POTATO = food("pomme_de_terre", "potato", kcal=80)
LENTIL = food("lentille", "pulse", kcal=320, protein_g=25)
PASTA = food("pates", "pasta_rice", kcal=350, protein_g=12)
DOUGH = food("pate_brisee", "pastry_dough", kcal=400, fat_g=22, protein_g=6)
FLOUR = food("farine", "flour", kcal=350)
CREAM = food("creme", "cream", fat_g=30, protein_g=2)
TOFU = food("tofu", "soy", protein_g=13, fat_g=8)
STEAK_VEG = food("galette_vegetale", "plant_protein", protein_g=15, fat_g=8)


@pytest.mark.parametrize(
    ("about", "lines", "counted"),
    [
        ("a roast", [(BEEF, 120)], F),
        ("a stew with its vegetables", [(VEAL, 130), (CARROT, 80), (FLOUR, 8), (CREAM, 30)], F),
        ("fillet in a cheese sauce", [(CHICKEN, 110), (CHEESE, 30), (CREAM, 40)], F),
        ("a couscous with a few chickpeas", [(CHICKEN, 130), (LENTIL, 15), (CARROT, 100)], F),
        ("a plain minced steak", [(MINCE, 100)], F),
        ("a plain omelette", [(EGG, 120), (CREAM, 10)], F),
        ("hachis parmentier", [(MINCE, 100), (POTATO, 180)], T),
        ("stuffed tomatoes", [(MINCE, 90), (CARROT, 120)], T),
        ("bolognaise", [(MINCE, 90), (CARROT, 60)], T),
        ("quiche", [(EGG, 50), (DOUGH, 80), (CREAM, 50)], T),
        ("spanish omelette", [(EGG, 100), (POTATO, 100)], T),
        ("egg and spinach bake", [(EGG, 80), (SPINACH, 120)], T),
        ("a cassoulet", [(BEEF, 110), (LENTIL, 60)], T),
        ("fish pie", [(COD, 90), (POTATO, 200)], T),
        ("breaded fish", [(BREADED, 100)], T),
        ("a gratin bound with an egg", [(PASTA, 70), (CHEESE, 40), (EGG, 10)], F),
        ("lentil curry", [(LENTIL, 70), (CARROT, 50)], F),
        ("wheat nuggets", [(food("nuggets_ble", "plant_protein", frying="prefried"), 100)], F),
    ],
)
def test_preparations_below_seventy_percent(about: str, lines: Lines, counted: Truth) -> None:
    assert truths("main", "baked", lines)["protein_prep_lt70"] is counted, about


def test_exactly_seventy_percent_is_enough() -> None:
    assert truths("main", "baked", [(MINCE, 70), (POTATO, 30)])["protein_prep_lt70"] is F
    assert truths("main", "baked", [(MINCE, 69), (POTATO, 31)])["protein_prep_lt70"] is T


def test_fish_needs_seventy_percent_of_fish_and_twice_as_much_protein_as_fat() -> None:
    name = "fish_ge70_pl_ge2"
    assert truths("main", "steamed", [(COD, 120), (CREAM, 20)])[name] is T
    assert truths("main", "steamed", [(COD, 120), (CREAM, 60)])[name] is F, "the sauce is part of what is served"
    assert truths("main", "baked", [(COD, 70), (POTATO, 30)])[name] is T
    assert truths("main", "baked", [(COD, 69), (POTATO, 31)])[name] is F
    assert (
        truths("main", "baked", [(food("pane_maigre", "fish", protein_g=14, fat_g=3, frying="prefried"), 100)])[name]
        is F
    )
    assert truths("main", "steamed", [(food("moules", "shellfish", protein_g=12, fat_g=2), 150)])[name] is F


def test_red_meat_is_unminced_and_the_main_flesh() -> None:
    name = "red_meat_unground_or_offal"
    assert truths("main", "braised", [(BEEF, 120), (CARROT, 100)])[name] is T
    assert truths("main", "braised", [(food("gigot", "lamb"), 100)])[name] is T
    assert truths("main", "grilled", [(MINCE, 100)])[name] is F
    assert truths("main", "braised", [(BEEF, 50), (food("lard", "processed_meat"), 50)])[name] is T
    assert truths("main", "braised", [(BEEF, 49), (CHICKEN, 51)])[name] is F
    assert truths("main", "grilled", [(food("foie", "offal", name="Foie de veau"), 100)])[name] is T
    assert truths("main", "grilled", [(food("foie", "offal", name="Foie de volaille"), 100)])[name] is F
    assert truths("starter", "grilled", [(BEEF, 100)])[name] is F


def test_fat_against_protein_in_a_plat_protidique() -> None:
    name = "protein_dish_fat_ge_protein"
    equal = food("andouillette", "processed_meat", protein_g=18, fat_g=18)
    assert truths("main", "grilled", [(equal, 120)])[name] is T
    assert truths("main", "grilled", [(BEEF, 120)])[name] is F
    assert truths("main", "baked", [(CHEESE, 60), (POTATO, 200)])[name] is T
    fatty_lentils = [(LENTIL, 60), (food("huile", "oil", fat_g=100), 40)]
    assert truths("main", "boiled", fatty_lentils)[name] is F, "no meat, fish, egg nor cheese: no plat protidique"


def test_contains_starch_from_a_real_portion() -> None:
    assert truths("main", "baked", [(MINCE, 100), (POTATO, 180)])["contains_starch"] is T
    assert truths("main", "boiled", [(LENTIL, 60), (CARROT, 50)])["contains_starch"] is T
    assert truths("main", "braised", [(VEAL, 120), (FLOUR, 8)])["contains_starch"] is F
    assert truths("side", "boiled", [(POTATO, 200)])["contains_starch"] is F


def families(lines: Lines) -> set[str]:
    found = truths("main", "braised", lines)
    return {name.removeprefix("main_") for name, truth in found.items() if name.startswith("main_") and truth is T}


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([(BEEF, 100)], {"beef"}),
        ([(VEAL, 100)], {"beef"}),
        ([(food("lapin", "rabbit"), 100)], {"poultry"}),
        ([(COD, 100)], {"fish"}),
        ([(food("palette", "pork"), 100), (LENTIL, 60)], {"pork"}),
        ([(EGG, 100), (SPINACH, 150)], {"egg"}),
        ([(CHEESE, 60), (POTATO, 200)], {"cheese"}),
        ([(LENTIL, 60), (CHEESE, 10)], {"pulse"}),
        ([(TOFU, 100)], {"pulse"}),
        ([(STEAK_VEG, 100)], set()),
        ([(PASTA, 80)], set()),
    ],
)
def test_family_of_a_main(lines: Lines, wanted: set[str]) -> None:
    assert families(lines) == wanted


@pytest.mark.parametrize(
    ("name", "ciqual_name", "animal"),
    [
        ("Lardons de volaille", "", "poultry"),
        ("Saucisse de Strasbourg", "Saucisse de Strasbourg ou knack", "pork"),
        ("Merguez", "Merguez, boeuf et mouton, crue", "beef"),
        ("Boulettes de bœuf", "", "beef"),
    ],
)
def test_the_animal_of_charcuterie_is_in_its_name(name: str, ciqual_name: str, animal: str) -> None:
    assert species(food("x", "processed_meat", name=name, ciqual_name=ciqual_name)) == animal


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([(LENTIL, 60), (CHEESE, 10)], {"pulses_or_wholegrain"}),
        ([(PASTA, 80), (CARROT, 100)], {"pulses_or_wholegrain"}),
        ([(PASTA, 80), (CHEESE, 40)], {"cheese"}),
        ([(EGG, 100), (POTATO, 100)], {"egg"}),
        ([(STEAK_VEG, 100)], {"processed_plant_protein"}),
        ([(TOFU, 100), (CARROT, 50)], {"soy"}),
        ([(SPINACH, 200)], set()),
        ([(LENTIL, 60), (food("lardons", "processed_meat"), 20)], set()),
    ],
)
def test_class_of_a_vegetarian_dish(lines: Lines, wanted: set[str]) -> None:
    found = truths("main", "baked", lines)
    assert {
        name.removeprefix("veg_dish_") for name, t in found.items() if name.startswith("veg_dish_") and t is T
    } == wanted
