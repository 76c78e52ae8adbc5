"""Use case of a basket: fill it with what the published plan buys."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.calendar import takes_deliveries
from catering.kitchens.models import Kitchen
from catering.orders.models import Basket, Order, OrderLine
from catering.orders.opening import (
    OpenBasket,
    Place,
    close,
    new_line,
    open_basket,
    require_packs,
    see,
)
from catering.orders.queries import GIVEN_UP, order_lines_visible_to
from catering.orders.rules import Filled, Wanted, added_up, cut_off, fill
from catering.orders.sold import BUYER, Sold, read_alternatives
from catering.orders.vocabulary import LineReason, OrderState
from catering.people.viewer import Viewer

A_WEEK = timedelta(days=7)
DropKey: TypeAlias = tuple[int, date]
"""Supplier (row id) and delivery day."""
Drops: TypeAlias = Mapping[DropKey, Decimal]
"""€ excl. tax."""
Market: TypeAlias = Mapping[int, Sold]
"""What is sold, by offer (row id)."""
Mend: TypeAlias = Callable[[AsyncSession, OpenBasket, Market, Drops, datetime], Awaitable[None]]
"""Changes an open basket before it is closed (``regrouping.mend``)."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """What a kitchen has ordered: grams to come for a week by ingredient (row id), and its deliveries around it."""

    to_come: Counter[int]
    drops: Drops


@dataclass(frozen=True, slots=True)
class PlannedNeed:
    """What the plan buys of one offer for the week. ``day`` is when the plan has it delivered, if it says so."""

    offer_id: int
    grams: int
    day: date | None = None


async def fill_from_plan(
    session: AsyncSession,
    viewer: Viewer,
    kitchen: Kitchen,
    place: Place,
    needs: Sequence[PlannedNeed],
    on_hand: Mapping[int, int],
    now: datetime,
    *,
    mend: Mend | None = None,
) -> Basket:
    """Fill the basket with what the plan buys, in whole packs; what was filled before is filled anew.

    Lines that somebody put in stay, and count; so does what is ordered for the week and not received yet.

    Args:
        session: of the caller's transaction.
        viewer: who buys.
        kitchen: theirs (``own_kitchen``).
        place: the basket.
        needs: of the plan, one per offer.
        on_hand: grams of each ingredient (row id) in the kitchen's stock that the week may use.
        now: with its zone.
        mend: what makes the filled basket fit to be sent (``regrouping.mend``).

    Raises:
        refusals.Refusal: the basket changed.
    """
    opened = await open_basket(session, viewer, kitchen, place, now)
    concerned = {need.offer_id for need in needs} | {line.offer_id for line in opened.lines.values()}
    sold = {each.offer.id: each for each in await read_alternatives(session, kitchen, place.week, concerned, now)}
    await _forget_planned(session, opened)
    ordered = await ordered_already(session, kitchen, place.week)
    at_hand = Counter(on_hand)
    at_hand.update(ordered.to_come)
    for line in opened.lines.values():
        at_hand[line.ingredient_id] += line.packs * sold[line.offer_id].offer.pack_g
    days = {need.offer_id: _day(sold[need.offer_id], need.day, now) for need in needs if need.offer_id in sold}
    grams = {need.offer_id: need.grams for need in needs}
    wanted = [_wanted(sold[offer_id], grams[offer_id], day) for offer_id, day in days.items()]
    for filled in fill(wanted, at_hand):
        _put(session, opened, sold[filled.offer_id], days[filled.offer_id], filled)
    if mend is not None:
        await mend(session, opened, sold, ordered.drops, now)
    return await close(session, viewer, opened, now)


async def _forget_planned(session: AsyncSession, opened: OpenBasket) -> None:
    for key in [key for key, line in opened.lines.items() if line.reason is LineReason.PLAN]:
        await session.delete(opened.lines.pop(key))
    await session.flush()


def _put(session: AsyncSession, opened: OpenBasket, sold: Sold, day: date, filled: Filled) -> None:
    # A line that somebody put there for the same day grows: what it held is counted as at hand already.
    line = opened.lines.get((filled.offer_id, day)) or new_line(session, opened, sold, day, LineReason.PLAN)
    line.packs += filled.packs
    line.planned_g += filled.planned_g
    line.left_over_g += filled.left_over_g
    require_packs(line.packs)
    see(line, sold)


async def ordered_already(session: AsyncSession, kitchen: Kitchen, week: date) -> Ordered:
    """What a kitchen has ordered for a week, and for the days on which deliveries for it may come: one statement."""
    around = Order.day.between(week - A_WEEK, week + A_WEEK)
    statement = (
        order_lines_visible_to(BUYER)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.kitchen_id == kitchen.id, Order.state.not_in(GIVEN_UP), (Order.week == week) | around)
        .with_only_columns(Order, OrderLine)
    )
    to_come: Counter[int] = Counter()
    orders: dict[DropKey, dict[int, Decimal]] = defaultdict(dict)
    for order, line in await session.execute(statement):
        orders[order.supplier_id, order.day][order.id] = order.amount
        if order.week == week and order.state is not OrderState.RECEIVED:
            to_come[line.ingredient_id] += max(line.grams - (line.received_g or 0), 0)
    return Ordered(to_come, {drop: added_up(amounts.values()) for drop, amounts in orders.items()})


def _day(sold: Sold, planned: date | None, now: datetime) -> date:
    """The plan's day while it can be met, else the best day left; a week that is too late keeps the plan's."""
    open_then = planned is not None and takes_deliveries(planned, sold.agreed.closed)
    if planned is not None and open_then and now < cut_off(planned, sold.supplier.lead_days):
        return planned
    return sold.best_day(now) or planned or sold.week


def _wanted(sold: Sold, grams: int, day: date) -> Wanted:
    return Wanted(
        sold.offer.id,
        sold.offer.ingredient_id,
        grams,
        sold.offer.pack_g,
        sold.eur_per_kg(day),
        sold.offer.label is not None,
    )
