"""A permit ends on which orders to come rest (HYG-01): each of these keeps it as an event, from which both sides are
told by mail (``telling``), once and with whatever else is new."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.models import HygienePermit, Supplier
from catering.market.queries import suppliers_visible_to
from catering.orders.life import happen, lock_all, lock_orders
from catering.orders.models import Order, OrderEvent
from catering.orders.permitted import coming, without_permit
from catering.orders.queries import order_events_visible_to
from catering.orders.replay import MAY_FOLLOW
from catering.orders.vocabulary import OrderEventKind
from catering.people.viewer import Viewer

KIND = OrderEventKind.PERMIT_ENDED


async def hold_coming(session: AsyncSession, viewer: Viewer, supplier: str, since: date) -> None:
    """Lock the orders to a supplier (slug) to be delivered from a day on, before its permit is touched.

    Orders go before permits everywhere: who accepts one holds it, then asks for the permits.
    """
    whose = suppliers_visible_to(viewer).where(Supplier.slug == supplier).with_only_columns(Supplier.id)
    if (number := await session.scalar(whose)) is not None:
        await lock_all(session, coming(viewer, number, since))


async def note_ended(
    session: AsyncSession, viewer: Viewer, permit: HygienePermit, since: date, now: datetime
) -> Sequence[Order]:
    """Write on the orders to be delivered from a day on that no permit covers any more that this one has ended; those
    that say so already are left as they are.

    Args:
        session: of the transaction that ends the permit.
        viewer: who ends it.
        permit: as it stands now.
        since: the day after its last one.
        now: with its zone.

    Returns:
        The orders that say so since now.
    """
    bare = {order.id for order in await without_permit(session, viewer, permit.supplier_id, since)}
    found = sorted(bare - await _said(session, viewer, permit, bare)) if bare else []
    if not found:
        return []
    data = {"permit": permit.number, "last_day": f"{permit.valid_to}", "reason": permit.withdrawn_reason}
    concerned = [order for order in await lock_orders(session, viewer, found) if order.state in MAY_FOLLOW[KIND]]
    for order in concerned:
        happen(session, viewer, order, KIND, data, now)
    await session.flush()
    return concerned


async def _said(session: AsyncSession, viewer: Viewer, permit: HygienePermit, ids: Collection[int]) -> set[int]:
    """Which of some orders (row ids) say already that this permit ended: its last day may move more than once."""
    events = order_events_visible_to(viewer).where(OrderEvent.order_id.in_(ids), OrderEvent.kind == KIND)
    rows = await session.scalars(events)
    return {event.order_id for event in rows if event.data["permit"] == permit.number}
