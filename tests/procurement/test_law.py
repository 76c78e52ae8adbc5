"""The tables of the law of purchases: every ingredient has one family, whatever its label."""

import csv
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from catering.procurement.vocabulary import RevisionRhythm
from catering.recipes.vocabulary import IngredientKind
from catering.rules import LAW_FOLDER, RuleFileError
from catering.rules.procurement import BY_PRICE, FamilyOfIngredient, FamilyOfKind, load_procurement, procurement_law
from catering.rules.shapes import Dated
from tests.lints.sources import ROOT

ON = date(2026, 9, 1)
LAW = procurement_law()


def seeds() -> list[dict[str, str]]:
    with (ROOT / "seeds/ingredients/ingredients.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_fifteen_families() -> None:
    assert [row.code for row in LAW.families_on(ON)] == [f"10.{number:02}" for number in range(1, 16)]


@pytest.mark.parametrize("kind", IngredientKind)
def test_every_kind_of_ingredient_has_a_family(kind: IngredientKind) -> None:
    assert LAW.family_of("something_new", kind.value, ON) in LAW.families


def test_every_ingredient_of_the_seeds_falls_where_a_buyer_expects_it() -> None:
    family = {row["id"]: LAW.family_of(row["id"], row["kind"], ON) for row in seeds()}
    assert {"carotte", "pomme", "pomme_de_terre", "persil"} <= {key for key, code in family.items() if code == "10.10"}
    wanted = {
        "carotte_surgelee": "10.03", "cabillaud_surgele": "10.02", "cabillaud": "10.11", "poulet_cuisse": "10.07",
        "jambon_blanc": "10.08", "maroilles": "10.12", "pain": "10.13", "lentille_verte": "10.14", "jus_pomme": "10.15",
        "thon_boite": "10.14", "salade_4g": "10.09", "poisson_pane": "10.04", "sorbet": "10.05", "boeuf_roti": "10.06",
    }  # fmt: skip
    assert {key: family[key] for key in wanted} == wanted


def test_no_exception_names_an_ingredient_that_is_gone() -> None:
    assert set(LAW.by_ingredient) - {row["id"] for row in seeds()} == set()


def test_a_family_cannot_know_a_label() -> None:
    """Organic and plain of one product are one need (CCP-23): an ingredient has no label, an offer has."""
    columns = {*FamilyOfKind.model_fields, *FamilyOfIngredient.model_fields}
    assert columns == {"kind", "ingredient", "family", *Dated.model_fields}


def test_the_rhythms_of_the_law_are_those_of_contracts() -> None:
    assert {row.rhythm for row in LAW.families_on(ON)} <= {each.value for each in RevisionRhythm}


def test_an_unknown_family_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(LAW_FOLDER, folder)
    file = folder / "procurement/families_by_kind.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("beef,10.06", "beef,10.99"), encoding="utf-8")
    with pytest.raises(RuleFileError, match="10\\.99"):
        load_procurement(folder)


@pytest.mark.parametrize("code", [code for code in procurement_law().criteria if code != BY_PRICE])
def test_every_criterion_takes_its_bounds_and_nothing_beyond(code: str) -> None:
    for row in procurement_law().criteria[code]:
        assert row.least is not None
        assert row.most is not None
        assert row.step is not None
        assert all(row.takes(each) for each in (row.least, row.most, row.least + row.step))
        beyond = (row.least - row.step, row.most + row.step, row.least + row.step / 2, Decimal("Infinity"))
        assert not any(row.takes(each) for each in beyond)
        assert not row.takes(Decimal(1_000_000))
        assert row.scale != "lowest" or row.least > 0, "nothing at all would take every point"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ("heures,0,8760,0.5", "least au-dessus de 0"),
        ("heures,1,1,0.5", "least < most"),
        ("heures,1,8760,", "donner least, most et step"),
        ("heures,0.3,8760,0.5", "multiples de step"),
    ],
)
def test_a_criterion_without_sound_bounds_is_refused_with_its_line(tmp_path: Path, cells: str, says: str) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(LAW_FOLDER, folder)
    file = folder / "procurement/criteria.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("heures,1,8760,0.5", cells), encoding="utf-8")
    with pytest.raises(RuleFileError, match=f"3.*{says}"):
        load_procurement(folder)
