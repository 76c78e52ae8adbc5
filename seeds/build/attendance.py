"""Fictional lunches of ten collèges over four school years, by which the forecast of covers is judged at their size.

How they are drawn is in ``catering/demonstration/lunches.py``. The calendar is the real one of zone B.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from catering.demonstration.draws import Draws
from catering.demonstration.lunches import Diners, SchoolYearDrawn
from catering.kitchens.calendar import days_between, is_day_off
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


def build_attendance(out: Path) -> None:
    """Write `attendance/colleges.csv` under `out` from the planned covers."""
    draws = Draws(read_parameters()["attendance_seed"])
    planned = {row["uai"]: int(row["covers"]) for row in read_table(SEEDS / "kitchens" / "covers.csv")}
    chosen = sorted(draws.shuffled(planned, "collèges")[:HOW_MANY])
    places = [Diners(uai, planned[uai], draws) for uai in chosen]
    rows = (row for rank in range(len(YEARS)) for row in _of_year(rank, places, draws))
    write_table(out / "attendance" / "colleges.csv", COLUMNS, sorted(rows, key=lambda row: (row["day"], row["group"])))


def _of_year(rank: int, places: list[Diners], draws: Draws) -> Iterator[Row]:
    first, last = YEARS[rank]
    days = [each for each in days_between(first, last) if each.weekday() in SERVED_ON and not is_day_off(each)]
    year = SchoolYearDrawn(str(rank), days, last, draws)
    for place in places:
        for lunch in place.lunches(year):
            row = (lunch.day.isoformat(), place.uai, "1", str(lunch.announced), str(lunch.served))
            yield dict(zip(COLUMNS, row, strict=True))
