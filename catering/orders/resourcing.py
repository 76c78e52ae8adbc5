"""What replaces goods that a supplier cannot deliver: a proposal in the kitchen's basket, which nobody has sent yet."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Offer
from catering.orders.opening import OpenBasket, add_need, close_all, lock_baskets
from catering.orders.prices import NOTHING_AGREED
from catering.orders.rules import packs_for
from catering.orders.sold import BUYER, Sold, next_best, read_agreements, read_market
from catering.orders.vocabulary import LineReason
from catering.people.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Missing:
    """Goods that will not come: of which ingredient and order, and how much. The same supplier is not asked again."""

    kitchen_id: int
    week: date
    supplier_id: int
    ingredient_id: int
    grams: int


async def replace_missing(
    session: AsyncSession, viewer: Viewer, missing: Sequence[Missing], now: datetime
) -> Mapping[int, int]:
    """Put the next best offers of what is missing into the baskets of the kitchens concerned, to be confirmed by them.

    The cheapest offers that can still be delivered come first, each up to what is left of it; kitchens are served in
    order of their row, and what one is proposed is no longer there for the next.

    Returns:
        Grams of each ingredient (row id) for which nothing was found.
    """
    wanted = [each for each in missing if each.grams > 0]
    if not wanted:
        return {}
    opened = await _open_baskets(session, viewer, wanted, now)
    weeks = sorted({each.week for each in wanted})
    market = {week: await _market(session, week, wanted) for week in weeks}
    kitchens = [basket.kitchen for basket in opened.values()]
    agreed = {week: await read_agreements(session, kitchens, week, market[week], now) for week in weeks}
    unmet: dict[int, int] = defaultdict(int)
    proposed: dict[int, int] = defaultdict(int)
    for each in wanted:
        basket = opened[each.kitchen_id, each.week]
        terms = agreed[each.week].get(basket.kitchen.uai, NOTHING_AGREED)
        sold = [Sold(basket.kitchen, each.week, terms, *row) for row in market[each.week] if _answers(row, each)]
        left = _propose(session, basket, next_best(sold, now), each.grams, proposed, now)
        if left:
            unmet[each.ingredient_id] += left
    await close_all(session, viewer, opened.values(), now)
    return dict(unmet)


async def _open_baskets(
    session: AsyncSession, viewer: Viewer, wanted: Sequence[Missing], now: datetime
) -> dict[tuple[int, date], OpenBasket]:
    ids = {each.kitchen_id for each in wanted}
    kitchens = {each.id: each for each in await session.scalars(kitchens_visible_to(BUYER).where(Kitchen.id.in_(ids)))}
    pairs = [(kitchens[each.kitchen_id], each.week) for each in wanted]
    opened = await lock_baskets(session, viewer, pairs, now)
    return {(each.kitchen.id, each.basket.week): each for each in opened}


async def _market(session: AsyncSession, week: date, wanted: Sequence[Missing]) -> Sequence[Any]:
    ingredients = {each.ingredient_id for each in wanted if each.week == week}
    return await read_market(session, week, ingredient_ids=ingredients)


def _answers(row: Any, missing: Missing) -> bool:
    offer: Offer = row.Offer
    return offer.ingredient_id == missing.ingredient_id and offer.supplier_id != missing.supplier_id


def _propose(
    session: AsyncSession,
    basket: OpenBasket,
    offers: Sequence[Sold],
    grams: int,
    proposed: dict[int, int],
    now: datetime,
) -> int:
    """Buy ``grams`` of the first offers that have them; what no offer has."""
    for sold in offers:
        packs, day = sold.packs_left(), sold.day_for(now)
        if grams <= 0 or day is None:
            break
        room = grams if packs is None else (packs - proposed[sold.offer.id]) * sold.offer.pack_g
        taken = min(grams, room)
        if taken > 0:
            add_need(session, basket, sold, day, taken, LineReason.RESOURCED)
            proposed[sold.offer.id] += packs_for(taken, sold.offer.pack_g)
            grams -= taken
    return max(grams, 0)
