"""Et si ? of a real plan: a supposition is kept, computed by the worker, and holds when it is computed again."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update

from catering import moment
from catering.db import Database
from catering.market.models import Offer, Supplier
from catering.people.models import ChangeEvent
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.planning import refusals, supposing
from catering.planning.holding import MOST_ATTEMPTS, SILENT_FOR
from catering.planning.jobs import work_through_queue
from catering.planning.models import PlannedPurchase, PlanSupposition, RunStatus, SourcedLine
from catering.planning.models_supposed import SupposedKind
from catering.planning.supposed import SupposedWish, SuppositionWish, suppose
from catering.planning.supposing import change_of, plan_of, work_on_supposition
from catering.planning.warm import problem_at_hand
from optimizer.explaining.what_if import changed, what_if
from optimizer.verification.drops import check_min_drops

RUN = 1
COVERS = SupposedWish(SupposedKind.COVERS, percent=Decimal(8))


async def queued(database: Database, *changes: SupposedWish, viewer: Viewer | None = None) -> PlanSupposition:
    async with database.unit_of_work() as session:
        return await suppose(session, viewer or demo_viewer(), SuppositionWish(RUN, "Essai", changes))


async def worked(database: Database, *changes: SupposedWish) -> PlanSupposition:
    """The supposition once the worker has computed it."""
    made = await queued(database, *changes)
    assert await work_on_supposition(database)
    return await again(database, made.id)


async def again(database: Database, number: int) -> PlanSupposition:
    async with database.reading() as session:
        return (await session.scalars(select(PlanSupposition).where(PlanSupposition.id == number))).one()


async def largest_supplier(database: Database) -> Supplier:
    async with database.reading() as session:
        sold = func.sum(PlannedPurchase.amount)
        ranked = select(PlannedPurchase.supplier_id).group_by(PlannedPurchase.supplier_id).order_by(sold.desc())
        number = (await session.scalars(ranked.limit(1))).one()
        return (await session.scalars(select(Supplier).where(Supplier.id == number))).one()


def totals(rows: Sequence[Any]) -> tuple[Decimal, Decimal]:
    before, after = (sum((Decimal(each[when]) for each in rows), Decimal(0)) for when in ("before", "after"))
    return before, after


async def test_a_supplier_that_stops_sells_nothing_and_every_breakdown_tells_the_same_difference(
    planned: Database,
) -> None:
    supplier = await largest_supplier(planned)
    made = await worked(planned, SupposedWish(SupposedKind.SUPPLIER_STOPS, supplier.name.upper()))
    assert (made.status, made.error) == (RunStatus.DONE, None)
    assert made.result is not None
    assert made.before is not None
    assert made.after is not None
    assert made.result["bought_again"] == made.done_steps == made.total_steps > 0
    (gone,) = (each for each in made.result["suppliers"] if each["of"] == supplier.slug)
    async with planned.reading() as session:
        sold = select(func.sum(SourcedLine.amount)).join(Offer, Offer.id == SourcedLine.offer_id)
        assert Decimal(gone["before"]) == await session.scalar(sold.where(Offer.supplier_id == supplier.id))
        assert made.before == await session.scalar(select(func.sum(SourcedLine.amount)))
    assert Decimal(gone["after"]) == 0
    for what in ("kitchens", "suppliers", "families"):
        before, after = totals(made.result[what])
        assert after - before == made.after - made.before


async def test_what_is_kept_is_what_a_new_computation_finds_and_a_plan_that_can_be_bought(planned: Database) -> None:
    supplier = await largest_supplier(planned)
    made = await worked(planned, SupposedWish(SupposedKind.SUPPLIER_STOPS, supplier.slug), COVERS)
    problem = await problem_at_hand(planned, RUN, 1)
    assert made.problem_sha256 == problem.sha256
    async with planned.reading() as session:
        run = (await session.scalars(select(supposing.PlanRun))).one()
        menus, bought = await plan_of(session, run)
    change = change_of(problem, made.changes)
    found = what_if(problem, menus, bought, change)
    assert made.result == supposing.kept(problem, found)
    assert made.after == found.after
    after = changed(problem, change)
    for line in found.lines:
        assert line.amount_excl_tax == after.amount(line.offer, line.kitchen, line.grams)
        assert problem.offers[line.offer].supplier != supplier.slug
    assert sum(1 for _ in check_min_drops(after, found.lines)) == made.result["small"]


async def test_dearer_families_cost_more_and_smaller_budgets_are_held_by_fewer(planned: Database) -> None:
    dearer = await worked(
        planned, SupposedWish(SupposedKind.FAMILY_PRICE, "PRODUITS_LAITIERS", percent=Decimal("12.5"))
    )
    assert dearer.result is not None
    assert (dearer.before or 0) < (dearer.after or 0)
    assert "PRODUITS_LAITIERS" in {each["of"] for each in dearer.result["families"]}
    less = await worked(planned, SupposedWish(SupposedKind.BUDGET, percent=Decimal(-60)))
    assert less.result is not None
    assert less.before == less.after
    assert less.result["bought_again"] == 0
    assert [each for each in less.result["rules"] if each["held"] and not each["holds"]]


async def test_an_area_names_the_suppliers_inside(planned: Database) -> None:
    supplier = await largest_supplier(planned)
    made = await queued(planned, SupposedWish(SupposedKind.AREA_CLOSED, "arras", km=25))
    (change,) = made.changes
    assert change["of"] == "62041"
    assert len(change["suppliers"]) > 1
    wider = await queued(planned, SupposedWish(SupposedKind.AREA_CLOSED, "Arras", km=100))
    assert set(change["suppliers"]) < set(wider.changes[0]["suppliers"])
    problem = await problem_at_hand(planned, RUN, 1)
    assert (supplier.slug in change_of(problem, made.changes).lost) is (supplier.slug in change["suppliers"])


async def test_who_supposed_what_is_traced_and_the_plan_stays(planned: Database) -> None:
    async def lines() -> list[Any]:
        async with planned.reading() as session:
            return list((await session.execute(select(SourcedLine.offer_id, SourcedLine.grams))).tuples())

    before = await lines()
    made = await worked(planned, COVERS)
    assert await lines() == before
    async with planned.reading() as session:
        event = (await session.scalars(select(ChangeEvent).where(ChangeEvent.subject == "plan_suppositions"))).one()
    assert (event.key, event.actor) == (str(made.id), demo_viewer().actor)


@pytest.mark.parametrize(
    "wish",
    [
        SupposedWish(SupposedKind.SUPPLIER_STOPS, "personne"),
        SupposedWish(SupposedKind.INGREDIENT_PRICE, "licorne", percent=Decimal(10)),
        SupposedWish(SupposedKind.INGREDIENT_PRICE, "farine_ble", percent=Decimal(0)),
        SupposedWish(SupposedKind.FAMILY_PRICE, "LICORNES", percent=Decimal(10)),
        SupposedWish(SupposedKind.COVERS, percent=Decimal(201)),
        SupposedWish(SupposedKind.BUDGET),
        SupposedWish(SupposedKind.AREA_CLOSED, "Paris", km=10),
        SupposedWish(SupposedKind.AREA_CLOSED, "Arras", km=101),
    ],
    ids=lambda wish: f"{wish.kind}-{wish.of}-{wish.percent}-{wish.km}",
)
async def test_what_is_not_there_or_out_of_bounds_is_refused(wish: SupposedWish, planned: Database) -> None:
    with pytest.raises(refusals.BadSupposition):
        await queued(planned, wish)


async def test_only_the_departement_supposes_and_of_a_plan_that_is(planned: Database) -> None:
    for role in (Role.NUTRITION_MANAGER, Role.AUDITOR, Role.CHEF):
        with pytest.raises(refusals.NotAllowed):
            await queued(planned, COVERS, viewer=Viewer("Quelqu'un", role))
    async with planned.unit_of_work() as session:
        with pytest.raises(refusals.UnknownRun):
            await suppose(session, demo_viewer(), SuppositionWish(99, "Essai", [COVERS]))
        with pytest.raises(refusals.BadSupposition):
            await suppose(session, demo_viewer(), SuppositionWish(RUN, " ", [COVERS]))
        with pytest.raises(refusals.BadSupposition):
            await suppose(session, demo_viewer(), SuppositionWish(RUN, "Essai", []))


async def test_one_whose_process_died_is_taken_up_and_given_up_at_last(planned: Database) -> None:
    made = await queued(planned, COVERS)

    async def left(at: Any, attempts: int) -> None:
        async with planned.unit_of_work() as session:
            dead = {"status": RunStatus.RUNNING, "heartbeat_at": at, "attempts": attempts}
            await session.execute(update(PlanSupposition).where(PlanSupposition.id == made.id).values(**dead))

    await left(moment.now(), 1)
    assert not await work_on_supposition(planned)
    await left(moment.now() - SILENT_FOR - timedelta(seconds=1), 1)
    assert await work_on_supposition(planned)
    assert (await again(planned, made.id)).status is RunStatus.DONE
    await left(moment.now() - SILENT_FOR - timedelta(seconds=1), MOST_ATTEMPTS)
    assert await work_on_supposition(planned)
    ended = await again(planned, made.id)
    assert ended.status is RunStatus.FAILED
    assert not await work_on_supposition(planned)


async def test_a_plan_whose_offers_are_gone_is_not_computed_and_says_so(planned: Database) -> None:
    await queued(planned, COVERS)
    async with planned.unit_of_work() as session:
        bought = select(SourcedLine.offer_id).limit(1).scalar_subquery()
        ended = moment.today().replace(year=2020)
        await session.execute(update(Offer).where(Offer.id == bought).values(valid_to=ended))
    assert await work_on_supposition(planned)
    async with planned.reading() as session:
        made = (await session.scalars(select(PlanSupposition))).one()
    assert made.status is RunStatus.FAILED
    assert "n'existent plus au catalogue" in (made.error or "")


async def test_the_worker_of_plans_computes_what_is_supposed(planned: Database) -> None:
    made = await queued(planned, COVERS)
    stop = asyncio.Event()
    worker = asyncio.create_task(work_through_queue(planned, idle_seconds=0.05, stop=stop))
    while not (await again(planned, made.id)).status.ended:
        await asyncio.sleep(0.05)
    stop.set()
    await worker
    assert (await again(planned, made.id)).status is RunStatus.DONE
