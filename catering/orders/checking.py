"""What the market has to say before goods are ordered: are they for sale, is the supplier there, does hygiene allow it.

A basket that is sent asks through ``Check``: one select for the pauses, two more when something is of animals, read in
one round trip with what other rooms ask. An order whose delivery day changes asks the same by ``require_…``.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Select, func, or_, true
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.market.hygiene import Delivery, may_deliver, rests_on
from catering.market.models import HygienePermit, Offer, Supplier, SupplierPause
from catering.market.models_hygiene import PermitKind
from catering.market.queries import pauses_visible_to, permits_visible_to
from catering.market.rules import for_sale, paused
from catering.orders import refusals
from catering.orders.as_named import AsNamed
from catering.orders.asking import NOTHING_KEPT, Answers, Check, Held, Kept, Sending
from catering.orders.models import Order, OrderLine
from catering.orders.queries import GIVEN_UP, order_lines_visible_to
from catering.orders.sold import BUYER
from catering.people.viewer import Viewer
from catering.rules.hygiene import AnimalProduct

TO_SUNDAY = timedelta(days=6)
AnimalWeek: TypeAlias = tuple[int, AnimalProduct, date]
"""Supplier (row id), product of animals and Monday of the week of delivery: what the caps of a dérogation count."""
Rows: TypeAlias = Iterable[tuple[Any, ...]]


class Holiday(NamedTuple):
    """Days without deliveries, both included."""

    first_day: date
    last_day: date


class Permitted(NamedTuple):
    """What a supplier may do, between two dates."""

    kind: PermitKind
    valid_from: date
    valid_to: date | None
    max_km: int | None
    large_share: bool
    number: str

    @property
    def kept(self) -> Mapping[str, Any]:
        """What a line of an order keeps of it."""
        return {"permit_kind": self.kind, "permit_number": self.number, "permit_max_km": self.max_km}


@dataclass(frozen=True, slots=True)
class Goods:
    """So many grams of an offer that are to come on a day."""

    offer: Offer
    supplier: Supplier
    day: date
    grams: int
    animal: AnimalProduct | None
    """What it is sold as: of an order that is sent already, what it was sold as."""


@dataclass(frozen=True, slots=True)
class OnSale:
    """Offers are sold on their delivery days, and no supplier is on holiday then."""

    def asks(self, viewer: Viewer, held: Held) -> Sequence[Select[Any]]:
        """The holidays of the suppliers."""
        return [holidays_of(viewer, {line.supplier.id for line in held.lines})]

    def check(self, sending: Sending, answers: Answers) -> Kept:
        """Check every line.

        Raises:
            refusals.NotForSale: an offer has ended or not begun.
            refusals.SupplierAway: a supplier delivers nothing on that day.
        """
        judge_sale(_goods(sending), answers[0])
        return NOTHING_KEPT


@dataclass(frozen=True, slots=True)
class Hygienic:
    """Suppliers may deliver their products of animals to this kitchen (HYG-01 to HYG-04).

    The permits are held since the basket was read: two baskets do not both fit below a weekly cap.
    """

    def asks(self, viewer: Viewer, held: Held) -> Sequence[Select[Any]]:
        """Permits of who sells products of animals, and the grams of these that all kitchens have ordered already."""
        animal = [line for line in held.lines if line.offer.animal_product is not None]
        if not animal:
            return []
        suppliers = {line.supplier.id for line in animal}
        products = {line.offer.animal_product for line in animal}
        days = {line.line.day for line in animal}
        return [permits_of(viewer, suppliers), animals_ordered(suppliers, products, days)]

    def check(self, sending: Sending, answers: Answers) -> Kept:
        """Check every line of animals; each keeps the permit that it rests on.

        Raises:
            refusals.NotHygienic: no approval, no packing centre, too far, too much in the week.
        """
        animal = _of_animals(_goods(sending))
        if not animal:
            return NOTHING_KEPT
        permits = judge_hygiene(sending.kitchen, animal, *answers)
        return {(each.offer.id, each.day): permit.kept for each, permit in zip(animal, permits, strict=True)}


CHECKS: tuple[Check, ...] = (OnSale(), Hygienic(), AsNamed())
"""What everybody's basket passes before it is sent."""


async def require_on_sale(session: AsyncSession, viewer: Viewer, goods: Sequence[Goods]) -> None:
    """What ``OnSale`` checks, of any goods: one statement."""
    rows = await session.execute(holidays_of(viewer, {each.supplier.id for each in goods}))
    judge_sale(goods, rows.tuples())


async def require_hygienic(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, goods: Sequence[Goods], *, besides: int | None = None
) -> Mapping[int, Permitted]:
    """What ``Hygienic`` checks, of any goods for one kitchen: at most two statements.

    Returns the permit that each offer of animals (row id) rests on.

    Args:
        session: of the caller's transaction; the permits are held until it ends.
        viewer: who asks.
        kitchen: where they go.
        goods: all that is to come anew.
        besides: order (row id) that these goods take the place of: what it held counts no more in the weekly caps.
    """
    animal = _of_animals(goods)
    if not animal:
        return {}
    suppliers = {each.supplier.id for each in animal}
    held = permits_of(viewer, suppliers).order_by(HygienePermit.id).with_for_update(key_share=True)
    permits = (await session.execute(held)).tuples().all()
    products, days = {each.animal for each in animal}, {each.day for each in animal}
    ordered = (await session.execute(animals_ordered(suppliers, products, days, besides=besides))).tuples().all()
    rest = judge_hygiene(kitchen, animal, permits, ordered)
    return {each.offer.id: permit for each, permit in zip(animal, rest, strict=True)}


def _goods(sending: Sending) -> list[Goods]:
    return [
        Goods(
            each.sold.offer,
            each.sold.supplier,
            each.line.day,
            each.priced.grams,
            each.sold.offer.animal_product,
        )
        for each in sending.lines
    ]


def _of_animals(goods: Iterable[Goods]) -> list[Goods]:
    return [each for each in goods if each.animal is not None]


def judge_sale(goods: Sequence[Goods], holidays: Rows) -> None:
    """Whether goods are sold, and their suppliers there; ``holidays`` as ``holidays_of`` reads them.

    Raises:
        refusals.NotForSale: an offer has ended or not begun.
        refusals.SupplierAway: a supplier delivers nothing on that day.
    """
    offers = [(each.offer, each.day) for each in goods]
    if ended := [(offer.product, day) for offer, day in offers if not for_sale(offer.valid_from, offer.valid_to, day)]:
        raise refusals.NotForSale(ended)
    of: dict[int, list[Holiday]] = defaultdict(list)
    for supplier_id, *days in holidays:
        of[supplier_id].append(Holiday(*days))
    drops = dict.fromkeys((each.supplier, each.day) for each in goods)
    if away := [(supplier.name, day) for supplier, day in drops if paused(of[supplier.id], day)]:
        raise refusals.SupplierAway(away)


def judge_hygiene(kitchen: Kitchen, animal: Sequence[Goods], permits: Rows, ordered: Rows) -> Sequence[Permitted]:
    """Whether suppliers may deliver goods of animals; ``permits`` as ``permits_of`` and ``ordered`` as
    ``animals_ordered`` read them. The permits that the goods rest on, in their order.

    Raises:
        refusals.NotHygienic: they may not.
    """
    held = _by_supplier(permits)
    grams = _by_week(ordered)
    for each in animal:
        grams[_week_of(each)] += each.grams
    faults = [
        refusals.HygieneFault(each.offer.slug, each.offer.product, each.day, str(reason))
        for each in animal
        for reason in may_deliver(
            each.supplier,
            held[each.supplier.id],
            kitchen,
            Delivery(each.animal, each.day, grams[_week_of(each)]),
        )
    ]
    if faults:
        raise refusals.NotHygienic(faults)
    rest = [rests_on(held[each.supplier.id], each.animal, each.day) for each in animal if each.animal is not None]
    return [permit for permit in rest if permit is not None]


def holidays_of(viewer: Viewer, suppliers: Iterable[int]) -> Select[Any]:
    """Supplier, first day and last day."""
    columns: tuple[Any, ...] = SupplierPause.supplier_id, SupplierPause.first_day, SupplierPause.last_day
    return pauses_visible_to(viewer).where(SupplierPause.supplier_id.in_(suppliers)).with_only_columns(*columns)


def permits_of(viewer: Viewer, suppliers: Iterable[int]) -> Select[Any]:
    """Row id, supplier and what ``Permitted`` says."""
    columns: tuple[Any, ...] = (
        HygienePermit.id, HygienePermit.supplier_id, HygienePermit.kind, HygienePermit.valid_from,
        HygienePermit.valid_to, HygienePermit.max_km, HygienePermit.large_share, HygienePermit.number,
    )  # fmt: skip
    return permits_visible_to(viewer).where(HygienePermit.supplier_id.in_(suppliers)).with_only_columns(*columns)


def animals_ordered(
    suppliers: Iterable[int],
    products: Iterable[AnimalProduct | None],
    days: Iterable[date],
    *,
    besides: int | None = None,
) -> Select[Any]:
    """Supplier, product, delivery day and grams of what all kitchens have ordered, in the weeks of some days."""
    mondays = sorted({_monday(day) for day in days})
    of_weeks = or_(*(Order.day.between(monday, monday + TO_SUNDAY) for monday in mondays))
    key: tuple[Any, ...] = (Order.supplier_id, OrderLine.animal_product, Order.day)
    return (
        order_lines_visible_to(BUYER)
        .select_from(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.supplier_id.in_(suppliers), OrderLine.animal_product.in_(products), of_weeks)
        .where(Order.state.not_in(GIVEN_UP), true() if besides is None else Order.id != besides)
        .with_only_columns(*key, func.sum(OrderLine.packs * OrderLine.pack_g).label("grams"))
        .group_by(*key)
    )


def _by_supplier(rows: Rows) -> Mapping[int, Sequence[Permitted]]:
    found: dict[int, list[Permitted]] = defaultdict(list)
    for _, supplier_id, *permit in sorted(rows, key=lambda row: row[0]):
        found[supplier_id].append(Permitted(*permit))
    return found


def _by_week(rows: Rows) -> Counter[AnimalWeek]:
    found: Counter[AnimalWeek] = Counter()
    for supplier_id, product, day, grams in rows:
        found[supplier_id, product, _monday(day)] += int(grams)
    return found


def _week_of(each: Goods) -> AnimalWeek:
    assert each.animal is not None, "only products of animals are counted"
    return each.supplier.id, each.animal, _monday(each.day)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
