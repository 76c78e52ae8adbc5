"""Use case: send a basket. All of its orders are made in one transaction, or none is and the basket stays as it was.

Whatever the number of lines, sending takes eight statements: read the basket, claim its version, make the stock rows
that are missing, take stock, insert orders, lines and events, empty the basket. What other rooms have to say comes on
top: ``checking`` and ``committing`` tell how much.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Protocol, TypeAlias, cast

from sqlalchemy import Table, delete, insert, inspect, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import Base
from catering.kitchens.models import Kitchen
from catering.market.models import Offer, Supplier
from catering.market.stock import reserve
from catering.orders import refusals
from catering.orders.models import Basket, BasketLine, Order, OrderEvent, OrderLine
from catering.orders.opening import LineKey, Place, require_deliverable
from catering.orders.queries import contents
from catering.orders.rules import NOTHING, Priced, added_up, cut_off, next_delivery
from catering.orders.sold import Sold
from catering.orders.vocabulary import OrderEventKind, OrderState
from catering.people.viewer import Viewer
from catering.procurement.grounds import Ground


@dataclass(frozen=True, slots=True)
class SendingLine:
    """A line of the basket and the offer it buys, at the prices of today."""

    line: BasketLine
    sold: Sold

    @property
    def priced(self) -> Priced:
        """Packs and amounts."""
        return self.sold.priced(self.line.packs)


@dataclass(frozen=True, slots=True)
class Part:
    """What goes to one supplier for one delivery day: one order. ``ordered`` is what that drop holds already, in €."""

    supplier: Supplier
    day: date
    lines: tuple[SendingLine, ...]
    ordered: Decimal

    @property
    def positions(self) -> Iterable[tuple[int, SendingLine]]:
        """The lines with the position each has in the order, from 1."""
        return enumerate(self.lines, start=1)

    @property
    def amount(self) -> Decimal:
        """€ excl. tax, delivery included."""
        return added_up(line.priced.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class Sending:
    """A basket about to be sent, as the checks see it."""

    kitchen: Kitchen
    basket: Basket
    parts: tuple[Part, ...]
    now: datetime

    @property
    def lines(self) -> Iterable[SendingLine]:
        """Lines of all parts."""
        return (line for part in self.parts for line in part.lines)


class Check(Protocol):
    """Says no to a sending by raising a Refusal; reads what it needs in a number of statements of its own."""

    async def __call__(self, session: AsyncSession, viewer: Viewer, sending: Sending) -> None:
        """Check a whole sending at once."""


OrderIds: TypeAlias = Mapping[tuple[int, date], int]
"""Row id of the order to each supplier (row id) for each day."""


class Grounds(Protocol):
    """By which contract, award or threshold each line is bought; says no by raising a Refusal."""

    async def __call__(
        self, session: AsyncSession, viewer: Viewer, sending: Sending, orders: OrderIds
    ) -> Mapping[LineKey, Ground]:
        """The ground of each line."""


async def send(
    session: AsyncSession,
    viewer: Viewer,
    place: Place,
    accepted_prices: Mapping[str, Decimal],
    now: datetime,
    *,
    checks: Sequence[Check] = (),
    grounds: Grounds | None = None,
) -> list[Order]:
    """Turn a basket into one order per supplier and delivery day.

    Args:
        session: of the caller's transaction; whatever is raised, it must be given up.
        viewer: who buys.
        place: the basket, at the version they saw.
        accepted_prices: € per pack by offer (slug), for those whose price has changed since the basket was filled.
        now: with its zone.
        checks: what other rooms have to say, asked after the rules of this one.
        grounds: why each purchase is lawful, kept on its line; asked last, when the orders have their numbers.

    Raises:
        refusals.Refusal: the kitchen is not the viewer's; the basket is empty or changed; a price changed; it is too
            late; a certificate does not cover the day; a drop is below its minimum.
        catering.market.refusals_stock.NotEnough: somebody else was faster.
    """
    sending = await _read(session, viewer, place, now)
    _require_prices(sending, accepted_prices)
    _require_days(sending)
    _require_proofs(sending)
    _require_minimum(sending)
    for check in checks:
        await check(session, viewer, sending)
    await _claim(session, sending.basket)
    await reserve(session, _grams(sending))
    orders = await _insert(session, viewer, sending, grounds)
    await session.execute(
        delete(BasketLine).where(BasketLine.basket_id == sending.basket.id).execution_options(synchronize_session=False)
    )
    return orders


async def _read(session: AsyncSession, viewer: Viewer, place: Place, now: datetime) -> Sending:
    if not (viewer.buys and place.uai in viewer.kitchens):
        raise refusals.NotYourKitchen(place.uai)
    # The offers are held until the orders are made: their capacities do not change meanwhile (market.stock.restate).
    # So are the suppliers: none goes on holiday between the check and the order (market.supplying.pause).
    held = contents(viewer, place.uai, place.week).with_for_update(read=True, key_share=True, of=(Offer, Supplier))
    rows = (await session.execute(held)).all()
    if not rows:
        raise refusals.EmptyBasket(place.uai, place.week)
    basket, kitchen = rows[0].Basket, rows[0].Kitchen
    if basket.version != place.seen:
        raise refusals.BasketChanged(place.seen, basket.version)
    parts = tuple(
        _part(kitchen, place.week, list(found))
        for _, found in groupby(rows, key=lambda row: (row.Supplier.id, row.BasketLine.day))
    )
    return Sending(kitchen, basket, parts, now)


def _part(kitchen: Kitchen, week: date, rows: Sequence[Any]) -> Part:
    lines = tuple(
        SendingLine(row.BasketLine, Sold(kitchen, week, row.Offer, row.Supplier, row.Certificate, None)) for row in rows
    )
    return Part(rows[0].Supplier, rows[0].BasketLine.day, lines, rows[0].ordered or NOTHING)


def _require_prices(sending: Sending, accepted: Mapping[str, Decimal]) -> None:
    changed = [
        refusals.NewPrice(
            sold.offer.slug, sold.offer.product, line.price_seen, sold.price, line.delivery_seen, sold.delivery
        )
        for line, sold in ((each.line, each.sold) for each in sending.lines)
        if (line.price_seen, line.delivery_seen) != (sold.price, sold.delivery)
        and accepted.get(sold.offer.slug) != sold.price
    ]
    if changed:
        raise refusals.PriceChanged(changed)


def _require_days(sending: Sending) -> None:
    late = []
    for part in sending.parts:
        supplier = part.supplier
        require_deliverable(part.lines[0].sold, part.day, sending.now)
        closes = cut_off(part.day, supplier.lead_days)
        if sending.now >= closes:
            following = next_delivery(supplier.delivery_weekdays, supplier.lead_days, sending.now)
            late.append(refusals.Late(supplier.name, part.day, closes, following))
    if late:
        raise refusals.TooLate(late)


def _require_proofs(sending: Sending) -> None:
    unproven = [
        (each.sold.offer.product, str(each.sold.offer.label), each.line.day)
        for each in sending.lines
        if not each.sold.proven_on(each.line.day)
    ]
    if unproven:
        raise refusals.NotProven(unproven)


def _require_minimum(sending: Sending) -> None:
    small = [
        (part.supplier.name, part.day, part.amount + part.ordered, part.supplier.min_drop_eur)
        for part in sending.parts
        if part.amount + part.ordered < part.supplier.min_drop_eur
    ]
    if small:
        raise refusals.BelowMinimum(small)


async def _claim(session: AsyncSession, basket: Basket) -> None:
    """Make the basket ours: of two that send or edit the same version, one goes on."""
    seen = basket.version
    claimed = (
        update(Basket)
        .where(Basket.id == basket.id, Basket.version == seen)
        .values(version=seen + 1)
        .returning(Basket.version)
        .execution_options(synchronize_session=False)
    )
    if await session.scalar(claimed) is None:
        raise refusals.BasketChanged(seen, seen + 1)


def _grams(sending: Sending) -> Counter[tuple[int, date]]:
    grams: Counter[tuple[int, date]] = Counter()
    for each in sending.lines:
        grams[each.sold.offer.id, sending.basket.week] += each.priced.grams
    return grams


async def _insert(session: AsyncSession, viewer: Viewer, sending: Sending, grounds: Grounds | None) -> list[Order]:
    """Orders, their lines and their first events, in three statements: the ORM would take one per row on SQLite."""
    orders = {(part.supplier.id, part.day): _order(viewer, sending, part) for part in sending.parts}
    made = insert(Order).returning(Order.id, Order.supplier_id, Order.day)
    for row in await session.execute(made, [_values(order) for order in orders.values()]):
        orders[row.supplier_id, row.day].id = row.id
    numbers = {key: order.id for key, order in orders.items()}
    why = await grounds(session, viewer, sending, numbers) if grounds else {}
    lines: list[OrderLine] = []
    events: list[OrderEvent] = []
    for part in sending.parts:
        order_id = numbers[part.supplier.id, part.day]
        of_part = [_line(order_id, position, each, why) for position, each in part.positions]
        lines += of_part
        events.append(_sent_event(viewer, sending, part, order_id, of_part))
    # Below the ORM, which would leave empty columns out and split the rows by what they leave out.
    for table, rows in ((OrderLine, lines), (OrderEvent, events)):
        await session.execute(insert(cast(Table, table.__table__)), [_values(row) for row in rows])
    return sorted(orders.values(), key=lambda order: order.id)


def _values(row: Base) -> dict[str, Any]:
    """What a row to be inserted states."""
    state = inspect(row)
    stated = (each.key for each in state.mapper.column_attrs)
    return {name: state.dict[name] for name in stated if name in state.dict}


def _order(viewer: Viewer, sending: Sending, part: Part) -> Order:
    return Order(
        kitchen_id=sending.kitchen.id,
        supplier_id=part.supplier.id,
        week=sending.basket.week,
        day=part.day,
        state=OrderState.SENT,
        last_seq=1,
        sending=sending.basket.version + 1,
        sent_at=sending.now,
        sent_by=viewer.actor,
        cut_off=cut_off(part.day, part.supplier.lead_days),
        amount=part.amount,
        vat=added_up(line.priced.vat for line in part.lines),
    )


def _sent_event(viewer: Viewer, sending: Sending, part: Part, order_id: int, lines: Iterable[OrderLine]) -> OrderEvent:
    data = _sent(sending, part, lines)
    return OrderEvent(order_id=order_id, seq=1, at=sending.now, actor=viewer.actor, kind=OrderEventKind.SENT, data=data)


def _line(order_id: int, position: int, each: SendingLine, why: Mapping[LineKey, Ground]) -> OrderLine:
    offer, priced, proof = each.sold.offer, each.priced, each.sold.certificate
    ground = why.get((offer.id, each.line.day))
    return OrderLine(
        order_id=order_id,
        position=position,
        offer_id=offer.id,
        ingredient_id=offer.ingredient_id,
        reason=each.line.reason,
        packs_ordered=priced.packs,
        packs=priced.packs,
        planned_g=each.line.planned_g,
        product=offer.product,
        pack_g=offer.pack_g,
        pack_label=offer.pack_label,
        price_eur_per_pack=priced.price_eur_per_pack,
        delivery_eur_per_kg=priced.delivery_eur_per_kg,
        vat_pct=priced.vat_pct,
        label=offer.label,
        certificate_id=offer.certificate_id,
        certificate_number=proof.number if proof else None,
        certifier=proof.certifier if proof else None,
        origin=offer.origin,
        ground=ground.words if ground else None,
        amount=priced.amount,
        vat=priced.vat,
    )


def _sent(sending: Sending, part: Part, lines: Iterable[OrderLine]) -> dict[str, Any]:
    """What ``replay`` needs, and whom the order concerns."""
    return {
        "kitchen": sending.kitchen.uai,
        "supplier": part.supplier.slug,
        "week": sending.basket.week.isoformat(),
        "day": part.day.isoformat(),
        "lines": [
            {
                "position": line.position,
                "product": line.product,
                "packs": line.packs,
                "pack_g": line.pack_g,
                "price": str(line.price_eur_per_pack),
                "delivery": str(line.delivery_eur_per_kg),
                "vat_pct": str(line.vat_pct),
                "label": line.label,
            }
            for line in lines
        ],
    }
