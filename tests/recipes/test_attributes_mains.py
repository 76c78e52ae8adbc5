"""The main ingredient of a main dish, and what is festive."""

from datetime import date
from pathlib import Path

import pytest

from catering.recipes.attributes import DishFacts, derive_all
from catering.recipes.attributes_mains import NAMED
from catering.recipes.report_reading import read_dishes, read_ingredients
from catering.recipes.rules import Ingredient
from catering.rules import Truth
from tests.recipes.plates import food, truths

SEEDS = Path(__file__).parents[2] / "seeds"
T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN

BEEF = food("boeuf", "beef", name="Bœuf à bourguignon")
MINCE = food("hache", "beef", name="Bœuf haché", minced=True)
TONGUE = food("langue", "offal", name="Langue de bœuf")
VEAL = food("veau", "veal", name="Sauté de veau")
PAUPIETTE = food("paupiette", "processed_meat", name="Paupiette de veau")
TURKEY = food("dinde", "poultry", name="Rôti de dinde")
CHICKEN = food("poulet", "poultry", name="Haut de cuisse de poulet désossé")
NUGGETS = food("nuggets", "processed_meat", name="Nuggets de volaille")
LICQUES = food("licques", "poultry", name="Cuisse de poulet de Licques")
SALMON = food("saumon", "fish", name="Saumon, pavé surgelé")
DOGFISH = food("roussette", "fish", name="Roussette (saumonette)")
HAM = food("jambon", "processed_meat", name="Jambon cuit supérieur")
BACON = food("lardons", "processed_meat", name="Lardons fumés")
EGG = food("oeuf", "egg", name="Œuf")
LENTIL = food("lentille", "pulse", name="Lentilles vertes sèches", kcal=320)
MYSTERY = food("mystere", "pulse", name="Haricots", kcal=None)
CREAM = food("creme", "cream", name="Crème")
FLOUR = food("farine", "flour", name="Farine")
APPLE = food("pomme", "fruit", name="Pomme")


def mains(*lines: tuple[Ingredient, int]) -> dict[str, Truth]:
    found = truths("main", "braised", list(lines))
    return {name: found[f"mainly_{name}"] for name in NAMED if found[f"mainly_{name}"] is not F}


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ([(BEEF, 120), (CREAM, 200)], "beef"),
        ([(MINCE, 80), (LENTIL, 20)], "beef"),
        ([(TONGUE, 120)], "beef"),
        ([(VEAL, 120)], "veal"),
        ([(PAUPIETTE, 120)], "veal"),
        ([(TURKEY, 100), (HAM, 20)], "turkey"),
        ([(CHICKEN, 120)], "chicken"),
        ([(NUGGETS, 100)], "chicken"),
        ([(HAM, 90)], "pork"),
        ([(EGG, 70), (BACON, 30)], "egg"),
        ([(BACON, 30), (LENTIL, 40)], "pulse"),
    ],
)
def test_the_heaviest_carrier_of_protein_names_the_dish(lines: list[tuple[Ingredient, int]], name: str) -> None:
    """Two cuts are one ingredient, two animals of a family are not; dry pulses weigh with their water."""
    assert mains(*lines) == {name: T}


def test_at_equal_weights_the_dish_is_of_both_and_without_protein_of_none() -> None:
    assert mains((BEEF, 60), (VEAL, 60)) == {"beef": T, "veal": T}
    assert mains((CREAM, 60)) == {}
    assert set(mains((MYSTERY, 60), (BEEF, 10)).values()) == {U}, "who knows whether it was weighed dry"
    assert truths("starter", "boiled", [(EGG, 60)])["mainly_egg"] is F


def test_a_feast_is_a_feast_by_its_meat_and_by_the_pastry_after_it() -> None:
    assert truths("main", "roasted", [(LICQUES, 150)])["festive"] is T
    assert truths("main", "roasted", [(CHICKEN, 150)])["festive"] is F
    assert truths("main", "baked", [(SALMON, 120)])["festive"] is T
    assert truths("main", "baked", [(DOGFISH, 120)])["festive"] is F
    assert truths("dessert", "baked", [(FLOUR, 40), (EGG, 20)])["festive"] is T
    assert truths("dessert", "none", [(APPLE, 120)])["festive"] is F


@pytest.fixture(scope="module")
def catalogue() -> dict[str, DishFacts]:
    return derive_all(read_dishes(SEEDS).values(), read_ingredients(SEEDS), date(2026, 9, 1))


def test_every_main_of_the_catalogue_has_one_main_ingredient_that_is_known(catalogue: dict[str, DishFacts]) -> None:
    for facts in catalogue.values():
        found = [name for name in NAMED if facts.attributes[f"mainly_{name}"] is T]
        unknown = [name for name in NAMED if facts.attributes[f"mainly_{name}"] is U]
        assert (len(found) <= 1, unknown) == (True, []), facts.dish.id


@pytest.mark.parametrize(
    ("dish", "name"),
    [
        ("carbonade_flamande", "beef"),
        ("hachis_parmentier", "beef"),
        ("quiche_lorraine", "egg"),
        ("chili_sin_carne", "pulse"),
        ("cassoulet_lingots_nord", "pulse"),
        ("paupiette_veau_oignons", "veal"),
        ("tarte_maroilles", "cheese"),
        ("endives_jambon", "pork"),
        ("dinde_licques_rotie_chataignes", "turkey"),
    ],
)
def test_dishes_of_the_catalogue(catalogue: dict[str, DishFacts], dish: str, name: str) -> None:
    assert catalogue[dish].attributes[f"mainly_{name}"] is T
