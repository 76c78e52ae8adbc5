"""Use cases of standing orders: state one, stop it, and fill the baskets of a week from all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import insert_missing
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import school_calendar
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Offer
from catering.market.queries import offers
from catering.orders import refusals
from catering.orders.models import StandingFill, StandingOrder
from catering.orders.opening import (
    OpenBasket,
    close_all,
    lock_baskets,
    new_line,
    own_kitchen,
    require_deliverable,
    require_packs,
    set_packs,
)
from catering.orders.prices import NOTHING_AGREED
from catering.orders.queries import standing_orders_visible_to
from catering.orders.rules import cut_off
from catering.orders.sold import BUYER, Sold, read_agreements, read_market, read_sold
from catering.orders.vocabulary import LineReason
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer

TO_SUNDAY = timedelta(days=6)
FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True, slots=True)
class StandingWish:
    """So many packs of an offer (slug) on these weekdays (Monday is 0), from one day to another, both included."""

    uai: str
    offer: str
    packs: int
    weekdays: frozenset[int]
    first_day: date
    last_day: date


async def state(session: AsyncSession, viewer: Viewer, wish: StandingWish, now: datetime) -> StandingOrder:
    """Store a standing order; it fills the baskets of the weeks to come.

    Raises:
        refusals.Refusal: the kitchen is not the viewer's, the offer is unknown or not delivered there on such a day, or
            the period cannot be.
    """
    require_packs(wish.packs)
    if not wish.weekdays:
        raise refusals.BadPeriod("aucun jour de livraison n'est donné")
    if wish.first_day > wish.last_day:
        raise refusals.BadPeriod("la fin précède le début")
    kitchen = await own_kitchen(session, viewer, wish.uai)
    offer: Offer | None = await session.scalar(offers(BUYER, slugs=[wish.offer]))
    if offer is None:
        raise refusals.NoSuchOffer(wish.offer)
    await _require_weekdays(session, kitchen, offer, wish, now)
    row = StandingOrder(
        kitchen_id=kitchen.id,
        offer_id=offer.id,
        packs=wish.packs,
        weekdays=wish.weekdays,
        first_day=wish.first_day,
        last_day=wish.last_day,
        created_at=now,
        created_by=viewer.actor,
        ended_at=None,
    )
    session.add(row)
    await session.flush()
    session.add(_trace(viewer, row, now, None, {"packs": row.packs, "weekdays": sorted(row.weekdays)}))
    return row


async def stop(session: AsyncSession, viewer: Viewer, standing_id: int, now: datetime) -> StandingOrder:
    """Stop a standing order; what it has put into baskets stays there.

    Raises:
        refusals.UnknownLine: there is none that the viewer may read.
        refusals.NotYourOrder: the viewer does not buy.
    """
    if not viewer.buys:
        raise refusals.NotYourOrder("la cuisine")
    statement = standing_orders_visible_to(viewer).where(StandingOrder.id == standing_id).with_for_update()
    row: StandingOrder | None = await session.scalar(statement)
    if row is None:
        raise refusals.UnknownLine(f"commande permanente {standing_id}")
    if row.ended_at is None:
        row.ended_at = now
        session.add(_trace(viewer, row, now, {"ended": False}, {"ended": True}))
    await session.flush()
    return row


async def fill_week(session: AsyncSession, viewer: Viewer, week: date, now: datetime) -> int:
    """Put what standing orders ask for into the baskets of a week (its Monday): a function of the week, done once.

    A day that was filled is never filled again, even when somebody has removed the line: the chef has the last word.
    Days without class are left out, thus holidays too, and days for which it is too late. The number of statements
    does not depend on how many standing orders there are.

    Returns:
        How many lines were put into baskets.
    """
    active = await _active(session, week)
    days = (await school_calendar(session, BUYER)).days(week, week + TO_SUNDAY, range(len(FRENCH_DAYS)))
    market = {row.Offer.id: row for row in await read_market(session, week, offer_ids={row.offer_id for row in active})}
    todo = [
        (row, day)
        for row in active
        for day in days
        if _asks(row, day) and now < cut_off(day, market[row.offer_id].Supplier.lead_days)
    ]
    fresh = await _claim_days(session, todo, now)
    if fresh:
        await _put(session, viewer, week, market, [(row, day) for row, day in todo if (row.id, day) in fresh], now)
    return len(fresh)


async def _active(session: AsyncSession, week: date) -> Sequence[StandingOrder]:
    statement = standing_orders_visible_to(BUYER).where(
        StandingOrder.ended_at.is_(None),
        StandingOrder.first_day <= week + TO_SUNDAY,
        StandingOrder.last_day >= week,
    )
    return (await session.scalars(statement.order_by(StandingOrder.id))).all()


def _asks(row: StandingOrder, day: date) -> bool:
    return row.first_day <= day <= row.last_day and day.weekday() in row.weekdays


async def _claim_days(
    session: AsyncSession, todo: Collection[tuple[StandingOrder, date]], now: datetime
) -> set[tuple[int, date]]:
    """Mark days as filled; which were not before. Two programs that fill one week share it without doing it twice."""
    if not todo:
        return set()
    rows = [{"standing_order_id": row.id, "day": day, "at": now} for row, day in todo]
    claim = insert_missing(session, StandingFill).values(rows)
    made = await session.execute(claim.returning(StandingFill.standing_order_id, StandingFill.day))
    return {(standing_order_id, day) for standing_order_id, day in made}


async def _put(
    session: AsyncSession,
    viewer: Viewer,
    week: date,
    market: Mapping[int, Any],
    todo: Sequence[tuple[StandingOrder, date]],
    now: datetime,
) -> None:
    ids = {row.kitchen_id for row, _ in todo}
    kitchens = {each.id: each for each in await session.scalars(kitchens_visible_to(BUYER).where(Kitchen.id.in_(ids)))}
    opened = {
        each.kitchen.id: each
        for each in await lock_baskets(session, viewer, [(kitchen, week) for kitchen in kitchens.values()], now)
    }
    agreed = await read_agreements(session, kitchens.values(), week, market.values(), now)
    for standing, day in todo:
        basket = opened[standing.kitchen_id]
        terms = agreed.get(basket.kitchen.uai, NOTHING_AGREED)
        _add(session, basket, Sold(basket.kitchen, week, terms, *market[standing.offer_id]), day, standing.packs)
    await close_all(session, viewer, opened.values(), now)


def _add(session: AsyncSession, basket: OpenBasket, sold: Sold, day: date, packs: int) -> None:
    line = basket.lines.get((sold.offer.id, day)) or new_line(session, basket, sold, day, LineReason.STANDING)
    set_packs(line, sold, line.packs + packs)


async def _require_weekdays(
    session: AsyncSession, kitchen: Kitchen, offer: Offer, wish: StandingWish, now: datetime
) -> None:
    monday = wish.first_day - timedelta(days=wish.first_day.weekday())
    (sold,) = await read_sold(session, kitchen, monday, [offer.id], now)
    for weekday in sorted(wish.weekdays):
        require_deliverable(sold, monday + timedelta(days=weekday), now)


def _trace(
    viewer: Viewer, row: StandingOrder, now: datetime, before: dict[str, object] | None, after: dict[str, object]
) -> ChangeEvent:
    return ChangeEvent(
        at=now, actor=viewer.actor, subject=StandingOrder.__tablename__, key=str(row.id), before=before, after=after
    )
