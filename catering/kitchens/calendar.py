"""The service calendar: which days a collège of zone B serves lunch, and for how many.

School holidays come from the package ``vacances-scolaires-france``, public holidays from ``holidays``; what neither
knows (bridges, first and last day of class) is data: ``seeds/calendar/``.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

import holidays
from vacances_scolaires_france import SchoolHolidayDates

ZONE = "B"
"""School holiday zone of the académie de Lille."""
SATURDAY = 5


class CalendarUnknownError(LookupError):
    """The packages know no school holidays for this year."""


@dataclass(frozen=True, slots=True)
class Span:
    """One school year: first and last day of class, both included."""

    label: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """A day on which a kitchen serves lunch to ``covers`` diners (at least 1)."""

    day: date
    covers: int


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """Days of class of a zone: inside a school year, off holidays, bridges and weekends."""

    years: tuple[Span, ...]
    bridges: frozenset[date] = frozenset()
    zone: str = ZONE

    def year(self, label: str) -> Span:
        """The school year named as ``2026-27``.

        Raises:
            CalendarUnknownError: no such school year is described.
        """
        for span in self.years:
            if span.label == label:
                return span
        raise CalendarUnknownError(f"année scolaire inconnue : {label}")

    def class_days(self, span: Span) -> tuple[date, ...]:
        """Monday to Friday days of class of a school year, in order.

        Raises:
            CalendarUnknownError: the packages have no holidays for one of its civil years.
        """
        return _class_days(self, span)

    def days(self, first: date, last: date, weekdays: Collection[int]) -> list[date]:
        """Days of class from ``first`` to ``last`` that fall on ``weekdays`` (Monday is 0), in order."""
        return [
            day
            for span in self.years
            for day in self.class_days(span)
            if first <= day <= last and day.weekday() in weekdays
        ]


def service_days(
    calendar: SchoolCalendar, covers: Mapping[int, int], closures: Collection[date], first: date, last: date
) -> list[ServiceDay]:
    """Days on which one kitchen serves, in order.

    Args:
        calendar: days of class of the zone.
        covers: lunches per weekday (Monday is 0); a weekday that is missing is not served.
        closures: days on which this kitchen does not serve.
        first: first day looked at, included.
        last: last day looked at, included.
    """
    return [ServiceDay(day, covers[day.weekday()]) for day in calendar.days(first, last, covers) if day not in closures]


def week_of(day: date) -> date:
    """The Monday that names the week of ``day``."""
    return day - timedelta(days=day.weekday())


def days_between(first: date, last: date) -> Iterable[date]:
    """Every day from ``first`` to ``last``, both included."""
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def is_day_off(day: date, zone: str = ZONE) -> bool:
    """Whether the packages hold ``day`` for a public holiday or a school holiday of the zone.

    Raises:
        CalendarUnknownError: the year lies outside the school holiday data.
    """
    return day in _public_holidays(day.year) or day in _school_holidays(day.year, zone)


def is_public_holiday(day: date) -> bool:
    """Whether ``day`` is a public holiday in France."""
    return day in _public_holidays(day.year)


def takes_deliveries(day: date, closed: Collection[date]) -> bool:
    """Whether somebody is at a collège to take goods: Monday to Friday, off public and school holidays.

    Beyond the years that the packages know, school holidays are not known yet and refuse nothing.

    Args:
        day: of the delivery.
        closed: bridges, and days on which this kitchen does not serve.
    """
    if day.weekday() >= SATURDAY or day in closed:
        return False
    try:
        return not is_day_off(day)
    except CalendarUnknownError:
        return True


@lru_cache(maxsize=64)
def _class_days(calendar: SchoolCalendar, span: Span) -> tuple[date, ...]:
    return tuple(
        day
        for day in days_between(span.first_day, span.last_day)
        if day.weekday() < SATURDAY and day not in calendar.bridges and not is_day_off(day, calendar.zone)
    )


@cache
def _published() -> SchoolHolidayDates:
    return SchoolHolidayDates()


@cache
def _school_holidays(year: int, zone: str) -> frozenset[date]:
    published = _published()
    if not published.min_year <= year <= published.max_year:
        raise CalendarUnknownError(f"vacances scolaires de {year} inconnues du paquet vacances-scolaires-france")
    return frozenset(published.holidays_for_year_and_zone(year, zone))


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))
