"""The regression solved by its dual is the one that scikit-learn solves by its primal."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import QuantileRegressor

from catering.attendance.rules.regression import Floats, median_regression


def objective(x: Floats, y: Floats, coefficients: Floats, intercept: float, penalty: float) -> float:
    rest = y - x @ coefficients - intercept
    return float(np.abs(rest).mean() / 2 + penalty * np.abs(coefficients).sum())


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(0, 2**32 - 1),
    days=st.integers(2, 80),
    columns=st.integers(1, 8),
    penalty=st.sampled_from([0.0, 0.0005, 0.01, 1.0]),
)
def test_no_regression_is_better(seed: int, days: int, columns: int, penalty: float) -> None:
    draws = np.random.default_rng(seed)
    # Flags and continuous columns, some of them constant or alike, as calendars give.
    x = np.where(draws.random(columns) < 0.5, draws.random((days, columns)) < 0.3, draws.normal(size=(days, columns)))
    y = draws.normal(size=days)
    ours = median_regression(x.astype(float), y, penalty)
    theirs = QuantileRegressor(quantile=0.5, alpha=penalty, solver="highs").fit(x, y)
    least = objective(x, y, theirs.coef_, float(theirs.intercept_), penalty)
    assert objective(x, y, ours.coefficients, ours.intercept, penalty) == pytest.approx(least, abs=1e-7)
    # Of several best ones either may be taken: what is predicted is compared by its error, not digit by digit.


def test_a_year_of_all_kitchens_is_learned_in_seconds() -> None:
    """The primal of so many days had not ended after minutes."""
    draws = np.random.default_rng(1)
    x, y = draws.normal(size=(20_000, 27)), draws.normal(size=20_000)
    found = median_regression(x, y + 0.5 * x[:, 3], 0.0005)
    assert found.coefficients[3] == pytest.approx(0.5, abs=0.03)
