"""Two plans compared, and the flows of one: figures that are known, in a number of statements that does not grow."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from catering.people.viewer import Viewer
from catering.planning.models import KitchenStanding, PlannedDrop, PlannedMeal, PlanRun
from catering.recipes.models import Dish
from catering.recipes.vocabulary import Slot
from tests.api.conftest import ADMINISTRATOR, CHEF, Client
from tests.api.dataset import MOMENT, SMALL, TONS, Size, add_run, uai
from tests.api.operations import operations

COMPARE, MAP, SHEET = (operations()[f"administrator/{name}"] for name in ("ComparePlans", "PlanMap", "PlanSheet"))
OTHER = 23


async def add_other(client: Client, size: Size = SMALL) -> None:
    """A plan like the published one, but for a dearer kitchen, a farm that is gone and one dish."""
    async with client.database.unit_of_work() as session:
        dishes = list(await session.scalars(select(Dish).order_by(Dish.id)))
        await add_run(session, OTHER, size, dishes)
        first = KitchenStanding.run_id == OTHER, KitchenStanding.kitchen_id == 1
        await session.execute(update(KitchenStanding).where(*first).values(cost=Decimal("134.50")))
        await session.execute(delete(PlannedDrop).where(PlannedDrop.run_id == OTHER, PlannedDrop.supplier_id == 2))
        meal = select(PlannedMeal).where(PlannedMeal.run_id == OTHER, PlannedMeal.kitchen_id == 2)
        one = (await session.scalars(meal.where(PlannedMeal.slot == Slot.MAIN).order_by(PlannedMeal.day))).first()
        assert one is not None
        one.dish_id = next(each.id for each in dishes if each.slot is Slot.MAIN and each.id != one.dish_id)


async def compared(client: Client, viewer: Viewer = ADMINISTRATOR, **variables: Any) -> Any:
    return (await client.data(COMPARE, viewer, **{"runId": str(OTHER), **variables}))["planRun"]


async def test_a_plan_is_compared_with_the_published_one_unless_another_is_named(client: Client) -> None:
    await add_other(client)
    changes = (await compared(client))["changes"]
    assert changes["runId"] == changes["run"]["id"] == "1"
    assert changes["kitchens"] == [
        {"kitchen": {"uai": uai(0), "name": "Collège 0"}, "costBeforeEur": "100.00", "costEur": "134.50",
         "dishesChanged": 0},
        {"kitchen": {"uai": uai(1), "name": "Collège 1"}, "costBeforeEur": "100.00", "costEur": "100.00",
         "dishesChanged": 1},
    ]  # fmt: skip
    (supplier,) = changes["suppliers"]
    assert (supplier["supplier"]["name"], supplier["amountBeforeEur"], supplier["amountEur"]) == (
        "Ferme 1",
        "181.80",
        None,
    )
    assert (changes["lostSuppliers"], changes["newSuppliers"], changes["dishesChanged"]) == (1, 0, 1)
    back = (await compared(client, runId="1", other=str(OTHER)))["changes"]
    assert (back["lostSuppliers"], back["newSuppliers"]) == (0, 1)


async def test_what_is_not_shown_is_counted(client: Client) -> None:
    await add_other(client)
    changes = (await compared(client, first=1))["changes"]
    assert (len(changes["kitchens"]), changes["otherKitchens"], changes["otherSuppliers"]) == (1, 1, 0)


@pytest.mark.parametrize("other", ["1", "2", "99"], ids=["itself", "no plan", "none"])
async def test_there_is_nothing_to_compare_with_itself_or_what_made_no_plan(other: str, client: Client) -> None:
    assert (await compared(client, runId="1", other=other))["changes"] is None


async def test_a_chef_compares_no_plan_that_is_not_published_and_reads_their_kitchen_only(client: Client) -> None:
    await add_other(client)
    assert await compared(client, CHEF) is None
    assert (await compared(client, CHEF, runId="1", other=str(OTHER)))["changes"] is None
    async with client.database.unit_of_work() as session:
        await session.execute(update(PlanRun).where(PlanRun.id == OTHER).values(published_at=MOMENT))
    changes = (await compared(client, CHEF, runId="1", other=str(OTHER)))["changes"]
    assert [each["kitchen"]["uai"] for each in changes["kitchens"]] == [uai(0)]
    assert changes["dishesChanged"] == 0


async def test_comparing_takes_as_many_statements_in_a_larger_departement(client: Client, large_client: Client) -> None:
    await add_other(client)
    small = await client(COMPARE, runId=str(OTHER), other="1", first=100)
    large = await large_client(COMPARE, runId="3", other="1", first=100)
    assert small.errors == large.errors == []
    assert len(large.statements) <= len(small.statements) <= 24


async def test_flows_are_the_purchases_from_whom_to_whom(client: Client) -> None:
    flows = (await client.data(MAP))["planInUse"]["flows"]
    assert len(flows["rows"]) == SMALL.kitchens * SMALL.suppliers
    assert {(each["grams"], each["amountEur"]) for each in flows["rows"]} == {(str(6 * TONS), "60.60")}
    assert [(each["supplier"]["name"], each["amountEur"]) for each in flows["suppliers"]] == [
        ("Ferme 0", "181.80"),
        ("Ferme 1", "181.80"),
    ]
    assert [each["place"]["uai"] for each in flows["places"]] == [uai(0), uai(1), uai(2)]


async def test_flows_of_one_family_and_those_not_shown_are_summed_up(client: Client) -> None:
    flows = (await client.data(MAP, family="VIANDES_VOLAILLES", first=2))["planInUse"]["flows"]
    assert {each["amountEur"] for each in flows["rows"]} == {"20.20"}
    assert (len(flows["rows"]), flows["others"], flows["othersAmountEur"]) == (2, 4, "80.80")
    assert len(flows["places"]) == SMALL.kitchens


async def test_purchases_by_family_and_kind_hold_what_is_known_of_their_footprint(client: Client) -> None:
    bought = (await client.data(SHEET, runId="1"))["planRun"]["purchases"]
    assert [(each["family"], each["supplierKind"]) for each in bought] == [
        ("FRUITS_ET_LEGUMES", "PRODUCER"), ("FRUITS_ET_LEGUMES", "WHOLESALER"),
        ("PRODUITS_LAITIERS", "PRODUCER"), ("PRODUITS_LAITIERS", "WHOLESALER"),
        ("VIANDES_VOLAILLES", "PRODUCER"), ("VIANDES_VOLAILLES", "WHOLESALER"),
    ]  # fmt: skip
    assert {(each["grams"], each["amountEur"]) for each in bought} == {(str(6 * TONS), "60.60")}
    assert {each["co2eKg"] for each in bought} == {"1500000"}
    assert {each["unknownFootprintG"] for each in bought} == {"0"}
