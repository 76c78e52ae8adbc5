"""Use cases of an order that is sent: the supplier answers, prepares and ships it; the kitchen agrees or cancels.

Each takes the session of its caller's transaction, who asks, the row id of the order, and the present moment with its
zone. All raise ``refusals.UnknownOrder``, ``refusals.NotYourOrder`` when the other side decides, and
``refusals.WrongState`` when the order has moved on.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.models import Supplier
from catering.market.queries import suppliers
from catering.market.supplying import away_on
from catering.moment import PARIS, paris_day
from catering.orders import refusals
from catering.orders.another_day import require_day
from catering.orders.answering import unanswered
from catering.orders.life import lock_all, lock_order, move, move_and_replace, require_buyer, require_seller
from catering.orders.models import Order, OrderEvent, OrderLine
from catering.orders.permitted import keep_permits, require_permitted
from catering.orders.queries import order_events_visible_to, order_lines_visible_to, orders
from catering.orders.replay import AGREED, MAY_FOLLOW, TO_DELIVER
from catering.orders.rules import leaves_from
from catering.orders.sold import BUYER
from catering.orders.vocabulary import KITCHEN, OrderEventKind, OrderState
from catering.people.viewer import Viewer
from catering.procurement.service.needs import lock_buyers

ACCEPTED_BEFORE = (
    "Vous l'avez acceptée avant de proposer ce changement : attendre la réponse de la cuisine, ou déclarer que rien ne "
    "peut être livré ce jour-là."
)
DAY_PAST = (
    "Le jour de livraison est passé : si rien n'est parti, refuser la commande ; sinon la cuisine écrit la réception."
)
DAY_TO_COME = "Le jour de livraison est encore à venir : l'annuler, ou demander au fournisseur de l'annuler."
UNTIL = "%d/%m/%Y à %H h %M"
"""How a moment in Paris is written."""
ONE_WEEK = timedelta(weeks=1)
Packs = Mapping[int, int]
"""Number of packs by position of the line."""


async def accept(session: AsyncSession, viewer: Viewer, order_id: int, packs: Packs, now: datetime) -> Order:
    """Take an order, whole or with fewer packs on some lines; replacements of the rest are proposed to the kitchen.

    Raises:
        refusals.UnknownLine: ``packs`` names a line that is not there.
        refusals.BadQuantity: more than ordered, or fewer than none.
        refusals.NothingAccepted: no pack is left: the order is to be refused.
        refusals.WrongState: its delivery day is past.
        refusals.NotHygienic: the permit of its products of animals has ended since it was sent.
    """
    require_seller(viewer)
    order = await lock_order(session, viewer, order_id)
    _require_day_to_come(order, OrderEventKind.ACCEPTED, now)
    taken = _packs(order, packs)
    if order.state in MAY_FOLLOW[OrderEventKind.ACCEPTED]:
        await require_permitted(session, order, taken)
    await move_and_replace(session, viewer, [(order, OrderEventKind.ACCEPTED, {"packs": taken})], now)
    return order


async def refuse(session: AsyncSession, viewer: Viewer, order_id: int, reason: str, now: datetime) -> Order:
    """Refuse a whole order; replacements are proposed to the kitchen.

    Raises:
        refusals.WrongState: it was accepted, and then a change was proposed: what is accepted is due.
    """
    require_seller(viewer)
    order = await lock_order(session, viewer, order_id)
    if order.id in await _accepted_before(session, [order]):
        raise refusals.WrongState(order.number, order.state, ACCEPTED_BEFORE)
    await move_and_replace(session, viewer, [(order, OrderEventKind.REFUSED, {"reason": reason})], now)
    return order


async def propose_change(
    session: AsyncSession, viewer: Viewer, order_id: int, packs: Packs, day: date | None, reason: str, now: datetime
) -> Order:
    """Propose fewer packs or another delivery day; the kitchen agrees or declines.

    Raises:
        refusals.UnknownLine: ``packs`` names a line that is not there.
        refusals.BadQuantity: more than ordered, or fewer than none.
        refusals.NothingAccepted: nothing would change, or no pack would be left.
        refusals.WrongState: its delivery day is past, and no other one is proposed.
        refusals.Refusal: of the checks of sending, when the order may not come on that other day.
    """
    require_seller(viewer)
    order = await lock_order(session, viewer, order_id)
    wished, new_day = _packs(order, packs), day or order.day
    if new_day == order.day and all(wished[str(line.position)] == line.packs for line in order.lines):
        raise refusals.NothingAccepted
    if new_day != order.day:
        await require_day(session, order, new_day, wished, now)
    else:
        _require_day_to_come(order, OrderEventKind.CHANGE_PROPOSED, now)
    before = await _state_before_change(session, order)
    data = {"packs": wished, "day": new_day.isoformat(), "before": before.value, "reason": reason}
    return await move(session, viewer, order, OrderEventKind.CHANGE_PROPOSED, data, now)


async def answer_change(
    session: AsyncSession, viewer: Viewer, order_id: int, seen: int, agreed: bool, now: datetime
) -> Order:
    """Agree to the change that the supplier proposes, or decline it: then the order stands as before.

    Args:
        session: of the caller's transaction.
        viewer: who buys.
        order_id: row id.
        seen: number of the event of the proposal that is answered.
        agreed: whether the kitchen agrees.
        now: with its zone.

    Raises:
        refusals.ProposalReplaced: the supplier has proposed something else since.
        refusals.Refusal: of the checks of sending: the order may no longer come on the day that was proposed.
    """
    require_buyer(viewer)
    order = await lock_order(session, viewer, order_id)
    if order.state is not OrderState.CHANGE_PROPOSED:
        raise refusals.WrongState(order.number, order.state)
    proposal = await _proposal(session, order)
    if proposal.seq != seen:
        raise refusals.ProposalReplaced(order.number)
    proposed = proposal.data
    if not agreed:
        data: dict[str, Any] = {"state": proposed["before"]}
        return await move(session, viewer, order, OrderEventKind.CHANGE_DECLINED, data, now)
    day = date.fromisoformat(proposed["day"])
    if day != order.day:
        keep_permits(order.lines, await require_day(session, order, day, proposed["packs"], now))
    data = {"packs": proposed["packs"], "day": proposed["day"]}
    await move_and_replace(session, viewer, [(order, OrderEventKind.CHANGE_AGREED, data)], now)
    return order


async def prepare(session: AsyncSession, viewer: Viewer, order_id: int, now: datetime) -> Order:
    """Say that an order is harvested and packed."""
    require_seller(viewer)
    order = await lock_order(session, viewer, order_id)
    return await move(session, viewer, order, OrderEventKind.PREPARED, {}, now)


async def ship(session: AsyncSession, viewer: Viewer, order_id: int, now: datetime) -> Order:
    """Say that an order has left; from now on nobody cancels it.

    Raises:
        refusals.WrongState: too early: that would take away the kitchen's right to cancel (``rules.leaves_from``).
        refusals.NotHygienic: the permit of its products of animals does not cover its day any more.
    """
    require_seller(viewer)
    order = await lock_order(session, viewer, order_id)
    leaves = leaves_from(order.day, order.cut_off).astimezone(PARIS)
    if now < leaves and order.state in AGREED:
        cure = f"La cuisine peut encore l'annuler ou le demander. Dire qu'elle est partie à partir du {leaves:{UNTIL}}."
        raise refusals.WrongState(order.number, order.state, cure, early=True)
    if order.state in MAY_FOLLOW[OrderEventKind.SHIPPED]:
        await require_permitted(session, order, {str(line.position): line.packs for line in order.lines})
    return await move(session, viewer, order, OrderEventKind.SHIPPED, {}, now)


async def cancel(session: AsyncSession, viewer: Viewer, order_id: int, reason: str, now: datetime) -> Order:
    """Cancel an order: at once before the cut-off, afterwards only asked of the supplier.

    A second request before the supplier answers changes nothing. An order that its supplier has let pass unanswered is
    taken back at once, and replacements are proposed.
    """
    require_buyer(viewer)
    order = await lock_order(session, viewer, order_id)
    free = now < order.cut_off
    if unanswered(order, now):
        return await _falls_out(session, viewer, order, OrderEventKind.CANCELLED, {"reason": reason}, now)
    if not free and order.cancel_asked_at is not None:
        return order
    kind = OrderEventKind.CANCELLED if free else OrderEventKind.CANCEL_ASKED
    return await move(session, viewer, order, kind, {"reason": reason}, now)


async def not_delivered(session: AsyncSession, viewer: Viewer, order_id: int, reason: str, now: datetime) -> Order:
    """Say for the kitchen that nothing of an order came on its day; replacements are proposed while the week lasts.

    Raises:
        refusals.WrongState: its day is still to come, or some of it was received.
    """
    require_buyer(viewer)
    order = await lock_order(session, viewer, order_id)
    if paris_day(now) < order.day and order.state in MAY_FOLLOW[OrderEventKind.FAILED]:
        raise refusals.WrongState(order.number, order.state, DAY_TO_COME, early=True)
    data = {"reason": reason, "by": KITCHEN}
    return await _falls_out(session, viewer, order, OrderEventKind.FAILED, data, now)


async def _falls_out(
    session: AsyncSession, viewer: Viewer, order: Order, kind: OrderEventKind, data: Mapping[str, Any], now: datetime
) -> Order:
    """Give up an order that its supplier does not keep; nothing is proposed for the meals of a week that is over."""
    if order.week + ONE_WEEK <= paris_day(now):
        return await move(session, viewer, order, kind, data, now)
    await move_and_replace(session, viewer, [(order, kind, data)], now)
    return order


async def answer_cancel(session: AsyncSession, viewer: Viewer, order_id: int, agreed: bool, now: datetime) -> Order:
    """Agree to cancel an order after its cut-off, or decline: then it stands.

    Raises:
        refusals.WrongState: nobody has asked to cancel it.
    """
    require_seller(viewer)
    order = await lock_order(session, viewer, order_id)
    if order.cancel_asked_at is None:
        raise refusals.WrongState(order.number, order.state)
    kind = OrderEventKind.CANCELLED if agreed else OrderEventKind.CANCEL_DECLINED
    return await move(session, viewer, order, kind, {}, now)


async def fail_day(
    session: AsyncSession, viewer: Viewer, supplier: str, day: date, reason: str, now: datetime
) -> list[Order]:
    """Say that nothing can be delivered on a day: every order of it falls, replacements are proposed to the kitchens,
    and nothing more is sold for it until the supplier takes the pause of that day back.

    Args:
        session: of the caller's transaction.
        viewer: who sells.
        supplier: slug.
        day: of the deliveries.
        reason: in words, no longer than that of a pause.
        now: with its zone.

    Returns:
        The orders that fell; none when there was nothing to deliver.

    Raises:
        refusals.DayOver: what came on that day, or did not, is for the kitchens to say.
    """
    require_seller(viewer)
    if supplier not in viewer.suppliers:
        raise refusals.NotYourOrder("le fournisseur")
    if day < paris_day(now):
        raise refusals.DayOver(day)
    own = suppliers(viewer, slugs=[supplier]).with_only_columns(Supplier.id)
    concerned = orders(viewer, day=day, states=TO_DELIVER).where(Order.supplier_id.in_(own))
    still = await lock_all(session, concerned)
    # As sending does: buyers before suppliers. Whoever was sending has its order once the supplier is held.
    held = {order.kitchen_id for order in still}
    await lock_buyers(session, held)
    await away_on(session, viewer, supplier, day, reason)
    still += await lock_all(session, concerned.where(Order.id.not_in([order.id for order in still])))
    data, accepted = {"reason": reason}, await _accepted_before(session, still)
    moves = [(order, _falls(order, accepted), data) for order in still]
    await move_and_replace(session, viewer, moves, now, held=held)
    return still


def _require_day_to_come(order: Order, kind: OrderEventKind, now: datetime) -> None:
    """What is promised for a day that is over is no promise; a state that has moved on is told of instead."""
    if paris_day(now) > order.day and order.state in MAY_FOLLOW[kind]:
        raise refusals.WrongState(order.number, order.state, DAY_PAST)


def _falls(order: Order, accepted: Collection[int]) -> OrderEventKind:
    """What was never accepted is refused; what was accepted has failed."""
    unanswered = order.state in (OrderState.SENT, OrderState.CHANGE_PROPOSED) and order.id not in accepted
    return OrderEventKind.REFUSED if unanswered else OrderEventKind.FAILED


async def _accepted_before(session: AsyncSession, orders: Collection[Order]) -> set[int]:
    """Row ids of the orders that wait for an answer to a change of what their supplier had accepted."""
    waiting = [order.id for order in orders if order.state is OrderState.CHANGE_PROPOSED]
    if not waiting:
        return set()
    accepting = OrderEvent.kind.in_((OrderEventKind.ACCEPTED, OrderEventKind.CHANGE_AGREED))
    events = order_events_visible_to(BUYER).where(OrderEvent.order_id.in_(waiting), accepting)
    return set(await session.scalars(events.with_only_columns(OrderEvent.order_id)))


async def record_reception(
    session: AsyncSession,
    viewer: Viewer,
    order_id: int,
    received_g: Mapping[int, int],
    now: datetime,
    *,
    complete: bool,
    correction: bool = False,
    reference: str = "",
) -> Order:
    """Write what a kitchen accepted of a delivery: for the room of receptions, which has weighed and checked it.

    Args:
        session: of the caller's transaction.
        viewer: who receives.
        order_id: row id.
        received_g: grams accepted so far, by position of the line.
        now: with its zone.
        complete: nothing more will come.
        correction: of a reception that was written before; the state stays.
        reference: of the reception, kept in the event.
    """
    require_buyer(viewer)
    order = await lock_order(session, viewer, order_id)
    if unknown := set(received_g) - {line.position for line in order.lines}:
        raise refusals.UnknownLine(f"ligne {min(unknown)} de la commande {order.number}")
    kind = OrderEventKind.RECEIVED if complete else OrderEventKind.RECEIVED_IN_PART
    if correction:
        kind = OrderEventKind.RECEPTION_CORRECTED
    data = {"received_g": {str(position): grams for position, grams in received_g.items()}, "reference": reference}
    return await move(session, viewer, order, kind, data, now)


async def holders(session: AsyncSession, offer_id: int, weeks: Collection[date]) -> dict[date, tuple[str, ...]]:
    """Numbers of the orders that take an offer, by week: what ``market.stock.restate`` names when it refuses."""
    statement = (
        order_lines_visible_to(BUYER)
        .where(OrderLine.offer_id == offer_id, OrderLine.packs > 0)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.week.in_(weeks))
        .with_only_columns(Order)
        .order_by(Order.id)
    )
    found: dict[date, tuple[str, ...]] = {}
    for order in await session.scalars(statement):
        found[order.week] = (*found.get(order.week, ()), order.number)
    return found


def _packs(order: Order, packs: Packs) -> dict[str, int]:
    """Packs of every line, those that are not named as they stand."""
    if unknown := set(packs) - {line.position for line in order.lines}:
        raise refusals.UnknownLine(f"ligne {min(unknown)} de la commande {order.number}")
    wished = {line.position: packs.get(line.position, line.packs) for line in order.lines}
    for line in order.lines:
        if not 0 <= wished[line.position] <= line.packs:
            raise refusals.BadQuantity(wished[line.position], 0, line.packs)
    if not any(wished.values()):
        raise refusals.NothingAccepted
    return {str(position): number for position, number in wished.items()}


async def _proposal(session: AsyncSession, order: Order) -> OrderEvent:
    """The change that is proposed: the newest one."""
    statement = order_events_visible_to(BUYER).where(
        OrderEvent.order_id == order.id, OrderEvent.kind == OrderEventKind.CHANGE_PROPOSED
    )
    event: OrderEvent = (await session.scalars(statement.order_by(OrderEvent.seq.desc()).limit(1))).one()
    return event


async def _state_before_change(session: AsyncSession, order: Order) -> OrderState:
    """Where the order returns when the change is declined; a second proposal keeps what the first one left."""
    if order.state is OrderState.CHANGE_PROPOSED:
        return OrderState((await _proposal(session, order)).data["before"])
    return order.state
