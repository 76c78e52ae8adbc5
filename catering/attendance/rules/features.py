"""What a forecast of one day looks at. Nothing served after the decision enters: tests change the future to see."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, median

from catering.attendance.rules.history import ALL, ONE_DAY, WEEKS, PastDay, Series, ratio
from catering.kitchens.calendar import is_public_holiday, week_of

LONG = 12
FAR = 40
YEAR = timedelta(days=364)
"""A year ago, on the same weekday."""
NEAR_A_YEAR = timedelta(days=14)
POOL = 8
"""Days with a family or dish that weigh as much as the doubt about it."""
NAMES = (
    "monday", "tuesday", "wednesday", "thursday", "last day before holidays", "week before holidays",
    "first day after holidays", "week after holidays", "eve of a public holiday", "day after a public holiday",
    "week of a public holiday", "season (sine)", "season (cosine)", "september", "june", "july", "last week",
    "four weeks ago", "twelve weeks", "latest days", "same day last year", "announcement",
    "menu", "dish", "vegetarian", "liked",
)  # fmt: skip
"""One column each; ratios are logarithms, nothing known is 0."""
OF_CALENDAR = slice(0, NAMES.index("last week"))
"""The columns that the calendar gives; those between it and the menu say what is usual."""
OF_MENU = slice(NAMES.index("menu"), len(NAMES))
"""The columns that the menu gives."""


@dataclass(frozen=True, slots=True)
class Look:
    """One day seen from its decision date.

    Attributes:
        base: what is usual: median of the latest same weekdays, through the announcement where there is one.
        weekly: covers of the same weekday of the latest week known.
        usual: median of the latest same weekdays.
        features: as ``NAMES``.
        long: median of twelve same weekdays, at least four.
        through: whether ``base`` rests on the announcement: those before it told what one is worth.
        served: what came, once it did.
    """

    key: str
    day: date
    base: float
    weekly: float
    usual: float
    features: tuple[float, ...]
    long: float
    through: bool = False
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
    ahead = (day - known - ONE_DAY).days
    announced = series.announced.get(day) if announcing and series.said(day, ahead) else None
    # What announcements were worth is judged on those said as long before their day: later ones know more.
    through = (
        None if announced is None else _through(announced, [each for each in same if series.said(each.day, ahead)])
    )
    base = through or usual
    long = median(each.served for each in same)
    features = (
        *_calendar(series, day),
        ratio(same[0].served, usual),
        ratio(same[WEEKS - 1].served, usual),
        ratio(long, usual),
        _lately(series, known),
        _a_year_ago(series, day, known),
        ratio(base, usual),
        *_menu(series, day, known),
    )
    return Look(
        series.key, day, base, same[0].served, usual, features, long, through=through is not None, announced=announced
    )


def _through(announced: int, same: Sequence[PastDay]) -> float | None:
    """The announcement, corrected by what announcements of that weekday were worth."""
    worth = [each.served / each.announced for each in same if each.announced][:WEEKS]
    return announced * median(worth) if len(worth) == WEEKS and announced else None


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
    found = series.latest_worth(known, WEEKS)
    return fmean(found) if found else 0.0


def _a_year_ago(series: Series, day: date, known: date) -> float:
    """The same weekday a year before against its own usual level; 0 where there was none."""
    around = series.same_weekday(day, min(known, day - YEAR + NEAR_A_YEAR), 5)
    near = [each for each in around if abs(day - YEAR - each.day) <= NEAR_A_YEAR]
    if not near:
        return 0.0
    then = min(near, key=lambda each: abs(day - YEAR - each.day))
    before = series.same_weekday(then.day, then.day - ONE_DAY, WEEKS)
    return ratio(then.served, median(each.served for each in before)) if before else 0.0


def _menu(series: Series, day: date, known: date) -> tuple[float, ...]:
    menu = series.menus.get(day)
    if menu is None:
        return (0.0, 0.0, 0.0, 0.0)
    drawn = (_alike(series, name, known) for name in (menu.family, menu.dish))
    return (*drawn, float(menu.vegetarian), menu.liked)


def _alike(series: Series, name: str, known: date) -> float:
    """What came on days with this family or dish against days with others, drawn to 0 when there are few."""
    days, worth = series.with_menu(name, known)
    every, of_all = series.with_menu(ALL, known)
    others = (of_all - worth) / (every - days) if every > days else 0.0
    return (worth / days - others) * days / (days + POOL) if days else 0.0
