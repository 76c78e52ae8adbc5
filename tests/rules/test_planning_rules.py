"""The rules given to the optimizer: complete, in the documented shape, right at each date."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catering.rules import planning_rules

SCHOOL_YEAR = date(2026, 9, 1)
FREQUENCIES = Path(__file__).parent / "frequencies_of_the_arrete.csv"
SHAPES = {
    "count": {"attribute", "slots", "match", "window", "min", "max"},
    "weekly_count": {"attribute", "slots", "match", "min", "max"},
    "nutrient_total": {"nutrient", "window", "min_per_meal", "max_per_meal"},
    "value_ratio": {"buckets", "families", "min_share", "period"},
    "spacing": {"slots", "within", "unit"},
    "pairing": {"slot_a", "attribute_a", "slot_b", "attribute_b", "mode"},
    "budget": {"period", "max_eur_per_meal"},
    "drop_count": {"max"},
}
HEAD = {"id", "kind", "title", "source", "soft_price"}


@pytest.fixture
def rules() -> dict[str, dict[str, Any]]:
    return {rule["id"]: rule for rule in planning_rules(SCHOOL_YEAR)}


def test_each_rule_has_exactly_the_documented_fields(rules: dict[str, dict[str, Any]]) -> None:
    assert {name: set(rule) for name, rule in rules.items()} == {
        name: HEAD | SHAPES[rule["kind"]] | ({"menu"} if name == "HOUSE-42" else set()) for name, rule in rules.items()
    }
    assert json.loads(json.dumps(list(rules.values()))) == list(rules.values())


@pytest.mark.parametrize("row", csv.DictReader(FREQUENCIES.open(encoding="utf-8")), ids=lambda row: row["id"])
def test_the_fifteen_frequencies(rules: dict[str, dict[str, Any]], row: dict[str, str]) -> None:
    rule = rules[row["id"]]
    bounds = {"min": (rule["min"], None), "max": (None, rule["max"]), "exact": (rule["min"], rule["max"])}
    count = int(row["count"])
    wanted = {"min": (count, None), "max": (None, count), "exact": (count, count)}[row["direction"]]
    assert (rule["min"], rule["max"]) == wanted == bounds[row["direction"]]
    assert (rule["attribute"], rule["slots"]) == (row["attribute"], row["slots"].split())
    assert (rule["window"], rule["match"], rule["soft_price"]) == (20, "any", None)


def test_the_frequencies_are_all_there(rules: dict[str, dict[str, Any]]) -> None:
    assert {name for name in rules if name.startswith("NUT-")} == {f"NUT-{number:02}" for number in range(1, 16)}


def test_the_vegetarian_menu_is_the_whole_menu_of_a_week(rules: dict[str, dict[str, Any]]) -> None:
    rule = rules["VEG-01"]
    assert (rule["kind"], rule["match"], rule["attribute"]) == ("weekly_count", "all", "vegetarian")
    assert (rule["min"], rule["max"]) == (1, None)
    assert rule["slots"] == ["starter", "main", "side", "dairy", "dessert"]


def test_the_three_ratios(rules: dict[str, dict[str, Any]]) -> None:
    assert {name: rules[name]["min_share"] for name in ("EGA-01", "EGA-02", "EGA-03")} == {
        "EGA-01": "0.50",
        "EGA-02": "0.20",
        "EGA-03": "0.60",
    }
    assert rules["EGA-03"]["families"] == ["VIANDES_VOLAILLES", "PRODUITS_DE_LA_MER"]
    assert rules["EGA-01"]["families"] is None
    assert rules["EGA-02"]["buckets"] == ["BIO"]


def test_house_rules_space_dishes_and_match_the_plate(rules: dict[str, dict[str, Any]]) -> None:
    spacing = {tuple(r["slots"]): (r["within"], r["unit"]) for r in rules.values() if r["kind"] == "spacing"}
    assert spacing == {
        ("main",): (7, "weeks"),
        ("starter",): (5, "weeks"),
        ("side",): (5, "weeks"),
        ("dairy",): (5, "weeks"),
        ("dessert",): (5, "weeks"),
    }
    assert rules["HOUSE-10"]["mode"] == "require"
    assert rules["HOUSE-11"]["mode"] == "forbid"


def test_a_house_rule_keeps_what_it_said_the_year_before() -> None:
    before = {rule["id"]: rule for rule in planning_rules(date(2025, 9, 1))}
    after = {rule["id"]: rule for rule in planning_rules(SCHOOL_YEAR)}
    assert (before["HOUSE-25"]["max"], after["HOUSE-25"]["max"]) == (2, 1)
    assert (before["HOUSE-05"]["within"], after["HOUSE-05"]["within"]) == (2, 5)
    assert "HOUSE-40" not in before


def test_the_advice_of_the_cnrc_on_vegetarian_menus_is_held(rules: dict[str, dict[str, Any]]) -> None:
    """VEG-04 to VEG-08 are asked of every plan, with the figures of the recommendations.

    The least number is of whole menus, as the recommendation counts; the greatest are of dishes, whatever is served
    beside them, which is stricter: a menu that counts has its dish.
    """
    advice = {rule["id"]: rule for rule in planning_rules(SCHOOL_YEAR, rule_sets=["cnrc_2020"])}
    for number, house in enumerate(range(42, 47), start=4):
        asked, held = advice[f"VEG-{number:02}"], rules[f"HOUSE-{house}"]
        figures = ("attribute", "slots", "window", "min", "max")
        assert {name: held[name] for name in figures} == {name: asked[name] for name in figures}
        assert asked["menu"] == "vegetarian"
        assert held.get("menu") == (asked["menu"] if held["min"] is not None else None)


def test_no_house_rule_leaves_a_week_of_two_days_without_a_menu(rules: dict[str, dict[str, Any]]) -> None:
    """Weekly rules are not scaled to short weeks: a house rule per week may only be a maximum."""
    weekly = [rule for name, rule in rules.items() if name.startswith("HOUSE") and rule["kind"] == "weekly_count"]
    assert weekly
    assert all(rule["min"] is None and rule["max"] >= 1 for rule in weekly)


def test_a_region_overseas_plans_with_its_own_thresholds() -> None:
    shares = {rule["id"]: rule.get("min_share") for rule in planning_rules(SCHOOL_YEAR, region="06")}
    assert (shares["EGA-01"], shares["EGA-02"], shares["EGA-03"]) == ("0.05", "0.02", "0.60")


@pytest.mark.parametrize(
    ("on", "absent"),
    [(date(2023, 12, 31), "EGA-03"), (date(2021, 12, 31), "EGA-01"), (date(2021, 8, 23), "VEG-01")],
)
def test_a_rule_does_not_bind_before_its_date(on: date, absent: str) -> None:
    assert absent not in {rule["id"] for rule in planning_rules(on)}


def test_recommendations_are_asked_for() -> None:
    assert {rule["id"] for rule in planning_rules(SCHOOL_YEAR, rule_sets=["cnrc_2020", "gem_rcn_2015"])} == {
        *(f"VEG-{number:02}" for number in range(2, 9)),
        *(f"GEM-{number:02}" for number in range(1, 7)),
    }
