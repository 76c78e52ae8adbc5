"""The only door to the stock: lots are made here, and their grams change here, each change with its move."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import add_many, insert_missing
from catering.moment import now
from catering.people.viewer import Viewer
from catering.receiving import refusals
from catering.receiving.models import StockLot, StockMove
from catering.receiving.queries_stock import lots
from catering.receiving.rules.shelf import mark_of
from catering.receiving.vocabulary import ExpiryKind, MoveKind

LotKey: TypeAlias = tuple[int, str]
"""Ingredient (its id) and mark: which lot of a kitchen."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What makes a lot."""

    ingredient_id: int
    supplier_id: int
    product: str
    lot: str
    date_kind: ExpiryKind | None
    expires_on: date | None

    @property
    def key(self) -> LotKey:
        """Which lot of a kitchen it is."""
        return self.ingredient_id, mark_of(self.supplier_id, self.lot, self.date_kind, self.expires_on)


@dataclass(frozen=True, slots=True)
class Change:
    """Grams that come into a lot (positive) or leave it (negative)."""

    lot_id: int
    kind: MoveKind
    grams: int
    day: date
    menu_day: date | None = None
    reception_line_id: int | None = None
    transfer: str | None = None
    why: str | None = None


async def shelve(
    session: AsyncSession, viewer: Viewer, kitchen_id: int, arrived: Collection[Arrived]
) -> Mapping[LotKey, int]:
    """The lots of a kitchen that some goods belong to, made where there is none yet: two statements."""
    if not arrived:
        return {}
    rows = [
        {
            "kitchen_id": kitchen_id,
            "ingredient_id": each.ingredient_id,
            "supplier_id": each.supplier_id,
            "product": each.product,
            "lot": each.lot,
            "date_kind": each.date_kind,
            "expires_on": each.expires_on,
            "mark": each.key[1],
            "on_hand_g": 0,
        }
        for each in {each.key: each for each in arrived}.values()
    ]
    # Null dates are written as such: else the rows would be inserted kind by kind.
    every = insert_missing(session, StockLot).execution_options(render_nulls=True)
    await session.execute(every, sorted(rows, key=lambda row: str(row["mark"])))
    named = lots(viewer, ingredient_ids={each.ingredient_id for each in arrived}).where(
        StockLot.kitchen_id == kitchen_id, StockLot.mark.in_({each.key[1] for each in arrived})
    )
    return {(row.ingredient_id, row.mark): row.id for row in await session.scalars(named)}


async def lock_lots(session: AsyncSession, viewer: Viewer, lot_ids: Collection[int]) -> Mapping[int, StockLot]:
    """Lots as they stand now and until the end of the transaction, locked in order of their number: no deadlock."""
    statement = lots(viewer, ids=lot_ids).order_by(StockLot.id).with_for_update(of=StockLot)
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return {lot.id: lot for lot in found}


async def change(session: AsyncSession, viewer: Viewer, changes: Sequence[Change]) -> None:
    """Move grams, all or nothing.

    Raises:
        refusals.NotEnoughStock: naming each lot that has too little.
    """
    if not changes:
        return
    held = await lock_lots(session, viewer, {each.lot_id for each in changes})
    sums: dict[int, int] = defaultdict(int)
    for each in changes:
        sums[each.lot_id] += each.grams
    short = [
        (f"{held[lot_id].product}, lot {held[lot_id].lot}", -grams, held[lot_id].on_hand_g)
        for lot_id, grams in sums.items()
        if held[lot_id].on_hand_g + grams < 0
    ]
    if short:
        raise refusals.NotEnoughStock(short)
    for lot_id, grams in sums.items():
        held[lot_id].on_hand_g += grams
    await session.flush()
    await add_many(session, [_move(each, viewer) for each in changes])


def _move(of: Change, viewer: Viewer) -> StockMove:
    return StockMove(
        lot_id=of.lot_id,
        kind=of.kind,
        grams=of.grams,
        day=of.day,
        menu_day=of.menu_day,
        reception_line_id=of.reception_line_id,
        transfer=of.transfer,
        why=of.why,
        at=now(),
        actor=viewer.actor,
    )
