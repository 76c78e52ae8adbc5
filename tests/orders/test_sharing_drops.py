"""A kitchen's part of a delivery that it shares: sent from the least at its door on, and left as the plan has it."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from catering.api.context import Caller
from catering.api.schema import schema
from catering.db import Database
from catering.graph.request import Request
from catering.kitchens.models import Kitchen
from catering.market.models import Supplier
from catering.orders import refusals
from catering.orders.filling import PlannedNeed
from catering.orders.models import Basket, BasketLine, Order
from catering.orders.sending import send
from catering.orders.vocabulary import LineReason
from catering.planning.graph.shared_rounds import RoundByStop, Stop
from catering.planning.models import PlannedDrop, PlanRun, PlanScenario, RunStatus
from catering.planning.sharing import SharedByPlan
from catering.settings import Settings
from tests.api.dataset import uai
from tests.api.operations import operations
from tests.orders.market import CRATE_G, MONDAY, NOW, TIGHT, WEEK, buyer, fill, fill_and_send, place, stock_market
from tests.orders.test_regrouping import CARROTS_0, LEEKS_2, PLENTY, filled

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")


@pytest.mark.parametrize(
    ("door", "reason", "sent"),
    [
        ("5.00", LineReason.PLAN, True),
        ("5.00", LineReason.MANUAL, False),
        ("19.00", LineReason.PLAN, False),
        (None, LineReason.PLAN, False),
    ],
)
async def test_a_part_of_a_shared_drop_is_sent_from_the_least_at_the_door_on(
    door: str | None, reason: LineReason, sent: bool, any_database: Database
) -> None:
    """A crate of some 13 €, of 20 € that the farm asks of all together: only what the plan put in may be a part."""
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Supplier).values(shared_door_eur=None if door is None else Decimal(door)))
        seen = await fill(session, 0, [(TIGHT, 1)])
        await session.execute(update(BasketLine).values(reason=reason))
    async with any_database.unit_of_work() as session:
        if sent:
            assert await send(session, buyer(), place(seen=seen), (), NOW)
        else:
            with pytest.raises(refusals.BelowMinimum):
                await send(session, buyer(), place(seen=seen), (), NOW)


async def test_a_part_that_was_lowered_must_reach_the_whole_minimum(any_database: Database) -> None:
    """One crate of the two that the plan needs: its neighbours' minimum was counted with both."""
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Supplier).values(shared_door_eur=Decimal("5.00")))
        seen = await fill(session, 0, [(TIGHT, 1)])
        await session.execute(update(BasketLine).values(reason=LineReason.PLAN, planned_g=CRATE_G + 1))
    async with any_database.unit_of_work() as session:
        with pytest.raises(refusals.BelowMinimum):
            await send(session, buyer(), place(seen=seen), (), NOW)


async def test_a_part_of_a_shared_delivery_is_left_as_the_plan_has_it(any_database: Database) -> None:
    await stock_market(any_database)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Supplier).values(shared_door_eur=Decimal("10.00")))
        await session.execute(update(Supplier).where(Supplier.id < 3).values(shared_door_eur=None))
    found = await filled(any_database, [PLENTY, PlannedNeed(LEEKS_2, 5_000, MONDAY)], "60.00")
    assert found == [(CARROTS_0, 8), (LEEKS_2, 1)]


async def plan(database: Database, receives: Sequence[int]) -> None:
    """A published plan whose first farm comes to some kitchens (row ids) on the Monday."""
    first, last = MONDAY - timedelta(days=7), MONDAY + timedelta(days=7)
    async with database.unit_of_work() as session:
        session.add(
            PlanScenario(
                id=1, name="Essai", school_year="2026-27", first_day=first, last_day=last, created_at=NOW,
                created_by="test",
            )
        )  # fmt: skip
        await session.flush()
        session.add(
            PlanRun(
                id=1, scenario_id=1, status=RunStatus.DONE, time_limit_seconds=Decimal(1), seed=1, queued_at=NOW,
                ended_at=NOW, cost=Decimal(1), published_at=NOW, published_by="test",
            )
        )  # fmt: skip
        await session.flush()
        session.add_all(
            PlannedDrop(run_id=1, kitchen_id=each, day=MONDAY, supplier_id=1, grams=CRATE_G, amount=Decimal(13))
            for each in receives
        )


@pytest.mark.parametrize(
    ("receives", "far", "sent"),
    [([1, 2], False, True), ([1, 2], True, False), ([1], False, False), ([2], False, False), ([], False, False)],
)
async def test_who_buys_alone_must_reach_the_whole_minimum(
    receives: list[int], far: bool, sent: bool, any_database: Database
) -> None:
    """A crate of some 13 € of the 20 € of the farm, 5 € at a door: the plan must bring it to a near kitchen as well."""
    await stock_market(any_database, kitchens=2)
    await plan(any_database, receives)
    async with any_database.unit_of_work() as session:
        await session.execute(update(Supplier).values(shared_door_eur=Decimal("5.00")))
        if far:
            await session.execute(update(Kitchen).where(Kitchen.id == 2).values(lat=Decimal("50.9")))
        seen = await fill(session, 0, [(TIGHT, 1)])
        await session.execute(update(BasketLine).values(reason=LineReason.PLAN))
    async with any_database.unit_of_work() as session:
        sending = send(session, buyer(), place(seen=seen), (), NOW, checks=[SharedByPlan()])
        if sent:
            assert await sending
        else:
            with pytest.raises(refusals.BelowMinimum, match=r"20,00"):
                await sending


@pytest.mark.parametrize("ordered", [0, 1])
async def test_what_a_shared_round_lacks_counts_the_orders_of_near_kitchens(
    ordered: int, any_database: Database
) -> None:
    """A crate of some 13 € for each of two kitchens, of the 20 € of the farm: the second one completes the round."""
    await stock_market(any_database, kitchens=2)
    await plan(any_database, [1, 2])
    async with any_database.unit_of_work() as session:
        await session.execute(update(Supplier).values(shared_door_eur=Decimal("5.00")))
        for kitchen in range(ordered + 1):
            seen = await fill(session, kitchen, [(TIGHT, 1)])
        await session.execute(update(BasketLine).values(reason=LineReason.PLAN))
        if ordered:
            await send(session, buyer(1), place(1, seen=seen), (), NOW, checks=[SharedByPlan()])
    request = Request(any_database, buyer(), Settings())
    async with any_database.reading() as session:
        kitchen_row = await session.get_one(Kitchen, 1)
    found = await request.loader(RoundByStop).load(Stop(kitchen_row, WEEK, 1, MONDAY))
    assert found is not None
    assert (found.near, found.ordered) == (1, ordered)
    assert (found.amount > 0) is bool(ordered)
    nobody = await request.loader(RoundByStop).load(Stop(kitchen_row, WEEK, 2, MONDAY))
    assert nobody is None


async def test_what_is_ordered_for_a_drop_already_counts_in_it(any_database: Database) -> None:
    """26 € ordered of the 20 € of the farm: a crate more is worth a delivery, on the page as when sent."""
    await stock_market(any_database, kitchens=1)
    (first,) = await fill_and_send(any_database, 0, [(TIGHT, 2)])
    async with any_database.unit_of_work() as session:
        order = await session.get_one(Order, first)
        seen = await session.scalar(select(Basket.version))
        await fill(session, 0, [(TIGHT, 1)], seen or 0)
    asked = {"uai": uai(0), "week": WEEK.isoformat()}
    caller = Caller(any_database, buyer(), Settings())
    told = await schema.execute(operations()["chef/Basket"], variable_values=asked, context_value=caller)
    assert told.errors is None
    assert told.data is not None
    (drop,) = told.data["kitchen"]["basket"]["drops"]
    assert (drop["orderedEur"], drop["shared"], drop["minimumEur"]) == (str(order.amount), False, "20.00")
    assert Decimal(drop["amountEur"]) < 20 <= Decimal(drop["amountEur"]) + order.amount
    assert await fill_and_send(any_database, 0, []), "the page and sending judge alike"
