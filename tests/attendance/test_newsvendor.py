"""The covers to prepare follow the costs the way they must."""

from datetime import date
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catering.attendance.rules.features import Look
from catering.attendance.rules.model import Forecast
from catering.attendance.rules.newsvendor import Costs, expected_cost, prepare

EUROS = st.decimals(min_value=Decimal("0.05"), max_value=50, places=2)
DAYS = st.lists(st.integers(1, 900), min_size=40, max_size=120)


def forecast(days: list[int]) -> Forecast:
    errors = np.sort(np.log(np.array(days) / 300))
    seen = Look("a", date(2026, 9, 1), 300.0, 300.0, 300.0, (), 300.0)
    return Forecast(seen, 300.0, errors)


@given(DAYS, EUROS, EUROS, EUROS)
def test_a_dearer_shortage_never_prepares_less(
    days: list[int], missing: Decimal, more: Decimal, wasted: Decimal
) -> None:
    quantile = forecast(days).quantile
    dearer = prepare(quantile, Costs(missing + more, wasted))
    assert dearer >= prepare(quantile, Costs(missing, wasted)) >= prepare(quantile, Costs(missing, wasted + more))


@given(DAYS, st.integers(0, 1000), st.integers(0, 200))
def test_who_is_away_is_not_cooked_for(days: list[int], absent: int, more: int) -> None:
    costs = Costs(Decimal(4), Decimal(2))
    prepared = [prepare(forecast(days).quantile, costs, away) for away in (0, absent, absent + more)]
    assert prepared == sorted(prepared, reverse=True)
    assert prepared[1] == max(0, prepared[0] - absent)


@given(DAYS, EUROS, EUROS)
def test_no_other_number_costs_noticeably_less(days: list[int], missing: Decimal, wasted: Decimal) -> None:
    """On the very days that made it, the optimum is an order statistic; ours is between two neighbours of it."""
    costs = Costs(missing, wasted)
    ours = expected_cost(days, prepare(forecast(days).quantile, costs), costs)
    best = min(expected_cost(days, each, costs) for each in days)
    apart = max(np.diff(np.sort(days)).max(), 1)
    assert ours <= best + (missing + wasted) * (Decimal(int(apart)) + 2) * 3 / len(days) + wasted


def test_equal_costs_prepare_the_median() -> None:
    days = list(range(201, 400))
    assert prepare(forecast(days).quantile, Costs(Decimal(2), Decimal(2))) == 300
