"""The service calendar of zone B."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.kitchens.calendar import (
    CalendarUnknownError,
    SchoolCalendar,
    ServiceDay,
    Span,
    is_day_off,
    service_days,
    week_of,
)

Y2025 = Span("2025-26", date(2025, 9, 1), date(2026, 7, 3))
Y2026 = Span("2026-27", date(2026, 9, 1), date(2027, 7, 2))
BRIDGES = frozenset({date(2026, 5, 15), date(2027, 5, 7)})
CALENDAR = SchoolCalendar((Y2025, Y2026), BRIDGES)
FOUR_DAYS = frozenset({0, 1, 3, 4})

days = st.dates(Y2025.first_day, Y2026.last_day)
covers = st.dictionaries(st.integers(0, 4), st.integers(1, 900))
closures = st.frozensets(days, max_size=40)


@pytest.mark.parametrize(("span", "four", "five"), [(Y2025, 137, 173), (Y2026, 139, 174)])
def test_the_year_has_the_days_of_the_official_calendar(span: Span, four: int, five: int) -> None:
    assert len(CALENDAR.days(span.first_day, span.last_day, FOUR_DAYS)) == four
    assert len(CALENDAR.days(span.first_day, span.last_day, range(5))) == five


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (date(2026, 10, 19), date(2026, 10, 30), "Toussaint"),
        (date(2026, 12, 21), date(2027, 1, 1), "Noël"),
        (date(2027, 2, 22), date(2027, 3, 5), "hiver"),
        (date(2027, 4, 19), date(2027, 4, 30), "printemps"),
        (date(2026, 11, 11), date(2026, 11, 11), "armistice"),
        (date(2027, 3, 29), date(2027, 3, 29), "lundi de Pâques"),
        (date(2027, 5, 6), date(2027, 5, 7), "Ascension et son pont"),
        (date(2026, 5, 15), date(2026, 5, 15), "pont absent des paquets"),
        (date(2026, 7, 4), date(2026, 8, 31), "été"),
    ],
)
def test_nobody_serves_on_holidays_and_bridges(first: date, last: date, why: str) -> None:
    assert CALENDAR.days(first, last, range(5)) == [], why


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2026, 11, 2), date(2027, 1, 4), date(2027, 7, 2)])
def test_the_first_and_last_days_around_holidays_are_served(day: date) -> None:
    assert CALENDAR.days(day, day, FOUR_DAYS) == [day]


def test_a_bridge_is_what_the_packages_do_not_know() -> None:
    assert not is_day_off(date(2026, 5, 15))
    assert SchoolCalendar((Y2025,)).days(date(2026, 5, 15), date(2026, 5, 15), FOUR_DAYS) == [date(2026, 5, 15)]


def test_a_kitchen_may_serve_on_wednesday_and_close_on_its_own_days() -> None:
    found = service_days(CALENDAR, {1: 500, 2: 120}, {date(2026, 9, 8)}, date(2026, 9, 1), date(2026, 9, 9))
    assert found == [
        ServiceDay(date(2026, 9, 1), 500),
        ServiceDay(date(2026, 9, 2), 120),
        ServiceDay(date(2026, 9, 9), 120),
    ]


@given(covers, closures, days, days)
def test_every_service_day_is_a_class_day_with_its_covers(
    covers: dict[int, int], closures: frozenset[date], first: date, last: date
) -> None:
    found = service_days(CALENDAR, covers, closures, first, last)
    assert [each.day for each in found] == sorted({each.day for each in found})
    for each in found:
        assert first <= each.day <= last
        assert each.covers == covers[each.day.weekday()]
        assert each.day not in closures | BRIDGES
        assert not is_day_off(each.day)


@given(covers, days, days, days)
def test_a_span_cut_in_two_loses_and_repeats_no_day(
    covers: dict[int, int], first: date, middle: date, last: date
) -> None:
    first, middle, last = sorted((first, middle, last))
    whole = service_days(CALENDAR, covers, (), first, last)
    before = service_days(CALENDAR, covers, (), first, middle)
    after = service_days(CALENDAR, covers, (), middle + timedelta(days=1), last)
    assert before + after == whole


@given(covers, closures)
def test_closing_days_takes_away_exactly_those(covers: dict[int, int], closures: frozenset[date]) -> None:
    span = (Y2025.first_day, Y2026.last_day)
    open_days = service_days(CALENDAR, covers, (), *span)
    assert service_days(CALENDAR, covers, closures, *span) == [each for each in open_days if each.day not in closures]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_week_is_named_by_its_monday(day: date) -> None:
    monday = week_of(day)
    assert monday.weekday() == 0
    assert timedelta(0) <= day - monday < timedelta(days=7)


def test_a_year_without_published_holidays_is_refused() -> None:
    later = Span("2098-99", date(2098, 9, 1), date(2099, 7, 2))
    with pytest.raises(CalendarUnknownError, match="2098"):
        SchoolCalendar((later,)).days(later.first_day, later.last_day, FOUR_DAYS)


def test_a_school_year_is_found_by_its_name() -> None:
    assert CALENDAR.year("2026-27") == Y2026
    with pytest.raises(CalendarUnknownError, match="2027-28"):
        CALENDAR.year("2027-28")
