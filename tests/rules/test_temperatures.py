"""The table of temperatures: complete, or refused with its file and line."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from catering.market.nature import kept_as
from catering.recipes.vocabulary import IngredientKind
from catering.rules import LAW_FOLDER, RuleFileError, UnknownRuleError
from catering.rules.hygiene import AnimalProduct, ProductCategory, categories_of
from catering.rules.temperatures import TABLE, temperature, temperatures, usual_categories, usual_category


def edited(tmp_path: Path, before: str, after: str) -> Path:
    folder = tmp_path / "rules"
    shutil.copytree(LAW_FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (folder / TABLE).read_text(encoding="utf-8")
    assert before in text
    (folder / TABLE).write_text(text.replace(before, after), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("HYG-T-CHAUD,hot_dish", "HYG-T-CHAUD,perishable", "se recouvrent"),
        ("at_least,63", "at_least,", "celsius ne va pas"),
        ("at_most,8,,2009-12-30,,ARR2009", "at_most,8,,2009-12-30,,ARR1999", "source inconnue"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(before: str, after: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match=says):
        temperatures(edited(tmp_path, before, after))


def test_a_category_without_a_line_is_refused(tmp_path: Path) -> None:
    row = next(line for line in (LAW_FOLDER / TABLE).read_text(encoding="utf-8").splitlines() if "raw_milk" in line)
    with pytest.raises(RuleFileError, match="raw_milk"):
        temperatures(edited(tmp_path, row + "\n", ""))


def test_every_kind_of_ingredient_has_a_usual_category() -> None:
    assert set(usual_categories()) == {kind.value for kind in IngredientKind}


@pytest.mark.parametrize(
    ("kind", "product", "minced", "category"),
    [
        ("beef", "Bœuf haché 15 %", True, ProductCategory.MINCED_MEAT),
        ("beef", "Steak haché surgelé", True, ProductCategory.FROZEN_MINCED_FISH_SURGELE),
        ("fish", "Lieu noir, filet SURGELÉ", False, ProductCategory.FROZEN_MINCED_FISH_SURGELE),
        ("rabbit", "Lapin", False, ProductCategory.POULTRY),
        ("vegetable_raw", "Carottes", False, ProductCategory.AMBIENT),
    ],
)
def test_the_usual_category_follows_from_kind_and_name(
    kind: str, product: str, minced: bool, category: ProductCategory
) -> None:
    assert usual_category(kind, product, minced=minced) is category


def test_a_kind_nobody_knows_is_an_error() -> None:
    with pytest.raises(UnknownRuleError, match="licorne"):
        usual_category("licorne", "Licorne", minced=False)


ON = date(2026, 11, 26)
FRESH = {
    AnimalProduct.FISH: "fish", AnimalProduct.BUTCHER_MEAT: "beef", AnimalProduct.OTHER_MEAT: "poultry",
    AnimalProduct.MINCED_MEAT: "beef",
}  # fmt: skip


@pytest.mark.parametrize("product", FRESH)
def test_fresh_meat_and_fish_have_a_limit_in_whatever_category_they_may_be_sold(product: AnimalProduct) -> None:
    for category in categories_of(product, FRESH[product], ON):
        limit = temperature(category, ON)
        assert (limit.bound, limit.celsius is not None and limit.celsius <= 7) == ("at_most", True), category


def test_offal_and_raw_milk_have_their_own_limit() -> None:
    assert categories_of(AnimalProduct.OTHER_MEAT, "rabbit", ON)[0] is ProductCategory.POULTRY
    assert categories_of(AnimalProduct.OTHER_MEAT, "offal", ON)[0] is ProductCategory.OFFAL
    assert ProductCategory.POULTRY not in categories_of(AnimalProduct.OTHER_MEAT, "offal", ON)
    assert categories_of(AnimalProduct.RAW_EGG_OR_MILK, "milk", ON) == (ProductCategory.RAW_MILK,)


@pytest.mark.parametrize(
    ("kind", "product", "category"),
    [
        ("milk", AnimalProduct.RAW_EGG_OR_MILK, "raw_milk"), ("milk", AnimalProduct.HEATED_MILK, "producer_defined"),
        ("egg", AnimalProduct.EGG_PRODUCT, "egg_product"), ("fish", AnimalProduct.FISH, "fresh_fish"),
        ("pork", AnimalProduct.MINCED_MEAT, "minced_meat"), ("carrot", None, "ambient"),
    ],
)  # fmt: skip
def test_who_states_no_category_gets_one_in_which_it_may_be_sold(
    kind: str, product: AnimalProduct | None, category: str
) -> None:
    assert kept_as(kind, product, ON) == category
