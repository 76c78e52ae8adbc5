"""How long the ledger takes: import, export, the EGAlim year and the whole grid of compliance, on both databases.

python -m benchmarks.ledger                    # one million lines, SQLite
python -m benchmarks.ledger --postgres         # the same on the real PostgreSQL server
python -m benchmarks.ledger --lines 100000 --folder var/bench    # keeps the database, and reads it when it is there
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.ledger_world import TODAY, VIEWER, YEAR, counted, file_of, opened, settle, sirets
from catering.api.context import Caller
from catering.api.schema import schema
from catering.compliance.grid import Asked, read_grid
from catering.db import Database
from catering.documents.service import keep_document
from catering.kitchens.models import Kitchen
from catering.menus.models import NutritionResult
from catering.migrate import upgrade
from catering.planning.models import SourcedLine
from catering.procurement.models import Engagement
from catering.purchases.figures import detailed_form, objectives, shares, simple_form
from catering.purchases.importing import import_purchases
from catering.purchases.models import PurchaseLine, PurchaseSum
from catering.purchases.summing import tallies
from catering.rules.egalim_year import year_of
from catering.settings import Settings, contract_folder

LINES, LINES_OF_A_FILE = 1_000_000, 100_000
TIMES = 10
GRID = "operations/nutrition/ComplianceGrid.graphql"


class Taken:
    """Seconds on the clock, and of this process's own work, since it was made."""

    def __init__(self) -> None:
        self._clock, self._work = time.perf_counter(), time.process_time()

    def spent(self) -> tuple[float, float]:
        """Both, so far."""
        return time.perf_counter() - self._clock, time.process_time() - self._work


def told(what: str, lines: int, taken: tuple[float, float]) -> None:
    """Print how fast lines were handled."""
    clock, work = taken
    print(f"{what}: {lines} lines in {clock:.1f} s, {lines / clock:.0f}/s; own work {work:.1f} s, {lines / work:.0f}/s")


async def fill(database: Database, lines: int) -> None:
    """Import the lines, a file at a time."""
    named, clock, work = await sirets(database), 0.0, 0.0
    for seed in range(-(-lines // LINES_OF_A_FILE)):
        content = file_of(named, min(LINES_OF_A_FILE, lines), seed)
        async with database.unit_of_work() as session:
            sent = await keep_document(session, VIEWER, f"achats_{seed}.csv", content, most_bytes=10**9)
        taken = Taken()
        async with database.unit_of_work() as session:
            await import_purchases(session, VIEWER, sent.id)
        spent = taken.spent()
        clock, work = clock + spent[0], work + spent[1]
    told("import of CSV", lines, (clock, work))


async def year(database: Database, kitchen_ids: list[int] | None) -> int:
    """The whole EGAlim year of kitchens: percents, verdicts and both forms; how many there are."""
    async with database.reading() as session:
        found = await tallies(session, VIEWER, YEAR, kitchen_ids=kitchen_ids)
    for tally in found.values():
        of = year_of(tally, YEAR)
        shares(of), objectives(of), simple_form(of)
        if kitchen_ids:
            detailed_form(of)
    return len(found)


async def grid(database: Database, uais: list[str] | None) -> int:
    """The grid of compliance, every kind of cell with its trend; how many cells."""
    async with database.reading() as session:
        rows = await read_grid(session, VIEWER, Asked(YEAR, TODAY, uais=uais))
    return sum(len(row.cells) for row in rows)


async def asked(database: Database, **variables: Any) -> int:
    """The stored operation of the grid, its answer included; how many rows."""
    text = (contract_folder() / GRID).read_text(encoding="utf-8")
    caller = Caller(database, VIEWER, Settings())
    answer = await schema.execute(text, variable_values={"year": YEAR, **variables}, context_value=caller)
    assert answer.errors is None, answer.errors
    assert answer.data is not None
    return len(answer.data["complianceGrid"]["rows"])


async def timed(what: str, work: Callable[[], Awaitable[int]]) -> None:
    """Of some runs after a first one: median and worst milliseconds, median of this process's own work."""
    number = await work()
    clock, own = [], []
    for _ in range(TIMES):
        taken = Taken()
        await work()
        spent = taken.spent()
        clock.append(1000 * spent[0])
        own.append(1000 * spent[1])
    median, worst = statistics.median(clock), max(clock)
    print(f"{what}: median {median:.1f} ms, worst {worst:.1f} ms, own work {statistics.median(own):.1f} ms ({number})")


async def measure(folder: Path, lines: int, *, postgres: bool) -> None:
    """Fill a database unless it is, and print what it takes."""
    async with opened(folder, postgres=postgres) as database:
        await upgrade(database)
        if not await counted(database, PurchaseLine):
            await settle(database)
            await fill(database, lines)
        for kind in (PurchaseLine, PurchaseSum, NutritionResult, SourcedLine, Engagement):
            print(f"{kind.__tablename__}: {await counted(database, kind)} rows")
        async with database.reading() as session:
            uai = await session.scalar(select(Kitchen.uai).where(Kitchen.id == 1))
        await timed("EGAlim year, all kitchens", lambda: year(database, None))
        await timed("EGAlim year, one kitchen", lambda: year(database, [1]))
        await timed("grid, all kitchens (cells)", lambda: grid(database, None))
        await timed("grid, one kitchen (cells)", lambda: grid(database, [str(uai)]))
        await timed("grid by GraphQL, all kitchens (rows)", lambda: asked(database))


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--folder", type=Path, help="where to keep the database; a temporary folder by default")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(given.folder or Path(folder), given.lines, postgres=given.postgres))


if __name__ == "__main__":
    main()
