"""Bad problem folders: every fault is named with file, line, column and repair, and causes no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from optimizer.__main__ import main
from tests.optimizer.editing import edit, faults_of
from tests.optimizer.examples import plan_of, two_kitchens


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    two_kitchens().to_folder(tmp_path / "problem")
    return tmp_path / "problem"


# -- bad tables --------------------------------------------------------------------------------------------------------


class Bad(NamedTuple):
    """An edit (old text of a file, new text) and what must be said of it."""

    file: str
    old: str
    new: str
    line: int
    column: str
    said: str


BAD_CELLS = {
    "unknown ingredient": Bad(
        "dish_ingredients.csv", "dahl,carottes,40", "dahl,carotte,40", 7, "ingredient", "ingredients.csv"
    ),
    "unknown dish": Bad("dish_nutrients.csv", "dahl,", "dal,", 5, "dish", "dishes.csv"),
    "negative grams": Bad("dish_ingredients.csv", "dahl,carottes,40", "dahl,carottes,-40", 7, "grams", "trop petit"),
    "no grams": Bad("every_meal.csv", "pain,40", "pain,0", 2, "grams", "trop petit"),
    "half a gram": Bad("every_meal.csv", "pain,40", "pain,40.5", 2, "grams", "entier"),
    "duplicate id": Bad(
        "ingredients.csv",
        "boeuf,Bœuf,VIANDES_VOLAILLES\n",
        "boeuf,Bœuf,VIANDES_VOLAILLES\nboeuf,Bœuf,VIANDES_VOLAILLES\n",
        3,
        "ingredient",
        "déjà décrit ligne 2",
    ),
    "duplicate pair": Bad("service_days.csv", "lens,2026-12-15", "lens,2026-12-14", 11, "date", "déjà décrit ligne 10"),
    "capacity without dates": Bad(
        "capacities.csv", "boeuf_gros,2026-08-31,", "boeuf_gros,,", 2, "valid_from", "date manque"
    ),
    "capacity that ends first": Bad(
        "capacities.csv", "boeuf_gros,2026-08-31,2027", "boeuf_gros,2026-08-31,2025", 2, "valid_to", "finit avant"
    ),
    "overlapping capacities": Bad(
        "capacities.csv", "2027-01-01,2027-03-31", "2026-12-31,2027-03-31", 13, "valid_from", "chevauche"
    ),
    "capacity in words": Bad("capacities.csv", "500000", "illimité", 11, "grams_per_week", "entier"),
    "quoted comma": Bad("offers.csv", ",9.95,", ',"9,95",', 3, "price_eur_per_kg", "virgule"),
    "too many decimals": Bad("offers.csv", ",9.95,", ",9.95001,", 3, "price_eur_per_kg", "4 décimales"),
    "scientific notation": Bad("offers.csv", ",9.95,", ",1e1,", 3, "price_eur_per_kg", "pas un nombre"),
    "unknown bucket": Bad("offers.csv", ",SIQO,", ",SICO,", 3, "bucket", "vouliez-vous « SIQO »"),
    "label without dates": Bad("offers.csv", "SIQO,2026-01-01", "SIQO,", 3, "label_from", "date manque"),
    "dates without label": Bad("offers.csv", "NON_EGALIM,,", "NON_EGALIM,2026-01-01,", 2, "label_from", "NON_EGALIM"),
    "unknown supplier": Bad("deliveries.csv", "ferme,arras", "fermes,arras", 2, "supplier", "suppliers.csv"),
    "unknown weekday": Bad("suppliers.csv", "tue thu", "mardi thu", 2, "delivery_weekdays", "jours de livraison"),
    "flag in French": Bad("suppliers.csv", ",true\n", ",oui\n", 2, "local", "oui"),
    "a dish with no season": Bad("dishes.csv", "dessert,5 6", "dessert,", 7, "months", "aucune saison"),
    "a thirteenth month": Bad("dishes.csv", "dessert,5 6", "dessert,5 13", 7, "months", "1 à 12"),
    "unknown slot": Bad(
        "dishes.csv", "fraises,Fraises,dessert", "fraises,Fraises,desert", 7, "slot", "vouliez-vous « dessert »"
    ),
    "impossible date": Bad("service_days.csv", "arras,2026-12-14", "arras,2026-02-30", 2, "date", "pas une date"),
    "French date": Bad("service_days.csv", "arras,2026-12-14", "arras,14/12/2026", 2, "date", "AAAA-MM-JJ"),
    "no covers": Bad("service_days.csv", "2026-12-14,100", "2026-12-14,0", 2, "covers", "trop petit"),
    "empty cell": Bad("kitchens.csv", "Collège de Lens", "", 3, "name", "vide"),
    "unknown attribute value": Bad(
        "dish_attributes.csv", "fried,unknown", "fried,peut-être", 4, "value", "true, unknown"
    ),
    "unknown family": Bad("purchases.csv", "VIANDES_VOLAILLES", "VIANDE", 2, "family", "n'est pas admis"),
    "unclosed quote": Bad("ingredients.csv", "boeuf,Bœuf", 'boeuf,"Bœuf', 2, "", "CSV"),
}


@pytest.mark.parametrize("name", BAD_CELLS)
def test_a_bad_cell_is_named_and_nothing_else(name: str, folder: Path) -> None:
    bad = BAD_CELLS[name]
    edit(folder, bad.file, bad.old, bad.new)
    faults = faults_of(folder)
    assert len(faults) == 1, "one fault must not cause others"
    (fault,) = faults
    assert (fault.file, fault.line, fault.column) == (bad.file, bad.line, bad.column)
    assert bad.said in f"{fault.message} {fault.repair}"
    assert fault.repair.endswith(".")


def test_a_price_with_a_bare_comma_is_one_cell_too_many(folder: Path) -> None:
    edit(folder, "offers.csv", ",9.95,", ",9,95,")
    (fault,) = faults_of(folder)
    assert (fault.file, fault.line) == ("offers.csv", 3)
    assert "11 cellules au lieu de 10" in fault.message
    assert "le point pour les décimales" in fault.repair


def test_a_kitchen_without_a_service_day(folder: Path) -> None:
    lines = (folder / "service_days.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("lens")]
    (folder / "service_days.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    (fault,) = faults_of(folder)
    assert (fault.file, fault.line, fault.column, fault.value) == ("kitchens.csv", 3, "kitchen", "lens")
    assert "aucun jour de service" in fault.message


def test_a_slot_without_a_dish(folder: Path) -> None:
    edit(folder, "problem.json", '"dessert"', '"dessert", "cheese"')
    (fault,) = faults_of(folder)
    assert (fault.file, fault.line, fault.column) == ("problem.json", 4, "slots")
    assert "« cheese » n'a aucun plat" in fault.message


def test_a_dish_without_a_recipe(folder: Path) -> None:
    edit(folder, "dish_ingredients.csv", "fraises,fraises,120\n", "")
    (fault,) = faults_of(folder)
    assert (fault.file, fault.value) == ("dishes.csv", "fraises")


def test_all_faults_are_told_at_once(folder: Path) -> None:
    for name in ("unknown ingredient", "duplicate id", "quoted comma", "a dish with no season", "no covers"):
        edit(folder, *BAD_CELLS[name][:3])
    edit(folder, "rules.json", '"window": 6', '"window": 0')
    assert {fault.file for fault in faults_of(folder)} == {
        "dish_ingredients.csv",
        "ingredients.csv",
        "offers.csv",
        "dishes.csv",
        "service_days.csv",
        "rules.json",
    }


# -- headers, files, encodings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "column", "words"),
    [
        ("kitchen,date", "covers", "manque"),
        ("kitchen,date,covers,note", "note", "de trop"),
        ("kitchen,date,couverts", "couverts", "vouliez-vous « covers »"),
        ("date,kitchen,covers", "", "autre ordre"),
        ("kitchen;date;covers", "", "points-virgules"),
        ("", "", "en-tête manque"),
        ('"kitchen,date,covers', "", "CSV"),
    ],
)
def test_the_header_must_be_exact(folder: Path, header: str, column: str, words: str) -> None:
    edit(folder, "service_days.csv", "kitchen,date,covers\n", f"{header}\n")
    faults = faults_of(folder)
    assert {(fault.file, fault.line) for fault in faults} == {("service_days.csv", 1)}
    (fault,) = [fault for fault in faults if fault.column == column]
    assert words in fault.message
    assert "kitchen,date,covers" in fault.repair or "guillemets" in fault.repair


def test_a_missing_file_is_named_alone(folder: Path) -> None:
    (folder / "ingredients.csv").unlink()
    (fault,) = faults_of(folder)
    assert (fault.file, fault.message) == ("ingredients.csv", "Le fichier manque.")


@pytest.mark.parametrize(
    ("recode", "line", "words"),
    [
        (lambda text: text.encode("utf-16"), 1, "UTF-16"),
        (lambda text: text.encode("utf-16-le"), 1, "UTF-16"),
        (lambda text: b"\xef\xbb\xbf" + text.encode(), 1, "BOM"),
        (lambda text: text.encode("cp1252"), 2, "Collège d'Arras"),
        (lambda text: text.replace("\n", "\r\n").encode(), 1, "CR LF"),
    ],
)
def test_a_wrong_encoding_is_named_once(folder: Path, recode: Callable[[str], bytes], line: int, words: str) -> None:
    path = folder / "kitchens.csv"
    path.write_bytes(recode(path.read_text(encoding="utf-8")))
    (fault,) = faults_of(folder)
    assert (fault.file, fault.line) == ("kitchens.csv", line)
    assert words in fault.message


def test_a_folder_of_another_version_is_refused_before_anything_else(folder: Path) -> None:
    edit(folder, "problem.json", "catering-problem/1", "catering-problem/2")
    edit(folder, "offers.csv", ",9.95,", ",9,95,")
    (fault,) = faults_of(folder)
    assert (fault.file, fault.line, fault.column) == ("problem.json", 2, "format")
    assert "« catering-problem/2 »" in fault.message
    assert "« catering-problem/1 »" in fault.message


# -- the command line --------------------------------------------------------------------------------------------------


def test_the_command_line_refuses_bad_input_with_code_2(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan_of(two_kitchens()).to_folder(tmp_path / "plan")
    edit(folder, *BAD_CELLS["quoted comma"][:3])
    edit(tmp_path / "plan", "menus.csv", "arras,2026-12-14", "arras,14/12/26")
    assert main(["verify", str(folder), str(tmp_path / "plan")]) == 2
    answer = capsys.readouterr()
    assert answer.out == ""
    assert "offers.csv, ligne 3, colonne price_eur_per_kg : « 9,95 » est écrit avec une virgule." in answer.err
    assert "À faire : écrire 9.95, avec un point." in answer.err
    assert "menus.csv, ligne 2, colonne date" in answer.err
    assert "2 défaut(s) de lecture" in answer.err


def test_a_bad_problem_leaves_the_plan_folder_as_it_was(folder: Path, tmp_path: Path) -> None:
    edit(folder, *BAD_CELLS["negative grams"][:3])
    assert main(["solve", str(folder), str(tmp_path / "plan")]) == 2
    assert not (tmp_path / "plan").exists()


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["verify", "--json", str(tmp_path / "nowhere"), str(tmp_path / "empty")]) == 2
    told = json.loads(capsys.readouterr().out)["bad_input"]
    assert [fault["message"] for fault in told] == [
        "Le dossier ne contient aucun des fichiers attendus.",
        "Le dossier n'existe pas.",
    ]
