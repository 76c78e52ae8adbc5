"""Use case that joins plan, stock and orders: a basket filled with what the published plan buys for a week."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.market.models import Offer
from catering.moment import paris_day
from catering.orders.filling import PlannedNeed, fill_from_plan
from catering.orders.models import Basket
from catering.orders.opening import Place, own_kitchen
from catering.orders.regrouping import mend
from catering.people.viewer import Viewer
from catering.planning import refusals
from catering.planning.leaving import foresee_week, run_of, runs_in_use
from catering.planning.models import PlannedDrop, SourcedLine
from catering.planning.portions_since import shared_out
from catering.planning.queries import drops_visible_to, lines_visible_to

SIX_DAYS = timedelta(days=6)
"""A week's deliveries fall in the seven days that end on its Monday: from the Tuesday before."""


async def propose(session: AsyncSession, viewer: Viewer, place: Place, now: datetime) -> Basket:
    """Fill the basket of a kitchen and week with what the plan in use buys, in whole packs.

    What will be left in the kitchen for the week (``left_overs``) is used first. What is not in stock any more and
    deliveries below the minimum of their supplier are bought of others, so that it can be sent.

    Args:
        session: of the caller's transaction.
        viewer: who buys.
        place: the basket.
        now: with its zone.

    Raises:
        refusals.NoPlan: no published plan covers this kitchen and week.
        catering.orders.refusals.Refusal: the kitchen is not the viewer's, or the basket changed.
    """
    kitchen = await own_kitchen(session, viewer, place.uai)
    read, today = partial(_rows, session), paris_day(now)
    runs = await runs_in_use(read, viewer, place.week, today)
    run_id = run_of(runs, place.week)
    lines = [] if run_id is None else await _bought(session, viewer, run_id, kitchen, place.week)
    if not lines:
        raise refusals.NoPlan(place.uai, place.week)
    foreseen = await foresee_week(read, viewer, runs, kitchen.id, place.week, today)
    there = Counter({ingredient: each.left_g + each.served_g for ingredient, each in foreseen.left.items()})
    # What the plan counts on besides its lines does not make them smaller; what of it is not there is bought after all.
    there.subtract(foreseen.stored_g)
    lacking = {ingredient: -grams for ingredient, grams in there.items() if grams < 0}
    own = {line.ingredient_id for line in lines}
    more = Counter(foreseen.more_g)
    more.update({ingredient: grams for ingredient, grams in lacking.items() if ingredient in own})
    others = {ingredient: grams for ingredient, grams in lacking.items() if ingredient not in own}
    needs = [*with_portions(lines, more), *await _as_before(session, viewer, run_id, kitchen, place.week, others)]
    return await fill_from_plan(session, viewer, kitchen, place, needs, +there, now, mend=mend)


async def _as_before(
    session: AsyncSession, viewer: Viewer, run_id: int | None, kitchen: Kitchen, week: date, lacking: Mapping[int, int]
) -> Sequence[PlannedNeed]:
    """What was to come out of the store and is not there, by ingredient: of whom the plan bought it last."""
    if not lacking:
        return []
    statement = (
        lines_visible_to(viewer)
        .where(SourcedLine.run_id == run_id, SourcedLine.kitchen_id == kitchen.id)
        .where(SourcedLine.ingredient_id.in_(lacking), SourcedLine.week < week)
        .with_only_columns(SourcedLine.offer_id, SourcedLine.ingredient_id)
        .order_by(SourcedLine.week, SourcedLine.offer_id.desc())
    )
    last = {ingredient: offer for offer, ingredient in await session.execute(statement)}
    return [PlannedNeed(offer, lacking[ingredient]) for ingredient, offer in sorted(last.items())]


async def _rows(session: AsyncSession, statement: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    rows: Sequence[Any] = (await session.execute(statement)).all()
    return rows


async def _bought(session: AsyncSession, viewer: Viewer, run_id: int, kitchen: Kitchen, week: date) -> Sequence[Any]:
    """Rows of what the plan buys: offer, grams, last day of the week on which that supplier delivers, ingredient."""
    of_week = (PlannedDrop.kitchen_id == kitchen.id) & PlannedDrop.day.between(week - SIX_DAYS, week)
    day = (
        drops_visible_to(viewer)
        .where(PlannedDrop.run_id == run_id, of_week, PlannedDrop.supplier_id == Offer.supplier_id)
        .with_only_columns(func.max(PlannedDrop.day))
        .correlate(Offer)
        .scalar_subquery()
    )
    statement = (
        lines_visible_to(viewer)
        .where(SourcedLine.run_id == run_id, SourcedLine.kitchen_id == kitchen.id, SourcedLine.week == week)
        .join(Offer, Offer.id == SourcedLine.offer_id)
        .with_only_columns(SourcedLine.offer_id, SourcedLine.grams, day, SourcedLine.ingredient_id)
        .order_by(SourcedLine.offer_id)
    )
    return (await session.execute(statement)).all()


def with_portions(lines: Sequence[Any], more_g: Mapping[int, int]) -> Sequence[PlannedNeed]:
    """The lines once portions that changed since the plan take more or less of their ingredient."""
    of: dict[int, list[Any]] = defaultdict(list)
    for line in lines:
        of[line.ingredient_id].append(line)
    needs = [
        PlannedNeed(line.offer_id, grams, line[2])
        for ingredient, some in of.items()
        for line, grams in zip(some, shared_out([line.grams for line in some], more_g.get(ingredient, 0)), strict=True)
    ]
    return sorted((need for need in needs if need.grams > 0), key=lambda need: need.offer_id)
