"""Use case: send a basket. All of its orders are made in one transaction, or none is and the basket stays as it was.

Whatever the number of lines, sending takes seven statements: hold and read the basket, read what all rooms decide from,
claim the version of the basket, which empties it, take stock, insert orders, lines and events. Committing the amounts
comes on top: ``committing`` tells how much.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Table, insert, inspect, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import Base
from catering.market.allergens_told import in_order
from catering.market.origin_told import origin_told
from catering.market.stock import reserve
from catering.orders import refusals
from catering.orders.asking import (
    Check,
    Grounds,
    Held,
    HeldLine,
    Kept,
    OrderIds,
    Part,
    Prices,
    Sending,
    SendingLine,
    ask,
)
from catering.orders.models import SOLD_AS, Basket, Order, OrderEvent, OrderLine
from catering.orders.opening import LineKey, Place, require_deliverable
from catering.orders.prices import Agreed, agreed_of
from catering.orders.queries import held_contents
from catering.orders.rules import NOTHING, added_up, cut_off, next_delivery
from catering.orders.sale_terms import AcceptedTerms, changes
from catering.orders.sold import BUYER, Sold, in_turn
from catering.orders.vocabulary import OrderEventKind, OrderState
from catering.people.viewer import Viewer
from catering.procurement.grounds import Ground
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients

NO_PERMIT: Mapping[str, Any] = dict.fromkeys(("permit_kind", "permit_number", "permit_max_km"))
"""Of what is not of animals. Named, so that all lines are inserted by one statement."""


async def send(
    session: AsyncSession,
    viewer: Viewer,
    place: Place,
    accepted: Collection[AcceptedTerms],
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
        accepted: conditions of sale of now that the buyer accepts, for lines that were seen under others.
        now: with its zone.
        checks: what other rooms have to say, asked after the rules of this one.
        grounds: why each purchase is lawful, kept on its line; asked last, when the orders have their numbers.

    Raises:
        refusals.Refusal: the kitchen is not the viewer's; the basket is empty or changed; conditions of sale
            changed; it is too late; a certificate does not cover the day; a drop is below its minimum.
        catering.market.refusals_stock.NotEnough: somebody else was faster.
    """
    held = await _hold(session, viewer, place, now)
    prices, *answers = await ask(session, viewer, held, [Prices(), *checks, *([grounds] if grounds else [])])
    sending = _sending(held, agreed_of([held.kitchen.uai], *prices)[held.kitchen.uai])
    await _require_terms(session, sending, accepted)
    _require_days(sending)
    _require_proofs(sending)
    _require_minimum(sending)
    kept: dict[LineKey, Mapping[str, Any]] = {}
    for check, of_check in zip(checks, answers, strict=False):
        kept |= check.check(sending, of_check)
    await _claim(session, sending.basket)
    await reserve(session, _grams(sending))
    orders = await _insert_orders(session, viewer, sending)
    numbers = {key: order.id for key, order in orders.items()}
    why = await grounds.engage(session, viewer, sending, numbers, answers[-1]) if grounds else {}
    await _insert_lines(session, viewer, sending, numbers, why, kept)
    return sorted(orders.values(), key=lambda order: order.id)


async def _hold(session: AsyncSession, viewer: Viewer, place: Place, now: datetime) -> Held:
    if not (viewer.buys and place.uai in viewer.kitchens):
        raise refusals.NotYourKitchen(place.uai)
    rows = (await session.execute(held_contents(viewer, place.uai, place.week))).all()
    if not rows:
        raise refusals.EmptyBasket(place.uai, place.week)
    basket, kitchen = rows[0].Basket, rows[0].Kitchen
    if basket.version != place.seen:
        raise refusals.BasketChanged(place.seen, basket.version)
    lines = [
        HeldLine(row.BasketLine, row.Offer, row.Supplier, row.Certificate, row.ordered, row.allergens) for row in rows
    ]
    return Held(kitchen, basket, lines, now)


def _sending(held: Held, agreed: Agreed) -> Sending:
    sold = in_turn((_sold(held, agreed, row), row.line.day, row.line.packs) for row in held.lines)
    drops = groupby(zip(held.lines, sold, strict=True), key=lambda each: (each[0].supplier.id, each[0].line.day))
    parts = tuple(_part(list(found)) for _, found in drops)
    return Sending(held.kitchen, held.basket, parts, agreed, held.now)


def _sold(held: Held, agreed: Agreed, row: HeldLine) -> Sold:
    return Sold(held.kitchen, held.basket.week, agreed, row.offer, row.supplier, row.certificate, None, row.allergens)


def _part(rows: Sequence[tuple[HeldLine, Sold]]) -> Part:
    first = rows[0][0]
    lines = tuple(SendingLine(row.line, sold) for row, sold in rows)
    return Part(first.supplier, first.line.day, lines, first.ordered or NOTHING)


async def _require_terms(session: AsyncSession, sending: Sending, accepted: Collection[AcceptedTerms]) -> None:
    moved = [
        (each, terms)
        for each in sending.lines
        if (terms := each.terms) != each.line.seen
        and AcceptedTerms(each.sold.offer.slug, each.line.day, terms.fingerprint) not in accepted
    ]
    if not moved:
        return
    ids = {number for each, terms in moved for number in (each.line.ingredient_id, terms.ingredient_id)}
    named = ingredients(BUYER, ids=ids).with_only_columns(Ingredient.id, Ingredient.name)
    names = dict((await session.execute(named)).tuples().all())
    raise refusals.TermsChanged(
        [
            refusals.ChangedLine(
                each.sold.offer.slug,
                terms.product,
                each.line.day,
                terms.fingerprint,
                changes(each.line.seen, terms, names),
            )
            for each, terms in moved
        ]
    )


def _require_days(sending: Sending) -> None:
    late = []
    for part in sending.parts:
        supplier = part.supplier
        require_deliverable(part.lines[0].sold, part.day, sending.now)
        closes = cut_off(part.day, supplier.lead_days)
        if sending.now >= closes:
            following = next_delivery(
                supplier.delivery_weekdays, supplier.lead_days, sending.now, sending.agreed.closed
            )
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
        (part.supplier.name, part.day, part.amount + part.ordered, part.least)
        for part in sending.parts
        if part.amount + part.ordered < part.least
    ]
    if small:
        raise refusals.BelowMinimum(small)


async def _claim(session: AsyncSession, basket: Basket) -> None:
    """Make the basket ours and empty it: of two that send or edit the same version, one goes on."""
    seen = basket.version
    claimed = (
        update(Basket)
        .where(Basket.id == basket.id, Basket.version == seen)
        .values(version=seen + 1, filling=Basket.filling + 1)
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


async def _insert_orders(session: AsyncSession, viewer: Viewer, sending: Sending) -> Mapping[tuple[int, date], Order]:
    """Orders by supplier (row id) and day, with their numbers, in one statement."""
    orders = {(part.supplier.id, part.day): _order(viewer, sending, part) for part in sending.parts}
    made = insert(Order).returning(Order.id, Order.supplier_id, Order.day)
    for row in await session.execute(made, [_values(order) for order in orders.values()]):
        orders[row.supplier_id, row.day].id = row.id
    return orders


async def _insert_lines(
    session: AsyncSession,
    viewer: Viewer,
    sending: Sending,
    numbers: OrderIds,
    why: Mapping[LineKey, Ground],
    kept: Kept,
) -> None:
    """Lines of the orders and their first events, in two statements: the ORM would take one per row on SQLite."""
    lines: list[OrderLine] = []
    events: list[OrderEvent] = []
    for part in sending.parts:
        order_id = numbers[part.supplier.id, part.day]
        of_part = [_line(order_id, position, each, why, kept) for position, each in part.positions]
        lines += of_part
        events.append(_sent_event(viewer, sending, part, order_id, of_part))
    # Below the ORM, which would leave empty columns out and split the rows by what they leave out.
    for table, rows in ((OrderLine, lines), (OrderEvent, events)):
        await session.execute(insert(cast(Table, table.__table__)), [_values(row) for row in rows])


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


def _line(order_id: int, position: int, each: SendingLine, why: Mapping[LineKey, Ground], kept: Kept) -> OrderLine:
    offer, priced, proof, price = each.sold.offer, each.priced, each.sold.certificate, each.paid.agreement
    key = offer.id, each.line.day
    ground = why.get(key)
    return OrderLine(
        order_id=order_id,
        position=position,
        offer_id=offer.id,
        ingredient_id=offer.ingredient_id,
        reason=each.line.reason,
        packs_ordered=priced.packs,
        packs=priced.packs,
        planned_g=each.line.planned_g,
        **{column: getattr(offer, column) for column in SOLD_AS},
        allergens=each.sold.allergens and in_order(each.sold.allergens),
        **{**NO_PERMIT, **kept.get(key, {})},
        price_eur_per_pack=priced.price_eur_per_pack,
        delivery_eur_per_kg=priced.delivery_eur_per_kg,
        price_source=price.source,
        price_name=price.name,
        price_line=price.line,
        price_since=price.since,
        vat_pct=priced.vat_pct,
        certificate_number=proof.number if proof else None,
        certifier=proof.certifier if proof else None,
        origin=origin_told(offer),
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
                "agreement": line.agreement.words,
                "vat_pct": str(line.vat_pct),
                "label": line.label,
            }
            for line in lines
        ],
    }
