"""Rows put aside and handed over at once are the rows that were given, on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from catering import staging
from catering.db import Database
from catering.purchases.models import LocalDefinition, OriginZone, PurchaseImport, PurchaseLine, PurchaseSource
from catering.recipes.vocabulary import Family
from catering.staging import StagedRows
from tests.api import dataset

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
NASTY = ["a\tb", "a\nb", "a\r\nb", "a\\b", "\\N", "\\.", "é«»—œ😀", "'; DROP TABLE x; --", '"', "%s", " ", "\\t"]
COLUMNS = (
    "kitchen_id", "bought_on", "product", "amount_excl_tax", "file_line", "year", "sign", "not_counted", "family",
    "labels", "origin_zone", "circuit_court", "local", "local_definition", "local_km", "supplier_name",
)  # fmt: skip


def given(number: int, product: str) -> tuple[Any, ...]:
    odd = number % 2 == 1
    told = (Family.BOISSONS, "BIO IGP", OriginZone.FRANCE if odd else None, odd, not odd)
    near = (LocalDefinition.KM, Decimal("12.5")) if odd else (None, None)
    amount = Decimal(number * 7) / 100
    return (1, date(2026, 3, 2), product, amount, number, 2026, "BIO", "", *told, *near, product if odd else None)


@pytest.mark.parametrize(("batch", "order"), [(1, ()), (5, ("product", "file_line")), (100, ()), (100, ("file_line",))])
async def test_what_is_handed_over_is_what_was_given(
    any_database: Database, batch: int, order: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "ROWS_OF_A_STATEMENT", 2)  # few rows are not put in order
    rows = [given(number, product) for number, product in enumerate(NASTY, start=1)]
    told: list[int] = []
    async with any_database.unit_of_work() as session:
        session.add(dataset.kitchen(0))
        imported = PurchaseImport(
            identity="0" * 64, name="a.csv", lines=1, amount_excl_tax=Decimal(0), at=NOW, actor="\t\\N\n"
        )
        session.add(imported)
        await session.flush()
        table: Any = PurchaseLine.__table__
        staged = StagedRows(session.get_bind().dialect, table, COLUMNS, order=order)
        for first in range(0, len(rows), batch):
            staged.put(list(zip(*rows[first : first + batch], strict=True)))
        staged.put([])
        same = {"source": PurchaseSource.IMPORT, "import_id": imported.id, "origin": "", "entered_at": NOW}
        await staged.write(session, same | {"entered_by": imported.actor}, told.append)
        staged.close()
    assert told[-1] == len(rows)
    assert len(told) == -(-len(rows) // batch)
    async with any_database.reading() as session:
        found = list(await session.scalars(select(PurchaseLine).order_by(PurchaseLine.file_line)))
        stored = list(await session.scalars(select(PurchaseLine.file_line).order_by(PurchaseLine.id)))
    assert order != ("file_line",) or stored == sorted(stored)
    assert [tuple(getattr(row, name) for name in COLUMNS) for row in found] == rows
    assert {(row.source, row.entered_at, row.entered_by, row.origin) for row in found} == {
        (PurchaseSource.IMPORT, NOW, imported.actor, "")
    }


async def test_a_value_that_does_not_fit_is_refused_before_anything_is_written(any_database: Database) -> None:
    table: Any = PurchaseLine.__table__
    async with any_database.reading() as session:
        staged = StagedRows(session.get_bind().dialect, table, ("amount_excl_tax",))
    with pytest.raises(ValueError, match="more than 2 decimals"):
        staged.put([[Decimal("1.001")]])
    staged.close()
