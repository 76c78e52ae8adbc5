"""Readable cases of the law (regulations.md §7): each file under cases/ states an input and what it must give.

A case may hold ``dishes`` (derived by the real attribute code), ``meals`` (checked by the real frequencies),
``purchases`` (real buckets and ratios) and ``deliveries`` (temperatures on arrival); ``edit`` first changes one rule
file in a copy of the rules. A nutrition manager can read, correct and add a file without touching any Python.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from catering.recipes.attributes import derive
from catering.recipes.rules import NUTRIENTS, Dish, Ingredient, RecipeLine
from catering.recipes.vocabulary import Family, IngredientKind, Slot, Technique
from catering.rules import LAW_FOLDER, RuleBook, Truth, law, load_book
from catering.rules.egalim import PurchaseLine, bucket_of
from catering.rules.egalim_year import year_of_purchases
from catering.rules.frequencies import Finding, check_frequencies, check_windows
from catering.rules.hygiene import ProductCategory
from catering.rules.marks import read_yaml
from catering.rules.meals import Meal, Served
from catering.rules.planning import PLANNED_SETS
from catering.rules.temperatures import judge_temperature

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
ON = date(2026, 9, 1)
Case = Mapping[str, Any]
Attributes = Mapping[str, Truth]


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> Case:
    return read_yaml(request.param).content


@pytest.fixture
def book(case: Case, tmp_path: Path) -> RuleBook:
    edit = case.get("edit")
    if edit is None:
        return law()
    folder = tmp_path / "rules"
    shutil.copytree(LAW_FOLDER, folder)
    file = folder / edit["file"]
    before = file.read_text(encoding="utf-8")
    assert edit["replace"] in before
    file.write_text(before.replace(edit["replace"], edit["by"]), encoding="utf-8")
    return load_book(folder)


def test_case(case: Case, book: RuleBook) -> None:
    expected = dict(case["expected"])
    dishes = {name: _attributes(name, recipe, book) for name, recipe in case.get("dishes", {}).items()}
    for dish, wanted in expected.pop("attributes", {}).items():
        assert {name: dishes[dish][name] is Truth.TRUE for name in wanted} == wanted, dish
    if "meals" in case:
        sets = case.get("rule_sets", PLANNED_SETS)
        meals = list(_meals(case["meals"], dishes))
        findings = check_frequencies(meals, rule_sets=sets, book=book)
        windows = check_windows(meals, rule_sets=sets, book=book)
        for rule, wanted in expected.pop("windows", {}).items():
            _check_windows([each for each in windows if each.rule == rule], wanted)
        for rule, wanted in expected.pop("findings").items():
            _check_findings([each for each in findings if each.rule == rule], wanted)
    if "purchases" in case:
        _check_purchases(case["purchases"], expected, book)
        expected.clear()
    for delivery in case.get("deliveries", []):
        _check_delivery(delivery, book)
    assert expected == {}, "the case expects something nothing checks"


def _attributes(name: str, recipe: Case, book: RuleBook) -> Attributes:
    ingredients = {f"i{rank}": _ingredient(f"i{rank}", line) for rank, line in enumerate(recipe["lines"])}
    dish = Dish(
        id=name,
        name=name,
        slot=Slot(recipe["slot"]),
        technique=Technique(recipe["technique"]),
        served_g=recipe["served_g"],
        lines=tuple(RecipeLine(f"i{rank}", line["grams"]) for rank, line in enumerate(recipe["lines"])),
    )
    return derive(dish, ingredients, ON, book).attributes


def _ingredient(name: str, line: Case) -> Ingredient:
    return Ingredient(
        id=name,
        name=name,
        family=Family.AUTRES,
        kind=IngredientKind(line["kind"]),
        nutrients={nutrient: _decimal(line.get(nutrient, 0)) for nutrient in NUTRIENTS},
        edible_pct=_decimal(line.get("edible_pct", 100)),
        animal_flesh=line.get("animal_flesh", False),
        minced=line.get("minced", False),
    )


def _decimal(value: int | Decimal) -> Decimal:
    return Decimal(value)


def _meals(stated: Case, dishes: Mapping[str, Attributes]) -> Iterator[Meal]:
    days = _service_days(stated["first_day"], stated["weekdays"])
    for menu in stated["menus"]:
        for _ in range(menu["times"]):
            yield Meal(next(days), {slot: _choices(menu, slot, dishes) for slot in Slot})


def _choices(menu: Case, slot: str, dishes: Mapping[str, Attributes]) -> Sequence[Served]:
    """One dish, or the ``choices`` of a component: attributes, and the covers that took each when they are known."""
    stated = menu.get(slot)
    if not isinstance(stated, Mapping):
        return [Served(_served(menu, slot, dishes))]
    return [
        Served(_served({slot: choice.get("dish", [])}, slot, dishes), covers=choice.get("covers"))
        for choice in stated["choices"]
    ]


def _served(menu: Case, slot: str, dishes: Mapping[str, Attributes]) -> Attributes:
    stated = menu.get(slot, menu.get("all", []))
    if isinstance(stated, str):
        return dishes[stated]
    return {name.rstrip("?"): Truth.UNKNOWN if name.endswith("?") else Truth.TRUE for name in stated}


def _service_days(first: date, weekdays: Sequence[str]) -> Iterator[date]:
    served = {WEEKDAYS.index(name) for name in weekdays}
    day = first
    while True:
        if day.weekday() in served:
            yield day
        day += timedelta(days=1)


def _check_findings(findings: Sequence[Finding], wanted: Case) -> None:
    if "failing" in wanted:
        assert [f"{each.first:%Y-%m-%d}" for each in findings if not each.holds] == wanted["failing"]
        return
    (finding,) = findings
    assert {name: _figure(finding, name) for name in wanted} == wanted


def _figure(finding: Finding, name: str) -> Any:
    """A figure of a finding as a case states it; ``matching`` is what surely counts."""
    found = getattr(finding, "sure" if name == "matching" else name)
    return Decimal(found.numerator) / found.denominator if isinstance(found, Fraction) else found


def _check_windows(windows: Sequence[Finding], wanted: Case) -> None:
    """How many windows there are and, by their first day, which do not hold."""
    assert len(windows) == wanted["total"]
    assert [f"{each.first:%Y-%m-%d}" for each in windows if not each.holds] == wanted["failing"]


def _check_purchases(stated: Case, expected: Case, book: RuleBook) -> None:
    lines = [_line(line) for line in stated["lines"]]
    for line, raw in zip(lines, stated["lines"], strict=True):
        if "bucket" in raw:
            assert bucket_of(line, book) == raw["bucket"], raw
    where = {name: stated.get(name) for name in ("region", "establishment")}
    year = year_of_purchases(lines, stated["year"], book=book, **where)
    assert year.total == expected.get("total", year.total)
    assert {name: year.buckets[name] for name in expected.get("buckets", {})} == expected.get("buckets", {})
    assert {name: year.fair_trade[name] for name in expected.get("fair_trade", {})} == expected.get("fair_trade", {})
    assert not set(expected.get("absent_ratios", [])) & set(year.ratios)
    for rule, wanted in expected.get("ratios", {}).items():
        ratio = year.ratios[rule]
        assert ratio.share is not None
        assert round(ratio.share, 4) == wanted["share"]
        for name in wanted.keys() - {"share"}:
            assert getattr(ratio, name) == wanted[name], (rule, name)


def _check_delivery(delivery: Case, book: RuleBook) -> None:
    given = {name: delivery[name] for name in ("site_tolerance", "stated_limit") if name in delivery}
    celsius = _decimal(delivery["celsius"]) if "celsius" in delivery else None
    found = judge_temperature(
        ProductCategory(delivery["category"]), celsius, delivery["date"], folder=book.folder, **given
    )
    wanted = {name: delivery[name] for name in ("verdict", "alert", "limit", "excess") if name in delivery}
    assert {name: getattr(found, name) for name in wanted} == wanted, delivery


def _line(raw: Case) -> PurchaseLine:
    facts = {name: value for name, value in raw.items() if name not in ("amount", "date", "bucket")}
    for name in ("labels", "proven"):
        facts[name] = frozenset(facts.get(name, ()))
    return PurchaseLine(amount_excl_tax=raw["amount"], invoiced=raw["date"], **facts)


def test_every_nutrition_and_label_vector_has_a_case() -> None:
    covered = {str(read_yaml(path).content["id"]) for path in CASES}
    assert {f"T{number:02}" for number in (*range(1, 18), 21)} <= covered
