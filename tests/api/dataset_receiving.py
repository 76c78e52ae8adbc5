"""What the small Département received: each kitchen an order of each farm, billed and partly used.

These are orders of their own, for a week in which nothing else is ordered, with numbers that do not depend on the size.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.models import Offer, Supplier
from catering.moment import Clock
from catering.orders.models import Order, OrderEvent, OrderLine
from catering.orders.rules import Priced
from catering.orders.vocabulary import LineReason, OrderEventKind, OrderState
from catering.receiving.service.invoice import issue
from catering.receiving.service.receive import NotedLine, Pass, receive
from catering.receiving.service.stock import Used, use
from catering.receiving.service.tolerance import tolerate
from catering.receiving.vocabulary import Decision, ExpiryKind, ReceptionReason
from catering.rules.hygiene import ProductCategory, bears_use_by
from catering.rules.temperatures import usual_category
from tests.api.dataset import MOMENT, MONDAYS, Size, ingredient, uai
from tests.api.dataset_orders import ACCEPTED, PACKS, buyer, seller

DAY = MOMENT.date()
WEEK = MONDAYS[-1] + timedelta(weeks=2)
LOT = "L-2026-36"
"""Number that every lot bears: a recall finds them all."""
TO_RECEIVE = ACCEPTED
FIRST, PER_KITCHEN = 1_001, 100
RECEIVED, TO_BILL = FIRST, FIRST + 1
"""Row ids of orders of the kitchen 0: delivered and billed, delivered and not billed."""
OTHER_TO_BILL, OWN_BILLED = 2_001, 2_002
"""Orders of `fill_others`: of the kitchen 1 to the farm 0, not billed; of the kitchen 0 to the farm 1, billed."""
CARROT = "ingredient_02"
DELIVERY = Decimal("0.1")


@contextmanager
def present() -> Iterator[None]:
    """The present of this Département, while the block runs."""
    before, Clock.fixed = Clock.fixed, MOMENT
    try:
        yield
    finally:
        Clock.fixed = before


async def fill_receiving(session: AsyncSession, size: Size) -> None:
    """Receptions, stock, credits and invoices, by the use cases themselves."""
    with present():
        await _fill(session, size)


async def fill_others(session: AsyncSession) -> None:
    """Two pairs that had nothing yet: the first kitchen is billed by the second farm, the second refuses some goods."""
    farms = (await session.scalars(select(Supplier).order_by(Supplier.id))).all()
    sold = (await session.scalars(select(Offer).order_by(Offer.id))).all()
    for number, farm, name in ((1, farms[0], OTHER_TO_BILL), (0, farms[1], OWN_BILLED)):
        made = shipped(number, farm, [offer for offer in sold if offer.supplier_id == farm.id])
        made.id = name
        session.add(made)
        await session.flush()
        with present():
            await receive(session, buyer(number), arrival(made))
    with present():
        await issue(session, seller(1), [OWN_BILLED], DAY)
    session.expunge_all()


async def _fill(session: AsyncSession, size: Size) -> None:
    sold = (await session.scalars(select(Offer).order_by(Offer.id))).all()
    farms = (await session.scalars(select(Supplier).order_by(Supplier.id))).all()
    orders = [
        shipped(number, farm, [offer for offer in sold if offer.supplier_id == farm.id])
        for number in range(size.kitchens)
        for farm in farms
    ]
    session.add_all(orders)
    await session.flush()
    arrivals = [(order.kitchen_id - 1, arrival(order)) for order in orders]
    for number, given in arrivals:
        await receive(session, buyer(number), given)
    for order in orders:
        if order.id != TO_BILL:
            await issue(session, seller(order.supplier_id - 1), [order.id], DAY)
    for number in range(size.kitchens):
        await use(session, buyer(number), uai(number), DAY, [Used(CARROT, 1_000)])
        await tolerate(session, buyer(number), uai(number), ProductCategory.MEAT_CUT, Decimal(1))
    session.expunge_all()


def shipped(number: int, farm: Supplier, sold: list[Offer]) -> Order:
    """An order of the n-th kitchen to a farm, ten packs of each of its offers, on its way."""
    lines = [line(position, offer) for position, offer in enumerate(sold, start=1)]
    sent = [
        {
            "position": each.position, "packs": each.packs, "pack_g": each.pack_g,
            "price": str(each.price_eur_per_pack), "delivery": str(each.delivery_eur_per_kg),
            "vat_pct": str(each.vat_pct),
        }
        for each in lines
    ]  # fmt: skip
    told: list[tuple[OrderEventKind, dict[str, object]]] = [
        (OrderEventKind.SENT, {"day": WEEK.isoformat(), "lines": sent}),
        (OrderEventKind.ACCEPTED, {"packs": {}}),
        (OrderEventKind.SHIPPED, {}),
    ]
    return Order(
        id=FIRST + number * PER_KITCHEN + farm.id - 1,
        kitchen_id=number + 1,
        supplier_id=farm.id,
        week=WEEK,
        day=WEEK,
        state=OrderState.SHIPPED,
        last_seq=len(told),
        sending=1,
        sent_at=MOMENT,
        sent_by="test",
        cut_off=MOMENT,
        amount=sum((each.amount for each in lines), Decimal(0)),
        vat=sum((each.vat for each in lines), Decimal(0)),
        lines=lines,
        events=[
            OrderEvent(seq=seq, at=MOMENT, actor="test", kind=kind, data=data)
            for seq, (kind, data) in enumerate(told, start=1)
        ],
    )


def line(position: int, offer: Offer) -> OrderLine:
    priced = Priced(PACKS, offer.pack_g, offer.price_eur_per_pack, DELIVERY, offer.vat_pct)
    return OrderLine(
        position=position,
        offer_id=offer.id,
        ingredient_id=offer.ingredient_id,
        reason=LineReason.PLAN,
        packs_ordered=PACKS,
        packs=PACKS,
        planned_g=priced.grams,
        product=offer.product,
        pack_g=offer.pack_g,
        pack_label=offer.pack_label,
        price_eur_per_pack=offer.price_eur_per_pack,
        delivery_eur_per_kg=DELIVERY,
        vat_pct=offer.vat_pct,
        label=offer.label,
        certificate_id=offer.certificate_id,
        origin=offer.origin,
        amount=priced.amount,
        vat=priced.vat,
    )


def arrival(order: Order) -> Pass:
    """The whole order, the lines from the fifth on refused when nobody has billed it."""
    refused = {"decision": Decision.REFUSED, "reason": ReceptionReason.DAMAGED}
    return Pass(
        order_id=order.id,
        day=DAY,
        noted_at=MOMENT,
        delivery_note=f"BL {order.id}",
        lines=[
            NotedLine(
                **{
                    "position": each.position,
                    "decision": Decision.ACCEPTED,
                    "delivered_packs": each.packs,
                    "lot": LOT,
                    "date_kind": _date_kind(each),
                    "expires_on": DAY + timedelta(days=9),
                    "celsius": Decimal(3),
                    **(refused if order.id in (TO_BILL, OTHER_TO_BILL) and each.position > 4 else {}),
                }
            )
            for each in order.lines
        ],
    )


def _date_kind(line: OrderLine) -> ExpiryKind:
    """Which date a product bears: a DLC when it is cold by law."""
    made_of = ingredient(line.ingredient_id - 1)
    category = usual_category(made_of.kind.value, line.product, minced=made_of.minced)
    return ExpiryKind.USE_BY if bears_use_by(category, DAY) else ExpiryKind.BEST_BEFORE
