"""Use case of a basket: fill it with what the published plan buys."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.orders.models import Basket, Order, OrderLine
from catering.orders.opening import (
    OpenBasket,
    Place,
    close,
    new_line,
    open_basket,
    require_packs,
    see,
)
from catering.orders.queries import GIVEN_UP, order_lines_visible_to
from catering.orders.rules import Filled, Wanted, best_day, cut_off, fill
from catering.orders.sold import BUYER, Sold, read_sold
from catering.orders.vocabulary import LineReason, OrderState
from catering.people.viewer import Viewer


@dataclass(frozen=True, slots=True)
class PlannedNeed:
    """What the plan buys of one offer for the week. ``day`` is when the plan has it delivered, if it says so."""

    offer_id: int
    grams: int
    day: date | None = None


async def fill_from_plan(
    session: AsyncSession,
    viewer: Viewer,
    kitchen: Kitchen,
    place: Place,
    needs: Sequence[PlannedNeed],
    on_hand: Mapping[int, int],
    now: datetime,
) -> Basket:
    """Fill the basket with what the plan buys, in whole packs; what was filled before is filled anew.

    Lines that somebody put in stay, and count; so does what is ordered for the week and not received yet.

    Args:
        session: of the caller's transaction.
        viewer: who buys.
        kitchen: theirs (``own_kitchen``).
        place: the basket.
        needs: of the plan, one per offer.
        on_hand: grams of each ingredient (row id) in the kitchen's stock that the week may use.
        now: with its zone.

    Raises:
        refusals.Refusal: the basket changed.
    """
    opened = await open_basket(session, viewer, kitchen, place, now)
    concerned = {need.offer_id for need in needs} | {line.offer_id for line in opened.lines.values()}
    sold = {each.offer.id: each for each in await read_sold(session, kitchen, place.week, concerned, now)}
    await _forget_planned(session, opened)
    at_hand = Counter(on_hand)
    at_hand.update(await to_come(session, kitchen, place.week))
    for line in opened.lines.values():
        at_hand[line.ingredient_id] += line.packs * sold[line.offer_id].offer.pack_g
    days = {need.offer_id: _day(sold[need.offer_id], need.day, now) for need in needs if need.offer_id in sold}
    grams = {need.offer_id: need.grams for need in needs}
    wanted = [_wanted(sold[offer_id], grams[offer_id], day) for offer_id, day in days.items()]
    for filled in fill(wanted, at_hand):
        _put(session, opened, sold[filled.offer_id], days[filled.offer_id], filled)
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
    see(line, sold)


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


def _wanted(sold: Sold, grams: int, day: date) -> Wanted:
    return Wanted(sold.offer.id, sold.offer.ingredient_id, grams, sold.offer.pack_g, sold.eur_per_kg(day))
