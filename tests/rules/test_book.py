"""The rule files: dated answers, edits that change the answer, incoherent files refused with their name and line."""

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from catering.rules import (
    LAW_FOLDER,
    RuleBook,
    RuleFileError,
    UnknownRuleError,
    law,
    load_book,
    planning_rules,
    thresholds,
)
from catering.rules.thresholds import PARAMETERS

TODAY = date(2026, 11, 23)
Edit = Callable[[str, str, str], RuleBook]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LAW_FOLDER, tmp_path / "rules", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


@pytest.fixture
def edited(folder: Path) -> Edit:
    """Replace a text in one file of a copy of the rules, and load the copy."""

    def edit(file: str, before: str, after: str) -> RuleBook:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{before!r} must be in {file} exactly once"
        path.write_text(text.replace(before, after), encoding="utf-8")
        return load_book(folder)

    return edit


@pytest.mark.parametrize(
    ("rule", "figure"),
    [
        ("EGA-01", "0.5"),
        ("EGA-02", "0.2"),
        ("EGA-03", "0.6"),
        ("DEF-GRAS", "15"),
        ("DEF-SUCRE", "20"),
        ("NUT-P1", "0.1"),
    ],
)
def test_the_figure_of_today(rule: str, figure: str) -> None:
    assert law().parameter(rule, TODAY) == Decimal(figure)


def test_a_figure_of_another_time_is_not_given() -> None:
    assert law().parameter("EGA-03", date(2024, 1, 1)) == Decimal("0.6")
    with pytest.raises(UnknownRuleError, match=r"EGA-03.*31/12/2023"):
        law().parameter("EGA-03", date(2023, 12, 31))


@pytest.mark.parametrize(
    ("region", "establishment", "figure"),
    [(None, None, "0.5"), ("32", None, "0.5"), ("01", None, "0.2"), ("06", None, "0.05"), ("975", None, "0.3")],
)
def test_overseas_figures(region: str | None, establishment: str | None, figure: str) -> None:
    share = law().parameter("EGA-01", TODAY, region=region, establishment=establishment)
    assert share == Decimal(figure)


def test_only_the_state_owes_all_its_meat() -> None:
    assert law().parameter("EGA-03", TODAY, establishment="state") == 1
    assert law().parameter("EGA-03", TODAY) == Decimal("0.6")


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(UnknownRuleError, match="EGA-99"):
        law().parameter("EGA-99", TODAY)
    with pytest.raises(UnknownRuleError, match="NUT-01"):
        law().parameter("NUT-01", TODAY)
    with pytest.raises(UnknownRuleError, match="LABEL_BLEU"):
        law().label("LABEL_BLEU", TODAY)


def test_an_edited_figure_changes_the_answer(edited: Edit) -> None:
    book = edited("egalim/EGA-02.yaml", "value: 0.20", "value: 0.30")
    assert book.parameter("EGA-02", TODAY) == Decimal("0.3")
    assert {rule["id"]: rule.get("min_share") for rule in planning_rules(TODAY, book=book)}["EGA-02"] == "0.30"


def test_an_edited_definition_changes_the_thresholds(edited: Edit) -> None:
    book = edited("nutrition/definitions/DEF-GRAS.yaml", "value: 15", "value: 12.5")
    assert thresholds(TODAY, book).gras == Decimal("12.5")
    assert thresholds(TODAY).gras == 15


def test_a_change_of_law_keeps_the_past(edited: Edit) -> None:
    later = """    valid_to: 2026-12-31
    value: 0.20
    source: CNRC-22
    confidence: verified
  - valid_from: 2027-01-01
    value: 0.25"""
    book = edited("egalim/EGA-02.yaml", "    value: 0.20", later)
    days = (date(2026, 12, 31), date(2027, 1, 1))
    assert [book.parameter("EGA-02", day) for day in days] == [Decimal("0.20"), Decimal("0.25")]


NUT, EGA, LABELS = "nutrition/NUT-03.yaml", "egalim/EGA-02.yaml", "egalim/labels.csv"
PERIOD = "  - valid_from: 2022-01-01\n    value: 0.25\n    source: CNRC-22\n    confidence: verified\n"


@pytest.mark.parametrize(
    ("file", "before", "after", "line", "message"),
    [
        (NUT, "    min: 10\n", "    min: 11\n", 10, r"min \(11\) dépasse max \(10\)"),
        (NUT, "    max: 10\n", "    max: 30\n", 10, "30 repas demandés sur une fenêtre de 20"),
        (NUT, "    min: 10\n    max: 10\n", "", 10, "ne demande rien"),
        (NUT, "    min: 10\n", "    min: 9.5\n", 12, "nombre entier attendu"),
        (NUT, "attribute: cooked_veg_side", "attribute: cooked_veg", 6, "« cooked_veg » est inconnu"),
        (NUT, "slots: [side]", "slots: [garnish]", 7, "slots.0 : valeur hors de la liste"),
        (NUT, "    source: ARR2011\n", "", 10, "source : champ obligatoire absent"),
        (NUT, "source: ARR2011", "source: ARR2012", 14, "source inconnue « ARR2012 »"),
        (NUT, "confidence: verified", "confidence: sure", 15, "confidence : valeur hors de la liste"),
        (NUT, "match: any", "match: any\nmatch: all", 9, "le champ « match » est écrit deux fois"),
        (NUT, "match: any", "match: any\nmin: 3", 9, "min : champ inconnu"),
        (NUT, "kind: count", "kind: counting", 2, "kind inconnu « counting »"),
        (NUT, "id: NUT-03", "id: NUT-04", 1, "doit être le nom du fichier"),
        (NUT, "valid_from: 2012-09-01", "valid_from: 01/09/2012", 10, "date attendue"),
        (NUT, "valid_from: 2012-09-01", "valid_from: 2012-13-01", 10, "valeur illisible"),
        (NUT, "    window: 20\n", "", 1, "window manque"),
        (EGA, "unit: share", "unit: percent", 6, "unit : valeur hors de la liste"),
        (EGA, "value: 0.20", "value: 20", 12, "20 n'est pas une part entre 0 et 1"),
        (EGA, "value: 0.20", "value: -0.20", 12, "value : au moins 0 attendu"),
        (EGA, "value: 0.20", 'value: "0,20"', 12, "value : nombre attendu, avec un point"),
        (EGA, "buckets: [BIO]", "buckets: [BIOS]", 7, "« BIOS » est inconnu"),
        (EGA, "families: null", "families: [VIANDE]", 8, "« VIANDE » est inconnu"),
        (EGA, "values:\n", "values:\n" + PERIOD, 15, "recouvre celle du 2022-01-01"),
        (EGA, "valid_from: 2022-01-01", "valid_from: 2022-01-01\n    valid_to: 2021-12-31", 11, "est après valid_to"),
        (EGA, "unit: share", "unit: [share", 7, "YAML illisible"),
        ("egalim/EGA-04.yaml", "variant_of: EGA-03", "variant_of: EGA-33", 5, "règle inconnue « EGA-33 »"),
        (LABELS, "Label Rouge,SIQO", "Label Rouge,SICO", 5, "catégorie inconnue « SICO »"),
        (LABELS, "2022-01-01,2026-12-31", "2027-01-01,2026-12-31", 10, "est après valid_to"),
        (LABELS, "\nIGP,", "\nAOCAOP,", 7, "deux périodes de « AOCAOP » se recouvrent"),
        (LABELS, "Label Rouge,SIQO,false", "Label Rouge,SIQO,true", 5, "catégorie BIO"),
        (LABELS, "conformité produit,NON_EGALIM,false,f", "conformité produit,BIO,false,f", 21, "contredit"),
        (LABELS, "code,french_name", "code,name", 1, "en-tête attendu"),
        (LABELS, "8,fermier", "8,fermiers", 14, "condition inconnue « fermiers »"),
        ("egalim/families.csv", "\nCHARCUTERIE,", "\nVIANDES_VOLAILLES,", 3, "déjà défini"),
        ("egalim/buckets.csv", ",1,true", ",premier,true", 2, "rank : nombre entier attendu"),
    ],
)  # fmt: skip
def test_an_incoherent_file_is_refused_where_it_is_wrong(
    edited: Edit, file: str, before: str, after: str, line: int, message: str
) -> None:
    with pytest.raises(RuleFileError, match=message) as refusal:
        edited(file, before, after)
    assert refusal.value.path.as_posix().endswith(f"rules/{file}")
    assert refusal.value.line == line
    assert f"{file}:{line}: " in str(refusal.value)


def test_the_same_id_in_two_folders_is_refused(folder: Path) -> None:
    shutil.copy(folder / EGA, folder / "house" / "EGA-02.yaml")
    with pytest.raises(RuleFileError, match="« EGA-02 » est déjà pris"):
        load_book(folder)


def test_bytes_that_are_not_utf8_are_refused(folder: Path) -> None:
    path = folder / EGA
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    with pytest.raises(RuleFileError, match=r"EGA-02.yaml:1: .*UTF-8"):
        load_book(folder)


def test_every_parameter_read_by_the_code_is_stated_once() -> None:
    assert len(set(PARAMETERS.values())) == len(PARAMETERS)
    assert set(PARAMETERS.values()) <= set(law().entries)


def test_every_definition_is_used() -> None:
    stated = {path.stem for path in LAW_FOLDER.glob("*/definitions/*.yaml")}
    assert stated - set(PARAMETERS.values()) == {"LEC-RENDEMENT-MIN", "LEC-RENDEMENT-MAX"}
