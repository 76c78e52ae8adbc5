"""How good forecasts were: MAE, MAPE, bias, pinball loss, coverage."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)  # legal-number: levels of quantiles of a distribution
COVERAGES = (0.5, 0.8, 0.9)  # legal-number: probabilities of intervals, no rule


@dataclass(frozen=True, slots=True)
class Score:
    """Errors of one method over some days.

    Attributes:
        days: how many place-days were scored.
        mae: mean absolute error, covers.
        mape: mean absolute error as a share of what was served.
        median_ape: its median: what a usual day looks like; strikes weigh nothing in it.
        bias: mean of forecast less served, covers: above 0 is waste.
    """

    days: int
    mae: float
    mape: float
    median_ape: float
    bias: float


def score(forecast: Sequence[float], served: Sequence[int]) -> Score:
    """The errors of point forecasts against what was served (at least 1 each day)."""
    errors = [one - two for one, two in zip(forecast, served, strict=True)]
    shares = sorted(abs(error) / real for error, real in zip(errors, served, strict=True))
    return Score(len(errors), fmean(map(abs, errors)), fmean(shares), shares[len(shares) // 2], fmean(errors))


def pinball(quantile: Sequence[float], served: Sequence[int], level: float) -> float:
    """Mean pinball loss of quantile forecasts, covers: a cover short costs ``level``, one too many the rest."""
    return fmean(
        level * (real - said) if real >= said else (1 - level) * (said - real)
        for said, real in zip(quantile, served, strict=True)
    )


def coverage(intervals: Sequence[tuple[float, float]], served: Sequence[int]) -> float:
    """Share of days that fell inside their interval."""
    return fmean(float(low <= real <= high) for (low, high), real in zip(intervals, served, strict=True))
