"""How long each page takes on the server, in process on SQLite, and how many statements it executes.

Run as ``python -m benchmarks.pages FILE [--rounds N] [--spread]``: FILE is the SQLite database of a demonstration; a
copy is measured. ``--spread`` gives every kitchen and every week of the school year the planned purchases of the
kitchens planned, so that the tables of a plan are as large as a year's.
"""

import argparse
import asyncio
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.engine import Engine

from catering.app import create_app, keep_for_good
from catering.db import Database
from catering.migrate import upgrade
from catering.settings import Settings

SITE = "http://127.0.0.1"
WEEKS = 36
MANAGER, ADMINISTRATOR, CHEF, PRODUCER = "nutrition_manager", "departement", "chef", "producer"
PAGES: Mapping[str, str] = {
    "/nutrition/grille": MANAGER,
    "/nutrition/grille?regles=NUTRITION": MANAGER,
    "/nutrition/grille?regles=PROCUREMENT": MANAGER,
    "/nutrition/grille?regles=WASTE": MANAGER,
    "/nutrition/alertes": MANAGER,
    "/nutrition/bilans": MANAGER,
    "/achats": MANAGER,
    "/achats?signes=refuse": MANAGER,
    "/achats/importer": MANAGER,
    "/cuisines": MANAGER,
    "/cuisine/{uai}/conformite": MANAGER,
    "/cuisine/{uai}/vingt-repas": MANAGER,
    "/cuisine/{uai}/vingt-repas?critere=NUT-05": MANAGER,
    "/cuisine/{uai}/taux/EGA-01": MANAGER,
    "/cuisine/{uai}/bilan": MANAGER,
    "/departement/plans": ADMINISTRATOR,
    "/departement/plans/nouveau": ADMINISTRATOR,
    "/departement/plans/{run}": ADMINISTRATOR,
    "/departement/carte": ADMINISTRATOR,
    "/departement/seuils": ADMINISTRATOR,
    "/departement/gaspillage": ADMINISTRATOR,
    "/cuisine/{uai}/semaine": MANAGER,
    "/cuisine/{uai}/commander": MANAGER,
    "/cuisine/{uai}/receptions": MANAGER,
    "/cuisine/{uai}/pesee": MANAGER,
    "/cuisine/{uai}/effectifs": MANAGER,
    "/fournisseur/{supplier}/preparer": ADMINISTRATOR,
    "/fournisseur/{supplier}/produits": ADMINISTRATOR,
    "/fournisseur/{supplier}/besoins": ADMINISTRATOR,
    "/fournisseur/{supplier}/consultations": ADMINISTRATOR,
    "/fournisseur/{supplier}/factures": ADMINISTRATOR,
    "/colleges/{uai}": MANAGER,
    "/colleges/{uai}/menus": MANAGER,
    "/colleges/{uai}/egalim": MANAGER,
}
"""Addresses, and as whom each is opened; who controls may read the pages of everybody."""
SPREAD = """
INSERT OR IGNORE INTO sourced_lines (run_id, kitchen_id, week, offer_id, ingredient_id, grams, amount)
WITH RECURSIVE weeks(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM weeks WHERE n < {weeks} - 1),
bought AS (SELECT run_id, MIN(week) AS first, offer_id, ingredient_id, MAX(grams) AS grams, MAX(amount) AS amount
           FROM sourced_lines GROUP BY run_id, offer_id, ingredient_id)
SELECT run_id, kitchens.id, DATE(first, '+' || (7 * n) || ' days'), offer_id, ingredient_id, grams, amount
FROM bought, kitchens, weeks WHERE (offer_id + kitchens.id + n) % 3 <> 0
"""
AGAIN = """
INSERT INTO planned_purchases (run_id, kitchen_id, supplier_id, ingredient_id, grams, amount)
SELECT run_id, kitchen_id, supplier_id, line.ingredient_id, SUM(grams), SUM(amount)
FROM sourced_lines AS line JOIN offers ON offers.id = line.offer_id GROUP BY 1, 2, 3, 4
"""


def prepared(file: Path, spread: bool) -> Mapping[str, str]:
    """What the addresses name, from the database; the tables of the plan made as large as a year's when asked."""
    with sqlite3.connect(file) as rows:
        if spread:
            rows.execute(SPREAD.format(weeks=WEEKS))
            rows.execute("DELETE FROM planned_purchases")
            rows.execute(AGAIN)
            rows.execute("ANALYZE")
        counts = [(name, rows.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0]) for name in TABLES]
        print(", ".join(f"{count} {name}" for name, count in counts) + "\n")
        uai = "SELECT uai FROM kitchens WHERE id = (SELECT MIN(kitchen_id) FROM planned_meals)"
        supplier = (
            "SELECT slug FROM suppliers JOIN planned_purchases ON supplier_id = id GROUP BY id ORDER BY -SUM(amount)"
        )
        named = {"uai": uai, "supplier": supplier, "run": "SELECT MAX(id) FROM plan_runs"}
        return {name: str(rows.execute(query).fetchone()[0]) for name, query in named.items()}


TABLES = ("kitchens", "sourced_lines", "planned_purchases", "purchase_lines", "menu_dishes")


async def signed_in(http: httpx.AsyncClient, persona: str) -> None:
    """Become somebody of the demonstration."""
    http.cookies.clear()
    answer = await http.post("/demonstration", data={"identite": persona, "suite": "/"}, headers={"origin": SITE})
    assert answer.status_code == 303, answer.text


async def measure(app: FastAPI, named: Mapping[str, str], rounds: int) -> None:
    """Print one line per page."""
    told: list[str] = []
    event.listen(Engine, "before_cursor_execute", lambda _c, _u, statement, *_more: told.append(statement))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as http:
        print(
            "| page | median ms | p95 ms | own work: median ms | own work: p95 ms | statements |\n" + "|---" * 6 + "|"
        )
        who = ""
        for path, persona in sorted(PAGES.items(), key=lambda each: each[1]):
            if persona != who:
                await signed_in(http, who := persona)
            print(f"| `{path}` | {await timed(http, path.format_map(named), rounds, told)} |", flush=True)


async def timed(http: httpx.AsyncClient, path: str, rounds: int, told: list[str]) -> str:
    """The figures of one page; the first answer, which reads templates and plans statements, is not counted."""
    taken: list[tuple[float, float]] = []
    for _ in range(rounds + 1):
        told.clear()
        start, own = time.perf_counter(), time.process_time()
        answer = await http.get(path)
        taken.append(((time.perf_counter() - start) * 1_000, (time.process_time() - own) * 1_000))
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
    columns: list[list[float]] = [sorted(column) for column in zip(*taken[1:], strict=True)]
    shown = [f"{statistics.median(column):.0f} | {column[-1 - len(column) // 20]:.0f}" for column in columns]
    return " | ".join([*shown, str(len(told))])


async def run(source: Path, rounds: int, spread: bool) -> None:
    """Measure on a copy."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(shutil.copy(source, Path(folder) / "catering.db"))
        url = f"sqlite+aiosqlite:///{file}"
        database = Database(url)
        await upgrade(database)
        await database.dispose()
        named = prepared(file, spread)
        app = create_app(Settings(database_url=url, demo_identity=True))
        async with app.router.lifespan_context(app):
            # As a served process does: the collector leaves what stays alone.
            keep_for_good()
            await measure(app, named, rounds)


def main(arguments: list[str] | None = None) -> Any:
    """Read the command line and run."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("file", type=Path, help="SQLite database of a demonstration")
    reader.add_argument("--rounds", type=int, default=20, help="answers per page")
    reader.add_argument("--spread", action="store_true", help="planned purchases as many as a year's")
    given = reader.parse_args(arguments)
    asyncio.run(run(given.file, given.rounds, given.spread))


if __name__ == "__main__":
    main()
