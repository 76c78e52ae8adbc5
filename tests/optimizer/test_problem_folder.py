"""Problem folders: what is written is read back whole; what is wrong is named with file, line, column, repair."""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.__main__ import main
from optimizer.faults import BadFolder, FolderFault
from optimizer.folders.schema import PROBLEM_FILES
from optimizer.problem import BUCKETS, FAMILIES, Capacity, Kitchen, Problem, Purchase, ServiceDay
from tests.optimizer.examples import plan_of, two_kitchens


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    two_kitchens().to_folder(tmp_path / "problem")
    return tmp_path / "problem"


def faults_of(folder: Path) -> list[FolderFault]:
    with pytest.raises(BadFolder) as bad:
        Problem.from_folder(folder)
    return list(bad.value.faults)


# -- round trip --------------------------------------------------------------------------------------------------------


def test_a_problem_survives_its_folder(folder: Path) -> None:
    problem = two_kitchens()
    read = Problem.from_folder(folder)
    assert read == problem
    assert read.sha256 == problem.sha256


def test_equal_problems_give_equal_bytes(folder: Path, tmp_path: Path) -> None:
    problem = two_kitchens()
    shuffled = replace(
        problem,
        service_days=problem.service_days[::-1],
        offers=dict(reversed(problem.offers.items())),
        dishes=dict(reversed(problem.dishes.items())),
        kitchens={id_: replace(of, lat=of.lat + Decimal("0.00")) for id_, of in reversed(problem.kitchens.items())},
    )
    shuffled.to_folder(tmp_path / "again")
    for name in PROBLEM_FILES:
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes(), name


def test_the_hash_is_of_the_bytes_read_whoever_wrote_them(folder: Path) -> None:
    header, *rows = (folder / "dishes.csv").read_text(encoding="utf-8").splitlines()
    (folder / "dishes.csv").write_text("\n".join([header, *rows[::-1]]) + "\n", encoding="utf-8")
    read = Problem.from_folder(folder)
    assert read == two_kitchens()
    assert read.sha256 != two_kitchens().sha256
    assert replace(read, name=read.name).sha256 == two_kitchens().sha256


TEXT = st.text(string.ascii_letters + string.digits + " éèçœŒ€'\",;%\\/-«»\u00a0", min_size=1, max_size=12).filter(
    lambda text: text == text.strip()
)
PRICE = st.decimals(0, 999, places=4)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """The example with its texts, numbers and dates drawn anew."""
    base = two_kitchens()
    names = dict(zip(base.kitchens, draw(st.lists(TEXT, min_size=2, max_size=2, unique=True)), strict=True))
    start = draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    days = tuple(
        ServiceDay(kitchen, start + timedelta(days=after), draw(st.integers(1, 10**6)))
        for kitchen in names.values()
        for after in draw(st.sets(st.integers(0, 400), min_size=1, max_size=5))
    )
    return replace(
        base,
        name=draw(TEXT),
        kitchens={
            new: Kitchen(
                new,
                draw(TEXT),
                draw(st.decimals(-90, 90, places=7)),
                draw(st.decimals(-180, 180, places=7)),
                draw(PRICE),
            )
            for new in names.values()
        },
        service_days=days,
        dishes={of.id: replace(of, **draw(dish_parts(base))) for of in base.dishes.values()},
        offers={of.id: replace(of, **draw(offer_parts())) for of in base.offers.values()},
        deliveries={
            (of.supplier, names[of.kitchen]): replace(of, kitchen=names[of.kitchen], delivery_eur_per_kg=draw(PRICE))
            for of in base.deliveries.values()
        },
        capacities={offer: draw(ranges(offer)) for offer in draw(st.sets(st.sampled_from(sorted(base.offers))))},
        purchases=tuple(draw(st.lists(purchases(list(names.values())), max_size=4))),
        rules=tuple(draw(st.permutations(base.rules))),
    )


def dish_parts(base: Problem) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {
            "name": TEXT,
            "months": st.frozensets(st.integers(1, 12), min_size=1),
            "ingredients": st.dictionaries(st.sampled_from(sorted(base.ingredients)), st.integers(1, 5000), min_size=1),
        }
    )


@st.composite
def offer_parts(draw: st.DrawFn) -> dict[str, object]:
    bucket = draw(st.sampled_from(BUCKETS))
    dates = sorted(draw(st.lists(st.dates(), min_size=2, max_size=2)))
    labelled = bucket != "NON_EGALIM"
    return {
        "price_eur_per_kg": draw(PRICE),
        "label": draw(st.just("") | TEXT),
        "bucket": bucket,
        "label_from": dates[0] if labelled else None,
        "label_to": dates[1] if labelled else None,
        "co2e_kg_per_kg": draw(st.none() | st.decimals(-5, 99, places=6)),
    }


@st.composite
def ranges(draw: st.DrawFn, offer: str) -> tuple[Capacity, ...]:
    limits = sorted(draw(st.sets(st.dates(), min_size=2, max_size=6)))
    pairs = zip(limits[::2], limits[1::2], strict=False)
    return tuple(Capacity(offer, first, last, draw(st.none() | st.integers(0, 10**9))) for first, last in pairs)


def purchases(kitchens: list[str]) -> st.SearchStrategy[Purchase]:
    return st.builds(
        Purchase,
        st.sampled_from(kitchens),
        st.dates(),
        st.sampled_from(FAMILIES),
        st.sampled_from(BUCKETS),
        st.decimals(0, 10**6, places=2),
    )


@settings(max_examples=25, deadline=None)
@given(problems())
def test_a_round_trip_loses_nothing(problem: Problem) -> None:
    with TemporaryDirectory() as place:
        problem.to_folder(Path(place) / "p")
        read = Problem.from_folder(Path(place) / "p")
    assert read == problem
    assert read.sha256 == problem.sha256


# -- writing -----------------------------------------------------------------------------------------------------------


def test_a_folder_is_written_whole_or_not_at_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    write = Path.write_bytes

    def full_disk(self: Path, data: bytes) -> int:
        if self.name == "offers.csv":
            raise OSError("disque plein")
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="disque plein"):
        replace(two_kitchens(), name="Autre").to_folder(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert list(folder.parent.iterdir()) == [folder]


def test_a_folder_replaces_an_older_one_of_its_kind(folder: Path) -> None:
    replace(two_kitchens(), name="Autre").to_folder(folder)
    assert Problem.from_folder(folder).name == "Autre"
    assert list(folder.parent.iterdir()) == [folder]


def test_nothing_else_is_ever_replaced(folder: Path) -> None:
    (folder / "notes.txt").write_text("à garder", encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"notes\.txt"):
        two_kitchens().to_folder(folder)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "à garder"


def test_a_price_the_format_cannot_hold_is_not_cut_short(tmp_path: Path) -> None:
    problem = two_kitchens()
    fine = replace(problem.offers["pain_gros"], price_eur_per_kg=Decimal("1.23456"))
    with pytest.raises(ValueError, match="4 decimals"):
        replace(problem, offers=problem.offers | {"pain_gros": fine}).to_folder(tmp_path / "p")
    assert not (tmp_path / "p").exists()


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


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}:\n{text}"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


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


# -- rules -------------------------------------------------------------------------------------------------------------

BAD_RULES: dict[str, tuple[int, str, object, str, str]] = {
    "unknown kind": (0, "kind", "counts", "kind", "vouliez-vous « count »"),
    "unknown attribute": (0, "attribute", "fisch", "attribute", "vouliez-vous « fish »"),
    "unknown nutrient": (5, "nutrient", "proteines", "nutrient", "aucun plat"),
    "minimum above maximum": (1, "min", 4, "min", "dépasse le maximum 3"),
    "no bound": (0, "min", None, "min", "ni minimum ni maximum"),
    "negative minimum": (0, "min", -1, "min", "ne convient pas"),
    "minimum that is a fraction": (0, "min", 1.5, "min", "ne convient pas"),
    "no window": (0, "window", 0, "window", "ne convient pas"),
    "unknown slot": (0, "slots", ["plat"], "slots", "ne convient pas"),
    "no slot": (6, "slots", [], "slots", "ne convient pas"),
    "unknown unit": (6, "unit", "months", "unit", "ne convient pas"),
    "unknown mode": (8, "mode", "maybe", "mode", "ne convient pas"),
    "share with a comma": (10, "min_share", "0,5", "min_share", "ne convient pas"),
    "share in percent": (10, "min_share", "50", "min_share", "dépasse 1"),
    "unknown bucket": (10, "buckets", ["BIOO"], "buckets", "ne convient pas"),
    "unknown period": (12, "period", "month", "period", "ne convient pas"),
    "negative price": (7, "soft_price", -2, "soft_price", "ne convient pas"),
    "no title": (0, "title", " ", "title", "ne convient pas"),
    "same id": (1, "id", "FISH", "id", "déjà décrite"),
    "unknown field": (0, "minimum", 1, "minimum", "inconnu"),
}


@pytest.mark.parametrize("name", BAD_RULES)
def test_a_bad_rule_is_named_with_its_line(name: str, folder: Path) -> None:
    place, field, value, column, words = BAD_RULES[name]
    rules = json.loads((folder / "rules.json").read_text(encoding="utf-8"))
    rules[place][field] = value
    text = json.dumps(rules, ensure_ascii=False, indent=1)
    (folder / "rules.json").write_text(text, encoding="utf-8")
    faults = faults_of(folder)
    assert [(fault.file, fault.column) for fault in faults] == [("rules.json", column)]
    assert words in faults[0].message
    assert f'"{field}":' in text.splitlines()[faults[0].line - 1]
    assert sum('"id":' in line for line in text.splitlines()[: faults[0].line]) == place + (field != "kind" or 1)


@pytest.mark.parametrize("field", ["window", "soft_price", "source", "match"])
def test_a_missing_field_is_named(field: str, folder: Path) -> None:
    rules = json.loads((folder / "rules.json").read_text(encoding="utf-8"))
    del rules[0][field]
    (folder / "rules.json").write_text(json.dumps(rules), encoding="utf-8")
    (fault,) = faults_of(folder)
    assert (fault.file, fault.column) == ("rules.json", field)
    assert f"« {field} » manque" in fault.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[{]", "mal formé"),
        ("{}", "pas une liste"),
        ('[{"id": "a", "id": "b"}]', "deux fois"),
        ("[NaN]", "pas un nombre"),
        ("[3]", "inconnue"),
    ],
)
def test_rules_that_are_not_json_objects(text: str, words: str, folder: Path) -> None:
    (folder / "rules.json").write_text(text, encoding="utf-8")
    (fault,) = faults_of(folder)
    assert fault.file == "rules.json"
    assert words in fault.message


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
