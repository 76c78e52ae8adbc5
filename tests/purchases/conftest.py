"""The demonstration Département with files of purchases, on both databases."""

import csv
import io
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from catering.db import Database
from catering.documents.service import keep_document
from catering.kitchens.models import Kitchen
from catering.migrate import upgrade
from catering.moment import Clock
from catering.people.viewer import Role, Viewer
from catering.purchases.importing import Imported, judge_file, keep
from catering.purchases.ledger import FORMATS, ORIGINS, SIGNS
from catering.recipes.vocabulary import Family
from tests.api import dataset
from tests.servers import copy_on_server

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
MANAGER = Viewer("Responsable nutrition", Role.NUTRITION_MANAGER)
HEADER = FORMATS[0].columns


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    """The present is a day of the tests' own."""
    before, Clock.fixed = Clock.fixed, NOW
    yield
    Clock.fixed = before


@pytest.fixture(params=["sqlite", "postgresql"])
async def world(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Database]:
    """Three collèges that bought nothing yet, on each database."""
    if request.param == "sqlite":
        await settle(database)
        yield database
        return
    postgres = await copy_on_server(request.getfixturevalue("server"), "three_kitchens", _settled)
    yield postgres
    await postgres.dispose()


async def _settled(database: Database) -> None:
    """As the migrations make it."""
    await upgrade(database)
    await settle(database)


async def settle(database: Database) -> None:
    async with database.unit_of_work() as session:
        for number in range(3):
            kitchen = dataset.kitchen(number)
            kitchen.siren = f"19620000{number}"
            session.add(kitchen)


def siret(siren: str) -> str:
    return f"{siren}00014"


async def sirets(database: Database) -> dict[str, str]:
    """SIRET by UAI of every kitchen."""
    async with database.reading() as session:
        return {each.uai: siret(each.siren or "") for each in await session.scalars(select(Kitchen))}


def rows(of: list[str], lines: int, seed: int = 1, year: int = 2026) -> list[list[str]]:
    """Believable lines of purchases of some establishments: every family, sign, origin and mark."""
    chance = random.Random(seed)
    signs = ["", "", "", *SIGNS, "BIO,COMMERCE_EQUITABLE", "LABEL_ROUGE,IGP"]
    made = []
    for number in range(lines):
        local = chance.choice(["", "", "OUI"])
        definition = chance.choice(["PAT", "DEPARTEMENT", "KM", ""]) if local else ""
        made.append([
            chance.choice(of), f"Produit {number}", chance.choice(["Ferme du Pré", "Grossiste", ""]),
            f"{year}-{chance.randint(1, 10):02}-{chance.randint(1, 28):02}", f"{chance.randint(1, 90_000) / 100:.2f}",
            chance.choice(list(Family)).value, chance.choice(signs), chance.choice(["", *ORIGINS]),
            chance.choice(["OUI", ""]), local, definition, "50" if definition == "KM" else "",
        ])  # fmt: skip
    return made


def file_of(lines: list[list[str]], separator: str = ",", encoding: str = "utf-8") -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows([HEADER, *lines])
    return stream.getvalue().encode(encoding)


async def imported(
    database: Database,
    content: bytes,
    viewer: Viewer = MANAGER,
    *,
    name: str = "achats.csv",
    twins_meant: bool = False,
    again_meant: bool = False,
) -> Imported:
    """Send a file and import it."""
    async with database.unit_of_work() as session:
        sent = await keep_document(session, viewer, name, content, most_bytes=100_000_000)
    async with database.reading() as session:
        judged = await judge_file(session, viewer, sent.id, twins_meant=twins_meant, again_meant=again_meant)
    with closing(judged):
        async with database.unit_of_work() as session:
            return await keep(session, viewer, judged)
