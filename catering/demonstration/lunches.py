"""Fictional lunches of collèges, day by day: what moves them is drawn here and told to no forecast.

Classes on trips, strikes, winters of illness, June after the exams, a drift of each year, and the luck of a day, on the
real calendar. By them the forecast is judged at the size of a collège (``seeds/attendance/colleges.csv``), and from
them the demonstration has a past (docs/decisions/0199-…, 0221-…).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from catering.demonstration.draws import Draws
from catering.kitchens.calendar import is_day_off

COME = Decimal("0.955")
"""Of the covers planned, as in ``waste/covers.csv``."""
UNITS = 12
"""Uniform draws that add up to one draw of a bell, of spread 1."""
ONE = Decimal(1)
STRUCK = Decimal("0.2"), Decimal("0.5")  # legal-number: drawn, no law
ILL = Decimal("0.03"), Decimal("0.09")  # legal-number: drawn, no law
EVE = Decimal("0.01"), Decimal("0.08")
JUNE = Decimal("0.05"), Decimal("0.25")  # legal-number: drawn, no law
"""Least and most of the pupils that keep away on a strike, in weeks of illness, on the eve of holidays, in June."""


@dataclass(frozen=True, slots=True)
class Lunch:
    """One day of one collège: covers said beforehand, and who came."""

    day: date
    announced: int
    served: int


@dataclass(frozen=True)
class SchoolYearDrawn:
    """The days of class of one school year, and what keeps pupils of all collèges away on them.

    Args:
        key: names the year in the draws.
        days: days on which lunch is served, in order.
        last: last day of class.
        draws: of the whole Département.
    """

    key: str
    days: Sequence[date]
    last: date
    draws: Draws

    @cached_property
    def shares(self) -> Mapping[date, Decimal]:
        """Who comes, of all: two days of strike a year, three weeks of illness in winter."""
        strikes = set(self.draws.shuffled([each.isoformat() for each in self.days], "grève", self.key)[:2])
        begins = date(self.days[0].year + 1, 1, 4) + timedelta(days=self.draws.number("grippe", self.key) % 60)
        ill = self.draws.between(*ILL, "malades", self.key)
        return {
            day: (ONE - self._struck(day) * (day.isoformat() in strikes))
            * (ONE - ill * (begins <= day < begins + timedelta(days=21)))
            for day in self.days
        }

    def _struck(self, day: date) -> Decimal:
        return self.draws.between(*STRUCK, "suivie", day.isoformat())


@dataclass(frozen=True)
class Diners:
    """Who eats in one collège: its covers planned, and what is its own."""

    uai: str
    planned: int
    draws: Draws

    def lunches(self, year: SchoolYearDrawn) -> Iterator[Lunch]:
        """The lunches of a school year, in order."""
        away = self._trips(year)
        drift = ONE + self._bell("0.025", "année", year.key)
        for day in year.days:
            share = COME * drift * year.shares[day] * self._own(day, year.last)
            wanted = self.planned * share - away.get(day, 0)
            luck = self._bell("1", "jour", day.isoformat()) * (wanted * (ONE - COME) + wanted**2 / 5000).sqrt()
            served = max(0, int((wanted + luck).to_integral_value(ROUND_HALF_UP)))
            said = self.draws.unit("dit", self.uai, str(day)) < COME
            yield Lunch(day, self.planned - (away.get(day, 0) if said else 0), served)

    def _bell(self, spread: str, *key: str) -> Decimal:
        return bell(self.draws, spread, self.uai, *key)

    def _own(self, day: date, last: date) -> Decimal:
        """Weekday, the eve of holidays, and June once the older ones are gone: each collège in its way."""
        share = ONE + self._weekdays[day.weekday()]
        if is_day_off(day + timedelta(days=4 if day.weekday() == 4 else 1)):
            share -= self.draws.between(*EVE, "veille", self.uai)
        if last - day < timedelta(days=14):
            share -= self.draws.between(*JUNE, "juin", self.uai)
        return share

    @cached_property
    def _weekdays(self) -> Sequence[Decimal]:
        return [self._bell("0.02", "jour de semaine", str(weekday)) for weekday in range(5)]

    def _trips(self, year: SchoolYearDrawn) -> dict[date, int]:
        """Eight days a year on which classes are away, of 20 to 70 pupils."""
        days = [each.isoformat() for each in year.days]
        chosen = self.draws.shuffled(days, "sortie", self.uai, year.key)[:8]
        return {date.fromisoformat(each): self._away(each) for each in chosen}

    def _away(self, day: str) -> int:
        """Pupils of one trip."""
        return 20 + self.draws.number("partis", self.uai, day) % 51  # legal-number: drawn, no law


def bell(draws: Draws, spread: str, *key: str) -> Decimal:
    """A draw around 0 whose spread is ``spread``: the sum of twelve uniform draws, less six."""
    total = sum((draws.unit(*key, str(rank)) for rank in range(UNITS)), Decimal())
    return (total - UNITS // 2) * Decimal(spread)
