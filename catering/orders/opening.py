"""A basket locked for a change, its lines, and the trace that closing it leaves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catering.db import insert_missing
from catering.kitchens.calendar import takes_deliveries
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.orders import refusals
from catering.orders.models import MOST_PACKS, Basket, BasketLine
from catering.orders.queries import baskets_visible_to
from catering.orders.rules import delivers_for, packs_for
from catering.orders.sold import BUYER, Sold
from catering.orders.vocabulary import LineReason
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer

LineKey = tuple[int, date]
"""Offer (row id) and delivery day: what tells the lines of a basket apart."""


@dataclass(frozen=True, slots=True)
class Place:
    """A basket as somebody asks for it: whose, for which week (a Monday), at which version they last saw it."""

    uai: str
    week: date
    seen: int


@dataclass(slots=True)
class OpenBasket:
    """A basket locked for a change, and what it held when it was opened."""

    kitchen: Kitchen
    basket: Basket
    lines: dict[LineKey, BasketLine]
    before: dict[LineKey, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = {key: line.packs for key, line in self.lines.items()}


async def own_kitchen(session: AsyncSession, viewer: Viewer, uai: str) -> Kitchen:
    """A kitchen the viewer buys for.

    Raises:
        NotYourKitchen: they do not.
    """
    kitchen: Kitchen | None = None
    if viewer.buys:
        kitchen = await session.scalar(kitchens(viewer, uais=[uai]))
    if kitchen is None:
        raise refusals.NotYourKitchen(uai)
    return kitchen


async def open_basket(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, place: Place, now: datetime
) -> OpenBasket:
    """Lock the basket of a kitchen and week, made when there is none.

    Raises:
        refusals.BasketChanged: its version is not the one seen.
    """
    (opened,) = await lock_baskets(session, viewer, [(kitchen, place.week)], now)
    if opened.basket.version != place.seen:
        raise refusals.BasketChanged(place.seen, opened.basket.version)
    return opened


async def lock_baskets(
    session: AsyncSession, viewer: Viewer, wanted: Sequence[tuple[Kitchen, date]], now: datetime
) -> list[OpenBasket]:
    """Lock baskets, made when there are none, in one order: by kitchen, then week. Three statements for any number."""
    keys = sorted({(kitchen.id, week) for kitchen, week in wanted})
    rows = [
        {"kitchen_id": kitchen_id, "week": week, "version": 0, "created_at": now, "created_by": viewer.actor}
        for kitchen_id, week in keys
    ]
    await session.execute(insert_missing(session, Basket).values(rows))
    by_id = {kitchen.id: kitchen for kitchen, _ in wanted}
    statement = (
        baskets_visible_to(BUYER)
        .where(or_(*((Basket.kitchen_id == kitchen_id) & (Basket.week == week) for kitchen_id, week in keys)))
        .order_by(Basket.kitchen_id, Basket.week)
        .options(selectinload(Basket.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return [
        OpenBasket(by_id[basket.kitchen_id], basket, {(line.offer_id, line.day): line for line in basket.lines})
        for basket in await session.scalars(statement)
    ]


async def close(session: AsyncSession, viewer: Viewer, opened: OpenBasket, now: datetime) -> Basket:
    """Count one more version and trace what changed; nothing when nothing did."""
    await close_all(session, viewer, [opened], now)
    return opened.basket


async def close_all(session: AsyncSession, viewer: Viewer, opened: Iterable[OpenBasket], now: datetime) -> None:
    """Close any number of baskets in as many statements as one."""
    traces = [trace for each in opened if (trace := _closed(viewer, each, now))]
    await session.flush()
    if traces:
        await session.execute(insert(ChangeEvent), traces)


def _closed(viewer: Viewer, opened: OpenBasket, now: datetime) -> dict[str, Any] | None:
    after = {key: line.packs for key, line in opened.lines.items()}
    changed = {key for key in opened.before.keys() | after.keys() if opened.before.get(key) != after.get(key)}
    if not changed:
        return None
    opened.basket.version += 1
    return {
        "at": now,
        "actor": viewer.actor,
        "subject": Basket.__tablename__,
        "key": f"{opened.kitchen.uai} {opened.basket.week}",
        "before": _packs(opened.before, changed),
        "after": _packs(after, changed),
    }


def _packs(lines: Mapping[LineKey, int], changed: Iterable[LineKey]) -> dict[str, int]:
    return {f"offer {offer_id} {day}": lines.get((offer_id, day), 0) for offer_id, day in sorted(changed)}


def add_need(
    session: AsyncSession,
    opened: OpenBasket,
    sold: Sold,
    day: date,
    grams: int,
    reason: LineReason,
    *,
    planned_g: int | None = None,
) -> BasketLine:
    """Buy at least ``grams`` more of an offer, on a line of its own or on the one that is there.

    ``planned_g``: how many of them the plan needs; all of them by default.
    """
    line = opened.lines.get((sold.offer.id, day)) or new_line(session, opened, sold, day, reason)
    line.planned_g = (line.planned_g or 0) + (grams if planned_g is None else planned_g)
    set_packs(line, sold, (line.packs or 0) + packs_for(grams, sold.offer.pack_g))
    return line


def set_packs(line: BasketLine, sold: Sold, packs: int) -> None:
    """So many packs, under the conditions of today.

    Raises:
        refusals.BadQuantity: more than anybody orders.
    """
    require_packs(packs)
    line.packs = packs
    line.left_over_g = max(packs * sold.offer.pack_g - line.planned_g, 0) if line.planned_g else 0
    see(line, sold)


def see(line: BasketLine, sold: Sold) -> None:
    """Note under which conditions a line would be bought now: sending it under others asks first."""
    line.seen = sold.terms(line.day, line.packs)


def require_deliverable(sold: Sold, day: date, now: datetime) -> None:
    """Check that the supplier comes to this kitchen on that day, for that week.

    Raises:
        refusals.TooFar: the kitchen is beyond its reach.
        refusals.NotADeliveryDay: it does not deliver on that day, that day does not serve the week, or the collège is
            closed then.
    """
    require_round(sold, day, now)
    if not takes_deliveries(day, sold.agreed.closed):
        raise refusals.NotADeliveryDay(sold.supplier.name, day, sold.best_day(now), closed=True)


def require_round(sold: Sold, day: date, now: datetime) -> None:
    """Check that a kitchen is on the round of the supplier on such a weekday, whether it is open on that day or not.

    Raises:
        refusals.TooFar, refusals.NotADeliveryDay: as ``require_deliverable``.
    """
    supplier = sold.supplier
    if supplier.max_km is not None and not sold.reaches:
        raise refusals.TooFar(supplier.name, sold.km, supplier.max_km)
    if day.weekday() not in supplier.delivery_weekdays or not delivers_for(day, sold.week):
        raise refusals.NotADeliveryDay(supplier.name, day, sold.best_day(now))


def new_line(session: AsyncSession, opened: OpenBasket, sold: Sold, day: date, reason: LineReason) -> BasketLine:
    """An empty line; give it packs and their price before it is flushed."""
    line = BasketLine(
        basket_id=opened.basket.id,
        offer_id=sold.offer.id,
        day=day,
        filling=opened.basket.filling,
        ingredient_id=sold.offer.ingredient_id,
        packs=0,
        planned_g=0,
        left_over_g=0,
        reason=reason,
    )
    session.add(line)
    opened.lines[sold.offer.id, day] = line
    return line


def require_packs(packs: int) -> None:
    """Refuse a number of packs that nobody orders.

    Raises:
        refusals.BadQuantity: it is below 1 or a slip of the finger.
    """
    if not 1 <= packs <= MOST_PACKS:
        raise refusals.BadQuantity(packs, 1, MOST_PACKS)
