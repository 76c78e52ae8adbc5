"""Histories made up for tests, every draw from a seed."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import numpy as np

from catering.attendance.rules.history import Menu, PastDay, Series

FIRST = date(2023, 9, 4)
DAYS = (0, 1, 3, 4)


def days_of(years: int) -> list[date]:
    """Mondays, Tuesdays, Thursdays and Fridays, two weeks of holidays after every seven weeks."""
    every = (FIRST + timedelta(days=each) for each in range(years * 365))
    return [day for day in every if day.weekday() in DAYS and ((day - FIRST).days // 7) % 9 < 7]


def made(
    key: str, seed: int, share: Callable[[Series, date], float], *, years: int = 4, noise: float = 0.03,
    announced: Callable[[int], int] | None = None, menus: Mapping[date, Menu] | None = None,
) -> Series:  # fmt: skip
    """A place of 400 covers: each day is a share of them, with log-normal noise."""
    rng = np.random.default_rng(seed)
    days = days_of(years)
    bare = Series(key, [], days, menus=menus or {})
    past = []
    for day in days:
        served = max(1, round(400 * share(bare, day) * float(np.exp(rng.normal(0, noise)))))
        past.append(PastDay(day, served, None if announced is None else announced(served)))
    said = {each.day: each.announced for each in past if each.announced}
    return Series(key, past, days, said, menus=menus or {})


def flat(_: Series, __: date) -> float:
    """The same every day: all that differs is noise."""
    return 1.0


def eve(series: Series, day: date) -> float:
    """A fifth leaves the day before holidays, and the day after a tenth is not back yet."""
    return 0.8 if series.days_to_break(day, 40) == 0 else 0.9 if series.days_since_break(day, 40) == 0 else 1.0
