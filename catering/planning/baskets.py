"""Use case that joins plan, stock and orders: a basket filled with what the published plan buys for a week."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.market.models import Offer
from catering.market.queries import offers
from catering.orders.filling import PlannedNeed, fill_from_plan
from catering.orders.models import Basket
from catering.orders.opening import Place, own_kitchen
from catering.orders.regrouping import mend
from catering.people.viewer import Viewer
from catering.planning import refusals
from catering.planning.models import PlannedDrop, PlanRun, PlanScenario, SourcedLine
from catering.planning.queries import drops_visible_to, lines_visible_to, runs_visible_to
from catering.receiving.service.stock import at_hand

SIX_DAYS = timedelta(days=6)
"""A week's deliveries fall in the seven days that end on its Monday: from the Tuesday before."""


async def propose(session: AsyncSession, viewer: Viewer, place: Place, now: datetime) -> Basket:
    """Fill the basket of a kitchen and week with what the plan in use buys, in whole packs.

    What is on the shelves of the kitchen and may still be served on the Monday of the week is used first. What is not
    in stock any more and deliveries below the minimum of their supplier are bought of others, so that it can be sent.

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
    run_id = await _run_in_use(session, viewer, place.week)
    bought = [] if run_id is None else await _bought(session, viewer, run_id, kitchen, place.week)
    if run_id is None or not bought:
        raise refusals.NoPlan(place.uai, place.week)
    days = await _days(session, viewer, run_id, kitchen, place.week)
    suppliers = await _suppliers(session, viewer, {line.offer_id for line in bought})
    needs = [PlannedNeed(line.offer_id, line.grams, days.get(suppliers[line.offer_id])) for line in bought]
    on_hand = await at_hand(session, viewer, kitchen.id, place.week)
    return await fill_from_plan(session, viewer, place, needs, on_hand, now, mend=mend)


async def _run_in_use(session: AsyncSession, viewer: Viewer, week: date) -> int | None:
    statement = (
        runs_visible_to(viewer)
        .join(PlanScenario, PlanScenario.id == PlanRun.scenario_id)
        .where(
            PlanRun.published_at.is_not(None),
            PlanRun.withdrawn_at.is_(None),
            PlanScenario.first_day <= week + SIX_DAYS,
            PlanScenario.last_day >= week,
        )
        .order_by(PlanRun.published_at.desc())
        .with_only_columns(PlanRun.id)
        .limit(1)
    )
    found: int | None = await session.scalar(statement)
    return found


async def _bought(
    session: AsyncSession, viewer: Viewer, run_id: int, kitchen: Kitchen, week: date
) -> list[SourcedLine]:
    statement = lines_visible_to(viewer).where(
        SourcedLine.run_id == run_id, SourcedLine.kitchen_id == kitchen.id, SourcedLine.week == week
    )
    return list(await session.scalars(statement.order_by(SourcedLine.offer_id)))


async def _days(session: AsyncSession, viewer: Viewer, run_id: int, kitchen: Kitchen, week: date) -> Mapping[int, date]:
    """When the plan has each supplier (row id) deliver for the week."""
    statement = drops_visible_to(viewer).where(
        PlannedDrop.run_id == run_id,
        PlannedDrop.kitchen_id == kitchen.id,
        PlannedDrop.day.between(week - SIX_DAYS, week),
    )
    return {drop.supplier_id: drop.day for drop in await session.scalars(statement.order_by(PlannedDrop.day))}


async def _suppliers(session: AsyncSession, viewer: Viewer, offer_ids: set[int]) -> Mapping[int, int]:
    statement = offers(viewer).where(Offer.id.in_(offer_ids)).with_only_columns(Offer.id, Offer.supplier_id)
    return {row.id: row.supplier_id for row in await session.execute(statement)}
