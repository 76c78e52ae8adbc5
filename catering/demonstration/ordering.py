"""A kitchen's week in the story: the basket filled from the plan, and sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import attempt
from catering.demonstration.cast import Cast
from catering.kitchens.models import Kitchen
from catering.market.models import Offer, Supplier
from catering.market.refusals_stock import NotEnough
from catering.orders.baskets import put_line, remove_line
from catering.orders.checking import CHECKS
from catering.orders.committing import commit_lines
from catering.orders.models import Basket, BasketLine
from catering.orders.opening import Place
from catering.orders.queries import basket, basket_lines_visible_to, baskets_visible_to
from catering.orders.refusals import BelowMinimum, NotHygienic
from catering.orders.regrouping import regroup
from catering.orders.sending import send
from catering.people.viewer import Viewer
from catering.planning.baskets import propose
from catering.planning.sharing import SharedByPlan

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """An order of the story. ``supplier`` is a row id."""

    order_id: int
    kitchen: Kitchen
    supplier: int
    week: date
    day: date


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a basket: offer (slug), name of the supplier, delivery day, packs."""

    slug: str
    supplier: str
    day: date
    packs: int

    @property
    def drop(self) -> tuple[str, date]:
        """The delivery it comes with."""
        return self.supplier, self.day


async def fill(session: AsyncSession, cast: Cast, kitchen: Kitchen, week: date, now: datetime) -> Basket | None:
    """The basket of a kitchen and week filled from the plan; None when somebody has touched it before."""
    chef = cast.chef(kitchen.uai)
    touched = baskets_visible_to(chef).where(Basket.kitchen_id == kitchen.id, Basket.week == week)
    if (await session.scalars(touched)).one_or_none() is not None:
        return None
    return await propose(session, chef, Place(kitchen.uai, week, 0), now)


async def order(session: AsyncSession, cast: Cast, kitchen: Kitchen, week: date, now: datetime) -> list[Sent]:
    """Fill and send a basket, without what nobody may or will bring; nothing when somebody has touched it before.

    Raises:
        catering.refusal.Refusal: it cannot be sent.
    """
    basket = await fill(session, cast, kitchen, week, now)
    if basket is None:
        return []
    chef, place = cast.chef(kitchen.uai), Place(kitchen.uai, week, basket.version)
    for _ in range(MOST_TRIES):
        try:
            async with attempt(session):
                return await _send(session, chef, kitchen, place, now)
        except NotHygienic as unfit:
            lines = {(each.offer, each.day) for each in unfit.faults}
            place = await _without(session, chef, place, lines, now)
        except BelowMinimum as small:
            drops = {(supplier, day) for supplier, day, *_ in small.drops}
            of_drops = {(each.slug, each.day) for each in await _lines(session, chef, place) if each.drop in drops}
            place = await _without(session, chef, place, of_drops, now)
        except NotEnough as short:
            place = await _reduced(session, chef, place, {each.offer: each.left_packs for each in short.shortages}, now)
    return await _send(session, chef, kitchen, place, now)


async def _send(session: AsyncSession, chef: Viewer, kitchen: Kitchen, place: Place, now: datetime) -> list[Sent]:
    made = await send(session, chef, place, (), now, checks=(*CHECKS, SharedByPlan()), grounds=commit_lines)
    return [Sent(each.id, kitchen, each.supplier_id, each.week, each.day) for each in made]


async def _without(
    session: AsyncSession, chef: Viewer, place: Place, lines: Collection[tuple[str, date]], now: datetime
) -> Place:
    """Take lines (offer and day) out of a basket; what their deliveries held besides may go elsewhere."""
    for slug, day in sorted(lines):
        basket = await remove_line(session, chef, place, slug, day, now)
        place = Place(place.uai, place.week, basket.version)
    basket = await regroup(session, chef, place, now)
    return Place(place.uai, place.week, basket.version)


async def _reduced(session: AsyncSession, chef: Viewer, place: Place, left: Mapping[str, int], now: datetime) -> Place:
    """Take no more of offers (slug) than the packs that are left of them."""
    for line in await _lines(session, chef, place):
        packs = min(line.packs, left.get(line.slug, line.packs))
        if packs == 0:
            changed = await remove_line(session, chef, place, line.slug, line.day, now)
        elif packs < line.packs:
            changed = await put_line(session, chef, place, line.slug, packs, line.day, now)
        else:
            continue
        place = Place(place.uai, place.week, changed.version)
    return place


async def _lines(session: AsyncSession, chef: Viewer, place: Place) -> list[Line]:
    """What a basket holds."""
    of_basket = basket(chef, place.uai, place.week).with_only_columns(Basket.id)
    rows = await session.execute(
        basket_lines_visible_to(chef)
        .where(BasketLine.basket_id.in_(of_basket))
        .join(Offer, Offer.id == BasketLine.offer_id)
        .join(Supplier, Supplier.id == Offer.supplier_id)
        .with_only_columns(Offer.slug, Supplier.name, BasketLine.day, BasketLine.packs)
        .order_by(Offer.slug, BasketLine.day)
    )
    return [Line(*row) for row in rows]
