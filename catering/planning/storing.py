"""A plan of the optimizer into the tables: in bulk, in the caller's one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.db import Base
from catering.kitchens.models import Kitchen
from catering.market.models import Offer, Supplier
from catering.planning.models import (
    KitchenRatio,
    KitchenStanding,
    PlanConflict,
    PlannedDrop,
    PlannedMeal,
    PlannedPurchase,
    PlanRule,
    PlanRun,
    RuleStanding,
    RunStatus,
    SourcedLine,
)
from catering.progress import Report, silent
from catering.recipes.models import Dish, Ingredient
from optimizer import Conflict, Plan
from optimizer.folders.rules_writer import rule_fields
from optimizer.plan import Summary
from optimizer.problem import Rule

Row = dict[str, Any]
ROWS_AT_ONCE = 10_000
PHASE = "Enregistrement du plan"
DONE = "Plan enregistré"


@dataclass(frozen=True, slots=True)
class Ids:
    """Row ids of what a plan names, by natural id."""

    kitchens: Mapping[str, int]
    dishes: Mapping[str, int]
    ingredients: Mapping[str, int]
    offers: Mapping[str, int]
    suppliers: Mapping[str, int]


async def store_plan(session: AsyncSession, run_id: int, plan: Plan, report: Report = silent) -> None:
    """Insert every row of the plan and mark the run as done.

    About 600,000 rows for a whole year: they go through in chunks, never all at once in memory.

    Raises:
        KeyError: the plan names a kitchen, dish or offer that is no longer in the database.
    """
    ids = await _ids(session)
    tables: list[tuple[type[Base], int, Iterator[Row]]] = [
        (PlannedMeal, len(plan.menus), _meals(run_id, plan, ids)),
        (SourcedLine, len(plan.sourcing), _lines(run_id, plan, ids)),
        (PlannedDrop, len(plan.drops), _drops(run_id, plan, ids)),
        (RuleStanding, len(plan.summary.rules), _standings(run_id, plan, ids)),
        (KitchenStanding, len(plan.summary.kitchens), _costs(run_id, plan, ids)),
        (KitchenRatio, 0, _ratios(run_id, plan, ids)),
    ]
    total = sum(count for _, count, _ in tables)
    done = 0
    for table, _, rows in tables:
        for chunk in _chunks(rows):
            await session.execute(insert(_table(table)), chunk)
            done = min(done + len(chunk), total)
            report(PHASE, done, total)
    await session.execute(update(PlanRun).where(PlanRun.id == run_id).values(**_summary(plan.summary)))


async def store_sums(session: AsyncSession, run_id: int, kitchen_id: int | None = None) -> None:
    """Add up the lines of a stored plan by kitchen, supplier and ingredient, anew; of one kitchen when it is named."""
    table = _table(PlannedPurchase)
    of = [SourcedLine.run_id == run_id, *([] if kitchen_id is None else [SourcedLine.kitchen_id == kitchen_id])]
    gone = delete(table).where(table.c.run_id == run_id)
    await session.execute(gone if kitchen_id is None else gone.where(table.c.kitchen_id == kitchen_id))
    key = (SourcedLine.run_id, SourcedLine.kitchen_id, Offer.supplier_id, SourcedLine.ingredient_id)
    sums = (func.sum(SourcedLine.grams), func.sum(SourcedLine.amount))
    lines = select(*key, *sums).join(Offer, Offer.id == SourcedLine.offer_id).where(*of)
    names = ["run_id", "kitchen_id", "supplier_id", "ingredient_id", "grams", "amount"]
    ordered = lines.group_by(*key).order_by(*key)
    await session.execute(insert(table).from_select(names, ordered))


async def store_rules(session: AsyncSession, run_id: int, rules: Iterable[Rule]) -> None:
    """Keep the rules as they were stated to the optimizer, before it starts; those of an attempt that died are gone."""
    rows = [
        {
            "run_id": run_id,
            "rule": rule.id,
            "kind": rule.kind,
            "title": rule.title,
            "source": rule.source,
            "definition": _json(rule_fields(rule)),
        }
        for rule in rules
    ]
    await session.execute(delete(PlanRule).where(PlanRule.run_id == run_id))
    if rows:
        await session.execute(insert(_table(PlanRule)), rows)


async def store_conflicts(session: AsyncSession, run_id: int, conflicts: Iterable[Conflict]) -> None:
    """Keep the rules that cannot hold together, in the order the optimizer names them."""
    rows = [
        {
            "run_id": run_id,
            "rank": rank,
            "rule": conflict.rule_id,
            "kitchen": conflict.kitchen,
            "period": conflict.period,
            "title": conflict.title,
        }
        for rank, conflict in enumerate(conflicts, start=1)
    ]
    if rows:
        await session.execute(insert(_table(PlanConflict)), rows)


async def _ids(session: AsyncSession) -> Ids:
    async def of(table: Any, name: Any) -> dict[str, int]:
        return {natural: row_id for row_id, natural in await session.execute(select(table.id, name))}

    return Ids(
        kitchens=await of(Kitchen, Kitchen.uai),
        dishes=await of(Dish, Dish.slug),
        ingredients=await of(Ingredient, Ingredient.slug),
        offers=await of(Offer, Offer.slug),
        suppliers=await of(Supplier, Supplier.slug),
    )


def _json(fields: Mapping[str, Any]) -> Row:
    """Exact numbers as text: JSON would read them back as binary floats."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in fields.items()}


def _table(of: type[Base]) -> Table:
    # Rows go in below the ORM, which would make an object of each.
    return cast(Table, of.__table__)


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        yield chunk


def _sorted_by(ids: Mapping[str, int], lines: Iterable[Any], rest: Callable[[Any], Any]) -> list[Any]:
    """Lines in the order of the table's key: a clustered table grows at its end instead of splitting pages."""
    return sorted(lines, key=lambda line: (ids[line.kitchen], rest(line)))


def _meals(run_id: int, plan: Plan, ids: Ids) -> Iterator[Row]:
    for line in _sorted_by(ids.kitchens, plan.menus, lambda line: (line.date, line.slot)):
        yield {
            "run_id": run_id,
            "kitchen_id": ids.kitchens[line.kitchen],
            "day": line.date,
            "slot": line.slot,
            "dish_id": ids.dishes[line.dish],
            "covers": line.covers,
        }


def _lines(run_id: int, plan: Plan, ids: Ids) -> Iterator[Row]:
    for line in _sorted_by(ids.kitchens, plan.sourcing, lambda line: (line.week, ids.offers[line.offer])):
        yield {
            "run_id": run_id,
            "kitchen_id": ids.kitchens[line.kitchen],
            "week": line.week,
            "offer_id": ids.offers[line.offer],
            "ingredient_id": ids.ingredients[line.ingredient],
            "grams": line.grams,
            "amount": line.amount_excl_tax,
        }


def _drops(run_id: int, plan: Plan, ids: Ids) -> Iterator[Row]:
    for drop in _sorted_by(ids.kitchens, plan.drops, lambda drop: (drop.date, ids.suppliers[drop.supplier])):
        yield {
            "run_id": run_id,
            "kitchen_id": ids.kitchens[drop.kitchen],
            "day": drop.date,
            "supplier_id": ids.suppliers[drop.supplier],
            "grams": drop.grams,
            "amount": drop.amount_excl_tax,
        }


def _standings(run_id: int, plan: Plan, ids: Ids) -> Iterator[Row]:
    for result in plan.summary.rules:
        yield {
            "run_id": run_id,
            "rule": result.id,
            "kitchen_id": ids.kitchens[result.kitchen],
            "period": result.period,
            "value": result.value,
            "minimum": result.minimum,
            "maximum": result.maximum,
            "holds": result.holds,
        }


def _costs(run_id: int, plan: Plan, ids: Ids) -> Iterator[Row]:
    for kitchen in plan.summary.kitchens:
        yield {
            "run_id": run_id,
            "kitchen_id": ids.kitchens[kitchen.id],
            "cost": kitchen.cost_eur,
            "meals": kitchen.meals,
            "cost_per_meal": kitchen.cost_per_meal_eur,
        }


def _ratios(run_id: int, plan: Plan, ids: Ids) -> Iterator[Row]:
    for kitchen in plan.summary.kitchens:
        for rule, years in kitchen.ratios.items():
            for year, share in years.items():
                yield {
                    "run_id": run_id,
                    "kitchen_id": ids.kitchens[kitchen.id],
                    "rule": rule,
                    "year": int(year),
                    "share": share,
                }


def _summary(summary: Summary) -> Row:
    return {
        "status": RunStatus.DONE,
        "ended_at": moment.now(),
        "phase": DONE,
        "done_steps": 1,
        "total_steps": 1,
        "cost": summary.cost_eur,
        "penalty": summary.penalty_eur,
        "waste": summary.waste_eur,
        "objective": summary.objective_eur,
        "best_cost": summary.objective_eur,
        "lower_bound": summary.lower_bound_eur,
        "gap": summary.gap,
        "meals": summary.meals,
        "seconds": summary.seconds,
        "peak_memory_mb": summary.peak_memory_mb,
        "solver": summary.solver,
        "problem_sha256": summary.problem_sha256,
        "indicators": _json(summary.indicators),
    }
