"""What was one need before lots existed: nothing of it is lost, on either database, there and back."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, text

from catering.db import Database
from catering.migrate import downgrade, upgrade
from tests.servers import empty

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
BEFORE, AFTER = "0006", "0009"
AT, LATER = datetime(2026, 9, 1, 10, tzinfo=UTC), datetime(2026, 9, 9, 10, tzinfo=UTC)
REASON = "Première selon les critères publiés."
FITTING: dict[type[Any], Any] = {
    sa.Integer: 1, sa.String: "x", sa.Text: "x", sa.Date: date(2026, 9, 1), sa.DateTime: AT, sa.Numeric: Decimal(1),
    sa.Boolean: False, sa.JSON: {},
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
async def old(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database as it was before lots, with one consultation awarded and one that waits."""
    if request.param == "sqlite":
        database = Database(f"sqlite+aiosqlite:///{tmp_path}/old.db")
    else:
        database = Database(request.getfixturevalue("server"))
        async with database.engine.begin() as connection:
            await empty(connection)
    await upgrade(database, BEFORE)
    async with database.engine.begin() as connection:
        await connection.run_sync(fill)
    yield database
    await database.dispose()


def put(connection: Connection, name: str, **given: Any) -> None:
    """A row; columns that are not named and must hold something take what fits their type."""
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    must = [each for each in table.columns if not each.nullable and each.name not in {"id", *given}]
    fitting = {
        column.name: next(value for kind, value in FITTING.items() if isinstance(column.type, kind)) for column in must
    }
    connection.execute(sa.insert(table), fitting | given)


def fill(connection: Connection) -> None:
    """Rows of each table that the migration rewrites, and what they refer to."""
    put(connection, "kitchens", id=1, uai="0620001A", insee="62001")
    put(connection, "ingredients", id=1, slug="lait", kind="milk", family="PRODUITS_LAITIERS")
    for number in (1, 2):
        put(
            connection,
            "suppliers",
            id=number,
            slug=f"ferme_{number}",
            kind="producer",
            insee="62001",
            vat_regime="standard",
        )
    put(connection, "consultations", id=7, title="Lait", family="10.12", estimated_amount=900_00, status="awarded",
        published_at=AT, deadline=LATER, opened_at=LATER, decided_at=LATER, decided_by="account 1", reason=REASON,
        perimeter_km=80)  # fmt: skip
    put(connection, "consultations", id=8, title="Carottes", family="10.10", estimated_amount=500_00, status="draft")
    for consultation in (7, 8):
        put(connection, "consultation_lines", id=consultation, consultation_id=consultation, quantity_g=5_000)
    for supplier in (1, 2):
        put(connection, "tenders", id=supplier, consultation_id=7, supplier_id=supplier, amount=800_00)
    put(connection, "consultation_awards", consultation_id=7, tender_id=1, amount=800_00, ordered_amount=100_00)
    for ground, counted in (("consultation_award", True), ("consultation_award", False)):
        put(connection, "engagements", ground=ground, consultation_id=7, amount=800_00, counted=counted)
    put(connection, "engagements", ground="free_purchase", amount=50_00, counted=True)


async def rows(database: Database, statement: str) -> list[tuple[Any, ...]]:
    async with database.reading() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


AWARD = "SELECT consultation_id, tender_id, supplier_id, amount, ordered_amount FROM consultation_awards"
NEEDS = "SELECT id, family, estimated_amount, status, reason FROM consultations ORDER BY id"


async def test_each_need_becomes_one_lot_that_holds_its_lines_offers_award_and_orders(old: Database) -> None:
    needs, award = await rows(old, NEEDS), await rows(old, AWARD)
    await upgrade(old, AFTER)
    lots = await rows(
        old,
        "SELECT consultation_id, number, title, family, estimated_amount, status, reason FROM consultation_lots"
        " ORDER BY consultation_id",
    )
    amounts = {number: amount for number, _, amount, *_ in needs}
    assert lots == [
        (7, 1, "Lait", "10.12", amounts[7], "awarded", REASON),
        (8, 1, "Carottes", "10.10", amounts[8], "waiting", None),
    ]
    of_lots = dict(await rows(old, "SELECT consultation_id, id FROM consultation_lots"))
    assert await rows(old, "SELECT consultation_id, lot_id FROM consultation_lines ORDER BY id") == sorted(
        of_lots.items()
    )
    assert await rows(old, "SELECT lot_id FROM tenders") == [(of_lots[7],)] * 2
    assert await rows(old, "SELECT lot_id FROM engagements ORDER BY id") == [(of_lots[7],), (of_lots[7],), (None,)]
    assert await rows(old, AWARD) == award
    assert await rows(old, "SELECT lot_id FROM consultation_awards") == [(of_lots[7],)]
    await downgrade(old, BEFORE)
    assert (await rows(old, NEEDS), await rows(old, AWARD)) == (needs, award)


async def test_several_lots_are_not_thrown_away_by_taking_the_change_back(old: Database) -> None:
    await upgrade(old, AFTER)
    async with old.engine.begin() as connection:
        await connection.run_sync(
            lambda sync: put(sync, "consultation_lots", id=99, consultation_id=8, number=2, status="waiting")
        )
    with pytest.raises(RuntimeError, match="several lots"):
        await downgrade(old, BEFORE)
    assert len(await rows(old, "SELECT id FROM consultation_lots")) == 3
