"""What follows from a fiche technique: totals, unknowns, and the whole vocabulary of the rules."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catering.recipes.attributes import ATTRIBUTES, derive, derive_all, unknown_attributes
from catering.recipes.report_reading import read_dishes, read_ingredients
from catering.recipes.rules import NUTRIENTS, Cover, Dish, Ingredient, RecipeLine, Unknown, UnknownIngredientError
from catering.recipes.vocabulary import Allergen, Slot, Technique
from catering.rules import Truth, law
from tests.recipes.plates import ON, facts_of, food

SEEDS = Path(__file__).parents[2] / "seeds"
CARROT = food("carotte", "vegetable_raw", edible_pct=80, sugars_g=5, months=frozenset({6, 7, 8, 9}))
OIL = food("huile", "oil", fat_g=100)


def test_every_attribute_the_rules_may_count_is_derived() -> None:
    assert set(ATTRIBUTES) == set(law().tables.attributes)


def test_totals_count_the_edible_part_once_and_cooking_moves_only_water() -> None:
    facts = facts_of("side", "boiled", [(CARROT, 200), (OIL, 10)], served_g=120)
    assert facts.nutrients["sugars_g"] == Decimal("8")
    assert facts.nutrients["fat_g"] == 10
    assert facts.fat_percent == Decimal(1000) / 120
    assert facts.cooking_yield == Decimal(120) / 170


def test_the_same_ingredient_twice_adds_up() -> None:
    assert facts_of("side", "boiled", [(CARROT, 50), (CARROT, 50)]).nutrients["sugars_g"] == 4


def test_a_missing_figure_makes_the_total_and_the_attribute_unknown() -> None:
    dough = food("pate", "pastry_dough", fat_g=None, sugars_g=10)
    facts = facts_of("dessert", "baked", [(dough, 60), (food("pomme", "fruit", sugars_g=12), 60)])
    assert facts.nutrients["fat_g"] is None
    assert facts.fat_percent is None
    assert facts.attributes["dessert_fat_gt15"] is Truth.UNKNOWN
    assert facts.attributes["dessert_sugar_gt20_fat_lt15"] is Truth.FALSE
    (unknown,) = facts.unknowns
    assert (unknown.dish, unknown.attribute) == ("plat", "dessert_fat_gt15")
    assert unknown.missing == (Unknown("pate", "fat_g"),)
    assert unknown_attributes([facts, facts]) == (unknown, unknown)


def test_a_missing_calcium_matters_only_where_calcium_is_asked() -> None:
    cheese = food("fromage", "cheese", calcium_mg=None, fat_g=25)
    assert facts_of("dairy", "none", [(cheese, 30)]).attributes["cheese_ca_ge150"] is Truth.UNKNOWN
    assert facts_of("dessert", "none", [(cheese, 30)]).attributes["cheese_ca_ge150"] is Truth.FALSE
    yoghurt = food("yaourt", "yoghurt", calcium_mg=None, fat_g=6)
    fat_enough_to_be_out = facts_of("dairy", "none", [(yoghurt, 125)])
    assert fat_enough_to_be_out.attributes["dairy_ca_gt100_fat_lt5"] is Truth.FALSE
    assert fat_enough_to_be_out.unknowns == ()


def test_nobody_knows_whether_it_is_flesh() -> None:
    facts = facts_of("side", "boiled", [(food("bouillon", "stock", animal_flesh=None), 5), (CARROT, 100)])
    assert facts.attributes["vegetarian"] is Truth.UNKNOWN
    assert facts.unknowns[0].missing == (Unknown("bouillon", "animal_flesh"),)


def test_footprint_is_of_what_is_bought_with_transport_apart() -> None:
    carrot = food(
        "carotte",
        "vegetable_raw",
        edible_pct=80,
        co2e_kg_per_kg=Decimal("0.5"),
        co2e_transport_kg_per_kg=Decimal("0.1"),
    )
    facts = facts_of("side", "boiled", [(carrot, 200)])
    assert (facts.co2e_kg, facts.co2e_transport_kg) == (Decimal("0.1"), Decimal("0.02"))
    assert facts_of("side", "boiled", [(carrot, 200), (OIL, 5)]).co2e_kg is None


def test_allergens_add_up_and_seasons_intersect() -> None:
    milk = food("lait", "milk", allergens=frozenset({Allergen.MILK}))
    flour = food("farine", "flour", allergens=frozenset({Allergen.GLUTEN}))
    pea = food("pois", "vegetable_raw", months=frozenset({5, 6, 7}))
    facts = facts_of("side", "boiled", [(milk, 20), (flour, 5), (pea, 50), (CARROT, 50)])
    assert facts.allergens == {Allergen.MILK, Allergen.GLUTEN}
    assert facts.season == {6, 7}


def test_cost_range_needs_every_price() -> None:
    ingredients = {"carotte": CARROT, "huile": OIL}
    lines = (RecipeLine("carotte", 200), RecipeLine("huile", 10))
    dish = Dish(id="p", name="P", slot=Slot.SIDE, technique=Technique.BOILED, served_g=150, lines=lines)
    cover = Cover(dish, ingredients)
    prices = {"carotte": (Decimal("1.00"), Decimal("2.50")), "huile": (Decimal("3.00"), Decimal("3.00"))}
    assert cover.cost_range(prices) == (Decimal("0.23"), Decimal("0.53"))
    assert cover.cost_range({"carotte": prices["carotte"]}) is None


def test_a_line_of_an_unknown_ingredient_is_named() -> None:
    dish = Dish(
        id="p", name="P", slot=Slot.SIDE, technique=Technique.BOILED, served_g=9, lines=(RecipeLine("navet", 9),)
    )
    with pytest.raises(UnknownIngredientError, match="p : ingrédient inconnu « navet »"):
        derive(dish, {}, ON)


@pytest.mark.parametrize("grams", [0, -5])
def test_grams_below_one_are_refused(grams: int) -> None:
    with pytest.raises(ValueError, match="carotte"):
        RecipeLine("carotte", grams)


def test_the_thresholds_are_those_of_the_date() -> None:
    with pytest.raises(LookupError, match="DEF-"):
        derive(
            Dish(
                id="p",
                name="P",
                slot=Slot.SIDE,
                technique=Technique.BOILED,
                served_g=9,
                lines=(RecipeLine("carotte", 9),),
            ),
            {"carotte": CARROT},
            date(2010, 9, 1),
        )


INGREDIENTS = read_ingredients(SEEDS)
DISHES = sorted(read_dishes(SEEDS).values(), key=lambda dish: dish.id)
KNOWN = derive_all(DISHES, INGREDIENTS, ON)


@pytest.mark.skipif(not DISHES, reason="the seeds hold no dish")
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_forgetting_a_figure_never_turns_a_yes_into_a_no(data: st.DataObject) -> None:
    """Whatever is forgotten, an answer stays what it was or becomes unknown, and then says which figure is missing."""
    dish = data.draw(st.sampled_from(DISHES))
    line = data.draw(st.sampled_from(dish.lines))
    nutrient = data.draw(st.sampled_from(NUTRIENTS))
    facts = derive(dish, INGREDIENTS | {line.ingredient: _without(INGREDIENTS[line.ingredient], nutrient)}, ON)
    for name, truth in facts.attributes.items():
        assert truth in (KNOWN[dish.id].attributes[name], Truth.UNKNOWN), name
    assert facts.nutrients[nutrient] is None
    for unknown in facts.unknowns:
        assert Unknown(line.ingredient, nutrient) in unknown.missing or unknown in KNOWN[dish.id].unknowns


def _without(ingredient: Ingredient, nutrient: str) -> Ingredient:
    facts = {name: getattr(ingredient, name) for name in Ingredient.__slots__}
    return Ingredient(**(facts | {"nutrients": {**ingredient.nutrients, nutrient: None}}))
