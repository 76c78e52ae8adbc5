"""A small Département behind the API, and a client that counts the statements each operation makes."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api import Caller, schema
from catering.db import Database
from catering.moment import Clock
from catering.people.viewer import Role, Viewer
from catering.roles import passes_by
from catering.settings import Settings
from catering.tables import all_tables
from tests.api.dataset import LARGE, SMALL, Size, fill, uai
from tests.api.dataset_declarations import fill_declarations
from tests.api.dataset_market import fill_market
from tests.api.dataset_menus import fill_menus
from tests.api.dataset_orders import fill_orders
from tests.api.dataset_people import accounts, openings, viewer_of
from tests.api.dataset_procurement import fill_procurement
from tests.api.dataset_purchases import fill_purchases
from tests.api.dataset_receiving import fill_receiving
from tests.api.dataset_waste import fill_waste
from tests.api.operations import SIGNED, moment_of
from tests.servers import copy_on_server, made_file, make_tables

ADMINISTRATOR = viewer_of(Role.DEPARTEMENT)
CHEF = viewer_of(Role.CHEF)
GESTIONNAIRE = viewer_of(Role.GESTIONNAIRE)
BOTH = replace(viewer_of(Role.CHEF), kitchens=frozenset({uai(0), uai(1)}))
"""Who buys for two kitchens: what passes from one to the other is theirs to hand over."""
PRODUCER = viewer_of(Role.PRODUCER)
AUDITOR = viewer_of(Role.AUDITOR)
ABOVE = 20_000
"""The rows of the data set come with numbers of their own, of which the server's counters know nothing."""


def asked_by(name: str, text: str) -> Viewer:
    """Who asks a stored operation: of a mutation those who may, of a query the administration."""
    if "\nmutation " not in text:
        return ADMINISTRATOR
    if name == "chef/TransferStock":
        return BOTH
    if name in SIGNED:
        return GESTIONNAIRE
    return {"chef": CHEF, "producer": PRODUCER}.get(name.split("/")[0], ADMINISTRATOR)


@pytest.fixture(autouse=True)
def _moment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The present of the small Département: its deliveries can still be ordered; or when an operation is asked."""
    of_test = getattr(request.node, "callspec", None)
    monkeypatch.setattr(Clock, "fixed", moment_of(str(of_test.params.get("name")) if of_test else ""))


@dataclass
class Answer:
    """What an operation gave: data, French messages by code, statements run."""

    data: Any
    errors: list[tuple[str | None, str]]
    statements: list[str] = field(default_factory=list)


@dataclass
class Client:
    """Executes operations in process, as pages do."""

    database: Database

    async def __call__(self, text: str, viewer: Viewer | None = ADMINISTRATOR, **variables: Any) -> Answer:
        caller = Caller(self.database, viewer, Settings())
        with counted(self.database) as statements:
            result = await schema.execute(text, variable_values=variables, context_value=caller)
        errors = [((error.extensions or {}).get("code"), error.message) for error in result.errors or ()]
        return Answer(result.data, errors, statements)

    async def data(self, text: str, viewer: Viewer | None = ADMINISTRATOR, **variables: Any) -> Any:
        """The data of an operation that must succeed."""
        answer = await self(text, viewer, **variables)
        assert answer.errors == []
        return answer.data


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that reach the database while the block runs."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def fill_all(session: AsyncSession, size: Size) -> None:
    """Every table that the API reads, the accounts too."""
    await fill(session, size)
    session.add_all(accounts(size))
    await session.flush()
    session.add_all(openings(size))
    await session.flush()
    await fill_market(session, size, PRODUCER.actor)
    await fill_procurement(session, size)
    await fill_orders(session, size)
    await fill_receiving(session, size)
    await fill_menus(session, size)
    await fill_purchases(session)
    await fill_waste(session, size)
    await fill_declarations(session)


async def fill_server(database: Database) -> None:
    """The small Département in a database of a PostgreSQL server that holds nothing."""
    await make_tables(database)
    async with database.unit_of_work() as session:
        await fill_all(session, SMALL)
        for table in all_tables().sorted_tables:
            if (counted := table.autoincrement_column) is not None:
                sequence = f"pg_get_serial_sequence('{table.name}', '{counted.name}')"
                await session.execute(text(f"SELECT setval({sequence}, {ABOVE})"))


def made(file: Path, size: Size) -> Path:
    """A SQLite file filled to a size."""

    async def make(database: Database) -> None:
        await make_tables(database)
        async with database.unit_of_work() as session:
            await fill_all(session, size)

    return made_file(file, make)


@pytest.fixture(scope="session")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small Département: copy it, never write it."""
    return made(tmp_path_factory.mktemp("small") / "catering.db", SMALL)


@pytest.fixture(scope="session")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same Département, three times as large: copy it, never write it."""
    return made(tmp_path_factory.mktemp("large") / "catering.db", LARGE)


@asynccontextmanager
async def copied(file: Path, to: Path) -> AsyncIterator[Client]:
    """A client of a copy of a file."""
    shutil.copy(file, to)
    database = Database(f"sqlite+aiosqlite:///{to}")
    yield Client(database)
    await database.dispose()


@pytest.fixture
async def client(small_file: Path, tmp_path: Path) -> AsyncIterator[Client]:
    """A client of the small Département, of this test's own."""
    async with copied(small_file, tmp_path / "small.db") as client:
        yield client


@pytest.fixture
async def large_client(large_file: Path, tmp_path: Path) -> AsyncIterator[Client]:
    """A client of the large Département, of this test's own."""
    async with copied(large_file, tmp_path / "large.db") as client:
        yield client


@pytest.fixture
async def guarded(server: str) -> AsyncIterator[Client]:
    """A client of the small Département on PostgreSQL, by the role that owns nothing."""
    database = await copy_on_server(server, "small", fill_server)
    assert not await passes_by(database), "the lock would bind nobody"
    yield Client(database)
    await database.dispose()
