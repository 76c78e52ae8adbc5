"""By which right a basket is bought, and what of that changes later: orders and procurement in one transaction.

Committing takes six statements whatever the number of lines, and one for each contract or award drawn on; changing it
takes four, and one for each of these. Buyers and contracts are locked after orders, baskets and stock.
"""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.moment import paris_day
from catering.orders.opening import LineKey
from catering.orders.sending import OrderIds, Sending
from catering.orders.sold import BUYER
from catering.people.viewer import Viewer
from catering.procurement.grounds import Ground
from catering.procurement.service.buying import LineToBuy, engage, recommit


async def commit_lines(
    session: AsyncSession, viewer: Viewer, sending: Sending, orders: OrderIds
) -> Mapping[LineKey, Ground]:
    """Find and commit the lawful ground of every line, on the day of Paris on which the basket is sent.

    Raises:
        catering.procurement.refusals.BeyondMaximum: a contract has not enough left.
        catering.procurement.refusals.BeyondAward: an award has not enough left.
        catering.procurement.refusals.AboveThreshold: with this basket competition is due.
    """
    keys: list[LineKey] = []
    lines: list[LineToBuy] = []
    for part in sending.parts:
        order_id = orders[part.supplier.id, part.day]
        for position, each in part.positions:
            offer = each.sold.offer
            keys.append((offer.id, part.day))
            source = source_of(order_id, position)
            lines.append(LineToBuy(part.supplier.id, offer.ingredient_id, offer.id, each.priced.amount, source))
    day = paris_day(sending.now)
    return dict(zip(keys, await engage(session, viewer, sending.kitchen.id, day, lines), strict=True))


async def commit_again(session: AsyncSession, viewer: Viewer, dues: Mapping[tuple[int, int], Decimal]) -> None:
    """Bring what lines, by order (row id) and position, have committed to to what they cost now (€ excl. tax).

    Raises:
        catering.procurement.refusals.BeyondMaximum: a line costs more, and its contract has not enough left.
        catering.procurement.refusals.BeyondAward: its award has not.
    """
    amounts = {source_of(*line): amount for line, amount in dues.items()}
    if amounts:
        # The seller who takes less reads no commitments of their buyer.
        await recommit(session, BUYER, viewer.actor, amounts)


def source_of(order_id: int, position: int) -> str:
    """How procurement names a line of an order."""
    return f"order {order_id} line {position}"
