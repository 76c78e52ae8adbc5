"""Use case: another dish on a kitchen's day of the plan in use, and its week bought again."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.calendar import week_of
from catering.menus.models import MenuDish, MenuSource
from catering.menus.service import Choice, Place, change_menu, own_kitchen
from catering.moment import paris_day
from catering.orders.models import Order
from catering.orders.queries import GIVEN_UP, orders_visible_to
from catering.people.viewer import Viewer
from catering.planning import refusals
from catering.planning.facts import PLANNER
from catering.planning.kitchen_plans import PlanInUse, kitchen_plan, plan_in_use
from catering.planning.models import PlanRun, PlanSwap
from catering.planning.queries import runs
from catering.planning.swap_storing import Ground, store_swap
from optimizer.problem import Problem
from optimizer.swapping import CannotBuy, KitchenPlan, Swapped, UnknownDish, swap


@dataclass(frozen=True, slots=True)
class SwapWish:
    """The dish (slug) to put in a place of the plan, instead of the one that was seen there."""

    place: Place
    instead: str
    dish: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan in use, and the problem that it was made from."""

    of: PlanInUse
    problem: Problem


async def find_plan(session: AsyncSession, viewer: Viewer, uai: str, day: date, now: datetime) -> PlanInUse:
    """The plan by which a kitchen's day is bought.

    Raises:
        catering.menus.refusals.Refusal: the viewer does not cook there.
        refusals.NoPlan: no published plan covers the day.
    """
    await own_kitchen(session, viewer, uai)
    found = await plan_in_use(session, viewer, uai, day, paris_day(now))
    if found is None:
        raise refusals.NoPlan(uai, week_of(day))
    return found


async def swap_dish(
    session: AsyncSession, viewer: Viewer, wish: SwapWish, prepared: Prepared, now: datetime
) -> PlanSwap:
    """Put another dish in a place of the plan in use, buy the kitchen's week again at what the others leave, and have
    menus, their check and what diners read follow.

    Of several swaps of one plan, each waits for the one before: what it takes is not sold twice.

    Raises:
        catering.refusal.Refusal: the viewer does not cook there; the week has begun or is ordered; another dish is
            there by now; the dish cannot be there, or cannot be bought.
    """
    place = wish.place
    of = await find_plan(session, viewer, place.uai, place.day, now)
    if of.run_id != prepared.of.run_id:
        raise refusals.PlanMoved(place.uai, place.day)
    await session.scalars(runs(PLANNER, ids=[of.run_id]).with_only_columns(PlanRun.id).with_for_update())
    await _require_open(session, of, now)
    plan = await kitchen_plan(session, viewer, of)
    _require_seen(plan, wish)
    found = await asyncio.to_thread(_swapped, prepared.problem, plan, wish)
    await change_menu(session, viewer, place, [Choice(wish.dish)])
    made = await store_swap(session, viewer, Ground(of, plan, wish.place), wish.dish, found, now)
    await _follows_the_plan(session, made)
    return made


async def _require_open(session: AsyncSession, of: PlanInUse, now: datetime) -> None:
    """A week that has begun, or of which something is ordered, is what it is.

    Raises:
        refusals.WeekLocked: it is.
    """
    if of.week <= paris_day(now):
        raise refusals.WeekLocked(of.kitchen.uai, of.week, ordered=False)
    sent = orders_visible_to(PLANNER).where(
        Order.kitchen_id == of.kitchen.id, Order.week == of.week, Order.state.not_in(GIVEN_UP)
    )
    if await session.scalar(sent.with_only_columns(Order.id).limit(1)) is not None:
        raise refusals.WeekLocked(of.kitchen.uai, of.week, ordered=True)


def _require_seen(plan: KitchenPlan, wish: SwapWish) -> None:
    there = {line.dish for line in plan.menus if (line.date, line.slot) == (wish.place.day, wish.place.slot.value)}
    if there != {wish.instead}:
        raise refusals.PlanMoved(wish.place.uai, wish.place.day)
    if wish.dish == wish.instead:
        raise refusals.CannotSwap(f"« {wish.dish} » est déjà prévu ce jour-là : choisir un autre plat.")


def _swapped(problem: Problem, plan: KitchenPlan, wish: SwapWish) -> Swapped:
    week = week_of(wish.place.day)
    try:
        found = swap(problem, plan, week, {(wish.place.day, wish.place.slot.value): wish.dish})
    except UnknownDish as unknown:
        raise refusals.CannotSwap(
            f"Le plat « {unknown.dish} » n'est pas au catalogue de cette composante : en choisir un autre."
        ) from unknown
    except CannotBuy as short:
        names = ", ".join(problem.ingredients[of].name for of in sorted(short.grams))
        raise refusals.CannotSwap(
            f"Les autres cuisines ne laissent pas assez de {names} cette semaine-là : choisir un autre plat."
        ) from short
    if not problem.dish_in_season(wish.dish, week):
        raise refusals.CannotSwap(f"« {problem.dishes[wish.dish].name} » n'est pas de saison cette semaine-là.")
    return found


async def _follows_the_plan(session: AsyncSession, made: PlanSwap) -> None:
    """The menu has what the plan now buys for: a newer plan may take its place, as that of any planned dish."""
    here = (MenuDish.kitchen_id == made.kitchen_id, MenuDish.day == made.day, MenuDish.slot == made.slot)
    await session.execute(
        update(MenuDish)
        .where(*here)
        .values(source=MenuSource.PLAN, planned_dish_id=made.new_dish_id)
        .execution_options(synchronize_session=False)
    )
