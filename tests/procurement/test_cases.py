"""Readable cases of the law of purchases (regulations.md §4 and §7): a buyer can read, correct and add a file.

A case either lists what was bought each month and what the need must come to, or criteria and how they are received.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catering.db import Database
from catering.procurement import refusals
from catering.procurement.criteria import advice_on_time, check_wording, checked
from catering.procurement.need import months_after, reached, standings
from catering.procurement.service.needs import needs_of
from catering.refusal import Refusal
from catering.rules.marks import read_yaml
from catering.rules.procurement import procurement_law
from tests.procurement.conftest import SIGNS
from tests.procurement.spending import committed

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
Case = Mapping[str, Any]


def cases(kind: str) -> list[Any]:
    found = [(path.stem, read_yaml(path).content) for path in CASES]
    return [pytest.param(case, id=name) for name, case in found if kind in case]


@pytest.mark.parametrize("case", cases("each_month"))
async def test_a_need(case: Case, market: Database) -> None:
    expected, on = case["expected"], case["on"]
    families = {procurement_law().family_of(each["ingredient"], each["kind"], on) for each in case["each_month"]}
    assert families == {expected["family"]}
    async with market.unit_of_work() as session:
        session.add_all(
            committed(months_after(case["months"]["first"], month), each["amount"], expected["family"])
            for month in range(case["months"]["count"])
            for each in case["each_month"]
        )
    async with market.reading() as session:
        (need,) = (await needs_of(session, SIGNS, [1], families, on)).values()
    assert need == expected["need"]
    above = reached(need, on)
    assert (above and above.duty.value) == expected["duty"]
    assert {each.threshold.rule: each.level.value for each in standings(need, on)} == expected["thresholds"]


@pytest.mark.parametrize("case", cases("criteria"))
def test_criteria(case: Case) -> None:
    weights = [(each["code"], each["weight"]) for each in case["criteria"]]
    expected = case["expected"]
    if "refused" not in expected:
        (advice,) = checked(weights, case["on"]).advice
        assert all(word in advice for word in expected["advice"])
        return
    with pytest.raises(Refusal) as refused:
        checked(weights, case["on"], estimated=Decimal(case.get("estimated", 0)))
    assert type(refused.value) is getattr(refusals, expected["refused"])
    assert all(word in str(refused.value) for word in expected["says"])


def test_every_vector_of_purchases_has_a_case() -> None:
    assert {"T18", "T19", "T23"} <= {str(read_yaml(path).content["id"]) for path in CASES}


def test_a_free_text_may_state_no_place_either() -> None:
    with pytest.raises(refusals.GeographicCondition, match="local"):
        check_wording(["Pommes d'un producteur local"], date(2026, 9, 1))


@pytest.mark.parametrize(("hours", "told"), [(0, True), (47, True), (48, False), (480, False)])
def test_too_little_time_to_answer_is_told(hours: int, told: bool) -> None:
    """HOUSE-CCP-01: no least time is fixed below the threshold, so it is advice and no refusal."""
    at = datetime(2026, 9, 7, 8, tzinfo=UTC)
    assert bool(advice_on_time(at, at + timedelta(hours=hours))) is told
