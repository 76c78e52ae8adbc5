"""The model: a median regression on what is usual, and errors made on days it had not seen for its intervals.

It forecasts the logarithm of covers over what is usual, so that kitchens of all sizes teach each other. A regression is
used only where it was surely better than the usual level on the later part of its own history. The menu enters only
where it surely betters the regression there in its turn. On noise a regression may be surely better: it averages longer
than four weeks. So the calendar is told as a reason only where its columns surely better those of levels alone.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from catering.attendance.rules.features import NAMES, OF_CALENDAR, OF_MENU, Look
from catering.attendance.rules.regression import Floats, median_regression

VERSION = "median-3"
"""Changes whenever the same history would give another forecast."""
PENALTY = 0.0005
"""L1 weight: a column that tells nothing gets no coefficient."""
CALIBRATED = 0.4  # legal-number: share of a history, nothing of the arrêté
"""Latest share of the history on which errors are measured."""
FEWEST = 120
"""Days below which no regression is tried."""
FEWEST_ERRORS = 40
"""Errors below which a place borrows those of the others."""
SURELY = 2.0
"""Standard errors by which the regression must win."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Covers of one day: the middle, and the errors that give its quantiles."""

    look: Look
    middle: float
    errors: Floats

    def quantile(self, level: float) -> float:
        """Covers that are enough with this probability, corrected for the number of errors known (conformal)."""
        return self.middle * math.exp(_conformal(self.errors, level))

    def interval(self, coverage: float) -> tuple[float, float]:
        """Covers between which the day falls with this probability."""
        return self.quantile((1 - coverage) / 2), self.quantile((1 + coverage) / 2)


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned from a history. ``coefficients`` is None where the usual level was as good."""

    coefficients: Floats | None
    intercept: float
    errors: dict[str, Floats]
    pooled: Floats
    gain: float
    """Share of the error of the usual level that the regression saved on days it had not seen; 0 when not used."""
    menu_gain: float = 0.0
    """Share of the error of the regression without the menu that its columns saved there; 0 when they are not used."""
    calendar_gain: float = 0.0
    """The same of the calendar against levels alone; at 0 it is in the forecast and in no reason."""

    def forecast(self, look: Look) -> Forecast:
        """The forecast of one day."""
        shift = 0.0
        if self.coefficients is not None:
            shift = self.intercept + float(np.dot(self.coefficients, look.features))
        own = self.errors.get(look.key)
        return Forecast(look, look.base * math.exp(shift), self.pooled if own is None else own)

    def reasons(self, look: Look, most: int = 3) -> list[tuple[str, float]]:
        """The columns that moved the forecast most from what is usual, each with the share it moved it by."""
        if self.coefficients is None:
            return []
        parts = self.coefficients * np.array(look.features)
        if not self.calendar_gain:
            parts[OF_CALENDAR] = 0.0
        order = np.argsort(-np.abs(parts))[:most]
        return [(NAMES[each], math.expm1(float(parts[each]))) for each in order if abs(parts[each]) >= 0.005]


def fit(looks: Sequence[Look]) -> Model | None:
    """Learn from days whose covers are known, in order of time; None when there are too few for any interval."""
    rows = sorted((each for each in looks if each.served), key=lambda each: (each.day, each.key))
    if len(rows) < FEWEST_ERRORS:
        return None
    x = np.array([each.features for each in rows], dtype=np.float64)
    y = np.array([math.log((each.served or 0) / each.base) for each in rows])
    keys = [each.key for each in rows]
    first = _cut(rows)
    plain = y[first:]
    if len(rows) < FEWEST:
        return Model(None, 0.0, {}, np.sort(plain), 0.0)
    plain_columns = x.copy()
    plain_columns[:, OF_MENU] = 0.0
    rest = y[first:] - _tried(plain_columns, y, first)
    levels = plain_columns.copy()
    levels[:, OF_CALENDAR] = 0.0
    calendar_gain = _gain(_off(y[first:] - _tried(levels, y, first)), _off(rest))
    menu_gain = 0.0
    if x[:first, OF_MENU].any():
        with_menu = y[first:] - _tried(x, y, first)
        menu_gain = _gain(_off(rest), _off(with_menu))
        rest = with_menu if menu_gain else rest
    gain = _gain(_off(plain), _off(rest))
    if gain == 0.0:
        return Model(None, 0.0, _per_place(keys[first:], plain), np.sort(plain), 0.0)
    final = median_regression(x if menu_gain else plain_columns, y, PENALTY)
    errors = _per_place(keys[first:], rest)
    return Model(final.coefficients, final.intercept, errors, np.sort(rest), gain, menu_gain, calendar_gain)


def _tried(x: Floats, y: Floats, first: int) -> Floats:
    """What a regression on the days before ``first`` says of the others."""
    return median_regression(x[:first], y[:first], PENALTY).predict(x[first:])


def _off(errors: Floats) -> Floats:
    """Errors of logarithms as shares of the forecast."""
    return np.abs(np.expm1(errors))


def _cut(rows: Sequence[Look]) -> int:
    """Where the days of calibration start: between two days, never inside one."""
    at = int(len(rows) * (1 - CALIBRATED))
    while at > 0 and rows[at].day == rows[at - 1].day:
        at -= 1
    return at


def _gain(plain: Floats, ours: Floats) -> float:
    """Share of the error saved; 0 unless it is beyond doubt."""
    saved = plain - ours
    doubt = float(saved.std(ddof=1)) / math.sqrt(len(saved))
    mean = float(saved.mean())
    return mean / float(plain.mean()) if mean > SURELY * doubt else 0.0


def _per_place(keys: Sequence[str], errors: Floats) -> dict[str, Floats]:
    found = defaultdict(list)
    for key, error in zip(keys, errors, strict=True):
        found[key].append(float(error))
    return {key: np.sort(np.array(each)) for key, each in found.items() if len(each) >= FEWEST_ERRORS}


def _conformal(ordered: Floats, level: float) -> float:
    """The order statistic that keeps its level on a day not seen: the k-th of n, k = level × (n + 1), between two."""
    place = level * (len(ordered) + 1) - 1
    return float(np.interp(place, np.arange(len(ordered)), ordered))
