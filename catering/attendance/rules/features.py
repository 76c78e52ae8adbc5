"""What a forecast of one day looks at. Nothing served after the decision enters: tests change the future to see."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, median

from catering.attendance.rules.history import PastDay, Series
from catering.kitchens.calendar import is_public_holiday, week_of

WEEKS = 4
"""Same weekdays that give the usual level."""
LONG = 12
FAR = 40
YEAR = timedelta(days=364)
"""A year ago, on the same weekday."""
NEAR_A_YEAR = timedelta(days=14)
POOL = 8
"""Days with a family of dish that weigh as much as the doubt about it."""
MOST = 0.4  # legal-number: logarithm of the ratio beyond which a day says only "much"
NAMES = (
    "monday", "tuesday", "wednesday", "thursday", "last day before holidays", "week before holidays",
    "first day after holidays", "week after holidays", "eve of a public holiday", "day after a public holiday",
    "week of a public holiday", "season (sine)", "season (cosine)", "september", "june", "july", "last week",
    "four weeks ago", "twelve weeks", "latest days", "same day last year", "menu", "announcement",
)  # fmt: skip
"""One column each; ratios are logarithms, nothing known is 0."""


@dataclass(frozen=True, slots=True)
class Look:
    """One day seen from its decision date.

    Attributes:
        base: what is usual: median of the latest same weekdays, through the announcement where there is one.
        weekly: covers of the same weekday of the latest week known.
        usual: median of the latest same weekdays.
        features: as ``NAMES``.
        served: what came, once it did.
    """

    key: str
    day: date
    base: float
    weekly: float
    usual: float
    features: tuple[float, ...]
    served: int | None = None
    announced: int | None = None


def look(series: Series, day: date, known: date, *, announcing: bool) -> Look | None:
    """One day as it can be seen once the covers of ``known`` are counted; None when too little is.

    Args:
        series: the place.
        day: the day to forecast, after ``known``.
        known: the latest day whose covers may be used.
        announcing: whether the announcement for ``day`` may be used.
    """
    same = series.same_weekday(day, known, LONG)
    if len(same) < WEEKS:
        return None
    usual = median(each.served for each in same[:WEEKS])
    announced = series.announced.get(day) if announcing else None
    base = usual if announced is None else _through(announced, same) or usual
    features = (
        *_calendar(series, day),
        _ratio(same[0].served, usual),
        _ratio(same[WEEKS - 1].served, usual),
        _ratio(median(each.served for each in same), usual),
        _lately(series, known),
        _a_year_ago(series, day, known),
        _menu(series, day, known),
        _ratio(base, usual),
    )
    return Look(series.key, day, base, same[0].served, usual, features, announced=announced)


def _through(announced: int, same: Sequence[PastDay]) -> float | None:
    """The announcement, corrected by what announcements of that weekday were worth."""
    worth = [each.served / each.announced for each in same if each.announced][:WEEKS]
    return announced * median(worth) if len(worth) == WEEKS and announced else None


def _ratio(one: float, two: float) -> float:
    # A day of strike is no lesson of scale.
    return max(-MOST, min(MOST, math.log(one / two)))


def _calendar(series: Series, day: date) -> tuple[float, ...]:
    to, since = series.days_to_break(day, FAR), series.days_since_break(day, FAR)
    turn = 2 * math.pi * (day.timetuple().tm_yday / 365.25)
    week = [week_of(day) + timedelta(days=each) for each in range(5)]
    flags = (
        *(day.weekday() == each for each in range(4)),
        to == 0,
        to < 5,
        since == 0,
        since < 5,
        is_public_holiday(day + timedelta(days=1)),
        is_public_holiday(day - timedelta(days=1)),
        any(is_public_holiday(each) for each in week),
    )
    months = (day.month == 9, day.month == 6, day.month == 7)
    return (*map(float, flags), math.sin(turn), math.cos(turn), *map(float, months))


def _lately(series: Series, known: date) -> float:
    """How the latest days stood against their own usual level."""
    found = []
    for each in series.latest(known, WEEKS):
        before = series.same_weekday(each.day, each.day - timedelta(days=1), WEEKS)
        if before:
            found.append(_ratio(each.served, median(one.served for one in before)))
    return fmean(found) if found else 0.0


def _a_year_ago(series: Series, day: date, known: date) -> float:
    """The same weekday a year before against its own usual level; 0 where there was none."""
    around = series.same_weekday(day, min(known, day - YEAR + NEAR_A_YEAR), 5)
    near = [each for each in around if abs(day - YEAR - each.day) <= NEAR_A_YEAR]
    if not near:
        return 0.0
    then = min(near, key=lambda each: abs(day - YEAR - each.day))
    before = series.same_weekday(then.day, then.day - timedelta(days=1), WEEKS)
    return _ratio(then.served, median(each.served for each in before)) if before else 0.0


def _menu(series: Series, day: date, known: date) -> float:
    """What came on days with the same family of main dish against the other days, drawn to 0 when there are few."""
    family = series.menus.get(day)
    if family is None:
        return 0.0
    found = defaultdict(list)
    for each in series.latest(known, LONG * 5):
        before = series.same_weekday(each.day, each.day - timedelta(days=1), WEEKS)
        if before:
            worth = _ratio(each.served, median(one.served for one in before))
            found[series.menus.get(each.day) == family].append(worth)
    alike = found[True]
    return (fmean(alike) - fmean(found[False] or [0.0])) * len(alike) / (len(alike) + POOL) if alike else 0.0
