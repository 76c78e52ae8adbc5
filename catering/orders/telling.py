"""Orders told by mail: events that nobody was told of yet become letters, after and apart from what made them.

Writes of orders stay as short as they are. An event is told once, by whichever process comes first; one that finds
nobody to tell counts as told.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, exists
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.db import Database, insert_missing
from catering.kitchens.models import Kitchen
from catering.market.models import Supplier
from catering.orders.letters import TOLD, News, Side, letter, told_to
from catering.orders.models import Order, OrderEvent, OrderTelling
from catering.orders.queries import order_events_visible_to
from catering.outbox.service import queue
from catering.people.viewer import Role, Viewer
from catering.rounds import again_until

TELLER = Viewer("Courrier des commandes", Role.DEPARTEMENT)
TOLD_WITHIN = timedelta(days=2)
"""What is older is no news: letters that were switched off for a while do not all leave at once."""
AT_ONCE = 500
EVERY_SECONDS = 20.0  # legal-number: how often letters are looked for, nothing of the law


async def tell_until(stop: asyncio.Event, database: Database) -> None:
    """Tell what is new, again and again, until asked to stop."""

    async def all_that_is_new() -> None:
        while await tell_due(database, moment.now()):
            pass

    await again_until(stop, EVERY_SECONDS, all_that_is_new)


async def tell_due(database: Database, now: datetime) -> int:
    """Queue one letter per farm and per kitchen of what happened to their orders since the last one.

    Args:
        database: to read and write.
        now: the present.

    Returns:
        How many events were told; more may wait when it is `AT_ONCE`.
    """
    async with database.reading() as session:
        # Most rounds find nothing: they must not stop those who write.
        if await session.scalar(_untold(now).with_only_columns(OrderEvent.order_id).limit(1)) is None:
            return 0
    async with database.unit_of_work() as session:
        news = await _taken(session, now)
        grouped: dict[tuple[Side, str], list[News]] = defaultdict(list)
        for each in news:
            for side in told_to(each.event):
                grouped[side, each.farm_slug if side is Side.FARM else each.uai].append(each)
        await queue(session, [letter(side, group) for (side, _), group in sorted(grouped.items())], now)
        return len(news)


def _untold(now: datetime) -> Select[OrderEvent]:
    told = exists().where(OrderTelling.order_id == OrderEvent.order_id, OrderTelling.seq == OrderEvent.seq)
    return order_events_visible_to(TELLER).where(
        OrderEvent.at > now - TOLD_WITHIN, OrderEvent.kind.in_(list(TOLD)), ~told
    )


async def _taken(session: AsyncSession, now: datetime) -> Sequence[News]:
    """The events that this transaction alone tells, each with its order and the names of both sides."""
    waiting = _untold(now).order_by(OrderEvent.at, OrderEvent.order_id, OrderEvent.seq).limit(AT_ONCE)
    keys = (await session.execute(waiting.with_only_columns(OrderEvent.order_id, OrderEvent.seq))).all()
    if not keys:
        # Another process was quicker.
        return ()
    rows = [{"order_id": order, "seq": seq, "told_at": now} for order, seq in keys]
    made = insert_missing(session, OrderTelling).values(rows).returning(OrderTelling.id)
    mine = list(await session.scalars(made))
    statement = (
        order_events_visible_to(TELLER)
        .join(OrderTelling, (OrderEvent.order_id == OrderTelling.order_id) & (OrderEvent.seq == OrderTelling.seq))
        .join(Order, Order.id == OrderEvent.order_id)
        .join(Supplier, Supplier.id == Order.supplier_id)
        .join(Kitchen, Kitchen.id == Order.kitchen_id)
        .with_only_columns(OrderTelling.id, OrderEvent, Order, Supplier.name, Supplier.slug, Kitchen.name, Kitchen.uai)
        .where(OrderTelling.id.in_(mine))
        .order_by(OrderEvent.at, OrderEvent.order_id, OrderEvent.seq)
    )
    return [News(*row) for row in await session.execute(statement)]
