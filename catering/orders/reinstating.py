"""An order of which somebody said that nothing comes, and whose goods had come: noted before, it stands again."""

from collections import Counter
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.stock import retake
from catering.orders.committing import commit_again, hold_buyers
from catering.orders.life import OfferWeekGrams, happen, happened
from catering.orders.models import Order, OrderEvent
from catering.orders.queries import order_events_visible_to
from catering.orders.replay import NOT_COMING, replay
from catering.orders.sold import BUYER
from catering.orders.vocabulary import OrderEventKind
from catering.people.viewer import Viewer


async def reinstate_if_noted_before(
    session: AsyncSession, viewer: Viewer, order: Order, noted_at: datetime, now: datetime
) -> bool:
    """Have a locked order stand again if it was given up after its reception was noted; whether it does.

    What it took of stock and of its contract, award or need is taken again. What was proposed in its place stays in the
    kitchen's basket, which nobody sends but the kitchen.

    Args:
        session: of the caller's transaction.
        viewer: who receives.
        order: with its lines.
        noted_at: when the goods were noted as come.
        now: with its zone.

    Raises:
        catering.market.refusals_stock.NotEnough: others were sold since what it had given back.
        catering.procurement.refusals.BeyondMaximum: its contract has no longer enough left.
        catering.procurement.refusals.BeyondAward: its award has not.
    """
    if order.state not in NOT_COMING:
        return False
    of_order = order_events_visible_to(BUYER).where(OrderEvent.order_id == order.id).order_by(OrderEvent.seq)
    *earlier, given_up = await session.scalars(of_order)
    if given_up.at <= noted_at:
        return False
    before = replay(happened(event) for event in earlier)
    packs = {str(position): line.priced.packs for position, line in before.lines.items()}
    data = {"packs": packs, "state": before.state.value}
    moved = happen(session, viewer, order, OrderEventKind.REINSTATED, data, now)
    await hold_buyers(session, moved.dues, [order])
    taken: OfferWeekGrams = Counter()
    for line in order.lines:
        taken[line.offer_id, order.week] += line.grams
    await retake(session, +taken)
    await session.flush()
    await commit_again(session, viewer, moved.dues)
    return True
