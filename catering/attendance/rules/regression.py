"""Median regression with an L1 penalty, solved as the dual linear program (decision 0116).

The primal has two variables and a row per day; the dual has one bounded variable per day and only a row per column,
which the simplex of HiGHS goes through quickly. Both have the same optimum.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

HALF = 0.5  # legal-number: level of the median of a distribution

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Regression:
    """``intercept + coefficients · x`` is the median of y."""

    coefficients: Floats
    intercept: float

    def predict(self, x: Floats) -> Floats:
        """The median of each row."""
        found: Floats = x @ self.coefficients + self.intercept
        return found


def median_regression(x: Floats, y: Floats, penalty: float) -> Regression:
    """Least mean of |y - prediction| / 2 + penalty · Σ |coefficients|.

    Raises:
        RuntimeError: the solver gave up; the program always has a solution.
    """
    days, columns = x.shape
    bound = HALF / days
    found = linprog(
        -y,
        A_ub=np.vstack([x.T, -x.T]),
        b_ub=np.full(2 * columns, penalty),
        A_eq=np.ones((1, days)),
        b_eq=[0.0],
        bounds=(-bound, bound),
        method="highs-ds",
    )
    if not found.success:
        raise RuntimeError(f"median regression of {days} days: {found.message}")
    # What a row of the dual is worth is the coefficient of its column.
    prices = -found.ineqlin.marginals
    return Regression(prices[:columns] - prices[columns:], float(-found.eqlin.marginals[0]))
