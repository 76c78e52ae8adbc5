"""Each fault of a seed folder is named by file, line, column and repair, all of them at once."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.cells import BadCell, exact
from catering.seeding import Fault, SeedFaultsError, fault_lines, read_seeds
from catering.seeding.tables import TABLES
from tests.seeding.small import (
    BRIDGES,
    CAPACITIES,
    CERTIFICATES,
    CLOSURES,
    COVERS,
    INGREDIENTS,
    KITCHENS,
    MAIN_LINES,
    MAINS,
    OFFERS,
    SCHOOL_YEARS,
    SERVED,
    SUPPLIERS,
    WEIGHINGS,
    SeedFolder,
)


@dataclass(frozen=True)
class Case:
    """A damage, and the one fault it must cause."""

    name: str
    damage: Callable[[SeedFolder], object]
    file: str
    line: int
    column: str
    message: str
    repair: str


def cell(name: str, file: str, line: int, column: str, value: str, message: str, repair: str) -> Case:
    """A case in which one cell is overwritten."""
    return Case(name, lambda seeds: seeds.set(file, line, **{column: value}), file, line, column, message, repair)


def close_for_ever(seeds: SeedFolder) -> None:
    seeds.keep(COVERS, lambda row: row["uai"] != "0620014D")
    seeds.add(COVERS, uai="0620014D", weekday="wed", covers="90")
    wednesdays = [f"2025-09-{day:02}" for day in (3, 10, 17, 24)]
    seeds.write(SCHOOL_YEARS, [row | {"last_day": "2025-09-30"} for row in seeds.rows(SCHOOL_YEARS)[:1]])
    seeds.write(CLOSURES, [{"uai": "0620014D", "date": day, "reason": "Travaux"} for day in wednesdays])


def duplicate(file: str, key: str) -> Callable[[SeedFolder], object]:
    return lambda seeds: seeds.add(file, **{key: seeds.rows(file)[0][key]})


CASES = [
    cell("unknown ingredient", MAIN_LINES, 3, "ingredient", "carote", "inconnu de ingredients/", "« carotte »"),
    cell("unknown dish", MAIN_LINES, 3, "dish", "boeuf_carote", "inconnu de dishes/main.csv", "« boeuf_carottes »"),
    cell("negative grams", MAIN_LINES, 2, "grams", "-100", "négatif", "au moins 1"),
    cell("no grams", MAIN_LINES, 2, "grams", "", "cellule vide", "la renseigner"),
    cell("grams with a unit", MAIN_LINES, 2, "grams", "100 g", "nombre entier", "écrire 100"),
    cell("half a gram", MAIN_LINES, 2, "grams", "99.5", "nombre entier", "nombre entier"),
    Case(
        "double id", duplicate(INGREDIENTS, "id"), INGREDIENTS, 8, "id", "déjà écrit (ingredients", "garder une seule"
    ),
    Case("double line", duplicate(MAIN_LINES, "grams"), MAIN_LINES, 5, "ingredient", "déjà écrit", "garder une seule"),
    cell("capacity without start", CAPACITIES, 3, "valid_from", "", "capacité sans date", "premier et le dernier jour"),
    cell("capacity without end", CAPACITIES, 3, "valid_to", "", "capacité sans date", "premier et le dernier jour"),
    cell("French date", CAPACITIES, 3, "valid_to", "31/12/2026", "pas une date", "écrire 2026-12-31"),
    cell("impossible date", CAPACITIES, 3, "valid_to", "2026-02-30", "pas une date", "calendrier"),
    cell("end before start", CAPACITIES, 3, "valid_to", "2026-08-31", "précède le début", "l'une des deux"),
    cell("overlap", CAPACITIES, 4, "valid_from", "2026-12-31", "recouvre la période de la ligne 3", "après la fin"),
    cell("no capacity", CAPACITIES, 3, "grams_per_week", "0", "plus petit que 1", "au moins 1"),
    cell("price with a comma", OFFERS, 2, "price_eur_per_pack", "8,90", "nombre décimal", "écrire 8.90"),
    cell("price with a currency", OFFERS, 2, "price_eur_per_pack", "8.90 €", "nombre décimal", "écrire 8.90"),
    Case(
        "price with a bare comma",
        lambda seeds: seeds.edit(OFFERS, lambda text: text.replace("8.9000", "8,90")),
        *(OFFERS, 2, "price_eur_per_pack", "nombre décimal", "écrire 8.90"),
    ),
    cell("free offer", OFFERS, 2, "price_eur_per_pack", "0", "pas admis", "plus grand que 0"),
    cell("price too fine", OFFERS, 2, "price_eur_per_pack", "8.90001", "décimales", "4 décimales"),
    cell("unknown supplier", OFFERS, 2, "supplier", "grosiste", "inconnu de market/suppliers.csv", "« grossiste »"),
    Case(
        "label without certificate",
        lambda seeds: seeds.set(OFFERS, 3, certificate=""),
        *(OFFERS, 3, "label", "sans certificat", "nommer le certificat"),
    ),
    Case(
        "certificate without label",
        lambda seeds: seeds.set(OFFERS, 3, label=""),
        *(OFFERS, 3, "certificate", "sans signe", "écrire le signe"),
    ),
    Case(
        "label of another certificate",
        lambda seeds: seeds.set(OFFERS, 3, label="HVE"),
        *(OFFERS, 3, "certificate", "celui du signe BIO", "bon signe"),
    ),
    Case(
        "certificate of another supplier",
        lambda seeds: seeds.set(OFFERS, 2, label="BIO", certificate="ferme_bio"),
        *(OFFERS, 2, "certificate", "celui de ferme", "du fournisseur"),
    ),
    cell("unknown certificate", OFFERS, 3, "certificate", "ferme_bia", "inconnu de market/", "« ferme_bio »"),
    Case(
        "label unknown to the law",
        lambda seeds: (seeds.set(OFFERS, 3, label="", certificate=""), seeds.set(CERTIFICATES, 2, label="BIOO")),
        *(CERTIFICATES, 2, "label", "signe inconnu", "« BIO »"),
    ),
    cell("certificate ends early", CERTIFICATES, 2, "valid_to", "2025-12-31", "précède le début", "l'une des deux"),
    cell("unknown family", INGREDIENTS, 2, "family", "FRUITS", "mot inconnu", "parmi"),
    cell("unknown kind", INGREDIENTS, 4, "kind", "beaf", "mot inconnu", "« beef »"),
    cell("unknown allergen", INGREDIENTS, 5, "allergens", "milk lait", "mot inconnu", "parmi : gluten"),
    cell("allergens with commas", INGREDIENTS, 7, "allergens", "gluten,eggs", "mot inconnu", "gluten"),
    cell("negative nutrient", INGREDIENTS, 2, "fat_g", "-1", "négatif", "au moins 0"),
    cell("too much to eat", INGREDIENTS, 2, "edible_pct", "101", "plus grand que 100", "au plus 100"),
    cell("month 13", INGREDIENTS, 2, "months", "11 12 13", "plus grand que 12", "au plus 12"),
    cell("month twice", INGREDIENTS, 2, "months", "1 1", "deux fois", "une fois"),
    cell("truth in French", INGREDIENTS, 2, "animal_flesh", "non", "ni true ni false", "true ou false"),
    cell("bad slug", INGREDIENTS, 2, "id", "Carotte", "mal formé", "a-z"),
    cell("spaces around", INGREDIENTS, 2, "name", "Carotte ", "espaces", "« Carotte »"),
    Case(
        "kitchen without covers",
        lambda seeds: seeds.keep(COVERS, lambda row: row["uai"] != "0620014D"),
        *(KITCHENS, 3, "uai", "sans jour de service", "kitchens/covers.csv"),
    ),
    Case("kitchen always closed", close_for_ever, KITCHENS, 3, "uai", "sans jour de service en 2025-26", "closures"),
    cell("covers of nobody", COVERS, 2, "covers", "0", "plus petit que 1", "au moins 1"),
    cell("unknown weekday", COVERS, 2, "weekday", "lundi", "jour inconnu", "mon tue wed thu fri"),
    cell("unknown kitchen", CLOSURES, 2, "uai", "0620021L", "inconnu de kitchens/kitchens.csv", "« 0620014D »"),
    cell("UAI with a wrong key", CLOSURES, 2, "uai", "0620014E", "clé d'UAI", "leur clé est D"),
    cell("SIREN with a wrong key", KITCHENS, 2, "siren", "196200043", "clé de SIREN", "laisser la cellule vide"),
    cell("place out of France", KITCHENS, 2, "lat", "5.085", "plus petit que 41", "au moins 41"),
    cell("dish without season", MAINS, 2, "months", "", "aucune saison", "les mois"),
    cell("dish in the wrong file", MAINS, 2, "slot", "side", "celui de main", "déplacer la ligne"),
    cell("unknown technique", MAINS, 2, "technique", "roast", "mot inconnu", "« roasted »"),
    cell("implausible yield", MAINS, 2, "served_g", "900", "fois le poids épluché", "revoir served_g"),
    Case(
        "dish without ingredient",
        lambda seeds: seeds.add(MAINS, id="boeuf_aux_oignons"),
        *(MAINS, 3, "id", "sans ingrédient", "dishes/main_lines.csv"),
    ),
    Case(
        "slot without dish",
        lambda seeds: (
            seeds.keep("dishes/dairy.csv", lambda _: False),
            seeds.keep("dishes/dairy_lines.csv", lambda _: False),
        ),
        *("dishes/dairy.csv", 0, "", "aucun plat pour la composante dairy", "au moins une fiche"),
    ),
    cell("no delivery day", SUPPLIERS, 2, "delivery_weekdays", "", "cellule vide", "la renseigner"),
    cell("bridge on a Sunday", BRIDGES, 2, "date", "2026-05-17", "dimanche", "corriger la date"),
    cell("school year nobody knows", SCHOOL_YEARS, 3, "last_day", "2099-07-02", "inconnues", "le paquet"),
    cell("school years overlap", SCHOOL_YEARS, 3, "first_day", "2026-07-01", "recouvre", "après la fin"),
    cell("net weight that is not", WEIGHINGS, 2, "net_g", "19000", "poids net faux", "20500 - 500 = 20000"),
    cell("unsorted preparation", WEIGHINGS, 3, "part", "unsorted", "préparation non triée", "edible et inedible"),
    cell("a bin that weighs nothing", WEIGHINGS, 2, "gross_g", "-1", "négatif", "au moins 1"),
    cell("a stage nobody knows", WEIGHINGS, 2, "stage", "assiettes", "mot inconnu", "plates"),
    cell("more served than prepared", SERVED, 2, "served", "506", "plus de servis", "l'un des deux"),
    Case("UTF-16", lambda seeds: seeds.recode(OFFERS, "utf-16"), OFFERS, 1, "", "UTF-16", "UTF-8 sans BOM"),
    Case("UTF-16 bare", lambda seeds: seeds.recode(OFFERS, "utf-16-le"), OFFERS, 1, "", "UTF-16", "UTF-8 sans BOM"),
    Case("BOM", lambda seeds: seeds.recode(OFFERS, "utf-8-sig"), OFFERS, 1, "", "BOM", "UTF-8 sans BOM"),
    Case(
        "Windows-1252",
        lambda seeds: seeds.recode(INGREDIENTS, "cp1252"),
        *(INGREDIENTS, 4, "name", "pas de l'UTF-8", "UTF-8 sans BOM"),
    ),
    Case(
        "column missing",
        lambda seeds: seeds.edit(COVERS, lambda text: "\n".join(row.rsplit(",", 1)[0] for row in text.split("\n"))),
        *(COVERS, 1, "covers", "absente", "uai,weekday,covers"),
    ),
    Case(
        "column too many",
        lambda seeds: seeds.edit(COVERS, lambda text: "\n".join(f"{row},1" for row in text.strip().split("\n"))),
        *(COVERS, 1, "1", "inconnue", "la retirer"),
    ),
    Case(
        "semicolons",
        lambda seeds: seeds.edit(COVERS, lambda text: text.replace(",", ";")),
        *(COVERS, 1, "", "séparées par ;", "virgules"),
    ),
    Case(
        "cell too many",
        lambda seeds: seeds.edit(MAINS, lambda text: text.replace("Cuire", "Couper, cuire")),
        *(MAINS, 2, "", "11 cellules au lieu de 10", "guillemets"),
    ),
    Case(
        "open quote",
        lambda seeds: seeds.edit(MAINS, lambda text: text.replace("Cuire", '"Cuire')),
        *(MAINS, 2, "", "CSV mal formé", "guillemets"),
    ),
    Case(
        "empty file",
        lambda seeds: seeds.edit(OFFERS, lambda _: ""),
        *(OFFERS, 1, "", "fichier vide", "id,supplier,ingredient"),
    ),
    Case(
        "a folder in the place of a file",
        lambda seeds: ((seeds.path / OFFERS).unlink(), (seeds.path / OFFERS).mkdir()),
        *(OFFERS, 0, "", "fichier illisible", "un fichier CSV"),
    ),
    Case("file absent", lambda seeds: (seeds.path / OFFERS).unlink(), OFFERS, 0, "", "fichier absent", "le créer"),
    Case(
        "no source",
        lambda seeds: (
            seeds.keep("SOURCES.csv", lambda _: False)
            or seeds.edit(
                "SOURCES.csv", lambda text: text + "calendar/*,a,b,\nkitchens/*,a,b,\ndishes/*,a,b,\nmarket/*,a,b,\n"
            )
        ),
        *(INGREDIENTS, 0, "", "source et licence", "ingredients/SOURCES.csv"),
    ),
    Case(
        "source without licence",
        lambda seeds: seeds.edit("SOURCES.csv", lambda text: text + "kitchens.csv,INSEE,,\n"),
        *("SOURCES.csv", 3, "", "incomplète", "licence"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_is_named_with_its_place_and_repair(case: Case, seeds: SeedFolder) -> None:
    case.damage(seeds)
    with pytest.raises(SeedFaultsError) as refused:
        read_seeds(seeds.path)
    found = [
        fault
        for fault in refused.value.faults
        if (fault.file, fault.line, fault.column) == (case.file, case.line, case.column)
    ]
    assert found, refused.value
    assert case.message in found[0].message
    assert case.repair in found[0].repair


ALONE = {
    "open quote",
    "no source",
    "dish in the wrong file",
    "school years overlap",
    "school year nobody knows",
    "bad slug",
}


@pytest.mark.parametrize("case", [case for case in CASES if case.name not in ALONE], ids=lambda case: case.name)
def test_one_damage_makes_one_fault(case: Case, seeds: SeedFolder) -> None:
    """A person who mends the fault has mended the folder: no echo of it elsewhere."""
    case.damage(seeds)
    with pytest.raises(SeedFaultsError) as refused:
        read_seeds(seeds.path)
    assert len(refused.value.faults) == 1, refused.value


FILES = [file for table in TABLES for file in table.files]


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_lost_its_content_never_empties_a_table(file: str, seeds: SeedFolder) -> None:
    (seeds.path / file).write_bytes(b"")
    with pytest.raises(SeedFaultsError) as refused:
        read_seeds(seeds.path)
    assert (file, 1, "fichier vide") in [(each.file, each.line, each.message) for each in refused.value.faults]


def test_a_folder_without_fault_is_read(seeds: SeedFolder) -> None:
    assert [len(sheet.rows) for sheet in read_seeds(seeds.path)] == [2, 1, 2, 9, 1, 6, 5, 8, 2, 1, 1, 3, 4, 1, 2, 2]


def test_a_folder_that_does_not_exist_is_one_fault(seeds: SeedFolder) -> None:
    with pytest.raises(SeedFaultsError) as refused:
        read_seeds(seeds.path / "nowhere")
    assert [fault.message for fault in refused.value.faults] == ["dossier absent"]


def test_all_faults_of_all_files_come_together(seeds: SeedFolder) -> None:
    seeds.set(MAIN_LINES, 2, grams="-1")
    seeds.set(MAIN_LINES, 3, ingredient="carote", grams="x")
    seeds.set(OFFERS, 2, price_eur_per_pack="8,9")
    seeds.set(CAPACITIES, 2, valid_from="")
    with pytest.raises(SeedFaultsError) as refused:
        read_seeds(seeds.path)
    places = [(fault.file, fault.line, fault.column) for fault in refused.value.faults]
    assert places == [
        (MAIN_LINES, 2, "grams"),
        (MAIN_LINES, 3, "grams"),
        (MAIN_LINES, 3, "ingredient"),
        (CAPACITIES, 2, "valid_from"),
        (OFFERS, 2, "price_eur_per_pack"),
    ]


def test_columns_may_come_in_any_order(seeds: SeedFolder) -> None:
    seeds.write(COVERS, seeds.rows(COVERS), ["covers", "uai", "weekday"])
    assert read_seeds(seeds.path)


def test_a_quoted_cell_over_two_lines_does_not_shift_the_line_of_a_fault(seeds: SeedFolder) -> None:
    seeds.add(MAINS, id="hachis", steps="Hacher\nCuire")
    line = seeds.add(MAINS, id="roti", served_g="x")
    with pytest.raises(SeedFaultsError) as refused:
        read_seeds(seeds.path)
    assert (MAINS, line + 1, "served_g") in [(each.file, each.line, each.column) for each in refused.value.faults]


def test_a_label_the_law_gains_is_accepted(seeds: SeedFolder) -> None:
    seeds.set(OFFERS, 3, label="NOUVEAU")
    seeds.set(CERTIFICATES, 2, label="NOUVEAU")
    with pytest.raises(SeedFaultsError):
        read_seeds(seeds.path)
    assert read_seeds(seeds.path, labels={"NOUVEAU"})


def test_faults_read_as_french_lines_grouped_by_file() -> None:
    faults = [
        Fault("b.csv", 0, "", "", "fichier absent", "le créer"),
        Fault("a.csv", 12, "prix", "1,20", "ce n'est pas un nombre décimal", "écrire 1.20"),
        Fault("a.csv", 2, "id", "", "cellule vide", "la renseigner"),
    ]
    assert fault_lines(faults) == [
        "3 fautes ; rien n'a été chargé.",
        "",
        "a.csv",
        "  ligne 2, colonne id : cellule vide",
        "    → la renseigner",
        "  ligne 12, colonne prix, « 1,20 » : ce n'est pas un nombre décimal",
        "    → écrire 1.20",
        "",
        "b.csv",
        "  fichier absent",
        "    → le créer",
    ]


def test_a_long_list_of_faults_says_how_many_are_not_shown() -> None:
    faults = [Fault("a.csv", line, "id", "", "cellule vide", "la renseigner") for line in range(2, 12)]
    assert fault_lines(faults, limit=3)[-1] == "… et 7 autres."


@given(st.decimals(min_value=0, max_value=10**6, places=4))
def test_a_decimal_is_read_exactly_and_refused_with_a_comma(value: object) -> None:
    read = exact(4, "0")
    assert read(f"{value:f}") == value
    with pytest.raises(BadCell):
        read(f"{value:f}".replace(".", ","))
