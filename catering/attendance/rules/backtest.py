"""Rolling origin: forecast each month with what was known before it, then compare with what came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from catering.attendance.rules.features import Look, look
from catering.attendance.rules.history import Series
from catering.attendance.rules.model import Forecast, fit
from catering.attendance.rules.scores import COVERAGES, LEVELS, Score, coverage, pinball, score

WARM_UP = timedelta(days=730)
"""Two years of history before the first origin."""
WINDOW = timedelta(days=3 * 365)
"""What a model learns from: older years are another school."""
OURS, NAIVE, MEDIAN, ANNOUNCED = "model", "seasonal_naive", "median_4_weeks", "announced"
LONG_MEDIAN = "median_12_weeks"
"""The plain baseline that is hardest to beat: much of what a model gains over a week is longer averaging."""
CORRECTED = "announced_corrected"
"""The announcement times what the last announcements were worth: what a careful kitchen does by hand."""
ALL = "*"


@dataclass(frozen=True, slots=True)
class Result:
    """Scores of one group, or of all of them."""

    group: str
    points: Mapping[str, Score]
    pinball: Mapping[float, float]
    pinball_median: Mapping[float, float]
    """Of the usual level with its own past errors: what the model must beat as a distribution too."""
    coverage: Mapping[float, float]

    def margin(self, baseline: str) -> float | None:
        """Share of a baseline's mean absolute error the model saves, below 0 where it loses; None at no error."""
        if baseline not in self.points or not self.points[baseline].mae:
            return None
        return 1 - self.points[OURS].mae / self.points[baseline].mae


@dataclass(frozen=True, slots=True)
class Backtest:
    """One rolling-origin test: with the announcement of the day or without, so many days ahead."""

    lead: int
    announcing: bool
    first: date
    last: date
    origins: int
    regressions: int
    """Origins at which the regression was surely better than the usual level, and was used."""
    results: Sequence[Result]


@dataclass(frozen=True, slots=True)
class _Made:
    ours: Forecast
    usual: Forecast


def looks_of(series: Series, lead: int, *, announcing: bool) -> list[Look]:
    """Every ordinary past day as it could be seen ``lead`` days before."""
    found = []
    for each in series.past:
        known = each.day - timedelta(days=lead)
        seen = None if each.disturbed else look(series, each.day, known, announcing=announcing)
        if seen is not None:
            found.append(replace(seen, served=each.served, announced=each.announced))
    return found


def backtest(places: Sequence[Series], *, lead: int, announcing: bool, warm_up: timedelta = WARM_UP) -> Backtest | None:
    """Forecast month after month; None when the history is shorter than the warm-up.

    Args:
        places: what is forecast; announcements of past days stand in ``announced`` too.
        lead: days between the decision and the service.
        announcing: whether the announcement for the day itself is known at the decision.
        warm_up: history before the first origin.
    """
    rows = sorted(
        (each for place in places for each in looks_of(place, lead, announcing=announcing)),
        key=lambda each: (each.day, each.key),
    )
    if not rows:
        return None
    start = (min(place.past[0].day for place in places if place.past) + warm_up).replace(day=1)
    made: list[_Made] = []
    origins = regressions = 0
    for month, asked in groupby((row for row in rows if row.day >= start), key=lambda row: row.day.replace(day=1)):
        decided = month - timedelta(days=lead)
        model = fit([row for row in rows if decided - WINDOW <= row.day <= decided])
        if model is None:
            continue
        origins += 1
        regressions += model.coefficients is not None
        usual = replace(model, coefficients=None)
        made += [_Made(model.forecast(row), usual.forecast(row)) for row in asked]
    return _judged(made, lead, announcing, origins, regressions) if made else None


def _judged(made: Sequence[_Made], lead: int, announcing: bool, origins: int, regressions: int) -> Backtest:
    groups = sorted({each.ours.look.key for each in made})
    results = [_result(name, [each for each in made if each.ours.look.key == name], announcing) for name in groups]
    if len(groups) > 1:
        results.append(_result(ALL, made, announcing))
    days = [each.ours.look.day for each in made]
    return Backtest(lead, announcing, min(days), max(days), origins, regressions, results)


def _result(group: str, made: Sequence[_Made], announcing: bool) -> Result:
    looks = [each.ours.look for each in made]
    served = [each.served or 0 for each in looks]
    points = {
        OURS: score([each.ours.middle for each in made], served),
        NAIVE: score([each.weekly for each in looks], served),
        MEDIAN: score([each.usual for each in looks], served),
        LONG_MEDIAN: score([each.long for each in looks], served),
    }
    said = [each.announced for each in looks]
    if all(each is not None for each in said):
        points[ANNOUNCED] = score([float(each or 0) for each in said], served)
    if announcing:
        points[CORRECTED] = score([each.base for each in looks], served)
    return Result(
        group,
        points,
        {level: pinball([each.ours.quantile(level) for each in made], served, level) for level in LEVELS},
        {level: pinball([each.usual.quantile(level) for each in made], served, level) for level in LEVELS},
        {share: coverage([each.ours.interval(share) for each in made], served) for share in COVERAGES},
    )
