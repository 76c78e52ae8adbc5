"""Two collèges' buyers, three farms, and their database: SQLite, and the real PostgreSQL server."""

import shutil
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from catering.db import Database
from catering.market.models import Supplier
from catering.people.viewer import Role, Viewer
from catering.procurement.models import Consultation
from catering.procurement.service.consulting import LineWish, LotWish, NeedWish, describe
from catering.procurement.service.publishing import publish
from catering.procurement.service.tendering import TenderWish, submit
from tests.api.dataset import Size, fill, uai
from tests.servers import copy_on_server, made_file, make_tables

SIZE = Size(kitchens=4, suppliers=3)
ALL = frozenset(uai(number) for number in range(SIZE.kitchens))
SIGNS = Viewer("Gestionnaire", Role.GESTIONNAIRE, kitchens=ALL, account=1)
ALSO_SIGNS = Viewer("Adjointe", Role.GESTIONNAIRE, kitchens=ALL, account=2)
COOKS = Viewer("Cheffe", Role.CHEF, kitchens=ALL, account=3)
ELSEWHERE = Viewer("Autre collège", Role.GESTIONNAIRE, kitchens=frozenset({"0629999Z"}), account=4)
FARMS = [Viewer(f"Ferme {n}", Role.PRODUCER, suppliers=frozenset({f"ferme_{n:02d}"}), account=10 + n) for n in range(3)]
CONTROLS = [Viewer(role.value, role, account=20) for role in (Role.DEPARTEMENT, Role.NUTRITION_MANAGER, Role.AUDITOR)]
REASON = "Première selon les critères publiés : fraîcheur et prix."
FAR = datetime(2099, 1, 1, 12, 0, tzinfo=UTC)


CARROTS = [
    LineWish(uai(0), "ingredient_03", "Carottes lavées", 250_000),
    LineWish(uai(1), "ingredient_03", "Carottes lavées", 100_000),
]
MILK = [LineWish(uai(0), "ingredient_00", "Lait entier", 50_000)]


def need(lines: Sequence[LineWish] = CARROTS, estimated: Decimal = Decimal("500.00"), **changed: Any) -> NeedWish:
    """Carrots for two collèges, in one lot, compared by price and freshness."""
    wish = {
        "kitchen": uai(0),
        "title": "Carottes de saison",
        "lots": [LotWish("Carottes", estimated, lines)],
        "criteria": [("price", 40), ("freshness", 60)],
        "first_day": date(2099, 2, 1),
        "last_day": date(2099, 4, 30),
        "delivery": "Le lundi avant 9 h",
    }
    return NeedWish(**{**wish, **changed})


async def published(database: Database, wish: NeedWish | None = None, deadline: datetime = FAR) -> int:
    """A consultation that takes offers."""
    async with database.unit_of_work() as session:
        number = (await describe(session, SIGNS, wish or need())).id
        await publish(session, SIGNS, number, deadline)
        return number


async def near(database: Database, farm: int = 0) -> None:
    """Put a farm beside the first collège; the others stay where they are, over 60 km from it."""
    async with database.unit_of_work() as session:
        beside = {"lat": Decimal("50.30"), "lon": Decimal("2.79")}
        await session.execute(update(Supplier).where(Supplier.slug == f"ferme_{farm:02d}").values(beside))


async def offered(
    database: Database, number: int, farm: int, price: str = "1.10", hours: str = "24", papers: Sequence[int] = ()
) -> int:
    """An offer of a farm, the same price for every line."""
    first = 2 * number - 1
    wish = TenderWish(
        f"ferme_{farm:02d}", {first: Decimal(price), first + 1: Decimal(price)}, {"freshness": Decimal(hours)}, papers
    )
    async with database.unit_of_work() as session:
        (tender,) = await submit(session, FARMS[farm], number, wish)
        return tender.id


async def deadline_passed(database: Database, number: int) -> None:
    """Let a day go by."""
    now = datetime.now(UTC)
    past = {"published_at": now - timedelta(days=2), "deadline": now - timedelta(days=1)}
    async with database.unit_of_work() as session:
        await session.execute(update(Consultation).where(Consultation.id == number).values(**past))


@pytest.fixture(scope="session")
def small_market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the collèges and the farms: copy it, never write it."""
    return made_file(tmp_path_factory.mktemp("market") / "market.db", _fill)


@pytest.fixture
async def on_sqlite(small_market: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """The collèges and the farms on SQLite, for what no database can do differently."""
    shutil.copy(small_market, tmp_path / "market.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/market.db")
    yield database
    await database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
async def market(request: pytest.FixtureRequest, on_sqlite: Database) -> AsyncIterator[Database]:
    """The collèges and the farms, on each database."""
    if request.param == "sqlite":
        yield on_sqlite
        return
    database = await copy_on_server(request.getfixturevalue("server"), "market", _fill)
    yield database
    await database.dispose()


async def _fill(database: Database) -> None:
    await make_tables(database)
    async with database.unit_of_work() as session:
        await fill(session, SIZE)
