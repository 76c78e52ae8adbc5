"""How fast a kitchen's offers page answers, in process on SQLite: ``python -m benchmarks.offers_page``.

The demonstration Département is loaded into a temporary file; each kind of page is asked for many times, each time for
another kitchen, as `chef/OffersNearby` asks (prices, distances, labels, allergens, suppliers, ingredients).
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import event

from catering.api import Caller, schema
from catering.app import keep_for_good
from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.migrate import upgrade
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.seeding import load
from catering.settings import Settings, contract_folder, seeds_folder

WEEK = "2026-10-05"
PAGES: dict[str, dict[str, Any]] = {
    "first page, nearest first": {},
    "second page": {"after": "of the first"},
    "a family": {"family": "FRUITS_ET_LEGUMES"},
    "a label": {"label": "BIO"},
    "words": {"words": "carotte"},
    "an ingredient": {"ingredient": "carotte"},
    "100 rows": {"first": 100},
}


def asked_by(uais: list[str]) -> Iterator[tuple[str, Viewer]]:
    """Each kitchen in turn, and its chef."""
    return ((uai, Viewer("Mesure", Role.CHEF, kitchens=frozenset({uai}))) for uai in cycle(uais))


async def measure(
    database: Database, page: dict[str, Any], uais: list[str], times: int
) -> tuple[list[float], list[float], int]:
    """Milliseconds of each answer, those of this process's own work on it, and the SQL statements of the last one."""
    text = (contract_folder() / "operations/chef/OffersNearby.graphql").read_text(encoding="utf-8")
    spent: list[float] = []
    worked: list[float] = []
    statements = 0

    def note(*_: Any) -> None:
        nonlocal statements
        statements += 1

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    for uai, viewer in islice(asked_by(uais), times):
        variables = {"uai": uai, "week": WEEK, "on": WEEK, **page}
        caller = Caller(database, viewer, Settings())
        if page.get("after"):
            found = await schema.execute(text, {**variables, "after": None}, Caller(database, viewer, Settings()))
            assert found.data is not None
            variables["after"] = found.data["offers"]["pageInfo"]["endCursor"]
        statements = 0
        start, work = time.perf_counter(), time.process_time()
        answer = await schema.execute(text, variables, caller)
        spent.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - work) * 1000)
        assert answer.errors is None, answer.errors
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    return spent, worked, statements


def p95(figures: list[float]) -> float:
    """What nineteen of twenty do not pass."""
    return statistics.quantiles(figures, n=20)[-1]


async def run(file: Path, times: int) -> None:
    """Load, warm up, measure and print a table."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    await upgrade(database)
    await load(database, seeds_folder())
    async with database.reading() as session:
        uais = list(await session.scalars(kitchens(demo_viewer()).with_only_columns(Kitchen.uai)))
    await measure(database, {}, uais, 10)
    keep_for_good()
    print(
        "| page | median ms | p95 ms | own work: median ms | own work: p95 ms | statements |\n|---|---|---|---|---|---|"
    )
    for name, page in PAGES.items():
        spent, worked, statements = await measure(database, page, uais, times)
        figures = [f"{figure:.0f}" for each in (spent, worked) for figure in (statistics.median(each), p95(each))]
        print(f"| {name} | {' | '.join(figures)} | {statements} |")
    await database.dispose()


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.offers_page", description=__doc__)
    parser.add_argument("--times", type=int, default=100, help="answers per kind of page (default: 100)")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder) / "offers.db", parser.parse_args().times))


if __name__ == "__main__":
    main()
