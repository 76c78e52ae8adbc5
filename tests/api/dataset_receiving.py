"""What the small Département received: each kitchen an order of each farm, billed and partly used."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.graph.moment import Clock
from catering.market.models import Supplier
from catering.orders.models import Order, OrderLine
from catering.people.viewer import Role, Viewer
from catering.receiving.service.invoice import issue
from catering.receiving.service.receive import NotedLine, Pass, receive
from catering.receiving.service.stock import Used, use
from catering.receiving.service.tolerance import tolerate
from catering.receiving.vocabulary import DateKind, Decision, ReceptionReason
from catering.rules.hygiene import ProductCategory
from tests.api.dataset import MOMENT, Size, uai
from tests.api.dataset_orders import buyer

DAY = MOMENT.date()
LOT = "L-2026-36"
"""Number that every lot bears: a recall finds them all."""
TO_RECEIVE, RECEIVED, TO_BILL = 2, 5, 6
"""Row ids of orders of the kitchen 0: agreed and not delivered, delivered and billed, delivered and not billed."""
CARROT = "ingredient_02"


async def fill_receiving(session: AsyncSession, size: Size) -> None:
    """Receptions, stock, credits and invoices, by the use cases themselves, at the present of this Département."""
    before, Clock.fixed = Clock.fixed, MOMENT
    try:
        await _fill(session, size)
    finally:
        Clock.fixed = before


async def _fill(session: AsyncSession, size: Size) -> None:
    whole = (await session.scalars(select(Order).where(Order.id >= RECEIVED).order_by(Order.id))).all()
    for order in whole:
        await receive(session, buyer(order.kitchen_id - 1), await arrival(session, order))
    for order in whole:
        if order.id != TO_BILL:
            seller = (await session.scalars(select(Supplier.slug).where(Supplier.id == order.supplier_id))).one()
            await issue(session, Viewer("Ferme", Role.PRODUCER, suppliers=frozenset({seller})), [order.id], DAY)
    for number in range(size.kitchens):
        await use(session, buyer(number), uai(number), DAY, [Used(CARROT, 1_000)])
        await tolerate(session, buyer(number), uai(number), ProductCategory.MEAT_CUT, Decimal(1))
    session.expunge_all()


async def arrival(session: AsyncSession, order: Order) -> Pass:
    """The whole order, two lines of which are refused when nobody has billed it."""
    lines = (await session.scalars(select(OrderLine).where(OrderLine.order_id == order.id))).all()
    refused = {"decision": Decision.REFUSED, "reason": ReceptionReason.DAMAGED}
    return Pass(
        order_id=order.id,
        day=DAY,
        noted_at=MOMENT,
        delivery_note=f"BL {order.id}",
        lines=[
            NotedLine(
                **{
                    "position": line.position,
                    "decision": Decision.ACCEPTED,
                    "delivered_packs": line.packs,
                    "lot": LOT,
                    "date_kind": DateKind.BEST_BEFORE,
                    "expires_on": DAY + timedelta(days=9),
                    "celsius": Decimal(3),
                    **(refused if order.id == TO_BILL and line.position > 4 else {}),
                }
            )
            for line in lines
        ],
    )
