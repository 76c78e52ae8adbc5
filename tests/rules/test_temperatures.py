"""The table of temperatures: complete, or refused with its file and line."""

import shutil
from pathlib import Path

import pytest

from catering.recipes.vocabulary import IngredientKind
from catering.rules import LAW_FOLDER, RuleFileError, UnknownRuleError
from catering.rules.hygiene import ProductCategory
from catering.rules.temperatures import TABLE, temperatures, usual_categories, usual_category


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
