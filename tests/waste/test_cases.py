"""Readable cases of the rules of waste (regulations §2, §6.3): each file of cases/ states facts and what they give.

A case may hold ``weighings`` with ``covers`` (the real sums and estimates, and the record of ma-cantine),
``protocols``, ``targets``, ``sites`` (duties of the law) and ``surpluses`` (hygiene). Whoever knows kitchens adds one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catering.rules.hygiene import ProductCategory
from catering.rules.marks import read_yaml
from catering.waste.rules.declaration import declaration
from catering.waste.rules.duties import SiteFacts, duties
from catering.waste.rules.estimate import Estimate
from catering.waste.rules.figures import protocol
from catering.waste.rules.result import Result, result
from catering.waste.rules.surplus import Surplus, advise, impossible
from catering.waste.rules.target import target
from catering.waste.vocabulary import KitchenKind, Part, Service, Stage, SurplusKind

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
Case = Mapping[str, Any]


@dataclass
class Row:
    """A weighing of a case."""

    day: date
    stage: Stage
    part: Part
    net_g: int
    service: Service = Service.LUNCH
    confirmed: bool = False


@dataclass
class Covers:
    """Covers of a case."""

    day: date
    served: int | None
    service: Service = Service.LUNCH
    confirmed: bool = False


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = dict(read_yaml(path).content)
    del case["id"], case["title"]
    checked = {name for name in CHECKS if name in case}
    assert checked, "the case states nothing that is checked"
    for name in sorted(checked):
        CHECKS[name](case)
    rest = set(case) - checked - {"covers", "evenings", "expected", "declaration", "meals_per_year"}
    assert rest == set(), "the case expects something nothing checks"


def _weighings(case: Case) -> None:
    rows = [
        Row(day, Stage(each["stage"]), Part(each["part"]), each["net_g"], Service(each.get("service", "lunch")))
        for each in case["weighings"]
        for day in each["days"]
    ]
    meals = {Service.LUNCH: case["covers"], Service.DINNER: case.get("evenings", {})}
    counted = [
        Covers(date.fromisoformat(str(day)), many, meal) for meal, said in meals.items() for day, many in said.items()
    ]
    found = result(rows, counted)
    wanted = dict(case["expected"])
    assert {name: _said(found, name) for name in wanted} == wanted
    if "declaration" in case:
        days = sorted({row.day for row in rows})
        record = declaration(found, days[0], days[-1], case.get("meals_per_year"))
        assert record is not None
        fields = record.fields | {"yearly_kg": str(record.yearly_kg)}
        assert {name: fields[name] for name in case["declaration"]} == case["declaration"]


def _said(found: Result, name: str) -> Any:
    estimate = found.per_cover
    assert estimate is not None
    figures: dict[str, Any] = {
        "g_per_cover": str(estimate.value),
        "low": estimate.low and str(estimate.low),
        "high": estimate.high and str(estimate.high),
        "days": estimate.days,
        "edible_g": found.mass.edible_g,
        "inedible_g": found.mass.inedible_g,
        "partial_days": found.partial_days,
        "uncounted_days": found.uncounted_days,
        "stages": {each.stage.value: each.per_cover and str(each.per_cover.value) for each in found.stages},
    }
    return figures[name]


def _protocols(case: Case) -> None:
    for each in case["protocols"]:
        found = protocol(KitchenKind(each["kind"]), each["on"])
        assert (found.rule, found.days, found.every_day) == (each["rule"], each["days"], each["every_day"])


def _targets(case: Case) -> None:
    for each in case["targets"]:
        low, high = (Decimal(end) for end in each["between"]) if each["between"] else (None, None)
        measured = each["measured"] and Estimate(Decimal(each["measured"]), low, high, 5)
        found = target(each["base_year"], Decimal(each["base"]), measured, each["on"])
        assert str(found.target) == each["target"]
        assert (found.change and str(found.change)) == each["change"]
        assert found.met is each["met"]
        assert (found.legal_base_year, found.legal_year) == (2015, 2025)


def _sites(case: Case) -> None:
    for each in case["sites"]:
        stands = {duty.rule: duty for duty in duties(SiteFacts(**each["facts"]), each["on"])}
        assert {rule: stands[rule].state.value for rule in each["states"]} == each["states"], each
        for rule, said in each.get("told", {}).items():
            assert said in stands[rule].told, each


def _surpluses(case: Case) -> None:
    for each in case["surpluses"]:
        facts = {name: Decimal(value) if name.endswith("_c") else value for name, value in each["facts"].items()}
        known = {"kind": SurplusKind(facts["kind"])}
        if "category" in facts:
            known["category"] = ProductCategory(facts["category"])
        surplus = Surplus(**(facts | known))
        fault = impossible(surplus, each["on"])
        if "impossible" in each:
            assert each["impossible"] in (fault or ""), each["name"]
            continue
        assert fault is None, each["name"]
        found = advise(surplus, each["on"], agreement=each["agreement"], seen_on=each.get("seen_on"))
        assert [use.value for use in found.uses] == each["uses"], each["name"]
        assert [reason.rule for reason in found.reasons if not reason.holds] == each.get("broken", []), each["name"]
        if "seen_on" in each or "due" in each:
            assert [reason.rule for reason in found.reasons if reason.due] == each.get("due", []), each["name"]
        for bound in ("serve_by", "give_by"):
            if bound in each:
                assert getattr(found, bound) == each[bound], each["name"]


CHECKS: dict[str, Callable[[Case], None]] = {
    "weighings": _weighings,
    "protocols": _protocols,
    "targets": _targets,
    "sites": _sites,
    "surpluses": _surpluses,
}


def test_the_vector_of_weighing_has_a_case() -> None:
    covered = " ".join(str(read_yaml(path).content["id"]) for path in CASES)
    assert {"T20", *(f"GAS-{number:02}" for number in (1, 2, 4, 6, 10, 11, 12, 13, 14, 15))} <= set(covered.split())
