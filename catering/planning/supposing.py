"""The job behind a supposition: the purchases that a change touches are bought again, menus as they are (0140)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.db import Database
from catering.kitchens.calendar import week_of
from catering.kitchens.models import Kitchen
from catering.market.models import Offer
from catering.planning.facts import PLANNER
from catering.planning.holding import GIVEN_UP, MOST_ATTEMPTS, SILENT_FOR
from catering.planning.models import PlannedMeal, PlanRun, PlanScenario, PlanSupposition, RunStatus, SourcedLine
from catering.planning.models_supposed import SupposedKind
from catering.planning.queries import lines, meals, runs, scenarios_visible_to
from catering.planning.queries_of_runs import suppositions_visible_to
from catering.planning.resuming import resumption_of
from catering.planning.warm import problem_at_hand
from catering.recipes.models import Dish, Ingredient
from optimizer.explaining.what_if import Change, Difference, Supposed, what_if
from optimizer.plan import MenuLine, SourcingLine
from optimizer.problem import Problem
from optimizer.solver import solver_versions

log = logging.getLogger(__name__)

SECONDS_BETWEEN_SAVES = 0.5  # legal-number: seconds of a sign of life
PERCENT = Decimal(100)
MOVED = (
    "{n} offres de ce plan n'existent plus au catalogue : son hypothèse ne se calcule plus. Refaire le plan, puis "
    "supposer de nouveau."
)


class CatalogueMoved(Exception):  # noqa: N818 - named as the other refusals
    """The plan buys what is not sold any more."""


@dataclass(slots=True)
class _Steps:
    """Between the thread that buys again and the loop that saves."""

    done: int = 0
    total: int = 0

    def __call__(self, done: int, total: int) -> None:
        self.done, self.total = done, total


async def work_on_supposition(database: Database) -> bool:
    """Compute the oldest supposition that waits, or whose process died; False when none does.

    Whatever happens, its row says how it ended.
    """
    made = await _claimed(database)
    if made is None:
        return False
    if made.attempts > MOST_ATTEMPTS:
        await _end(database, made, {"status": RunStatus.FAILED, "error": GIVEN_UP})
        return True
    try:
        await _end(database, made, {"status": RunStatus.DONE} | await _computed(database, made))
    except CatalogueMoved as moved:
        await _end(database, made, {"status": RunStatus.FAILED, "error": str(moved)})
    except Exception as fault:
        # The next one deserves its chance; the row says why this one has none.
        log.exception("supposition %s crashed", made.id)
        error = f"Panne du calcul ({type(fault).__name__}) : {fault}"
        await _end(database, made, {"status": RunStatus.FAILED, "error": error})
    return True


async def _claimed(database: Database) -> PlanSupposition | None:
    now = moment.now()
    oldest = suppositions_visible_to(PLANNER).where(_waits(now)).order_by(PlanSupposition.id).limit(1)
    async with database.reading() as session:
        # A look every few seconds reads: a write would take the one write lock of SQLite each time.
        number = await session.scalar(oldest.with_only_columns(PlanSupposition.id))
    if number is None:
        return None
    ours = update(PlanSupposition).where(PlanSupposition.id == number, _waits(now))
    taken = {"status": RunStatus.RUNNING, "started_at": now, "heartbeat_at": now}
    async with database.unit_of_work() as session:
        found: PlanSupposition | None = await session.scalar(
            ours.values(**taken, attempts=PlanSupposition.attempts + 1).returning(PlanSupposition)
        )
        return found


def _waits(now: Any) -> ColumnElement[bool]:
    silent = or_(PlanSupposition.heartbeat_at.is_(None), PlanSupposition.heartbeat_at < now - SILENT_FOR)
    return or_(PlanSupposition.status == RunStatus.QUEUED, and_(PlanSupposition.status == RunStatus.RUNNING, silent))


def _held(made: PlanSupposition) -> Update:
    """An UPDATE that changes nothing once somebody else has taken it up."""
    return update(PlanSupposition).where(
        PlanSupposition.id == made.id,
        PlanSupposition.status == RunStatus.RUNNING,
        PlanSupposition.attempts == made.attempts,
    )


async def _end(database: Database, made: PlanSupposition, values: Mapping[str, Any]) -> None:
    async with database.unit_of_work() as session:
        await session.execute(_held(made).values(**values, ended_at=moment.now()))


async def _computed(database: Database, made: PlanSupposition) -> dict[str, Any]:
    """The row's values once the change is computed.

    Raises:
        CatalogueMoved: the plan buys what is not sold any more.
    """
    steps = _Steps()
    async with _saving(database, made, steps):
        async with database.reading() as session:
            run: PlanRun = (await session.scalars(runs(PLANNER, ids=[made.run_id]))).one()
        problem = await problem_at_hand(database, run.id, run.scenario_id)
        async with database.reading() as session:
            menus, bought = await plan_of(session, run)
        if gone := {line.offer for line in bought} - problem.offers.keys():
            raise CatalogueMoved(MOVED.format(n=len(gone)))
        change = change_of(problem, made.changes)
        found = await asyncio.to_thread(what_if, problem, menus, bought, change, steps)
        sha256 = await asyncio.to_thread(lambda: problem.sha256)
    return {
        "problem_sha256": sha256,
        "solver": solver_versions(),
        "before": found.before,
        "after": found.after,
        "done_steps": found.bought_again,
        "total_steps": found.bought_again,
        "result": kept(problem, found),
    }


async def plan_of(session: AsyncSession, run: PlanRun) -> tuple[tuple[MenuLine, ...], tuple[SourcingLine, ...]]:
    """Menus and purchases of a run from its first day on; what lies before is a former plan's. Four statements."""
    resumption = await resumption_of(session, PLANNER, run.scenario_id)
    scenario = scenarios_visible_to(PLANNER).where(PlanScenario.id == run.scenario_id)
    first = (await session.scalars(scenario)).one().first_day if resumption is None else resumption.from_day
    eaten = meals(PLANNER, run.id, first=first).join(Kitchen, Kitchen.id == PlannedMeal.kitchen_id)
    served = await session.execute(
        eaten.join(Dish, Dish.id == PlannedMeal.dish_id).with_only_columns(
            Kitchen.uai, PlannedMeal.day, PlannedMeal.slot, Dish.slug, PlannedMeal.covers
        )
    )
    bought = await session.execute(
        lines(PLANNER, run.id)
        .where(SourcedLine.week >= week_of(first))
        .join(Kitchen, Kitchen.id == SourcedLine.kitchen_id)
        .join(Ingredient, Ingredient.id == SourcedLine.ingredient_id)
        .join(Offer, Offer.id == SourcedLine.offer_id)
        .with_only_columns(
            Kitchen.uai, SourcedLine.week, Ingredient.slug, Offer.slug, SourcedLine.grams, SourcedLine.amount
        )
    )
    menus = sorted(MenuLine(uai, day, slot.value, dish, covers) for uai, day, slot, dish, covers in served)
    return tuple(menus), tuple(sorted(SourcingLine(*row) for row in bought))


def change_of(problem: Problem, changes: Iterable[Mapping[str, Any]]) -> Change:
    """The change in the words of the problem; factors of one thing are multiplied, what it does not know is left out.

    ``changes``: as kept in `PlanSupposition.changes`.
    """
    lost: set[str] = set()
    prices: dict[str, Decimal] = {}
    factors = {SupposedKind.COVERS: Decimal(1), SupposedKind.BUDGET: Decimal(1)}
    for each in changes:
        kind = SupposedKind(each["kind"])
        if kind in (SupposedKind.SUPPLIER_STOPS, SupposedKind.AREA_CLOSED):
            lost |= problem.suppliers.keys() & set(each["suppliers"])
            continue
        times = 1 + Decimal(each["percent"]) / PERCENT
        if kind in factors:
            factors[kind] *= times
            continue
        for offer in _priced(problem, kind, each["of"]):
            prices[offer] = prices.get(offer, Decimal(1)) * times
    return Change(frozenset(lost), prices, factors[SupposedKind.COVERS], factors[SupposedKind.BUDGET])


def _priced(problem: Problem, kind: SupposedKind, of: str) -> Iterable[str]:
    if kind is SupposedKind.FAMILY_PRICE:
        return [offer for offer in problem.offers if problem.family(offer) == of]
    return [offer.id for offer in problem.offers_by_ingredient.get(of, ())]


def kept(problem: Problem, found: Supposed) -> dict[str, Any]:
    """The differences as they are kept."""
    kitchens = {of.id: of.name for of in problem.kitchens.values()}
    return {
        "kitchens": _rows(found.kitchens, kitchens),
        "suppliers": _rows(found.suppliers, {of.id: of.name for of in problem.suppliers.values()}),
        "families": _rows(found.families, {}),
        "rules": [
            {
                "rule": of.rule.id,
                "title": of.rule.title,
                "kitchen": kitchens.get(of.after.kitchen, of.after.kitchen),
                "period": of.period,
                "before": _text(of.before.result().value),
                "after": _text(of.after.result().value),
                "held": of.before.holds,
                "holds": of.after.holds,
            }
            for of in found.rules
        ],
        "lacking_g": sum(found.lacking.values()),
        "lacking": len(found.lacking),
        "small": found.small,
        "bought_again": found.bought_again,
    }


def _rows(rows: Sequence[Difference], names: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"of": row.of, "name": names.get(row.of, row.of), "before": str(row.before), "after": str(row.after)}
        for row in rows
    ]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


@asynccontextmanager
async def _saving(database: Database, made: PlanSupposition, steps: _Steps) -> AsyncIterator[None]:
    """Keep the row in step for as long as the block runs: it says where the work is, and that it lives."""
    over = asyncio.Event()

    async def loop() -> None:
        while not over.is_set():
            values = {"heartbeat_at": moment.now(), "done_steps": steps.done, "total_steps": steps.total}
            async with database.unit_of_work() as session:
                await session.execute(_held(made).values(**values))
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), SECONDS_BETWEEN_SAVES)

    saver = asyncio.create_task(loop())
    try:
        yield
    finally:
        # The loop ends by itself: cancelling it in the middle of a statement would leave a connection in doubt.
        over.set()
        await asyncio.shield(saver)
