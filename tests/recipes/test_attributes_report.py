"""The report for dish writers: counts, unknown figures, recipes that look wrong, faults named with file and line."""

from pathlib import Path

import pytest

from catering.recipes.report import main

INGREDIENT_COLUMNS = (
    "id,name,family,kind,ciqual_code,ciqual_name,kcal,protein_g,fat_g,saturates_g,carbs_g,sugars_g,fibre_g,salt_g,"
    "calcium_mg,iron_mg,edible_pct,allergens,animal_flesh,minced,frying,months,keeping_days,agribalyse_code,"
    "co2e_kg_per_kg,co2e_transport_kg_per_kg,source"
)
DISH_COLUMNS = "id,name,slot,technique,served_g,months,equipment,prep_minutes_per_100,regional,steps"
ALL_YEAR = "1 2 3 4 5 6 7 8 9 10 11 12"


def ingredient(slug: str, kind: str, fat: str = "0.2", months: str = ALL_YEAR) -> str:
    return f"{slug},{slug},AUTRES,{kind},,,40,1,{fat},0,5,4,2,0,30,0.3,80,,false,,,{months},7,,0.5,0.1,test"


def side(slug: str, technique: str, served: int, months: str = ALL_YEAR, steps: str = "râper") -> str:
    return f"{slug},{slug},side,{technique},{served},{months},,10,,{steps}"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    write(tmp_path, "ingredients/ingredients.csv", INGREDIENT_COLUMNS, [ingredient("carotte", "vegetable_raw")])
    write(tmp_path, "dishes/side.csv", DISH_COLUMNS, [side("carottes", "boiled", 140)])
    write(tmp_path, "dishes/side_lines.csv", "dish,ingredient,grams", ["carottes,carotte,200"])
    return tmp_path


def write(folder: Path, file: str, header: str, rows: list[str]) -> None:
    path = folder / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def report(seeds: Path, *options: str) -> tuple[int, str]:
    said: list[str] = []
    code = main([str(seeds), *options], said.append)
    return code, "\n".join(said)


def test_a_sound_table_is_counted(seeds: Path) -> None:
    code, text = report(seeds)
    assert code == 0
    counted = next(line for line in text.splitlines() if line.startswith("cooked_veg_side"))
    assert counted.split() == ["cooked_veg_side", "side", *["1"] * 13]
    assert "Attributs inconnus : 0" in text
    assert "À revoir : 0" in text


def test_an_unknown_figure_is_named(seeds: Path) -> None:
    fryable = ingredient("carotte", "vegetable_raw", fat="").replace(",false,,,", ",false,,deep,")
    write(seeds, "ingredients/ingredients.csv", INGREDIENT_COLUMNS, [fryable])
    _, text = report(seeds)
    assert "carottes : fried_fat_gt15 (manque carotte.fat_g)" in text


@pytest.mark.parametrize(
    ("dish", "doubt"),
    [
        (side("carottes", "boiled", 20), "rendement 0.12 hors de 0.4 à 3.2"),
        (side("carottes", "boiled", 900), "rendement 5.62 hors de 0.4 à 3.2"),
        (side("carottes", "raw", 150, steps="cuire à la vapeur"), "les étapes parlent de cuisson"),
        (side("carottes", "raw", 150), "ni légume cuit ni féculent"),
    ],
)
def test_what_looks_wrong_is_said(seeds: Path, dish: str, doubt: str) -> None:
    write(seeds, "dishes/side.csv", DISH_COLUMNS, [dish])
    code, text = report(seeds)
    assert code == 1
    assert doubt in text.split("À revoir")[1]


def test_a_dish_served_out_of_season_is_said(seeds: Path) -> None:
    summer = ingredient("carotte", "vegetable_raw", months="6 7 8")
    write(seeds, "ingredients/ingredients.csv", INGREDIENT_COLUMNS, [summer])
    assert "carottes : carotte hors saison aux mois 1 2 3 4 5 9 10 11 12" in report(seeds)[1]


def test_one_dish_can_be_shown(seeds: Path) -> None:
    code, text = report(seeds, "--dish", "carottes")
    assert code == 0
    assert "sugars_g      6.40" in text
    assert "cooked_veg_side" in text
    assert report(seeds, "--dish", "navets")[0] == 2


@pytest.mark.parametrize(
    ("file", "header", "row", "fault"),
    [
        ("dishes/side_lines.csv", "dish,ingredient,grams", "carottes,carotte,-3", r"side_lines.csv:2: carotte : -3 g"),
        ("dishes/side_lines.csv", "dish,ingredient,grams", "carottes,navet,3", "ingrédient inconnu « navet »"),
        (
            "dishes/side_lines.csv",
            "dish,ingredient,grams",
            "autre,carotte,3",
            "side.csv:2: carottes : la fiche n'a aucun",
        ),
        (
            "dishes/side.csv",
            DISH_COLUMNS,
            side("carottes", "boiled", 140, months="13"),
            "side.csv:2: mois illisibles « 13 »",
        ),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(seeds: Path, file: str, header: str, row: str, fault: str) -> None:
    write(seeds, file, header, [row])
    code, text = report(seeds)
    assert code == 2
    assert fault in text
