"""Weekly capacity of an offer through the seasons, as dated ranges that do not overlap."""

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from catering.demonstration.draws import Draws
from seeds.build.market_inputs import Profile

GRAMS_PER_KG = 1000
FULL = 100


@dataclass(frozen=True)
class Capacity:
    """Grams an offer can sell per week, from a first to a last day, both included."""

    valid_from: dt.date
    valid_to: dt.date
    grams_per_week: int


@dataclass(frozen=True)
class Season:
    """When a product is there (months 1–12) and how its quantity moves."""

    months: frozenset[int]
    profile: Profile

    def start_year(self, day: dt.date) -> int:
        """Return the year in which the season that holds `day` began (September for what has no season)."""
        month = day.month
        first = 9 if len(self.months) == 12 else month
        while len(self.months) < 12 and _before(first) in self.months:
            first = _before(first)
        return day.year if first <= month else day.year - 1

    def pct(self, day: dt.date) -> int:
        """Return the share of full season in % for the month of `day`; 0 out of season."""
        month = day.month
        if month not in self.months:
            return 0
        share = self.profile.monthly_pct[month - 1]
        if _before(month) not in self.months:
            share = share * self.profile.first_month_pct // FULL
        if month % 12 + 1 not in self.months:
            share = share * self.profile.last_month_pct // FULL
        return share


def _before(month: int) -> int:
    return (month - 2) % 12 + 1


def _months(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    day = first
    while day <= last:
        end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        yield day, end
        day = end + dt.timedelta(days=1)


def _spread(draws: Draws, pct: int, *key: str) -> int:
    """Return a drawn percentage of [100 − pct, 100 + pct]."""
    return FULL - pct + draws.number(*key) % (2 * pct + 1)


def capacities(
    kg_per_week: int, season: Season, horizon: tuple[dt.date, dt.date], draws: Draws, offer: str, ingredient: str
) -> list[Capacity]:
    """Return the ranges of an offer over the horizon, months of the same quantity joined.

    The year's harvest is the offer's own; a month's landings are common to all who sell the ingredient, as weather is.
    """
    ranges: list[Capacity] = []
    for first, last in _months(*horizon):
        year = str(season.start_year(first))
        pct = season.pct(first)
        pct = pct * _spread(draws, season.profile.year_spread_pct, "harvest", offer, year) // FULL
        month = f"{first:%Y-%m}"
        pct = pct * _spread(draws, season.profile.month_spread_pct, "landings", ingredient, month) // FULL
        if not pct:
            continue
        grams = max(1, kg_per_week * pct // FULL) * GRAMS_PER_KG
        previous = ranges[-1] if ranges else None
        if previous and previous.grams_per_week == grams and previous.valid_to + dt.timedelta(days=1) == first:
            ranges[-1] = Capacity(previous.valid_from, last, grams)
        else:
            ranges.append(Capacity(first, last, grams))
    return ranges
