"""How an order moves on: locked, its state checked, its event written, its stock given back; one of two racing wins.

Locks are taken in one order everywhere: orders, buyers, baskets, the stock of the market, contracts and awards.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import flag_modified

from catering.market.stock import release
from catering.orders import refusals
from catering.orders.committing import commit_again, hold_buyers
from catering.orders.models import Order, OrderEvent, OrderLine
from catering.orders.queries import orders
from catering.orders.replay import Happened, ImpossibleEventError, LineStanding, Standing, after
from catering.orders.resourcing import replace_missing
from catering.orders.rules import Priced, moved_cut_off
from catering.orders.shortages import Missing
from catering.orders.vocabulary import OrderEventKind
from catering.people.viewer import Viewer

OfferWeekGrams = Counter[tuple[int, date]]
ORDER_MOVES = ("state", "day", "cut_off", "last_seq", "cancel_asked_at", "amount", "vat")
LINE_MOVES = ("packs", "received_g", "amount", "vat")
"""Columns that events can change."""


def standing_of(order: Order) -> Standing:
    """An order as its row and lines tell it; ``lines`` must be loaded."""
    lines = {line.position: LineStanding(line.packs_ordered, _priced(line), line.received_g) for line in order.lines}
    return Standing(order.state, order.day, lines, order.last_seq, order.cancel_asked_at)


def happened(event: OrderEvent) -> Happened:
    """An event of the table as ``replay`` reads it."""
    return Happened(event.seq, event.at, event.kind, event.data)


async def lock_order(session: AsyncSession, viewer: Viewer, order_id: int) -> Order:
    """An order of the viewer with its lines, locked until the transaction ends.

    Raises:
        refusals.UnknownOrder: there is none that they may read.
    """
    found = await lock_orders(session, viewer, [order_id])
    if not found:
        raise refusals.UnknownOrder(str(order_id))
    return found[0]


async def lock_orders(session: AsyncSession, viewer: Viewer, ids: Sequence[int]) -> list[Order]:
    """Orders of the viewer with their lines, locked in order of their row."""
    return await lock_all(session, orders(viewer, ids=ids))


async def lock_all(session: AsyncSession, statement: Select[Order]) -> list[Order]:
    """All orders of a statement with their lines, as they are once locked, in order of their row."""
    locked = (
        statement.order_by(Order.id)
        .options(selectinload(Order.lines))
        .with_for_update(of=Order)
        .execution_options(populate_existing=True)
    )
    return list(await session.scalars(locked))


def require_seller(viewer: Viewer) -> None:
    """Only the supplier answers an order.

    Raises:
        refusals.NotYourOrder: the viewer does not sell.
    """
    if not viewer.sells:
        raise refusals.NotYourOrder("le fournisseur")


def require_buyer(viewer: Viewer) -> None:
    """Only the kitchen decides on its side.

    Raises:
        refusals.NotYourOrder: the viewer does not buy.
    """
    if not viewer.buys:
        raise refusals.NotYourOrder("la cuisine")


@dataclass(frozen=True, slots=True)
class Moved:
    """What an event changes around an order: grams it no longer takes, by offer and week; € excl. tax that lines cost
    now, by order and position, where that is another amount than before."""

    grams: OfferWeekGrams
    dues: Mapping[tuple[int, int], Decimal]


def happen(
    session: AsyncSession, viewer: Viewer, order: Order, kind: OrderEventKind, data: Mapping[str, Any], now: datetime
) -> Moved:
    """Write one event of a locked order and move its row on; what that changes around it.

    Raises:
        refusals.WrongState: the event may not follow the state of the order.
    """
    event = Happened(order.last_seq + 1, now, kind, data)
    before = standing_of(order)
    try:
        standing = after(before, event)
    except ImpossibleEventError as fault:
        raise refusals.WrongState(order.number, order.state) from fault
    session.add(OrderEvent(order_id=order.id, seq=event.seq, at=now, actor=viewer.actor, kind=kind, data=dict(data)))
    _write(order, standing)
    grams: OfferWeekGrams = Counter()
    for line in order.lines:
        grams[line.offer_id, order.week] += before.lines[line.position].priced.grams - line.grams
    dues = {(order.id, position): standing.due(position) for position in standing.lines}
    return Moved(+grams, {line: due for line, due in dues.items() if due != before.due(line[1])})


async def move(
    session: AsyncSession, viewer: Viewer, order: Order, kind: OrderEventKind, data: Mapping[str, Any], now: datetime
) -> Order:
    """One event of a locked order; its stock is given back when it takes less, its commitments follow what it costs.

    Raises:
        refusals.WrongState: the event may not follow the state of the order.
        catering.procurement.refusals.BeyondMaximum: goods weigh more than their contract has left.
        catering.procurement.refusals.BeyondAward: or than their award has.
    """
    moved = happen(session, viewer, order, kind, data, now)
    await hold_buyers(session, moved.dues, [order])
    await release(session, moved.grams)
    await session.flush()
    await commit_again(session, viewer, moved.dues)
    return order


async def move_and_replace(
    session: AsyncSession,
    viewer: Viewer,
    moves: Iterable[tuple[Order, OrderEventKind, Mapping[str, Any]]],
    now: datetime,
    *,
    held: Collection[int] = (),
) -> None:
    """Events of locked orders after which goods are missing: the next best offers go into the kitchens' baskets, and
    what nobody has is kept as a shortage. ``held``: buyers (row ids of kitchens) that are locked already.

    Raises:
        refusals.WrongState: an event may not follow the state of its order.
    """
    grams: OfferWeekGrams = Counter()
    dues: dict[tuple[int, int], Decimal] = {}
    missing: list[Missing] = []
    concerned: list[Order] = []
    for order, kind, data in moves:
        concerned.append(order)
        moved = happen(session, viewer, order, kind, data, now)
        grams += moved.grams
        dues |= moved.dues
        missing += _missing(order, moved.grams)
    await hold_buyers(session, dues, concerned, held)
    await replace_missing(session, viewer, missing, now)
    await release(session, grams)
    await session.flush()
    await commit_again(session, viewer, dues)


def _missing(order: Order, freed: OfferWeekGrams) -> list[Missing]:
    sold = {line.offer_id: line for line in order.lines}
    return [
        Missing(order.id, order.kitchen_id, week, order.supplier_id, line.ingredient_id, grams, line.label)
        for (offer_id, week), grams in sorted(freed.items())
        for line in [sold[offer_id]]
    ]


def _write(order: Order, standing: Standing) -> None:
    # The lead time of the sending stays: the cut-off moves with the day.
    order.cut_off = moved_cut_off(order.cut_off, standing.day - order.day)
    order.state, order.day, order.last_seq = standing.state, standing.day, standing.last_seq
    order.cancel_asked_at = standing.cancel_asked_at
    order.amount, order.vat = standing.amount, standing.vat
    for line in order.lines:
        now = standing.lines[line.position]
        line.packs, line.received_g = now.priced.packs, now.received_g
        line.amount, line.vat = now.priced.amount, now.priced.vat
        _write_together(line, LINE_MOVES)
    _write_together(order, ORDER_MOVES)


def _write_together(row: Order | OrderLine, columns: Iterable[str]) -> None:
    """Have every column written, changed or not: rows that change alike are then written by one statement."""
    for column in columns:
        flag_modified(row, column)


def _priced(line: OrderLine) -> Priced:
    return Priced(line.packs, line.pack_g, line.price_eur_per_pack, line.delivery_eur_per_kg, line.vat_pct)
