"""A swap into the tables: the plan's rows of the kitchen-week follow, what they were is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import Base
from catering.market.models import Offer, Supplier
from catering.market.queries import offers, suppliers
from catering.menus.service import Place
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.planning.facts import PLANNER
from catering.planning.kitchen_plans import PlanInUse
from catering.planning.models import (
    KitchenRatio,
    KitchenStanding,
    PlannedDrop,
    PlannedMeal,
    PlanSwap,
    RuleStanding,
    SourcedLine,
)
from catering.planning.storing import store_sums
from catering.recipes.models import Dish
from catering.recipes.queries import dishes
from optimizer.plan import SourcingLine
from optimizer.rules import ValueRatioRule
from optimizer.swapping import KitchenPlan, RuleChange, Swapped

SIX_DAYS = timedelta(days=6)
PRICE, GRAM = Decimal("0.0001"), Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a swap takes place: the plan in use, the kitchen as it was planned, day and component."""

    of: PlanInUse
    plan: KitchenPlan
    place: Place


async def store_swap(
    session: AsyncSession, viewer: Viewer, ground: Ground, dish: str, found: Swapped, now: datetime
) -> PlanSwap:
    """Replace the kitchen-week in the plan's tables, and keep what was there."""
    before = next(line for line in ground.plan.menus if (line.date, line.slot) == _key(ground.place)).dish
    named = dishes(viewer, slugs=[before, dish]).with_only_columns(Dish.slug, Dish.id)
    ids = dict((await session.execute(named)).tuples().all())
    old = [line for line in ground.plan.lines if line.week == found.week]
    made = PlanSwap(
        run_id=ground.of.run_id,
        kitchen_id=ground.of.kitchen.id,
        day=ground.place.day,
        slot=ground.place.slot,
        old_dish_id=ids[before],
        new_dish_id=ids[dish],
        old_cost=found.before.week_cost_eur,
        new_cost=found.after.week_cost_eur,
        old_co2e_kg=found.before.co2e_kg.quantize(GRAM, ROUND_HALF_UP),
        new_co2e_kg=found.after.co2e_kg.quantize(GRAM, ROUND_HALF_UP),
        rules=[_change(each) for each in found.changes],
        old_lines=_traced(old),
        made_at=now,
        made_by=viewer.actor,
    )
    session.add(made)
    await _meal(session, made)
    await _purchases(session, made, found)
    await _standings(session, made, ground.plan, found)
    await session.flush()
    session.add(_event(viewer, ground, made, (before, dish), found, now))
    await session.flush()
    return made


def _key(place: Place) -> tuple[Any, str]:
    return place.day, place.slot.value


def _traced(lines: Iterable[SourcingLine]) -> list[dict[str, Any]]:
    return [{"offer": line.offer, "grams": line.grams} for line in lines]


def _change(change: RuleChange) -> dict[str, Any]:
    """A rule that stands otherwise, exact numbers as text."""
    before, after = change.before.result(), change.after.result()
    numbers = {"before": before.value, "after": after.value, "minimum": after.minimum, "maximum": after.maximum}
    return {
        "rule": after.id,
        "title": change.rule.title,
        "period": after.period,
        "held": before.holds,
        "holds": after.holds,
        **{name: None if number is None else str(number) for name, number in numbers.items()},
    }


def _event(
    viewer: Viewer, ground: Ground, made: PlanSwap, change: tuple[str, str], found: Swapped, now: datetime
) -> ChangeEvent:
    place = {"run": made.run_id, "slot": ground.place.slot.value}
    return ChangeEvent(
        at=now,
        actor=viewer.actor,
        subject=PlanSwap.__tablename__,
        key=f"{ground.place.uai} {made.day}",
        before={**place, "dish": change[0], "purchases": made.old_lines},
        after={**place, "dish": change[1], "purchases": _traced(found.lines)},
    )


async def _meal(session: AsyncSession, made: PlanSwap) -> None:
    key = (PlannedMeal.run_id == made.run_id, PlannedMeal.kitchen_id == made.kitchen_id)
    here = (PlannedMeal.day == made.day, PlannedMeal.slot == made.slot)
    changed = update(PlannedMeal).where(*key, *here).values(dish_id=made.new_dish_id)
    await session.execute(changed.execution_options(synchronize_session=False))


async def _purchases(session: AsyncSession, made: PlanSwap, found: Swapped) -> None:
    """The week's purchases and deliveries, in place of those that were planned."""
    key = {"run_id": made.run_id, "kitchen_id": made.kitchen_id}
    sold = offers(PLANNER, slugs={line.offer for line in found.lines})
    known = sold.with_only_columns(Offer.slug, Offer.id, Offer.ingredient_id)
    offer = {slug: (row_id, ingredient) for slug, row_id, ingredient in await session.execute(known)}
    selling = suppliers(PLANNER, slugs={drop.supplier for drop in found.drops})
    supplier = dict((await session.execute(selling.with_only_columns(Supplier.slug, Supplier.id))).tuples().all())
    for table, week in (
        (SourcedLine, SourcedLine.week == found.week),
        (PlannedDrop, PlannedDrop.day.between(found.week - SIX_DAYS, found.week)),
    ):
        gone = delete(table).where(table.run_id == made.run_id, table.kitchen_id == made.kitchen_id, week)
        await session.execute(gone.execution_options(synchronize_session=False))
    lines = [
        {
            **key, "week": line.week, "offer_id": offer[line.offer][0], "ingredient_id": offer[line.offer][1],
            "grams": line.grams, "amount": line.amount_excl_tax,
        }
        for line in found.lines
    ]  # fmt: skip
    drops = [
        {
            **key, "day": drop.date, "supplier_id": supplier[drop.supplier], "grams": drop.grams,
            "amount": drop.amount_excl_tax,
        }
        for drop in found.drops
    ]  # fmt: skip
    await session.execute(insert(_table(SourcedLine)), lines)
    await session.execute(insert(_table(PlannedDrop)), drops)
    await store_sums(session, made.run_id, made.kitchen_id)


async def _standings(session: AsyncSession, made: PlanSwap, plan: KitchenPlan, found: Swapped) -> None:
    """What the kitchen's plan costs, its shares, and the rules that stand otherwise."""
    key = {"b_run": made.run_id, "b_kitchen": made.kitchen_id}
    covers = sum({line.date: line.covers for line in plan.menus}.values())
    per_meal = (found.after.cost_eur / covers).quantize(PRICE, ROUND_HALF_UP)
    await _update(session, KitchenStanding, [{**key, "cost": found.after.cost_eur, "cost_per_meal": per_meal}])
    changes = [change.after.result() for change in found.changes]
    moved = [{**key, "b_rule": of.id, "b_period": of.period, "value": of.value, "holds": of.holds} for of in changes]
    await _update(session, RuleStanding, moved)
    ratios = [change.after.result() for change in found.changes if isinstance(change.rule, ValueRatioRule)]
    shares = [{**key, "b_rule": of.id, "b_year": int(of.period), "share": of.value} for of in ratios]
    await _update(session, KitchenRatio, shares)


async def _update(session: AsyncSession, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Change rows named by ``b_`` and the first word of each column of their key."""
    if not rows:
        return
    table = _table(model)
    wanted = [column == bindparam(f"b_{column.name.split('_')[0]}") for column in table.primary_key]
    connection = await session.connection()
    await connection.execute(update(table).where(*wanted), rows)


def _table(of: type[Base]) -> Table:
    # Rows go in below the ORM, which would make an object of each.
    return cast(Table, of.__table__)
