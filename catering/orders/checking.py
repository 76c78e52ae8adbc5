"""What the market has to say before a basket is sent: is it for sale, does the supplier deliver, does hygiene allow it.

One statement for the pauses; two more when something of the basket is of animals, whatever the number of lines.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy import func, or_, true
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.market.hygiene import Delivery, may_deliver
from catering.market.models import HygienePermit, Offer, Supplier, SupplierPause
from catering.market.queries import pauses_visible_to, permits_visible_to
from catering.market.rules import for_sale, paused
from catering.orders import refusals
from catering.orders.models import Order, OrderLine
from catering.orders.queries import GIVEN_UP, order_lines_visible_to
from catering.orders.sending import Sending
from catering.orders.sold import BUYER
from catering.people.viewer import Viewer
from catering.rules.hygiene import AnimalProduct

TO_SUNDAY = timedelta(days=6)
AnimalWeek: TypeAlias = tuple[int, AnimalProduct, date]
"""Supplier (row id), product of animals and Monday of the week of delivery: what the caps of a dérogation count."""


@dataclass(frozen=True, slots=True)
class Goods:
    """So many grams of an offer that are to come on a day."""

    offer: Offer
    supplier: Supplier
    day: date
    grams: int


def _goods(sending: Sending) -> list[Goods]:
    return [Goods(each.sold.offer, each.sold.supplier, each.line.day, each.priced.grams) for each in sending.lines]


async def on_sale(session: AsyncSession, viewer: Viewer, sending: Sending) -> None:
    """Check that offers are sold on their delivery days and that no supplier is on holiday then.

    Raises:
        refusals.NotForSale: an offer has ended or not begun.
        refusals.SupplierAway: a supplier delivers nothing on that day.
    """
    await require_on_sale(session, viewer, _goods(sending))


async def require_on_sale(session: AsyncSession, viewer: Viewer, goods: Sequence[Goods]) -> None:
    """The same of any goods: one statement."""
    offers = [(each.offer, each.day) for each in goods]
    if ended := [(offer.product, day) for offer, day in offers if not for_sale(offer.valid_from, offer.valid_to, day)]:
        raise refusals.NotForSale(ended)
    suppliers = {each.supplier.id for each in goods}
    holidays: dict[int, list[SupplierPause]] = defaultdict(list)
    for pause in await session.scalars(pauses_visible_to(viewer).where(SupplierPause.supplier_id.in_(suppliers))):
        holidays[pause.supplier_id].append(pause)
    drops = dict.fromkeys((each.supplier, each.day) for each in goods)
    if away := [(supplier.name, day) for supplier, day in drops if paused(holidays[supplier.id], day)]:
        raise refusals.SupplierAway(away)


async def hygienic(session: AsyncSession, viewer: Viewer, sending: Sending) -> None:
    """Check that suppliers may deliver their products of animals to this kitchen (HYG-01 to HYG-04).

    Raises:
        refusals.NotHygienic: they may not: no approval, no packing centre, too far, too much in the week.
    """
    await require_hygienic(session, viewer, sending.kitchen, _goods(sending))


async def require_hygienic(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, goods: Sequence[Goods], *, besides: int | None = None
) -> None:
    """The same of any goods for one kitchen: at most two statements.

    Args:
        session: of the caller's transaction.
        viewer: who asks.
        kitchen: where they go.
        goods: all that is to come anew.
        besides: order (row id) that these goods take the place of: what it held counts no more in the weekly caps.
    """
    animal = [each for each in goods if each.offer.animal_product is not None]
    if not animal:
        return
    permits = await _permits(session, viewer, {each.supplier.id for each in animal})
    grams = await _ordered(session, animal, besides)
    for each in animal:
        grams[_week_of(each)] += each.grams
    faults = [
        refusals.HygieneFault(each.offer.slug, each.offer.product, each.day, str(reason))
        for each in animal
        for reason in may_deliver(
            each.supplier,
            permits[each.supplier.id],
            kitchen,
            Delivery(each.offer.animal_product, each.day, grams[_week_of(each)]),
        )
    ]
    if faults:
        raise refusals.NotHygienic(faults)


CHECKS = (on_sale, hygienic)
"""What everybody's basket passes before it is sent."""


async def _permits(
    session: AsyncSession, viewer: Viewer, supplier_ids: Collection[int]
) -> Mapping[int, Sequence[HygienePermit]]:
    """Permits by supplier, held until the orders are made: two baskets must not both fit below a weekly cap."""
    statement = permits_visible_to(viewer).where(HygienePermit.supplier_id.in_(supplier_ids))
    held = statement.order_by(HygienePermit.id).with_for_update(key_share=True)
    found: dict[int, list[HygienePermit]] = defaultdict(list)
    for permit in await session.scalars(held.execution_options(populate_existing=True)):
        found[permit.supplier_id].append(permit)
    return found


async def _ordered(session: AsyncSession, animal: Sequence[Goods], besides: int | None) -> Counter[AnimalWeek]:
    """Grams that all kitchens have ordered already, of the same products in the same weeks."""
    suppliers = {each.supplier.id for each in animal}
    products = {each.offer.animal_product for each in animal}
    mondays = {_monday(each.day) for each in animal}
    of_weeks = or_(*(Order.day.between(monday, monday + TO_SUNDAY) for monday in sorted(mondays)))
    key = Order.supplier_id, Offer.animal_product, Order.day
    statement = (
        order_lines_visible_to(BUYER)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Offer, Offer.id == OrderLine.offer_id)
        .where(Order.supplier_id.in_(suppliers), Offer.animal_product.in_(products), of_weeks)
        .where(Order.state.not_in(GIVEN_UP), true() if besides is None else Order.id != besides)
        .with_only_columns(*key, func.sum(OrderLine.packs * OrderLine.pack_g))
        .group_by(*key)
    )
    found: Counter[AnimalWeek] = Counter()
    for supplier_id, product, day, grams in await session.execute(statement):
        assert product is not None, "only products of animals were asked for"
        found[supplier_id, product, _monday(day)] += int(grams)
    return found


def _week_of(each: Goods) -> AnimalWeek:
    product = each.offer.animal_product
    assert product is not None, "only products of animals are counted"
    return each.supplier.id, product, _monday(each.day)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
