"""The stock of the market: what of each offer may still be ordered for the meals of a week.

Any number of kitchens may order at the same moment. Rows are locked in one order, that of (offer, week), by the very
statement that changes them; the condition "reserved + asked <= available" is in that statement, and a CHECK holds it
whatever the program does. All quantities are whole grams; weeks are Mondays.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date, timedelta
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, exists, literal, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from catering.db import insert_missing, inserting
from catering.market.models import Capacity, Offer, OfferWeek, Supplier, SupplierPause
from catering.market.refusals_stock import BelowReservations, Held, NotEnough, Shortage

OfferWeekKey: TypeAlias = tuple[int, date]
"""Offer (its row id) and week (its Monday)."""
Grams: TypeAlias = Mapping[OfferWeekKey, int]
Holders: TypeAlias = Callable[[AsyncSession, int, Collection[date]], Awaitable[Mapping[date, tuple[str, ...]]]]
"""Who has ordered an offer for some weeks, as numbers of orders by week."""

KEY = (OfferWeek.offer_id, OfferWeek.week)
COLUMNS = ["offer_id", "week", "available_g", "reserved_g"]
Column: TypeAlias = ColumnElement[Any] | InstrumentedAttribute[Any]
TO_FRIDAY = timedelta(days=4)


async def reserve(session: AsyncSession, asked: Grams) -> None:
    """Take grams of offers, all or nothing: one statement, whatever the number of offers.

    Rows of weeks that nobody has ordered yet are made from the capacities, with what is taken in them; of those that
    are there, only what has room changes. The caller has read the offers ``FOR KEY SHARE``, so that capacities do not
    change under way (see ``restate``).

    Raises:
        NotEnough: with what is left of every offer that has too little; the caller's transaction must be given up.
    """
    if not asked:
        return
    taken = {(row.offer_id, row.week) for row in await session.execute(_made_or_taken(session, asked))}
    if short := set(asked) - taken:
        await _open_weeks(session, short)
        raise NotEnough(await _shortages(session, {key: asked[key] for key in short}))


async def retake(session: AsyncSession, given_back: Grams) -> None:
    """Take again grams that were given back, in one statement: of goods that have come, whoever is on holiday now.

    Raises:
        NotEnough: others were sold them since; the caller's transaction must be given up.
    """
    if not given_back:
        return
    after = OfferWeek.reserved_g + _grams(given_back, OfferWeek.offer_id, OfferWeek.week)
    room = OfferWeek.available_g.is_(None) | (after <= OfferWeek.available_g)
    taken = await _change(session, given_back, after, room)
    if short := set(given_back) - taken:
        raise NotEnough(await _shortages(session, {key: given_back[key] for key in short}))


async def release(session: AsyncSession, given_back: Grams) -> None:
    """Give grams back, in one statement.

    Raises:
        LookupError: nothing was ever taken of one of the offers; the books would be wrong.
        sqlalchemy.exc.IntegrityError: more is given back than was taken.
    """
    if not given_back:
        return
    less = OfferWeek.reserved_g - _grams(given_back, OfferWeek.offer_id, OfferWeek.week)
    changed = await _change(session, given_back, less, literal(True))
    if strangers := set(given_back) - changed:
        raise LookupError(f"nothing was ever reserved of {sorted(strangers)}")


async def restate(
    session: AsyncSession,
    offer_id: int,
    *,
    first: date = date.min,
    last: date = date.max,
    holders: Holders | None = None,
) -> None:
    """Bring the weeks of an offer in line with its capacities, after these have changed.

    Args:
        session: its transaction holds the new capacities, flushed.
        offer_id: row id of the offer.
        first: weeks of an earlier Monday keep what they had.
        last: so do weeks of a later one.
        holders: tells who has ordered, for the message.

    Raises:
        BelowReservations: a week has more ordered than the new capacity; the transaction must be given up.
    """
    # Who orders holds the offer (KEY SHARE) before reading its capacity: nobody makes a row from the old one meanwhile.
    await session.execute(select(Offer.id).where(Offer.id == offer_id).with_for_update())
    weeks = await _locked(session, offer_id, first, last)
    if not weeks:
        return
    stated = [(offer_id, week.week) for week in weeks]
    now = {row.week: row.available_g for row in await session.execute(_capacities(stated))}
    if below := [week for week in weeks if now[week.week] is not None and now[week.week] < week.reserved_g]:
        raise await _below(session, offer_id, below, now, holders)
    for week in weeks:
        week.available_g = now[week.week]
    await session.flush()


def _made_or_taken(session: AsyncSession, asked: Grams) -> Any:
    """The rows of ``asked`` that have room: made with it, or with it added; their keys are returned.

    A row that is not there yet and has no room is not made; of a closed week (``closed_in``) nothing is taken. One that
    is there is offered with nothing reserved when its stated capacity is too small: PostgreSQL holds the CHECK against
    what is offered before it sees the conflict.
    """
    rows = _capacities(asked).subquery()
    wanted = _grams(asked, rows.c.offer_id, rows.c.week)
    fits = rows.c.available_g.is_(None) | (wanted <= rows.c.available_g)
    there = exists().where(OfferWeek.offer_id == rows.c.offer_id, OfferWeek.week == rows.c.week)
    # In order of the key: two transactions that take the same rows wait for each other in one direction only.
    offered = (
        select(rows.c.offer_id, rows.c.week, rows.c.available_g, case((fits, wanted), else_=literal(0)))
        .where(~_closed(asked, rows.c.offer_id, rows.c.week), fits | there)
        .order_by(rows.c.offer_id, rows.c.week)
    )
    after = OfferWeek.reserved_g + _grams(asked, OfferWeek.offer_id, OfferWeek.week)
    return (
        inserting(session, OfferWeek)
        .from_select(COLUMNS, offered)
        .on_conflict_do_update(
            index_elements=list(KEY),
            set_={OfferWeek.reserved_g.key: after},
            where=OfferWeek.available_g.is_(None) | (after <= OfferWeek.available_g),
        )
        .returning(*KEY)
        .execution_options(synchronize_session=False)
    )


async def _open_weeks(session: AsyncSession, keys: Collection[OfferWeekKey]) -> None:
    """Make the rows of offers and weeks that nobody has ordered yet, from the capacities: one statement."""
    rows = _capacities(keys).subquery()
    # SQLite needs a WHERE before ON CONFLICT.
    ordered = select(rows).where(literal(True)).order_by(rows.c.offer_id, rows.c.week)
    await session.execute(insert_missing(session, OfferWeek).from_select(COLUMNS, ordered))


def _capacities(keys: Collection[OfferWeekKey]) -> Select[Any]:
    """What each offer can deliver in each week, as rows of OfferWeek: nothing outside its capacities' dates."""
    parts = [_capacities_of_week(week, ids) for week, ids in _by_week(keys).items()]
    rows = parts[0].union_all(*parts[1:]).subquery() if len(parts) > 1 else parts[0].subquery()
    return select(rows)


def stated_for(week: date) -> tuple[ColumnElement[bool], ColumnElement[Any]]:
    """By which condition capacities are joined to offers, and the grams that these state for a week.

    None is unlimited; zero outside the dates of the capacities. Holidays and the dates of the offer are no part of it
    (``closed_in``): they come and go, and the stock must be afterwards what it was.
    """
    holds = (Capacity.offer_id == Offer.id) & (Capacity.valid_from <= week) & (Capacity.valid_to >= week)
    return holds, case((Capacity.offer_id.is_(None), literal(0)), else_=Capacity.grams_per_week)


def closed_in(week: date) -> ColumnElement[bool]:
    """Of which offers nothing is sold in a week whatever their stock: outside their dates, or in a week of holidays."""
    away = exists().where(SupplierPause.supplier_id == Offer.supplier_id, whole_week(week))
    early = Offer.valid_from.is_not(None) & (week < Offer.valid_from)
    late = Offer.valid_to.is_not(None) & (Offer.valid_to < week)
    return or_(away, early, late)


def room_for_a_pack(week: date) -> ColumnElement[bool]:
    """Whether a pack of the offer at hand may still be ordered for a week; null while nobody has ordered any."""
    room = OfferWeek.available_g.is_(None) | (OfferWeek.available_g - OfferWeek.reserved_g >= Offer.pack_g)
    stocked = select(room).where(OfferWeek.offer_id == Offer.id, OfferWeek.week == week)
    return stocked.correlate(Offer).scalar_subquery()


def whole_week(monday: date) -> ColumnElement[bool]:
    """Pauses of a whole week: gone from that Monday to Friday at least."""
    return (SupplierPause.first_day <= monday) & (monday + TO_FRIDAY <= SupplierPause.last_day)


def _capacities_of_week(week: date, offer_ids: Collection[int]) -> Select[Any]:
    holds, available = stated_for(week)
    return (
        select(
            Offer.id.label("offer_id"),
            literal(week, OfferWeek.week.type).label("week"),
            available.label("available_g"),
            literal(0).label("reserved_g"),
        )
        .outerjoin(Capacity, holds)
        .where(Offer.id.in_(offer_ids))
    )


async def _change(
    session: AsyncSession, keys: Grams, reserved_g: ColumnElement[int], room: ColumnElement[bool]
) -> set[OfferWeekKey]:
    """Give ``reserved_g`` another value in the rows that have room; which. They are locked in order before any is."""
    locked = select(*KEY).where(_named(keys)).order_by(*KEY).with_for_update().cte("locked")
    changed = (
        update(OfferWeek)
        .where(tuple_(*KEY).in_(select(locked)), room)
        .values(reserved_g=reserved_g)
        .returning(*KEY)
        .execution_options(synchronize_session=False)
    )
    return {(row.offer_id, row.week) for row in await session.execute(changed)}


def _named(keys: Collection[OfferWeekKey]) -> ColumnElement[bool]:
    weeks = _by_week(keys).items()
    return or_(*(and_(OfferWeek.week == week, OfferWeek.offer_id.in_(ids)) for week, ids in weeks))


def _closed(keys: Collection[OfferWeekKey], offer: Column, week: Column) -> ColumnElement[bool]:
    """Whether nothing is sold now of the key that these columns hold."""
    return or_(
        *(
            and_(week == monday, offer.in_(select(Offer.id).where(Offer.id.in_(ids), closed_in(monday))))
            for monday, ids in _by_week(keys).items()
        )
    )


def _grams(of: Grams, offer: Column, week: Column) -> ColumnElement[int]:
    """Grams of the row at hand, whose key these columns hold."""
    rows = (
        ((offer == offer_id) & (week == monday), literal(grams, BigInteger)) for (offer_id, monday), grams in of.items()
    )
    return case(*rows, else_=literal(0, BigInteger))


def _by_week(keys: Collection[OfferWeekKey]) -> dict[date, list[int]]:
    found: dict[date, list[int]] = defaultdict(list)
    for offer_id, week in sorted(keys):
        found[week].append(offer_id)
    return found


async def _shortages(session: AsyncSession, short: Grams) -> list[Shortage]:
    left_g = case((_closed(short, *KEY), literal(0)), else_=OfferWeek.available_g - OfferWeek.reserved_g)
    rows = await session.execute(
        select(*KEY, left_g, Offer.slug, Offer.product, Offer.pack_g, Supplier.name)
        .join(Offer, Offer.id == OfferWeek.offer_id)
        .join(Supplier, Supplier.id == Offer.supplier_id)
        .where(_named(short))
        .order_by(*KEY)
    )
    return [
        Shortage(offer_id, slug, product, supplier, week, pack_g, short[offer_id, week], left)
        for offer_id, week, left, slug, product, pack_g, supplier in rows
        if left is not None
    ]


async def _locked(session: AsyncSession, offer_id: int, first: date, last: date) -> list[OfferWeek]:
    statement = select(OfferWeek).where(OfferWeek.offer_id == offer_id, OfferWeek.week.between(first, last))
    fresh = statement.order_by(*KEY).with_for_update().execution_options(populate_existing=True)
    return list(await session.scalars(fresh))


async def _below(
    session: AsyncSession, offer_id: int, weeks: list[OfferWeek], now: Mapping[date, int], holders: Holders | None
) -> BelowReservations:
    by = await holders(session, offer_id, [week.week for week in weeks]) if holders else {}
    product = await session.scalar(select(Offer.product).where(Offer.id == offer_id))
    held = [Held(week.week, now[week.week], week.reserved_g, by.get(week.week, ())) for week in weeks]
    return BelowReservations(str(product), held)
