"""Fictional lunches of ten collèges over four school years, by which the forecast of covers is judged at their size.

What moves them is drawn here and told to no forecast: classes on trips, strikes, winters of illness, June after the
exams, a drift of each year, and the luck of a day. The calendar is the real one of zone B.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from catering.kitchens.calendar import days_between, is_day_off
from seeds.build.draws import Draws
from seeds.build.tables import SEEDS, Row, read_parameters, read_table, write_table

COLUMNS = ("day", "group", "sites", "announced", "served")
YEARS = (
    (date(2022, 9, 1), date(2023, 7, 7)),
    (date(2023, 9, 4), date(2024, 7, 5)),
    (date(2024, 9, 2), date(2025, 7, 4)),
    (date(2025, 9, 1), date(2026, 7, 3)),
)
"""First and last day of class of the pupils."""
SERVED_ON = (0, 1, 3, 4)
HOW_MANY = 10
COME = Decimal("0.955")
"""Of the covers planned, as in ``waste/covers.csv``."""
UNITS = 12
"""Uniform draws that add up to one draw of a bell, of spread 1."""
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Place:
    """One collège: its covers planned, and what is its own."""

    uai: str
    planned: int
    draws: Draws

    def bell(self, spread: str, *key: str) -> Decimal:
        """A draw around 0."""
        return bell(self.draws, spread, self.uai, *key)


def build_attendance(out: Path) -> None:
    """Write `attendance/colleges.csv` under `out` from the planned covers."""
    draws = Draws(read_parameters()["attendance_seed"])
    planned = {row["uai"]: int(row["covers"]) for row in read_table(SEEDS / "kitchens" / "covers.csv")}
    chosen = sorted(draws.shuffled(planned, "collèges")[:HOW_MANY])
    places = [Place(uai, planned[uai], draws) for uai in chosen]
    rows = (row for rank in range(len(YEARS)) for row in _of_year(rank, places, draws))
    write_table(out / "attendance" / "colleges.csv", COLUMNS, sorted(rows, key=lambda row: (row["day"], row["group"])))


def bell(draws: Draws, spread: str, *key: str) -> Decimal:
    """A draw around 0 whose spread is ``spread``: the sum of twelve uniform draws, less six."""
    total = sum((draws.unit(*key, str(rank)) for rank in range(UNITS)), Decimal())
    return (total - UNITS // 2) * Decimal(spread)


def _of_year(rank: int, places: list[Place], draws: Draws) -> Iterator[Row]:
    first, last = YEARS[rank]
    days = [each for each in days_between(first, last) if each.weekday() in SERVED_ON and not is_day_off(each)]
    shared = {day: _of_all(day, rank, days, draws) for day in days}
    for place in places:
        away = _trips(place, rank, days)
        drift = ONE + place.bell("0.025", "année", str(rank))
        for day in days:
            share = COME * drift * shared[day] * _own(place, day, last)
            wanted = place.planned * share - away.get(day, 0)
            luck = place.bell("1", "jour", day.isoformat()) * (wanted * (ONE - COME) + wanted**2 / 5000).sqrt()
            served = max(0, int((wanted + luck).to_integral_value(ROUND_HALF_UP)))
            announced = place.planned - (away.get(day, 0) if place.draws.unit("dit", place.uai, str(day)) < COME else 0)
            yield dict(zip(COLUMNS, (day.isoformat(), place.uai, "1", str(announced), str(served)), strict=True))


def _of_all(day: date, rank: int, days: list[date], draws: Draws) -> Decimal:
    """What keeps pupils of all collèges away: two days of strike a year, three weeks of illness in winter."""
    strikes = draws.shuffled([each.isoformat() for each in days], "grève", str(rank))[:2]
    share = ONE - draws.between(Decimal("0.2"), Decimal("0.5"), "suivie", day.isoformat()) * (
        day.isoformat() in strikes
    )
    begins = date(days[0].year + 1, 1, 4) + timedelta(days=draws.number("grippe", str(rank)) % 60)
    ill = draws.between(Decimal("0.03"), Decimal("0.09"), "malades", str(rank))
    return share * (ONE - ill * (begins <= day < begins + timedelta(days=21)))


def _own(place: Place, day: date, last: date) -> Decimal:
    """Weekday, the eve of holidays, and June once the older ones are gone: each collège in its way."""
    share = ONE + place.bell("0.02", "jour de semaine", str(day.weekday()))
    if is_day_off(day + timedelta(days=4 if day.weekday() == 4 else 1)):
        share -= place.draws.between(Decimal("0.01"), Decimal("0.08"), "veille", place.uai)
    if last - day < timedelta(days=14):
        share -= place.draws.between(Decimal("0.05"), Decimal("0.25"), "juin", place.uai)
    return share


def _trips(place: Place, rank: int, days: list[date]) -> dict[date, int]:
    """Eight days a year on which classes are away, of 20 to 70 pupils."""
    chosen = place.draws.shuffled([each.isoformat() for each in days], "sortie", place.uai, str(rank))[:8]
    return {date.fromisoformat(each): 20 + place.draws.number("partis", place.uai, each) % 51 for each in chosen}
