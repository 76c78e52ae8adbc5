"""A plan made again from a date on: what it continues, and what the optimizer must know of the time before.

What is already served keeps its distance, what is bought, ordered or still to be bought before counts in the rates of
the civil year, and what the former plan has in a week is moved only when that saves more than a price per cover.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from catering.db import Base
from catering.kitchens.calendar import week_of
from catering.kitchens.models import Kitchen
from catering.market.models import Offer
from catering.menus.models import MenuDish
from catering.menus.queries import menus
from catering.moment import today
from catering.orders.models import Order
from catering.orders.queries import GIVEN_UP, orders_visible_to
from catering.people.viewer import Viewer
from catering.planning import refusals
from catering.planning.models import PlannedDrop, PlannedMeal, PlanResumption, PlanRun, SourcedLine
from catering.planning.projecting import projections, still_planned
from catering.planning.queries import meals, published, resumptions_visible_to, runs_visible_to
from catering.recipes.models import Dish
from catering.rules.egalim_year import year_of
from optimizer.goals import MOVED
from optimizer.problem import FAMILIES, Problem, Purchase

OTHER_FAMILY = "AUTRES"
WEEK = timedelta(weeks=1)
SIX_DAYS = timedelta(days=6)
CENTS = 100


@dataclass(frozen=True, slots=True)
class Resume:
    """From which week on (any day of it) the plan in use is made again, and € per cover that moving a dish costs."""

    day: date
    moved_eur: Decimal


@dataclass(frozen=True, slots=True)
class Resumed:
    """What is known of the time before; kitchens by UAI, dishes and offers by slug."""

    served: Mapping[tuple[str, date], frozenset[str]]
    former: Mapping[tuple[str, date], frozenset[str]]
    spent: Sequence[Purchase]
    """Bought, or ordered and on its way, in the civil year."""
    to_buy: Sequence[tuple[str, date, str, Decimal]]
    """What the plan in use still buys before: UAI, week, offer, €."""
    moved_eur: Decimal

    def told(self, problem: Problem) -> dict[str, Any]:
        """The fields of a problem that say it; dishes and offers that are no more are left out of the past."""
        planned = tuple(
            Purchase(uai, week, problem.family(offer), problem.bucket(offer, week), eur)
            for uai, week, offer, eur in self.to_buy
            if offer in problem.offers
        )
        return {
            "served": _known(self.served, problem),
            "former": _known(self.former, problem),
            "purchases": (*self.spent, *planned),
            "goals": {**problem.goals, MOVED: self.moved_eur},
        }


def _known(dishes_of: Mapping[tuple[str, date], frozenset[str]], problem: Problem) -> dict[Any, frozenset[str]]:
    return {
        key: known
        for key, of in dishes_of.items()
        if key[0] in problem.kitchens and (known := of & problem.dishes.keys())
    }


async def resumable(session: AsyncSession, viewer: Viewer, school_year: str, resume: Resume) -> PlanRun:
    """The plan in use that may be made again from a week on, with its scenario.

    Raises:
        refusals.NothingToResume: no plan is in use, or it has no day from then on.
        refusals.TooSoon: the week has begun, or orders of it or of later weeks are sent: these are kept.
    """
    found = published(viewer, school_year).options(joinedload(PlanRun.scenario))
    run: PlanRun | None = await session.scalar(found)
    monday = week_of(resume.day)
    if run is None or run.scenario.last_day < monday:
        raise refusals.NothingToResume(school_year, monday)
    planned = meals(viewer, run.id).with_only_columns(PlannedMeal.kitchen_id).distinct()
    sent = orders_visible_to(viewer).where(Order.kitchen_id.in_(planned), Order.state.not_in(GIVEN_UP))
    last = await session.scalar(sent.with_only_columns(func.max(Order.week)))
    earliest = max(week_of(today()), last or date.min) + WEEK
    if monday < earliest:
        raise refusals.TooSoon(monday, earliest)
    return run


async def resumption_of(session: AsyncSession, viewer: Viewer, scenario_id: int) -> PlanResumption | None:
    """What a scenario continues; None when it starts afresh."""
    found: PlanResumption | None = await session.scalar(
        resumptions_visible_to(viewer).where(PlanResumption.scenario_id == scenario_id)
    )
    return found


async def resumed_of(
    session: AsyncSession, viewer: Viewer, resumption: PlanResumption, since: date, kitchens: Sequence[Kitchen]
) -> Resumed:
    """All that is known of the time before a plan that is made again, from the first day of the year it plans."""
    uais = {kitchen.id: kitchen.uai for kitchen in kitchens}
    before = resumption.from_day - timedelta(days=1)
    eaten = menus(viewer, kitchen_ids=uais, first=since, last=before).join(Dish, Dish.id == MenuDish.dish_id)
    served = await session.execute(eaten.with_only_columns(MenuDish.kitchen_id, MenuDish.day, Dish.slug))
    planned = meals(viewer, resumption.run_id, kitchen_ids=uais, first=resumption.from_day)
    kept = planned.join(Dish, Dish.id == PlannedMeal.dish_id)
    former = await session.execute(kept.with_only_columns(PlannedMeal.kitchen_id, PlannedMeal.day, Dish.slug))
    return Resumed(
        served=_grouped((uais[kitchen], day, dish) for kitchen, day, dish in served),
        former=_grouped((uais[kitchen], week_of(day), dish) for kitchen, day, dish in former),
        spent=await _spent(session, viewer, resumption.from_day.year, uais),
        to_buy=await _to_buy(session, viewer, resumption, uais),
        moved_eur=resumption.moved_eur,
    )


def _grouped(rows: Any) -> dict[tuple[str, date], frozenset[str]]:
    found: dict[tuple[str, date], set[str]] = defaultdict(set)
    for uai, day, dish in rows:
        found[uai, day].add(dish)
    return {key: frozenset(of) for key, of in found.items()}


async def _spent(session: AsyncSession, viewer: Viewer, year: int, uais: Mapping[int, str]) -> list[Purchase]:
    """What kitchens have bought, or ordered and not received, in a civil year, by family and bucket."""
    found = []
    for kitchen, of in (await projections(session, viewer, year, today(), kitchen_ids=list(uais))).items():
        for tally in (of.bought, of.ordered):
            for (family, bucket), cents in year_of(tally, year).by_family.items():
                known = family if family in FAMILIES else OTHER_FAMILY
                found.append(Purchase(uais[kitchen], date(year, 1, 1), known, bucket, Decimal(cents) / CENTS))
    return found


async def _to_buy(
    session: AsyncSession, viewer: Viewer, resumption: PlanResumption, uais: Mapping[int, str]
) -> list[tuple[str, date, str, Decimal]]:
    # Of the plan in use: the one that is made again, or later the new one, which has its past.
    lines = still_planned(viewer, resumption.from_day.year, today(), list(uais)).where(
        SourcedLine.week < resumption.from_day
    )
    rows = await session.execute(
        lines.with_only_columns(SourcedLine.kitchen_id, SourcedLine.week, Offer.slug, SourcedLine.amount)
    )
    return [(uais[kitchen], week, offer, amount) for kitchen, week, offer, amount in rows]


async def copy_past(session: AsyncSession, viewer: Viewer, run_id: int, resumption: PlanResumption) -> None:
    """What was planned before is the new plan's too: what reads the plan in use finds the weeks gone by, and this one.

    A week's deliveries fall in the seven days that end on its Monday.
    """
    visible = runs_visible_to(viewer).with_only_columns(PlanRun.id)
    before = resumption.from_day
    for model, past in (
        (PlannedMeal, PlannedMeal.day < before),
        (SourcedLine, SourcedLine.week < before),
        (PlannedDrop, PlannedDrop.day < before - SIX_DAYS),
    ):
        table = _table(model)
        columns = [column for column in table.columns if column.name != "run_id"]
        rows = select(literal(run_id), *columns).where(
            table.c.run_id == resumption.run_id, table.c.run_id.in_(visible), past
        )
        await session.execute(insert(table).from_select(["run_id", *(each.name for each in columns)], rows))


def _table(of: type[Base]) -> Table:
    return cast(Table, of.__table__)
