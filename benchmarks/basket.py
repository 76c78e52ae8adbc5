"""How many statements and milliseconds sending a basket takes, on the demonstration market.

Run as ``python -m benchmarks.basket [--rounds N]``: loads the seeds into a SQLite file of its own, then sends baskets
of 10, 20 and 40 lines through the API, as a page does: below the threshold, on a contract with each supplier, and on
contracts and the award of a consultation.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from benchmarks.basket_agreements import agree
from catering.api.context import Caller
from catering.api.schema import schema
from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.market.models import Offer
from catering.migrate import upgrade
from catering.moment import Clock
from catering.orders.models import Basket, BasketLine
from catering.orders.sold import read_sold
from catering.orders.vocabulary import LineReason
from catering.people.viewer import Role, Viewer
from catering.seeding import load
from catering.settings import Settings, contract_folder, seeds_folder

WEEK = date(2026, 11, 16)
NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
SIZES = (10, 20, 40)
CASES = ("no contract", "contracts", "contracts and awards")
PACKS = 20
SEND = "operations/chef/SendBasket.graphql"


@dataclass
class Count:
    """Statements seen since the last look, those of the writing transaction apart."""

    writing: int = 0
    reading: int = 0
    in_write: bool = False

    def note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        """Count one statement."""
        if statement.startswith("BEGIN"):
            self.in_write = "IMMEDIATE" in statement
        elif self.in_write:
            self.writing += 1
        else:
            self.reading += 1


async def fill(database: Database, kitchen: Kitchen, lines: int, number: int, case: str) -> tuple[int, int]:
    """A basket of so many lines; its version, and how many suppliers they go to."""
    async with database.unit_of_work() as session:
        every = await read_sold(session, kitchen, WEEK, list(await session.scalars(select(Offer.id))), NOW)
        days = [(sold, sold.day_for(NOW)) for sold in every if sold.reaches and sold.packs_left() is None]
        chosen = [(sold, day) for sold, day in days if day is not None][:lines]
        if case != CASES[0]:
            await agree(session, kitchen, number, [sold for sold, _ in chosen], awards=case == CASES[2])
            again = await read_sold(session, kitchen, WEEK, [sold.offer.id for sold, _ in chosen], NOW)
            by_offer = {sold.offer.id: sold for sold in again}
            chosen = [(by_offer[sold.offer.id], day) for sold, day in chosen]
        basket = await session.scalar(select(Basket).where(Basket.kitchen_id == kitchen.id, Basket.week == WEEK))
        if basket is None:
            basket = Basket(kitchen_id=kitchen.id, week=WEEK, version=0, created_at=NOW, created_by="benchmark")
            session.add(basket)
        basket.version += 1
        await session.flush()
        session.add_all(
            BasketLine(
                basket_id=basket.id,
                filling=basket.filling,
                offer_id=sold.offer.id,
                day=day,
                ingredient_id=sold.offer.ingredient_id,
                packs=PACKS,
                seen=sold.terms(day, PACKS),
                reason=LineReason.MANUAL,
            )
            for sold, day in chosen
        )
        return basket.version, len({(sold.supplier.id, day) for sold, day in chosen})


async def send(database: Database, kitchen: Kitchen, lines: int, number: int, case: str) -> tuple[Count, float, int]:
    """Send a basket once: statements, milliseconds and orders made."""
    version, drops = await fill(database, kitchen, lines, number, case)
    viewer = Viewer("Gestionnaire", Role.GESTIONNAIRE, kitchens=frozenset({kitchen.uai}))
    basket = {"kitchen": kitchen.uai, "week": WEEK.isoformat(), "version": version}
    variables = {"basket": basket, "idempotencyKey": f"benchmark-{number}"}
    text = (contract_folder() / SEND).read_text(encoding="utf-8")
    count = Count()
    event.listen(database.engine.sync_engine, "before_cursor_execute", count.note)
    started = time.perf_counter()
    answer = await schema.execute(text, variables, Caller(database, viewer, Settings()))
    took = (time.perf_counter() - started) * 1_000
    event.remove(database.engine.sync_engine, "before_cursor_execute", count.note)
    if answer.errors or answer.data is None or answer.data["sendBasket"]["__typename"] != "BasketSent":
        raise RuntimeError(f"not sent: {answer.errors or answer.data}")
    return count, took, drops


async def main(rounds: int) -> None:
    """Print one row per size."""
    Clock.fixed = NOW
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder)}/basket.db")
        await upgrade(database)
        await load(database, seeds_folder())
        async with database.reading() as session:
            # A kitchen per basket: the needs of one would soon reach the threshold above which nobody may buy so.
            kitchens = (await session.scalars(select(Kitchen).order_by(Kitchen.uai))).all()
        print("| on | lines | orders | statements of the write | statements of the answer | median ms | p95 ms |")
        number = 0
        for case, lines in product(CASES, SIZES):
            found = []
            for _ in range(rounds):
                number += 1
                found.append(await send(database, kitchens[number % len(kitchens)], lines, number, case))
            counts = {(count.writing, count.reading) for count, _, _ in found}
            times = sorted(took for _, took, _ in found)
            ((writing, reading),) = counts
            p95 = times[max(0, round(0.95 * len(times)) - 1)]
            counted = f"{found[0][2]} | {writing} | {reading}"
            print(f"| {case} | {lines} | {counted} | {statistics.median(times):.0f} | {p95:.0f} |")
        await database.dispose()


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--rounds", type=int, default=20)
    asyncio.run(main(reader.parse_args().rounds))
