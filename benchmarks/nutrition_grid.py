"""How long the nutrition check of all kitchens takes: storing a year's results, reading the grid, opening a kitchen.

Run as ``python -m benchmarks.nutrition_grid [--rounds N] [--database URL]``: loads the seeds (into a SQLite file of
its own, or an empty database), puts a school year of menus on the 125 kitchens, then times. Menus are drawn at random
from the fiches of the season: what is timed does not depend on their being good.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from catering.api.context import Caller
from catering.api.schema import schema
from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import service_days_by_uai
from catering.menus.models import MenuDish, MenuSource
from catering.menus.standings import grid, refresh
from catering.migrate import upgrade
from catering.people.viewer import Role, Viewer
from catering.recipes.models import Dish
from catering.recipes.vocabulary import Slot
from catering.seeding import load
from catering.settings import Settings, contract_folder, seeds_folder

YEAR, FIRST, LAST, TODAY = "2026-27", date(2026, 9, 1), date(2027, 7, 2), date(2026, 11, 26)
VIEWER = Viewer("Banc d'essai", Role.NUTRITION_MANAGER)
OPERATIONS = ("NutritionGrid", "NutritionCheck")
ROWS_AT_ONCE = 5_000


async def put_menus(database: Database) -> int:
    """A school year of menus for every kitchen; how many dishes."""
    chance = random.Random(62)
    async with database.unit_of_work() as session:
        numbers = {uai: number for number, uai in await session.execute(select(Kitchen.id, Kitchen.uai))}
        days = await service_days_by_uai(session, VIEWER, FIRST, LAST)
        dishes = list(await session.scalars(select(Dish).order_by(Dish.slug)))
        of_month = {
            (slot, month): [dish.id for dish in dishes if dish.slot is slot and month in dish.months]
            for slot in Slot
            for month in range(1, 13)
        }
        rows = [
            {
                "kitchen_id": numbers[uai], "day": day.day, "slot": slot, "rank": 1, "covers": day.covers,
                "dish_id": chance.choice(of_month[slot, day.day.month]), "source": MenuSource.PLAN,
            }
            for uai, served in days.items()
            for day in served
            for slot in Slot
        ]  # fmt: skip
        for start in range(0, len(rows), ROWS_AT_ONCE):
            await session.execute(insert(MenuDish), rows[start : start + ROWS_AT_ONCE])
    return len(rows)


Taken = list[tuple[float, float]]
"""Milliseconds of each round: on the clock, and of the processor on this process."""


async def timed(rounds: int, work: Callable[[], Awaitable[Any]]) -> tuple[Taken, Any]:
    """How long each round took, and what the last one gave."""
    taken, result = Taken(), None
    for _ in range(rounds):
        start, own = time.perf_counter(), time.process_time()
        result = await work()
        taken.append(((time.perf_counter() - start) * 1_000, (time.process_time() - own) * 1_000))
    return taken, result


def told(what: str, taken: Taken, more: str = "") -> None:
    """Print one line of the table."""
    columns = [sorted(column) for column in zip(*taken, strict=True)]
    shown = [f"{statistics.median(column):.0f} | {column[-1 - len(column) // 20]:.0f}" for column in columns]
    print(f"| {what} | {' | '.join(shown)} | {more} |")


async def run(database: Database, rounds: int) -> None:
    """Everything that is timed."""
    await upgrade(database)
    await load(database, seeds_folder())
    rows = await put_menus(database)

    async def store(kitchens: list[int] | None = None) -> int:
        async with database.unit_of_work() as session:
            return await refresh(session, kitchens, [TODAY])

    async def read() -> int:
        async with database.reading() as session:
            return len(await grid(session, VIEWER, YEAR, TODAY))

    async def ask(name: str, **variables: str) -> Any:
        text = (contract_folder() / f"operations/nutrition/{name}.graphql").read_text(encoding="utf-8")
        answer = await schema.execute(
            text, variable_values={"schoolYear": YEAR, **variables}, context_value=Caller(database, VIEWER, Settings())
        )
        assert answer.errors is None, answer.errors
        return answer.data

    print(
        "| what | median ms | p95 ms | own work: median ms | own work: p95 ms | how much |\n|---|---|---|---|---|---|"
    )
    taken, stored = await timed(1, store)
    told("store the results of all kitchens", taken, f"{rows} dishes, {stored} results")
    told("store those of one kitchen, as when a menu changes", (await timed(rounds, lambda: store([1])))[0])
    taken, cells = await timed(rounds, read)
    told("read the grid", taken, f"{cells} cells, 1 statement")
    told("`NutritionGrid` by GraphQL", (await timed(rounds, lambda: ask(OPERATIONS[0])))[0])
    async with database.reading() as session:
        uai = await session.scalar(select(Kitchen.uai).order_by(Kitchen.uai).limit(1))
    told(
        "`NutritionCheck` of one kitchen by GraphQL", (await timed(rounds, lambda: ask(OPERATIONS[1], uai=str(uai))))[0]
    )


def main() -> None:
    """Read the options, then run."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--database", help="address of an empty database; a SQLite file by default")
    given = options.parse_args()

    async def work(address: str) -> None:
        database = Database(address)
        try:
            await run(database, given.rounds)
        finally:
            await database.dispose()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(work(given.database or f"sqlite+aiosqlite:///{Path(folder)}/grid.db"))


if __name__ == "__main__":
    main()
