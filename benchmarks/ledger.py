"""How long the ledger takes: import, export, the EGAlim year and the whole grid of compliance, on both databases.

python -m benchmarks.ledger                    # one million lines, SQLite
python -m benchmarks.ledger --postgres         # the same on the real PostgreSQL server
python -m benchmarks.ledger --lines 100000 --folder var/bench    # keeps the database, and reads it when it is there
"""

import argparse
import asyncio
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import closing
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from sqlalchemy import func, select

from benchmarks.ledger_world import TODAY, VIEWER, YEAR, counted, file_of, opened, settle, sirets
from catering.api.context import Caller
from catering.api.schema import schema
from catering.app import create_app, keep_for_good
from catering.compliance.grid import Asked, read_grid
from catering.db import Database
from catering.documents.service import keep_document
from catering.kitchens.models import Kitchen
from catering.menus.models import NutritionResult
from catering.migrate import upgrade
from catering.planning.models import SourcedLine
from catering.procurement.models import Engagement
from catering.purchases.figures import detailed_form, objectives, shares, simple_form
from catering.purchases.importing import judge_file, keep
from catering.purchases.ledger_reading import LedgerFile
from catering.purchases.models import PurchaseLine, PurchaseSum
from catering.purchases.summing import tallies
from catering.rules.egalim_year import year_of
from catering.settings import Settings, contract_folder

LINES, LINES_OF_A_FILE = 1_000_000, 100_000
TIMES = 10
EXPORTED = 255_000
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
        async with database.reading() as session:
            judged = await judge_file(session, VIEWER, sent.id)
        with closing(judged):
            async with database.unit_of_work() as session:
                await keep(session, VIEWER, judged)
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


async def grid(database: Database, uais: list[str] | None, *, trends: bool = True) -> int:
    """The grid of compliance, every kind of cell with its trend, or without as alerts are read; how many cells."""
    async with database.reading() as session:
        rows = await read_grid(session, VIEWER, Asked(YEAR, TODAY, uais=uais, trends=trends))
    return sum(len(row.cells) for row in rows)


async def asked(database: Database, **variables: Any) -> int:
    """The stored operation of the grid, its answer included; how many rows."""
    text = (contract_folder() / GRID).read_text(encoding="utf-8")
    caller = Caller(database, VIEWER, Settings())
    answer = await schema.execute(text, variable_values={"year": YEAR, **variables}, context_value=caller)
    assert answer.errors is None, answer.errors
    assert answer.data is not None
    return len(answer.data["complianceGrid"]["rows"])


class Peak:
    """How far the resident memory of this process rose above where it was, in megabytes."""

    def __init__(self) -> None:
        self._start = self._most = _resident()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.05):
            self._most = max(self._most, _resident())

    def end(self) -> float:
        """Stop looking."""
        self._over.set()
        self._thread.join()
        return (self._most - self._start) / 1e6


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


async def download(app: FastAPI, path: str, query: str, out: Path) -> None:
    """A file fetched as a browser does, without a network: each piece goes to the disk as it is sent."""
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "headers": [(b"host", b"127.0.0.1:8000")], "scheme": "http", "root_path": "",
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    with out.open("wb") as file:

        async def send(message: MutableMapping[str, Any]) -> None:
            assert message.get("status", 200) == 200, message
            file.write(message.get("body", b""))

        async def receive() -> MutableMapping[str, Any]:
            await asyncio.sleep(3_600)
            return {"type": "http.disconnect"}

        await app(scope, receive, send)


async def export(database: Database, folder: Path) -> None:
    """The purchases of so many kitchens that they have 255,000 lines, by HTTP; then the workbook is read."""
    async with database.reading() as session:
        found = await session.execute(
            select(Kitchen.uai, func.count()).join(PurchaseLine, PurchaseLine.kitchen_id == Kitchen.id)
            .group_by(Kitchen.id, Kitchen.uai).order_by(Kitchen.id)
        )  # fmt: skip
    uais, lines = [], 0
    for uai, some in found:
        if lines < EXPORTED:
            uais.append(uai)
            lines += some
    config = Settings(database_url=database.url, demo_identity=True)
    app = create_app(config)
    app.state.database, app.state.config = database, config
    for kind in ("csv", "xlsx"):
        taken, peak, out = Taken(), Peak(), folder / f"achats.{kind}"
        await download(app, f"/purchases/{YEAR}.{kind}", "&".join(f"kitchen={uai}" for uai in uais), out)
        told(f"export by HTTP, {kind.upper()}", lines, taken.spent())
        print(f"memory of it: {peak.end():.0f} MB for {out.stat().st_size / 1e6:.0f} MB")
    taken, peak = Taken(), Peak()
    with out.open("rb") as opened:
        read = sum(1 for _ in LedgerFile(opened, TODAY, most_inflated=10**9).lines())
    told("reading of XLSX", read, taken.spent())
    print(f"memory of it: {peak.end():.0f} MB")


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
            # As a server does once it is started, and the command that imports.
            keep_for_good()
            await fill(database, lines)
        for kind in (PurchaseLine, PurchaseSum, NutritionResult, SourcedLine, Engagement):
            print(f"{kind.__tablename__}: {await counted(database, kind)} rows")
        async with database.reading() as session:
            uai = await session.scalar(select(Kitchen.uai).where(Kitchen.id == 1))
        await export(database, folder)
        # As a server does once it is started.
        keep_for_good()
        await timed("EGAlim year, all kitchens", lambda: year(database, None))
        await timed("EGAlim year, one kitchen", lambda: year(database, [1]))
        await timed("grid, all kitchens (cells)", lambda: grid(database, None))
        await timed("alerts: the same without trends (cells)", lambda: grid(database, None, trends=False))
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
