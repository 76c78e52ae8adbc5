"""Files of menus: each shape read, every fault named, the national schema written and read back alike."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from catering.cli import main
from catering.documents.models import FileKind
from catering.menus.dishes import Book
from catering.menus.files import report
from catering.menus.files.checking import check_file, read_menu_bytes
from catering.menus.files.lines import MenuFile, MenusRefused
from catering.menus.files.scdl import PublishedDish, Publisher, fields, write_scdl
from catering.recipes.vocabulary import Slot
from catering.rules.allergens import Allergen
from catering.rules.meals import Standing

PUBLISHER = Publisher("Département du Pas-de-Calais", "22620001200012", "Collège Test", "0620004T", "62041")
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
LONG = "date;composante;plat;couverts\n2026-09-07;plat;Rôti de bœuf;300\n2026-09-07;garniture;Haricots verts;300\n"
WIDE = (
    "date,secteur,code_plat,entree,plat,legumes,laitage,dessert\n"
    "2026-09-07,1,VEGE,Radis,Lasagnes,,Camembert,Pomme ou Éclair au chocolat\n"
    "2026-09-08,1,,PONT,PONT,PONT,PONT,PONT\n"
)


def read(text: str) -> MenuFile:
    return read_menu_bytes("menus.csv", FileKind.CSV, text.encode())


def refused(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(MenusRefused) as refusal:
        read(text)
    return [(fault.line, fault.column, fault.message) for fault in refusal.value.faults]


def test_a_row_per_dish() -> None:
    (beef, beans) = read(LONG).lines
    assert (beef.day, beef.slot, beef.name, beef.covers) == (date(2026, 9, 7), "main", "Rôti de bœuf", 300)
    assert (beans.slot, beans.line) == ("side", 3)


def test_a_row_per_lunch_with_choices_marks_and_closed_days() -> None:
    file = read(WIDE)
    assert [(line.slot, line.name) for line in file.lines] == [
        ("starter", "Radis"), ("main", "Lasagnes"), ("dairy", "Camembert"),
        ("dessert", "Pomme"), ("dessert", "Éclair au chocolat"),
    ]  # fmt: skip
    assert {line.name for line in file.lines if line.vegetarian} == {"Lasagnes"}
    assert file.aside == {"jours sans plat principal ou fermés": 1}


def test_an_or_within_brackets_is_no_choice() -> None:
    text = "date,plat,dessert\n2026-09-07,Salade (thon ou maïs),Pomme\n"
    assert [line.name for line in read(text).lines] == ["Salade (thon ou maïs)", "Pomme"]


def test_every_fault_is_named_and_nothing_is_kept() -> None:
    text = (
        "date;composante;plat;couverts\n07/09/2026;plat;Rôti;300\n2026-09-07;plas;Rôti;beaucoup\n2026-09-07;plat;;1\n"
    )
    assert refused(text) == [
        (2, "date", "ce n'est pas une date"),
        (3, "composante", "composante inconnue"),
        (3, "couverts", "ce n'est pas un nombre entier"),
        (4, "plat", "cellule vide"),
    ]


def test_a_table_without_dates_or_dishes_says_which_column_is_missing() -> None:
    assert refused("jour;mets\n2026-09-07;Rôti\n") == [(1, "date", "colonne absente"), (1, "plat", "colonne absente")]


def published(name: str = "Rôti de bœuf", slot: Slot = Slot.MAIN) -> PublishedDish:
    return PublishedDish(date(2026, 9, 7), slot, name, "roti", False, frozenset({Allergen.MILK, Allergen.GLUTEN}))


def test_what_is_published_in_the_national_schema_is_read_back() -> None:
    dishes = [published(), published("=Pomme", Slot.DESSERT)]
    content = write_scdl(PUBLISHER, dishes, AT)
    lines = read_menu_bytes("menus.csv", FileKind.CSV, content).lines
    assert [(line.day, line.slot, line.name, line.restaurant) for line in lines] == [
        (dish.day, dish.slot.value, dish.name, "0620004T") for dish in dishes
    ]


def test_the_file_has_the_columns_of_the_schema_in_their_order_and_lists_as_json() -> None:
    rows = list(
        csv.DictReader(io.StringIO(write_scdl(PUBLISHER, [published()], AT).decode("utf-8-sig")), delimiter=";")
    )
    assert list(rows[0]) == [field.name for field in fields()]
    assert json.loads(rows[0]["menuPlatAllergene"]) == ["céréales contenant du gluten", "lait"]
    assert rows[0]["menuPublicationDate"] == "2026-09-01T08:00:00Z"
    assert all(rows[0][field.name] for field in fields() if field.required)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("menuCollSiret", "22620001200013", "ce n'est pas un SIRET"),
        ("menuDate", "07/09/2026", "ce n'est pas une date"),
        ("menuPlatType", "plat", "valeur hors de la liste du schéma"),
        ("menuPlatAllergene", "lait", "liste mal formée"),
        ("menuPlatAllergene", '["cacao"]', "valeur hors de la liste du schéma"),
        ("menuPlatNom", "P" * 161, "161 caractères"),
        ("menuPublicationDate", "hier", "ce n'est pas un instant"),
        ("menuRestaurantNom", "", "cellule vide"),
    ],
)
def test_a_cell_outside_of_the_schema_is_refused(column: str, value: str, message: str) -> None:
    rows = list(csv.reader(io.StringIO(write_scdl(PUBLISHER, [published()], AT).decode("utf-8-sig")), delimiter=";"))
    rows[1][rows[0].index(column)] = value
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    assert refused(stream.getvalue()) == [(2, column, message)]


def test_other_meals_and_bread_are_set_aside() -> None:
    text = write_scdl(PUBLISHER, [published(), published("Goûter"), published("Pain")], AT).decode("utf-8-sig")
    lines = text.splitlines()
    lines[2] = lines[2].replace("déjeuner", "goûter")
    lines[3] = lines[3].replace("plat principal", "pain")
    file = read("\n".join(lines))
    assert [line.name for line in file.lines] == ["Rôti de bœuf"]
    assert sum(file.aside.values()) == 2


def twenty_lunches(main: str, dessert: str) -> str:
    first = date(2026, 9, 7)
    days = [first + timedelta(days=7 * week + day) for week in range(5) for day in (0, 1, 3, 4)]
    rows = [f"{day},Radis,{main},Haricots verts,Camembert,{dessert}" for day in days]
    return "\n".join(["date,entree,plat,legumes,laitage,dessert", *rows])


def test_a_file_is_checked_with_our_dishes_and_the_words(book: Book) -> None:
    check = check_file(read(twenty_lunches("Rôti de bœuf", "Pomme")), book)
    (year,) = check.years
    found = {each.rule: each for each in year.frequencies.blocks if each.rule.startswith("NUT")}
    assert len(found) == 15
    assert found["NUT-08"].sure == found["NUT-02"].sure == found["NUT-06"].sure == 20
    assert found["NUT-03"].status is found["NUT-05"].status is Standing.BROKEN
    assert found["NUT-11"].status is Standing.SATISFIED
    assert year.structure == {}


def test_a_week_cut_short_does_not_hold_and_is_said_to_be_tolerated(book: Book) -> None:
    full = [date(2026, 9, 7) + timedelta(days=7 * week + day) for week in range(3) for day in (0, 1, 3, 4)]
    cut = [date(2026, 9, 28), date(2026, 9, 29)]
    rows = [f"{day},Radis,Rôti de bœuf,Haricots verts,Camembert,Pomme" for day in [*full, *cut]]
    check = check_file(read("\n".join(["date,entree,plat,legumes,laitage,dessert", *rows])), book)
    weeks = [each for each in report.as_json(check)["restaurants"][0]["constats"] if each["regle"] == "VEG-01"]
    assert {each["statut"] for each in weeks} == {"non tenu"}
    assert [each["tolerance"] is None for each in weeks] == [True, True, True, False]
    assert "2 jours de service au lieu de 4" in weeks[-1]["tolerance"]
    (line,) = [line for line in report.as_lines(check) if "toléré" in line]
    assert "du 28/09/2026 au 29/09/2026" in line


def test_an_undecided_criterion_names_the_dishes_to_make_precise(book: Book) -> None:
    told = report.as_json(check_file(read(twenty_lunches("Zorglub", "Pomme")), book))
    (year,) = told["restaurants"]
    (red,) = [each for each in year["constats"] if each["regle"] == "NUT-08"]
    assert (red["statut"], red["compte"], red["possible"]) == ("indécis", "0", "20")
    assert {each["plat"] for each in red["plats_a_preciser"]} == {"Zorglub"}
    assert [each["nom"] for each in told["non_reconnus"] if each["lu"] == "inconnu"] == ["Zorglub"]


def test_a_dish_without_a_component_leaves_the_missing_ones_open(book: Book) -> None:
    text = "date;plat\n2026-09-07;Rôti de bœuf\n2026-09-07;Zorglub\n"
    (year,) = check_file(read(text), book).years
    found = {each.rule: each for each in year.frequencies.blocks}
    assert found["NUT-08"].status is Standing.SATISFIED
    assert (found["NUT-02"].sure, found["NUT-02"].possible) == (0, 1)


def test_a_composed_dish_brings_its_own_side(book: Book) -> None:
    text = twenty_lunches("Hachis parmentier", "Pomme").replace(",Haricots verts,", ",,")
    (year,) = check_file(read(text), book).years
    found = {each.rule: each for each in year.frequencies.blocks}
    assert (found["NUT-04"].sure, found["NUT-03"].possible) == (20, 0)


def test_the_law_of_2010_asked_nothing(book: Book) -> None:
    text = twenty_lunches("Rôti de bœuf", "Pomme").replace("2026-", "2010-")
    (year,) = check_file(read(text), book).years
    assert year.frequencies.blocks == ()


def test_the_command_checks_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "bon.csv", tmp_path / "mauvais.csv"
    good.write_text(twenty_lunches("Rôti de bœuf", "Pomme"), encoding="utf-8")
    bad.write_text("date;plat\nhier;Rôti\n", encoding="utf-8")
    main(["nutrition", str(good), "--json"])
    assert json.loads(capsys.readouterr().out)["restaurants"][0]["repas"] == 20
    main(["nutrition", str(good)])
    assert "NUT-08  1 tenu" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stopped:
        main(["nutrition", str(bad), "--json"])
    told = capsys.readouterr()
    assert stopped.value.code == 2
    assert json.loads(told.out)["refus"][0]["colonne"] == "date"
    assert "ligne 2, colonne date" in told.err


MEATLESS_BY_NAME = ("Chili sin carne", "Omelette nature", "Steak végétal", "Émincé végétal façon poulet")
MEAT_BY_NAME = (
    "Chili con carne", "Omelette au jambon", "Tajine d'agneau", "Gnocchis sauce aux anchois", "Endives au jambon",
    "Couscous végétarien aux merguez", "Burger végétarien au bacon", "Tofu au bouillon de bœuf",
    "Lentilles au fond de veau", "Galette de légumes au saindoux",
)  # fmt: skip
OPEN_BY_NAME = ("Cassoulet", "Brandade", "Hachis parmentier", "Tartiflette")


def on_the_menu(names: Sequence[str], regime: str) -> str:
    """A main dish a week."""
    days = (date(2026, 9, 7) + timedelta(weeks=number) for number in range(len(names)))
    rows = [f"{day};plat;{name};{regime}" for day, name in zip(days, names, strict=True)]
    return "\n".join(["date;composante;plat;regime", *rows]) + "\n"


@pytest.mark.parametrize("regime", ["vegetarien", "Végétarien", "VEGE"])
def test_what_the_name_tells_wins_over_what_the_column_says(
    regime: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """T17: a gratin with bacon sold as vegetarian is not; VEG-01 minds stocks, lard and anchovies too."""
    names = [*MEATLESS_BY_NAME, *MEAT_BY_NAME, *OPEN_BY_NAME]
    path = tmp_path / "menus.csv"
    path.write_text(on_the_menu(names, regime), encoding="utf-8")
    main(["nutrition", str(path), "--json"])
    found = json.loads(capsys.readouterr().out)
    by_week = [each for each in found["restaurants"][0]["constats"] if each["regle"] == "VEG-01"]
    told = {name: (each["compte"], each["possible"]) for name, each in zip(names, by_week, strict=True)}
    assert {told[name] for name in MEATLESS_BY_NAME} == {("1", "1")}
    assert {told[name] for name in MEAT_BY_NAME} == {("0", "0")}
    assert {told[name] for name in OPEN_BY_NAME} == {("0", "1")}
    warned = {(each["ligne"], each["colonne"], each["valeur"], each["regle"]) for each in found["avertissements"]}
    assert warned == {(names.index(name) + 2, "regime", name, "VEG-01") for name in MEAT_BY_NAME}
    main(["nutrition", str(path)])
    assert "dit végétarien, mais le nom dit viande ou poisson" in " ".join(capsys.readouterr().out.split())


def test_not_vegetarian_is_not_vegetarian() -> None:
    assert [line.vegetarian for line in read(on_the_menu(["Lasagnes"], "non végétarien")).lines] == [False]


def test_the_regime_of_a_lunch_is_that_of_its_dishes() -> None:
    text = "date,regime,entree,plat\n2026-09-07,vegetarien,Radis,Lasagnes\n2026-09-08,,Radis,Lasagnes\n"
    assert [line.vegetarian for line in read(text).lines] == [True, True, False, False]


def test_a_block_that_does_not_hold_is_told_with_its_count_and_dishes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "menus.csv"
    path.write_text(on_the_menu(["Chili con carne", "Omelette nature"], ""), encoding="utf-8")
    main(["nutrition", str(path)])
    assert "du 07/09/2026 au 07/09/2026, 0 pour 1 au moins" in " ".join(capsys.readouterr().out.split())
    main(["nutrition", str(path), "--json"])
    found = json.loads(capsys.readouterr().out)["restaurants"][0]["constats"]
    days = [day for each in found if each["regle"] == "VEG-01" for day in each["jours"]]
    assert days == [{"jour": "2026-09-14", "compte": "1", "plats": ["Omelette nature"]}]


def test_days_as_kitchens_write_them_are_read_when_nothing_is_ambiguous() -> None:
    text = "date;composante;plat\n07/09/2026;plat;Rôti de bœuf\n14/09/2026;plat;Lasagnes\n"
    assert [line.day for line in read(text).lines] == [date(2026, 9, 7), date(2026, 9, 14)]
    before_the_13th = text.replace("14/09", "08/09")
    assert [(line, column) for line, column, _ in refused(before_the_13th)] == [(2, "date"), (3, "date")]
    assert [line for line, _, _ in refused(text.replace("07/09", "31/02"))] == [2, 3]


def test_a_day_without_any_dish_is_told() -> None:
    file = read(WIDE + "2026-09-10,1,,,,,,\n")
    assert file.aside == {"jours sans plat principal ou fermés": 2}


def test_a_dish_that_counts_often_is_named_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "menus.csv"
    days = [date(2026, 9, 7) + timedelta(days=at) for at in range(12) if at % 7 < 4]
    rows = [f"{day};plat;Rôti de bœuf\n{day};garniture;Haricots verts\n" for day in days]
    path.write_text("date;composante;plat\n" + "".join(rows), encoding="utf-8")
    main(["nutrition", str(path)])
    told = capsys.readouterr().out
    assert f"Haricots verts ({len(days)} fois)" in told
    assert "Haricots verts, Haricots verts" not in told
