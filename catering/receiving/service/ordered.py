"""What a reception tells the order it belongs to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.refusals_stock import NotEnough
from catering.moment import now
from catering.orders.models import Order
from catering.orders.reinstating import reinstate_if_noted_before
from catering.orders.replay import MAY_FOLLOW
from catering.orders.service import record_reception
from catering.orders.vocabulary import OrderEventKind, OrderState
from catering.people.viewer import Viewer
from catering.procurement.refusals import BeyondAward, BeyondMaximum
from catering.receiving import refusals
from catering.receiving.models import Reception, ReceptionLine
from catering.receiving.service.delivery import Delivery

FRENCH = {
    OrderState.CHANGE_PROPOSED: "en attente de votre réponse au changement proposé",
    OrderState.REFUSED: "refusée par le fournisseur",
    OrderState.FAILED: "non livrable (défaillance du fournisseur)",
    OrderState.CANCELLED: "annulée",
}
"""States in which nothing can be received, as they are told."""


def require_receivable(order: Order) -> None:
    """Let an order be received, in one pass or another, unless it does not stand.

    Raises:
        refusals.NotReceivable: naming its state.
    """
    if order.state in FRENCH:
        raise refusals.NotReceivable(order.number, FRENCH[order.state])


async def stand_again(session: AsyncSession, viewer: Viewer, order: Order, noted_at: datetime) -> None:
    """Have an order stand again that was given up after this reception of it was noted, without network.

    Raises:
        refusals.SoldSince: what it had given back was sold to others.
        refusals.BeyondContract: contract or award have no longer enough left.
    """
    try:
        await reinstate_if_noted_before(session, viewer, order, noted_at, now())
    except NotEnough as fault:
        raise refusals.SoldSince(order.number) from fault
    except (BeyondMaximum, BeyondAward) as fault:
        raise refusals.BeyondContract(fault.left, fault.asked) from fault


async def tell_order(
    session: AsyncSession,
    viewer: Viewer,
    delivery: Delivery,
    reception: Reception,
    rows: Sequence[ReceptionLine],
    *,
    complete: bool,
) -> None:
    """Move the order: grams accepted so far of the lines looked at, and whether anything is still to come.

    ``complete``: nothing else will come; otherwise it is complete once every pack agreed was looked at.

    Raises:
        refusals.BeyondContract: what was accepted weighs more than contract or award have left.
    """
    touched = {line.order_line_id for line in rows}
    received = {
        delivery.lines[line_id].position: delivery.so_far(line_id).accepted_g
        + sum(line.added_g for line in rows if line.order_line_id == line_id)
        for line_id in touched
    }
    # A pass that reaches us after the one that closed the delivery adds to it without opening it again.
    late = delivery.order.state not in MAY_FOLLOW[OrderEventKind.RECEIVED]
    try:
        await record_reception(
            session,
            viewer,
            delivery.order.id,
            received,
            now(),
            complete=complete or _all_looked_at(delivery, rows),
            correction=late or reception.why is not None,
            reference=str(reception.id),
        )
    except (BeyondMaximum, BeyondAward) as fault:
        raise refusals.BeyondContract(fault.left, fault.asked) from fault


def _all_looked_at(delivery: Delivery, rows: Sequence[ReceptionLine]) -> bool:
    looked_at = {line_id: delivery.so_far(line_id).checked_packs for line_id in delivery.lines}
    for row in rows:
        looked_at[row.order_line_id] += row.delivered_packs
    return all(looked_at[line_id] >= line.packs for line_id, line in delivery.lines.items())
