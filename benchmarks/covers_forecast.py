"""How long the forecast of covers of all kitchens takes: the daily one of two weeks, and that of a plan's year.

Run as ``python -m benchmarks.covers_forecast [--database URL]``: loads the seeds (into a SQLite file of its own, or an
empty database), counts three school years of lunches in each kitchen, puts menus on all days, then times. Covers and
menus are drawn from seed 62: what is timed does not depend on what they say, except that the day before holidays sees
a fifth fewer, so that the regression is used.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import func, insert, select

from catering.attendance.forecasting import forecast_all, keep
from catering.attendance.models import CoversForecast
from catering.db import Database
from catering.kitchens.models import Kitchen, SchoolYear
from catering.kitchens.queries import service_days_by_uai
from catering.menus.models import MenuDish, MenuSource
from catering.migrate import upgrade
from catering.people.viewer import Role, Viewer
from catering.recipes.models import Dish
from catering.recipes.vocabulary import Slot
from catering.seeding import load
from catering.settings import seeds_folder
from catering.waste.models import ServiceCovers
from catering.waste.vocabulary import Service

VIEWER = Viewer("Banc d'essai", Role.DEPARTEMENT)
MADE_ON, END = date(2026, 9, 1), date(2027, 7, 2)
YEARS = {"2023-24": (date(2023, 9, 4), date(2024, 7, 5)), "2024-25": (date(2024, 9, 2), date(2025, 7, 4))}
"""School years before those of the seeds, zone B."""
NOISE, EVE = 0.04, 0.8
ROWS_AT_ONCE = 5_000


async def fill(database: Database) -> int:
    """Three years of covers, and menus until the end; how many days were counted."""
    chance = random.Random(62)
    async with database.unit_of_work() as session:
        session.add_all(
            SchoolYear(school_year=label, first_day=first, last_day=last, source="banc d'essai")
            for label, (first, last) in YEARS.items()
        )
        await session.flush()
        numbers = {uai: number for number, uai in await session.execute(select(Kitchen.id, Kitchen.uai))}
        mains = list(await session.scalars(select(Dish.id).where(Dish.slot == Slot.MAIN).order_by(Dish.slug)))
        seeded = {(row.kitchen_id, row.day) for row in await session.scalars(select(ServiceCovers))}
        counted, menus = [], []
        for uai, days in (await service_days_by_uai(session, VIEWER, YEARS["2023-24"][0], END)).items():
            for day, after in zip(days, [*days[1:], None], strict=True):
                key = {"kitchen_id": numbers[uai], "day": day.day}
                menus.append(
                    key | {
                        "slot": Slot.MAIN, "rank": 1, "dish_id": chance.choice(mains), "covers": day.covers,
                        "source": MenuSource.PLAN,
                    }
                )  # fmt: skip
                if day.day < MADE_ON and (numbers[uai], day.day) not in seeded:
                    eve = after is not None and (after.day - day.day).days > 9
                    share = (EVE if eve else 1.0) * chance.gauss(0.95, NOISE)
                    counted.append(
                        key | {
                            "service": Service.LUNCH, "planned": day.covers, "prepared": day.covers,
                            "served": min(day.covers, max(1, round(day.covers * share))), "made_by": "banc d'essai",
                        }
                    )  # fmt: skip
        for table, rows in ((ServiceCovers, counted), (MenuDish, menus)):
            for start in range(0, len(rows), ROWS_AT_ONCE):
                await session.execute(insert(table), rows[start : start + ROWS_AT_ONCE])
    return len(counted)


async def timed(database: Database, what: str, last: date | None) -> None:
    """Forecast once, and say how long it took."""
    cpu, clock = time.process_time(), time.perf_counter()
    async with database.reading() as session:
        made: Sequence[object] = await forecast_all(session, VIEWER, MADE_ON, last=last)
    read_cpu, read_clock = time.process_time() - cpu, time.perf_counter() - clock
    cpu, clock = time.process_time(), time.perf_counter()
    async with database.unit_of_work() as session:
        kept = await keep(session, made)  # type: ignore[arg-type]  # rows as they came
    write_cpu, write_clock = time.process_time() - cpu, time.perf_counter() - clock
    print(f"{what}: {len(made)} forecasts, {kept} new", flush=True)
    print(f"  computing {read_cpu:.1f} s of processor, {read_clock:.1f} s by the clock", flush=True)
    print(f"  keeping {write_cpu:.1f} s of processor, {write_clock:.1f} s by the clock", flush=True)


async def run(url: str) -> None:
    database = Database(url)
    await upgrade(database)
    await load(database, seeds_folder())
    print(f"{await fill(database)} days counted", flush=True)
    await timed(database, "two weeks", None)
    await timed(database, "the year", END)
    async with database.reading() as session:
        bases = await session.execute(select(CoversForecast.basis, func.count()).group_by(CoversForecast.basis))
        print({basis.value: many for basis, many in bases})
    await database.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(given.database or f"sqlite+aiosqlite:///{Path(folder) / 'covers.sqlite'}"))


if __name__ == "__main__":
    main()
