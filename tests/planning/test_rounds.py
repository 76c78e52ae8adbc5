"""A plan buys of nobody whose round before a week falls on days without class."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

from catering.planning.facts import Facts
from catering.planning.supply import rounds_missed

MONDAY_AFTER = date(2026, 11, 2)
"""All Saints' holidays of 2026 end the day before; the armistice is a Wednesday."""
SERVED = {0, 1, 3, 4}
THURSDAYS, WEDNESDAYS, WEEK = frozenset({3}), frozenset({2}), frozenset({0, 3})


def facts(first: date, last: date, *closed: date) -> Facts:
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    holidays = (date(2026, 10, 17), date(2026, 11, 1))
    open_days = [
        SimpleNamespace(day=day)
        for day in days
        if day.weekday() in SERVED and not holidays[0] <= day <= holidays[1] and day not in closed
    ]
    suppliers = [SimpleNamespace(delivery_weekdays=each) for each in (THURSDAYS, WEDNESDAYS, WEEK)]
    return cast(Facts, SimpleNamespace(service_days={"k": open_days}, suppliers=suppliers))


def missed(found: Any) -> dict[str, list[date]]:
    names = {THURSDAYS: "thu", WEDNESDAYS: "wed", WEEK: "mon thu"}
    return {names[weekdays]: [each.first_day for each in rounds] for weekdays, rounds in found.items()}


def test_a_round_that_falls_into_holidays_is_missed() -> None:
    found = rounds_missed(facts(date(2026, 10, 5), date(2026, 11, 27)))
    assert missed(found) == {
        "thu": [MONDAY_AFTER],
        "wed": [MONDAY_AFTER, date(2026, 11, 16)],
        "mon thu": [],
    }
    ((week, *_), _, _) = found[THURSDAYS], found[WEDNESDAYS], found[WEEK]
    assert week.last_day == MONDAY_AFTER + timedelta(days=4), "as a pause of the whole week is stated"


def test_a_bridge_shows_by_its_lunches() -> None:
    bridge = date(2026, 11, 12)
    assert missed(rounds_missed(facts(date(2026, 11, 2), date(2026, 11, 27), bridge)))["thu"] == [
        MONDAY_AFTER,
        date(2026, 11, 16),
    ]


def test_in_a_week_that_begins_later_everybody_comes_later() -> None:
    """Class begins on Tuesday 1 September: there is no round before it, and the week is planned all the same."""
    found = missed(rounds_missed(facts(date(2026, 9, 1), date(2026, 9, 18))))
    assert found == {"thu": [], "wed": [], "mon thu": []}
