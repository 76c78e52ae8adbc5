"""Whether an order may come on another day than it was sent for: the checks of sending, asked of that day.

At most seven statements, whatever the number of lines: goods and their suppliers, the kitchen, the days on which it is
closed, the proofs of labels, the pauses, and two when something is of animals.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import closed_days
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Certificate, Offer, Supplier
from catering.market.queries import certificates_visible_to, offers_visible_to
from catering.market.rules import label_fault
from catering.orders import refusals
from catering.orders.checking import Goods, Permitted, require_hygienic, require_on_sale
from catering.orders.models import Order, OrderLine
from catering.orders.opening import require_deliverable
from catering.orders.prices import Agreed, days_of
from catering.orders.rules import cut_off, next_delivery
from catering.orders.sold import BUYER, Sold
from catering.together import read_together


async def require_day(
    session: AsyncSession, order: Order, day: date, packs: Mapping[str, int], now: datetime
) -> Mapping[int, Permitted]:
    """Check that what is left of a locked order may be delivered on another day; the same for whoever of the two asks.

    Args:
        session: of the caller's transaction.
        order: with its lines.
        day: of the delivery.
        packs: of each line, by its position.
        now: with its zone.

    Returns:
        The permits that its products of animals then rest on, by offer (row id).

    Raises:
        refusals.Refusal: the supplier does not come there on that day, is asked too late or is on holiday; the offer is
            not sold then; the certificate of a label does not cover the day; hygiene does not allow it.
    """
    lines = [line for line in order.lines if packs[str(line.position)]]
    goods = await _goods(session, lines, day, packs)
    kitchen = (await session.scalars(kitchens_visible_to(BUYER).where(Kitchen.id == order.kitchen_id))).one()
    first = goods[0]
    bridges, closures = await read_together(session, closed_days(BUYER, [kitchen.uai], *days_of(order.week)))
    agreed = Agreed(closed=frozenset(row[-1] for row in (*bridges, *closures)))
    require_deliverable(Sold(kitchen, order.week, agreed, first.offer, first.supplier, None, None), day, now)
    _require_in_time(first.supplier, day, now, agreed.closed)
    await _require_proofs(session, lines, day)
    await require_on_sale(session, BUYER, goods)
    return await require_hygienic(session, BUYER, kitchen, goods, besides=order.id)


async def _goods(session: AsyncSession, lines: list[OrderLine], day: date, packs: Mapping[str, int]) -> list[Goods]:
    """The goods, their offers and supplier held as sending holds them: no holiday slips in before the order moves."""
    statement = (
        offers_visible_to(BUYER)
        .where(Offer.id.in_({line.offer_id for line in lines}))
        .join(Supplier, Supplier.id == Offer.supplier_id)
        .with_only_columns(Offer, Supplier)
        .order_by(Offer.id)
        .with_for_update(read=True, key_share=True, of=(Offer, Supplier))
        .execution_options(populate_existing=True)
    )
    sold = {offer.id: (offer, supplier) for offer, supplier in await session.execute(statement)}
    return [
        Goods(*sold[line.offer_id], day, packs[str(line.position)] * line.pack_g, line.animal_product) for line in lines
    ]


def _require_in_time(supplier: Supplier, day: date, now: datetime, closed: Collection[date]) -> None:
    closes = cut_off(day, supplier.lead_days)
    if now >= closes:
        following = next_delivery(supplier.delivery_weekdays, supplier.lead_days, now, closed)
        raise refusals.TooLate([refusals.Late(supplier.name, day, closes, following)])


async def _require_proofs(session: AsyncSession, lines: list[OrderLine], day: date) -> None:
    """The proof that a line was sold with is what its purchase will bear: that one must cover the day."""
    ids = {line.certificate_id for line in lines if line.certificate_id is not None}
    held: dict[int | None, Certificate] = {}
    if ids:
        statement = certificates_visible_to(BUYER).where(Certificate.id.in_(ids))
        held = {each.id: each for each in await session.scalars(statement)}
    unproven = [
        (line.product, str(line.label), day)
        for line in lines
        if label_fault(line.label, held.get(line.certificate_id), day) is not None
    ]
    if unproven:
        raise refusals.NotProven(unproven)
