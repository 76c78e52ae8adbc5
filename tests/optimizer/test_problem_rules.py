"""Bad rules: each is named with its line in rules.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.optimizer.editing import faults_of
from tests.optimizer.examples import two_kitchens


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    two_kitchens().to_folder(tmp_path / "problem")
    return tmp_path / "problem"


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
    "menu of no dish": (0, "menu", "vegetarien", "menu", "aucun plat"),
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
