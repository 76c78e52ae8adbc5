"""What replaces goods that a supplier cannot deliver: a proposal in the kitchen's basket, which nobody has sent yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Offer
from catering.orders.opening import OpenBasket, add_need, close_all, lock_baskets
from catering.orders.prices import NOTHING_AGREED, Agreed
from catering.orders.proposing import Acceptance, Proposal, lines_of, read_acceptance
from catering.orders.rules import label_lost, packs_for
from catering.orders.shortages import Missing, keep_shortages
from catering.orders.sold import BUYER, Sold, next_best, read_agreements, read_market
from catering.orders.vocabulary import LineReason
from catering.people.viewer import Viewer


async def replace_missing(session: AsyncSession, viewer: Viewer, missing: Sequence[Missing], now: datetime) -> None:
    """Put the next best offers of what is missing into the baskets of the kitchens concerned, to be confirmed by them.

    Of the offers that sending would accept those of the same label come first, then the cheapest, each up to what is
    left of it; kitchens are served in order of their row, and what one is proposed is no longer there for the next.
    What no offer has is kept as a shortage of the kitchen.
    """
    wanted = [each for each in missing if each.grams > 0]
    if not wanted:
        return
    opened = await _open_baskets(session, viewer, wanted, now)
    weeks = sorted({each.week for each in wanted})
    market = {week: await _market(session, week, wanted, opened.values()) for week in weeks}
    kitchens = [basket.kitchen for basket in opened.values()]
    agreed = {week: await read_agreements(session, kitchens, week, market[week], now) for week in weeks}
    ranked = [_ranked(opened[each.kitchen_id, each.week], each, market, agreed, now) for each in wanted]
    beside = [
        line
        for week in weeks
        for line in lines_of(
            (basket for (_, of_week), basket in opened.items() if of_week == week),
            {row.Offer.id: row for row in market[week]},
            agreed[week],
        )
    ]
    acceptance = await read_acceptance(session, [line for lines in ranked for line in lines], beside, now)
    unmet = [
        replace(each, grams=left)
        for each, offers in zip(wanted, ranked, strict=True)
        if (left := _propose(session, opened[each.kitchen_id, each.week], offers, each.grams, acceptance))
    ]
    if unmet:
        packs = {row.Offer.id: row.Offer.pack_g for of_week in market.values() for row in of_week}
        await keep_shortages(session, unmet, opened, packs, now)
    await close_all(session, viewer, opened.values(), now)


async def _open_baskets(
    session: AsyncSession, viewer: Viewer, wanted: Sequence[Missing], now: datetime
) -> dict[tuple[int, date], OpenBasket]:
    ids = {each.kitchen_id for each in wanted}
    kitchens = {each.id: each for each in await session.scalars(kitchens_visible_to(BUYER).where(Kitchen.id.in_(ids)))}
    pairs = [(kitchens[each.kitchen_id], each.week) for each in wanted]
    opened = await lock_baskets(session, viewer, pairs, now)
    return {(each.kitchen.id, each.basket.week): each for each in opened}


async def _market(
    session: AsyncSession, week: date, wanted: Sequence[Missing], opened: Iterable[OpenBasket]
) -> Sequence[Any]:
    """Offers of what is missing in a week, and of what its baskets hold."""
    ingredients = {each.ingredient_id for each in wanted if each.week == week}
    there = {line.offer_id for basket in opened if basket.basket.week == week for line in basket.lines.values()}
    return await read_market(session, week, offer_ids=there, ingredient_ids=ingredients)


def _ranked(
    basket: OpenBasket,
    missing: Missing,
    market: Mapping[date, Sequence[Any]],
    agreed: Mapping[date, Mapping[str, Agreed]],
    now: datetime,
) -> list[Proposal]:
    """A pack of each offer that might take the place of what is missing: the same label first, then any label for a
    label, then the cheapest."""
    terms = agreed[missing.week].get(basket.kitchen.uai, NOTHING_AGREED)
    rows = (row for row in market[missing.week] if _answers(row, missing))
    best = next_best((Sold(basket.kitchen, missing.week, terms, *row) for row in rows), now)
    best.sort(key=lambda each: label_lost(missing.label, each.offer.label))
    return [Proposal(sold, day, 1) for sold in best if (day := sold.day_for(now)) is not None]


def _answers(row: Any, missing: Missing) -> bool:
    offer: Offer = row.Offer
    return offer.ingredient_id == missing.ingredient_id and offer.supplier_id != missing.supplier_id


def _propose(
    session: AsyncSession, basket: OpenBasket, offers: Sequence[Proposal], grams: int, acceptance: Acceptance
) -> int:
    """Buy ``grams`` of the first offers that have them and that sending would accept; what no offer has."""
    for each in offers:
        sold = each.sold
        wanted, packs_left = packs_for(grams, sold.offer.pack_g), acceptance.packs_left(sold)
        proposal = replace(each, packs=wanted if packs_left is None else min(wanted, packs_left))
        if proposal.packs and acceptance.refusal(proposal) is None:
            taken = min(grams, proposal.goods.grams)
            add_need(session, basket, sold, each.day, taken, LineReason.RESOURCED)
            acceptance.take(proposal)
            grams -= taken
        if not grams:
            break
    return grams
