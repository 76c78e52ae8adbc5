"""What duals prove by themselves: a lower bound of an LP by plain summation, whoever found the duals and however well.

For any row duals y the value of a minimisation is at least

    Σ_rows (y⁺ · lower − y⁻ · upper)  +  Σ_columns min over their bounds of (cost − Σ a·y) · x

so that a solver that calls "Optimal" what is not can only make the bound worse, never wrong.
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NOISE = 1e-9
"""A dual or reduced cost of this size and the wrong sign on an unbounded side is arithmetic, and taken as 0."""


def dual_bound(lp: Any, duals: Floats) -> float:
    """The bound that `duals` (one per row of HiGHS) prove of the minimisation `lp` (`HighsLp`); −inf if none."""
    entries, majors = np.asarray(lp.a_matrix_.value_), np.asarray(lp.a_matrix_.start_)
    minor = np.asarray(lp.a_matrix_.index_, dtype=np.int64)
    major = np.repeat(np.arange(len(majors) - 1), np.diff(majors))
    by_column = lp.a_matrix_.format_ == highspy.MatrixFormat.kColwise
    columns, rows = (major, minor) if by_column else (minor, major)
    priced = np.bincount(columns, weights=entries * duals[rows], minlength=lp.num_col_)
    reduced: Floats = np.asarray(lp.col_cost_, dtype=np.float64) - priced[: lp.num_col_]
    total = _least(duals, np.asarray(lp.row_lower_), np.asarray(lp.row_upper_))
    return total + _least(reduced, np.asarray(lp.col_lower_), np.asarray(lp.col_upper_)) + float(lp.offset_)


def _least(prices: Floats, low: Floats, up: Floats) -> float:
    """Σ of the least that price × amount can be, for amounts between their bounds."""
    side = np.where(prices > 0, low, up)
    counts = np.abs(prices) > np.where(np.isfinite(side), 0.0, NOISE)
    return float((prices[counts] * side[counts]).sum())
