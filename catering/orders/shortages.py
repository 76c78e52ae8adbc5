"""What a kitchen misses because a supplier will not bring it and nobody else has enough: kept, and told until found."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import func, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import add_many
from catering.orders.models import Order, OrderLine, Shortage
from catering.orders.opening import OpenBasket
from catering.orders.queries import GIVEN_UP, order_lines_visible_to
from catering.orders.sold import BUYER

Need: TypeAlias = tuple[int, date, int]
"""Kitchen (row id), Monday of the week, ingredient (row id)."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Goods that will not come: of which ingredient and order, and how much. The same supplier is not asked again."""

    order_id: int
    kitchen_id: int
    week: date
    supplier_id: int
    ingredient_id: int
    grams: int
    label: str | None
    """Under which they were sold."""

    @property
    def need(self) -> Need:
        """What it was for."""
        return self.kitchen_id, self.week, self.ingredient_id


async def keep_shortages(
    session: AsyncSession,
    unmet: Sequence[Missing],
    opened: Mapping[tuple[int, date], OpenBasket],
    pack_g: Mapping[int, int],
    now: datetime,
) -> None:
    """Keep what nobody could be proposed for: two statements.

    Args:
        session: of the caller's transaction.
        unmet: grams that are left without an offer.
        opened: baskets by kitchen and week, with what was proposed.
        pack_g: grams of a pack by offer (row id).
        now: with its zone.
    """
    has = await _on_order(session, {each.need for each in unmet})
    for (kitchen_id, week), basket in opened.items():
        for line in basket.lines.values():
            has[kitchen_id, week, line.ingredient_id] += line.packs * pack_g[line.offer_id]
    rows = []
    for each in unmet:
        has[each.need] += each.grams
        rows.append(
            Shortage(
                kitchen_id=each.kitchen_id,
                week=each.week,
                ingredient_id=each.ingredient_id,
                order_id=each.order_id,
                grams=each.grams,
                needed_g=has[each.need],
                at=now,
            )
        )
    await add_many(session, rows)


async def _on_order(session: AsyncSession, needs: Iterable[Need]) -> defaultdict[Need, int]:
    """Grams that are ordered and not given up."""
    key = (Order.kitchen_id, Order.week, OrderLine.ingredient_id)
    ordered = (
        order_lines_visible_to(BUYER)
        .join(Order, Order.id == OrderLine.order_id)
        .where(tuple_(*key).in_(needs), Order.state.not_in(GIVEN_UP))
        .with_only_columns(*key, func.sum(OrderLine.packs * OrderLine.pack_g))
        .group_by(*key)
    )
    found: defaultdict[Need, int] = defaultdict(int)
    for kitchen_id, week, ingredient_id, grams in await session.execute(ordered):
        found[kitchen_id, week, ingredient_id] = int(grams)
    return found


def still_missing(rows: Iterable[Shortage], has_g: int) -> int:
    """Grams of one ingredient that a kitchen still misses for a week.

    Args:
        rows: all shortages of it.
        has_g: grams of it in the basket and on order now.
    """
    there = list(rows)
    lost = sum(row.grams for row in there)
    return max(0, min(lost, max((row.needed_g for row in there), default=0) - has_g))
