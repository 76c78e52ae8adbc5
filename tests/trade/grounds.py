"""Where the whole trade is played: copies of one market that nobody has bought in, in files or on a server."""

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from catering.db import Database
from catering.moment import Clock
from tests.orders.market import NOW
from tests.servers import made_at, make_tables
from tests.trade.doors import open_market
from tests.trade.killing import Rows, rows_of_file, rows_of_server

NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """A database that is only this run's: its address, all it holds, and its end."""

    url: str
    rows: Callable[[], Rows]
    leave: Callable[[], None]


@dataclass(frozen=True)
class Ground:
    """Gives each run a copy of the market."""

    copy: Callable[[], Place]


def _build(url: str) -> None:
    async def make(database: Database) -> None:
        Clock.fixed = NOW
        await make_tables(database)
        await open_market(database)
        Clock.fixed = None

    asyncio.run(made_at(url, make))


def on_file(template: Path) -> Ground:
    """The market in a SQLite file; runs copy the file."""

    def copy() -> Place:
        folder = Path(tempfile.mkdtemp())
        file = Path(shutil.copy(template, folder / "trade.db"))
        return Place(f"sqlite+aiosqlite:///{file}", lambda: rows_of_file(file), lambda: shutil.rmtree(folder))

    _build(f"sqlite+aiosqlite:///{template}")
    return Ground(copy)


def on_server(libpq: str, template: str) -> Ground:
    """The market in a database of a PostgreSQL server; runs are databases made from it.

    Args:
        libpq: address of the server's database ``postgres``, as libpq writes it.
        template: name of the database to make.
    """

    def order(statement: str) -> None:
        with psycopg.connect(libpq, autocommit=True) as connection:
            connection.execute(statement.encode())

    def address(name: str) -> str:
        return libpq.replace("/postgres?", f"/{name}?")

    def copy() -> Place:
        name = f"trade_{next(NUMBERS)}"
        order(f"CREATE DATABASE {name} TEMPLATE {template}")
        at = address(name)
        return Place(asynchronous(at), lambda: rows_of_server(at), lambda: order(f"DROP DATABASE {name} WITH (FORCE)"))

    order(f"CREATE DATABASE {template}")
    _build(asynchronous(address(template)))
    return Ground(copy)


def asynchronous(address: str) -> str:
    """An address of libpq as SQLAlchemy writes it."""
    return address.replace("postgresql://", "postgresql+psycopg://")
