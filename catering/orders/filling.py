"""Use case of a basket: fill it with what the published plan buys."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.orders.models import Basket, Order, OrderLine
from catering.orders.opening import OpenBasket, Place, close, new_line, open_basket, own_kitchen, require_packs
from catering.orders.queries import GIVEN_UP, order_lines_visible_to
from catering.orders.rules import Filled, Wanted, best_day, cut_off, fill
from catering.orders.sold import BUYER, Sold, read_sold
from catering.orders.vocabulary import LineReason, OrderState
from catering.people.viewer import Viewer

Mend: TypeAlias = Callable[[AsyncSession, OpenBasket, datetime], Awaitable[None]]
"""Changes an open basket before it is closed."""


@dataclass(frozen=True, slots=True)
class PlannedNeed:
    """What the plan buys of one offer for the week. ``day`` is when the plan has it delivered, if it says so."""

    offer_id: int
    grams: int
    day: date | None = None


async def fill_from_plan(
    session: AsyncSession,
    viewer: Viewer,
    place: Place,
    needs: Sequence[PlannedNeed],
    on_hand: Mapping[int, int],
    now: datetime,
    *,
    mend: Mend | None = None,
) -> Basket:
    """Fill the basket with what the plan buys, in whole packs; what was filled before is filled anew.

    Lines that somebody put in stay, and count; so does what is ordered for the week and not received yet.

    Args:
        session: of the caller's transaction.
        viewer: who buys.
        place: the basket.
        needs: of the plan, one per offer.
        on_hand: grams of each ingredient (row id) in the kitchen's stock that the week may use.
        now: with its zone.
        mend: what makes the filled basket fit to be sent (``regrouping.mend``).

    Raises:
        refusals.Refusal: the kitchen is not the viewer's, or the basket changed.
    """
    kitchen = await own_kitchen(session, viewer, place.uai)
    opened = await open_basket(session, viewer, kitchen, place, now)
    concerned = {need.offer_id for need in needs} | {line.offer_id for line in opened.lines.values()}
    sold = {each.offer.id: each for each in await read_sold(session, kitchen, place.week, offer_ids=concerned)}
    await _forget_planned(session, opened)
    at_hand = Counter(on_hand)
    at_hand.update(await to_come(session, kitchen, place.week))
    for line in opened.lines.values():
        at_hand[line.ingredient_id] += line.packs * sold[line.offer_id].offer.pack_g
    wanted = [_wanted(sold[need.offer_id], need.grams) for need in needs if need.offer_id in sold]
    days = {need.offer_id: need.day for need in needs}
    for filled in fill(wanted, at_hand):
        offer = sold[filled.offer_id]
        _put(session, opened, offer, _day(offer, days[filled.offer_id], now), filled)
    if mend is not None:
        await mend(session, opened, now)
    return await close(session, viewer, opened, now)


async def _forget_planned(session: AsyncSession, opened: OpenBasket) -> None:
    for key in [key for key, line in opened.lines.items() if line.reason is LineReason.PLAN]:
        await session.delete(opened.lines.pop(key))
    await session.flush()


def _put(session: AsyncSession, opened: OpenBasket, sold: Sold, day: date, filled: Filled) -> None:
    # A line that somebody put there for the same day grows: what it held is counted as at hand already.
    line = opened.lines.get((filled.offer_id, day)) or new_line(session, opened, sold, day, LineReason.PLAN)
    line.packs += filled.packs
    line.planned_g += filled.planned_g
    line.left_over_g += filled.left_over_g
    require_packs(line.packs)


async def to_come(session: AsyncSession, kitchen: Kitchen, week: date) -> Counter[int]:
    """Grams of each ingredient (row id) that a kitchen has ordered for a week and not received yet."""
    statement = (
        order_lines_visible_to(BUYER)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.kitchen_id == kitchen.id,
            Order.week == week,
            Order.state.not_in([*GIVEN_UP, OrderState.RECEIVED]),
        )
    )
    found: Counter[int] = Counter()
    for line in await session.scalars(statement):
        found[line.ingredient_id] += max(line.grams - (line.received_g or 0), 0)
    return found


def _day(sold: Sold, planned: date | None, now: datetime) -> date:
    """The plan's day while it can be met, else the best day left; a week that is too late keeps the plan's."""
    supplier = sold.supplier
    if planned is not None and now < cut_off(planned, supplier.lead_days):
        return planned
    return best_day(supplier.delivery_weekdays, supplier.lead_days, sold.week, now) or planned or sold.week


def _wanted(sold: Sold, grams: int) -> Wanted:
    return Wanted(sold.offer.id, sold.offer.ingredient_id, grams, sold.offer.pack_g, sold.eur_per_kg)
