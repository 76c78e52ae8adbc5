"""The 125 collèges, their covers and the service calendar: counts a manager can check by hand."""

import csv
import datetime as dt
import subprocess
import sys
from pathlib import Path

import holidays
import pytest
from vacances_scolaires_france import SchoolHolidayDates

ROOT = Path(__file__).resolve().parents[2]
KITCHENS = ROOT / "seeds" / "kitchens"
CALENDAR = ROOT / "seeds" / "calendar"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def service_days(school_year: str) -> list[dt.date]:
    """Days of class of the four-day week: no school holiday of zone B, no public holiday, no bridge."""
    year = next(row for row in rows(CALENDAR / "school_years.csv") if row["school_year"] == school_year)
    first, last = (dt.date.fromisoformat(year[key]) for key in ("first_day", "last_day"))
    school, public = SchoolHolidayDates(), holidays.country_holidays("FR", years=range(2025, 2028))
    bridges = {dt.date.fromisoformat(row["date"]) for row in rows(CALENDAR / "bridges.csv")}
    days = (first + dt.timedelta(n) for n in range((last - first).days + 1))
    return [
        day
        for day in days
        if WEEKDAYS[day.weekday()] in {"mon", "tue", "thu", "fri"}
        and not (day in bridges or day in public or school.is_holiday_for_zone(day, "B"))
    ]


def luhn_holds(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0


def test_the_125_colleges_are_identified_and_inside_the_departement() -> None:
    kitchens = rows(KITCHENS / "kitchens.csv")
    assert len({row["uai"] for row in kitchens}) == len(kitchens) == 125
    assert len({row["siren"] for row in kitchens}) == 125
    for row in kitchens:
        assert len(row["siren"]) == 9, row
        assert luhn_holds(row["siren"]), row
        assert {row["insee"][:2], row["postcode"][:2]} == {"62"}, row
        assert all(row[column] for column in ("name", "address", "commune", "epci")), row
        assert 50.0 < float(row["lat"]) < 51.02, row
        assert 1.55 < float(row["lon"]) < 3.19, row
        assert row["priority_education"] in {"", "REP", "REP+"}, row
        assert row["budget_eur_per_meal"] == "2.30"


def test_every_kitchen_serves_the_same_covers_on_the_four_days() -> None:
    served: dict[str, dict[str, int]] = {}
    for row in rows(KITCHENS / "covers.csv"):
        assert row["weekday"] not in served.setdefault(row["uai"], {}), row
        served[row["uai"]][row["weekday"]] = int(row["covers"])
    pupils = {row["uai"]: int(row["pupils"]) for row in rows(KITCHENS / "kitchens.csv")}
    assert served.keys() == pupils.keys()
    for uai, days in served.items():
        assert set(days) == {"mon", "tue", "thu", "fri"}
        assert len(set(days.values())) == 1
        assert 0 < days["mon"] <= pupils[uai]


def test_the_year_totals_six_and_a_half_million_lunches_as_closely_as_integers_allow() -> None:
    planned = {(row["uai"], row["weekday"]): int(row["covers"]) for row in rows(KITCHENS / "covers.csv")}
    days = [WEEKDAYS[day.weekday()] for day in service_days("2026-27")]
    total = sum(covers * days.count(weekday) for (_, weekday), covers in planned.items())
    assert abs(total - 6_500_000) <= len(days) / 2


@pytest.mark.parametrize(("school_year", "count"), [("2025-26", 137), ("2026-27", 139)])
def test_the_calendar_gives_the_known_number_of_service_days(school_year: str, count: int) -> None:
    assert len(service_days(school_year)) == count


def test_bridges_are_working_days_outside_public_holidays() -> None:
    public = holidays.country_holidays("FR", years=range(2025, 2028))
    for row in rows(CALENDAR / "bridges.csv"):
        day = dt.date.fromisoformat(row["date"])
        assert day.weekday() < 5, row
        assert day not in public, row
        assert row["zone"] == "B"


def test_closures_name_known_kitchens() -> None:
    known = {row["uai"] for row in rows(KITCHENS / "kitchens.csv")}
    assert {row["uai"] for row in rows(KITCHENS / "closures.csv")} <= known


def test_rebuilding_reproduces_the_committed_covers(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "seeds.build", "--out", tmp_path], cwd=ROOT, check=True)
    assert (tmp_path / "kitchens" / "covers.csv").read_bytes() == (KITCHENS / "covers.csv").read_bytes()
