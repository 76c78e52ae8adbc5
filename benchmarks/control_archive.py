"""How long the file of a kitchen for a control takes, and whether its statements grow with its rows.

Run as ``python -m benchmarks.control_archive``: loads the seeds into a SQLite file of its own, gives kitchens 500 and
5,000 order lines of a year with their events, engagements and purchases, then makes the archive of each.
"""

import asyncio
import tempfile
import time
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from catering.db import Database, add_many
from catering.graph.request import Request
from catering.kitchens.models import Kitchen
from catering.market.models import Offer
from catering.migrate import upgrade
from catering.orders.models import Order, OrderEvent, OrderLine
from catering.orders.vocabulary import LineReason, OrderEventKind, OrderState
from catering.papers.control import control_archive
from catering.people.viewer import Role, Viewer
from catering.procurement.models import Engagement
from catering.procurement.vocabulary import GroundKind
from catering.purchases.models import PurchaseLine, PurchaseSource
from catering.recipes.vocabulary import Family
from catering.seeding import load
from catering.settings import Settings, seeds_folder

YEAR = 2026
AT = datetime(YEAR, 1, 5, 8, 0, tzinfo=UTC)
SIZES = (500, 5_000)
PER_ORDER = 10
CENT = Decimal("0.01")
VAT = Decimal("5.5")


class Count:
    """Statements sent while it listens."""

    def __init__(self) -> None:
        self.statements = 0

    def note(self, *_: Any) -> None:
        """Count one statement."""
        self.statements += 1


def order(number: int, kitchen: Kitchen, offers: list[Offer]) -> list[Any]:
    """One order of so many offers of a supplier, what happened to it, and what was bought of it."""
    day = date(YEAR, 1, 8) + timedelta(days=number % 300)
    amounts = [(2 * offer.price_eur_per_pack).quantize(CENT) for offer in offers]
    made = Order(
        id=number, kitchen_id=kitchen.id, supplier_id=offers[0].supplier_id, week=day - timedelta(days=day.weekday()),
        day=day, state=OrderState.RECEIVED, last_seq=4, sending=number, sent_at=AT, sent_by="benchmark", cut_off=AT,
        amount=sum(amounts, Decimal(0)), vat=Decimal("1.00"),
    )  # fmt: skip
    lines = [
        OrderLine(
            id=number * 100 + position, order_id=number, position=position, offer_id=offer.id,
            ingredient_id=offer.ingredient_id, reason=LineReason.MANUAL, packs_ordered=2, packs=2, planned_g=0,
            product=offer.product, pack_g=offer.pack_g, pack_label=offer.pack_label,
            price_eur_per_pack=offer.price_eur_per_pack, delivery_eur_per_kg=Decimal("0.1000"), vat_pct=VAT,
            origin=offer.origin, ground="Achat sous le seuil", amount=amount, vat=Decimal("0.10"),
        )
        for position, (offer, amount) in enumerate(zip(offers, amounts, strict=True), start=1)
    ]  # fmt: skip
    events = [
        OrderEvent(order_id=number, seq=seq, at=AT, actor="benchmark", kind=kind, data={})
        for seq, kind in enumerate((OrderEventKind.SENT, OrderEventKind.ACCEPTED, OrderEventKind.SHIPPED), start=1)
    ]
    return [made, *lines, *events, *bought(number, kitchen, lines, day)]


def bought(number: int, kitchen: Kitchen, lines: list[OrderLine], day: date) -> list[Any]:
    """What the lines of an order commit the kitchen to, and what enters its purchases."""
    of_lines: list[Any] = []
    for line in lines:
        of_lines.append(
            Engagement(
                kitchen_id=kitchen.id, family="10.10", day=day, amount=line.amount, supplier_id=1,
                ground=GroundKind.FREE_PURCHASE, grouped=False, counted=True,
                source=f"order {number} line {line.position}", at=AT, actor="benchmark",
            )
        )  # fmt: skip
        of_lines.append(
            PurchaseLine(
                kitchen_id=kitchen.id, supplier_id=1, ingredient_id=line.ingredient_id, source=PurchaseSource.RECEPTION,
                bought_on=day, product=line.product, family=Family.AUTRES, labels="", origin=line.origin, local=False,
                grams=line.grams, amount_excl_tax=line.amount, vat_pct=VAT, year=YEAR, sign="", not_counted="",
                entered_at=AT, entered_by="benchmark",
            )
        )  # fmt: skip
    return of_lines


async def fill(database: Database, kitchen: Kitchen, lines: int, first: int) -> None:
    """Orders of a kitchen until it has so many lines."""
    async with database.unit_of_work() as session:
        found = (await session.scalars(select(Offer).order_by(Offer.supplier_id, Offer.id))).all()
        offers = [offer for offer in found if offer.supplier_id == found[0].supplier_id]
        while len(offers) < PER_ORDER:
            offers += offers
        by_table: dict[type[Any], list[Any]] = {}
        for number in range(first, first + lines // PER_ORDER):
            for row in order(number, kitchen, offers[:PER_ORDER]):
                by_table.setdefault(type(row), []).append(row)
        for rows in by_table.values():
            await add_many(session, rows)


async def measure(database: Database, kitchen: Kitchen) -> tuple[float, float, int, int, int]:
    """Seconds on the clock and of the processor, statements, files and bytes of the archive of a kitchen."""
    count = Count()
    event.listen(database.engine.sync_engine, "before_cursor_execute", count.note)
    started, worked = time.perf_counter(), time.process_time()
    auditor = Viewer("Contrôle", Role.AUDITOR)
    asked = Request(viewer=auditor, database=database, config=Settings())
    archive = await control_archive(asked, kitchen.uai, YEAR)
    await asked.forget()
    took, work = time.perf_counter() - started, time.process_time() - worked
    event.remove(database.engine.sync_engine, "before_cursor_execute", count.note)
    if archive is None:
        raise RuntimeError("no archive")
    with archive, zipfile.ZipFile(archive) as parts:
        size = archive.seek(0, 2)
        return took, work, count.statements, len(parts.namelist()), size


async def main() -> None:
    """Print one row per size."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder)}/control.db")
        await upgrade(database)
        await load(database, seeds_folder())
        async with database.reading() as session:
            kitchens = (await session.scalars(select(Kitchen).order_by(Kitchen.uai).limit(len(SIZES)))).all()
        print("| order lines | orders | seconds | own work, s | statements | files | kB |")
        first = 1
        for kitchen, lines in zip(kitchens, SIZES, strict=True):
            await fill(database, kitchen, lines, first)
            first += lines // PER_ORDER
            took, work, statements, files, size = await measure(database, kitchen)
            orders = lines // PER_ORDER
            kilobytes = size // 1000
            print(f"| {lines} | {orders} | {took:.1f} | {work:.1f} | {statements} | {files} | {kilobytes} |")
        await database.dispose()


if __name__ == "__main__":
    asyncio.run(main())
