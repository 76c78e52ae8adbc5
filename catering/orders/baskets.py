"""Use cases of a basket: add, change, replace and remove lines (``filling`` fills it from the plan).

Every change locks the basket, checks the version its author saw and leaves a trace. Nothing is ordered before it is
sent (``sending``).
"""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.market.models import Offer
from catering.market.queries import offers
from catering.orders import refusals
from catering.orders.models import Basket, BasketLine
from catering.orders.opening import (
    OpenBasket,
    Place,
    add_need,
    close,
    new_line,
    open_basket,
    own_kitchen,
    require_deliverable,
    require_packs,
    set_packs,
)
from catering.orders.rules import grams_held
from catering.orders.sold import BUYER, Sold, read_sold
from catering.orders.vocabulary import LineReason
from catering.people.viewer import Viewer


async def put_line(
    session: AsyncSession, viewer: Viewer, place: Place, offer: str, packs: int, day: date | None, now: datetime
) -> Basket:
    """Set the packs of an offer on a delivery day: a new line, or another number of packs on one that is there.

    Args:
        session: of the caller's transaction.
        viewer: who buys.
        place: the basket.
        offer: slug.
        packs: 1 to 100,000.
        day: None takes the day of the line that is there, else the best day that can still be met.
        now: with its zone.

    Raises:
        refusals.Refusal: the kitchen is not the viewer's, the basket changed, or the line cannot be bought.
    """
    require_packs(packs)
    kitchen = await own_kitchen(session, viewer, place.uai)
    opened = await open_basket(session, viewer, kitchen, place, now)
    sold = await _sold(session, kitchen, place.week, offer, now)
    there = next((each for each in opened.lines.values() if each.offer_id == sold.offer.id), None)
    chosen = day or (there.day if there else None) or sold.day_for(now) or place.week
    require_deliverable(sold, chosen, now)
    line = opened.lines.get((sold.offer.id, chosen)) or new_line(session, opened, sold, chosen, LineReason.MANUAL)
    set_packs(line, sold, packs)
    return await close(session, viewer, opened, now)


async def remove_line(
    session: AsyncSession, viewer: Viewer, place: Place, offer: str, day: date, now: datetime
) -> Basket:
    """Take a line out of the basket.

    Raises:
        refusals.Refusal: the kitchen is not the viewer's, the basket changed, or there is no such line.
    """
    kitchen = await own_kitchen(session, viewer, place.uai)
    opened = await open_basket(session, viewer, kitchen, place, now)
    await _drop(session, opened, offer, day)
    return await close(session, viewer, opened, now)


async def substitute(
    session: AsyncSession, viewer: Viewer, place: Place, offer: str, day: date, by: str, now: datetime
) -> Basket:
    """Put another offer of the same ingredient in the place of a line, in as many packs as what it holds takes.

    Args:
        session: of the caller's transaction.
        viewer: who buys.
        place: the basket.
        offer: slug of the line to replace.
        day: delivery day of that line.
        by: slug of the offer that takes its place.
        now: with its zone.

    Raises:
        refusals.Refusal: as ``put_line``, or the other offer is no such ingredient.
    """
    kitchen = await own_kitchen(session, viewer, place.uai)
    opened = await open_basket(session, viewer, kitchen, place, now)
    taken = await _drop(session, opened, offer, day)
    sold = await _sold(session, kitchen, place.week, by, now)
    if sold.offer.ingredient_id != taken.ingredient_id:
        raise refusals.NoSuchOffer(by)
    grams = grams_held(taken.packs, await _pack_g(session, taken.offer_id), taken.planned_g)
    chosen = sold.day_for(now) or day
    require_deliverable(sold, chosen, now)
    planned = taken.planned_g or grams
    add_need(session, opened, sold, chosen, grams, LineReason.SUBSTITUTE, planned_g=planned)
    return await close(session, viewer, opened, now)


async def _drop(session: AsyncSession, opened: OpenBasket, offer: str, day: date) -> BasketLine:
    found: Offer | None = await session.scalar(offers(BUYER, slugs=[offer]))
    line = opened.lines.pop((found.id, day), None) if found else None
    if line is None:
        raise refusals.UnknownLine(f"{offer}, livraison du {refusals.french(day)}")
    await session.delete(line)
    await session.flush()
    return line


async def _sold(session: AsyncSession, kitchen: Kitchen, week: date, slug: str, now: datetime) -> Sold:
    found: Offer | None = await session.scalar(offers(BUYER, slugs=[slug]))
    if found is None:
        raise refusals.NoSuchOffer(slug)
    (sold,) = await read_sold(session, kitchen, week, [found.id], now)
    return sold


async def _pack_g(session: AsyncSession, offer_id: int) -> int:
    statement = offers(BUYER).where(Offer.id == offer_id).with_only_columns(Offer.pack_g)
    return int((await session.scalars(statement)).one())
