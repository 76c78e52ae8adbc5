"""How a plan is spread over the farms: the figures of a real plan are those of its lines, whoever adds them up."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from catering.api import Caller, schema
from catering.db import Database
from catering.market.models import Offer, Supplier, SupplierKind
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.planning.fairness import FarmGroup, FarmSales, gini, grouped, part
from catering.planning.models import PlannedDrop, SourcedLine
from catering.planning.service import publish
from catering.settings import Settings, contract_folder

FAIRNESS = (contract_folder() / "operations/administrator/PlanFairness.graphql").read_text(encoding="utf-8")
AMOUNTS = st.lists(st.decimals(min_value=0, max_value=10**6, places=2), min_size=1, max_size=30)


def farms(*amounts: str) -> list[FarmSales]:
    return [FarmSales(n, Decimal(50), amount=Decimal(each)) for n, each in enumerate(amounts)]


@given(AMOUNTS)
def test_gini_is_half_the_mean_difference_over_the_mean(amounts: list[Decimal]) -> None:
    found, whole, many = gini(amounts), sum(amounts, Decimal(0)), len(amounts)
    if not whole:
        assert found is None
        return
    differences = sum(abs(Fraction(one) - Fraction(other)) for one in amounts for other in amounts)
    assert found is not None
    assert abs(Fraction(found) - differences / (2 * many * Fraction(whole))) <= Fraction(1, 20_000)


def test_gini_of_equals_is_nothing_and_of_one_seller_among_four_three_quarters() -> None:
    assert gini([Decimal(7)] * 5) == 0
    assert gini([Decimal(0), Decimal(0), Decimal(0), Decimal(9)]) == Decimal("0.75")


@given(AMOUNTS)
def test_every_farm_stands_in_one_group_and_no_smaller_one_above_a_greater(amounts: list[Decimal]) -> None:
    groups = grouped(farms(*map(str, amounts)))
    found = [farm.amount for of in groups for farm in of.farms]
    assert found == sorted(amounts, reverse=True)
    by_name = {of.group: of for of in groups}
    selling = sum(1 for each in amounts if each)
    assert len(by_name[FarmGroup.SMALLER_HALF].farms if selling > 1 else []) == selling // 2
    assert (FarmGroup.UNSOLD in by_name) is (selling < len(amounts))


def test_the_share_of_nothing_is_unknown() -> None:
    assert part(Decimal(0), Decimal(0)) is None


async def told(database: Database, viewer: Viewer, after: str | None = None, first: int = 100) -> Any:
    asked = {"runId": "1", "first": first, "after": after}
    result = await schema.execute(FAIRNESS, variable_values=asked, context_value=Caller(database, viewer, Settings()))
    assert result.errors is None, result.errors
    return result.data["planRun"]["fairness"]


async def all_rows(database: Database, first: int = 100) -> list[Any]:
    """The farms of all pages."""
    rows: list[Any] = []
    after = None
    while True:
        page = (await told(database, demo_viewer(), after, first))["rows"]
        rows += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return rows


async def lines_of_farms(database: Database) -> list[Any]:
    """Slug of the farm, grams and euros of every line of the plan that a farm sells."""
    async with database.reading() as session:
        found = (
            select(Supplier.slug, SourcedLine.grams, SourcedLine.amount)
            .join(Offer, Offer.id == SourcedLine.offer_id)
            .join(Supplier, Supplier.id == Offer.supplier_id)
            .where(SourcedLine.run_id == 1, Supplier.kind == SupplierKind.PRODUCER)
        )
        return list((await session.execute(found)).tuples())


async def test_the_figures_of_a_plan_are_those_of_its_lines_and_deliveries(planned: Database) -> None:
    fairness, rows = await told(planned, demo_viewer()), await all_rows(planned)
    sold: dict[str, Decimal] = defaultdict(Decimal)
    for slug, _, amount in await lines_of_farms(planned):
        sold[slug] += amount
    amounts = sorted(sold.values(), reverse=True)
    assert len(amounts) > 5
    shown = {each["supplier"]["id"]: Decimal(each["amountEur"]) for each in rows}
    assert {slug: amount for slug, amount in shown.items() if amount} == dict(sold)
    assert fairness["selling"] == len(amounts) < fairness["farms"] == len(shown)
    assert Decimal(fairness["amountEur"]) == sum(amounts)
    assert Decimal(fairness["floorEur"]) == amounts[-1]
    assert Decimal(fairness["shareOfFiveLargest"]) == part(sum(amounts[:5], Decimal(0)), sum(amounts, Decimal(0)))
    assert Decimal(fairness["gini"]) < Decimal(fairness["giniOfAll"])
    async with planned.reading() as session:
        farms_of = select(Supplier.id).where(Supplier.kind == SupplierKind.PRODUCER)
        drops = select(PlannedDrop.amount).where(PlannedDrop.run_id == 1, PlannedDrop.supplier_id.in_(farms_of))
        delivered = list(await session.scalars(drops))
    assert sum(each["deliveries"] for each in rows) == len(delivered)
    least = [Decimal(each["leastDeliveryEur"]) for each in rows if each["deliveries"]]
    assert min(least) == min(delivered)
    assert sum(Decimal(each["amountEur"]) for each in fairness["groups"]) == sum(amounts)
    assert [each["label"] for each in fairness["chart"]["rows"]] == [
        each["supplier"]["name"] for each in rows if Decimal(each["amountEur"])
    ][:20]


async def test_what_is_paid_is_what_is_asked_until_a_farm_changes_its_price(planned: Database) -> None:
    before = await told(planned, demo_viewer())
    lines = len(await lines_of_farms(planned))
    # Every line is rounded to the cent, and what is asked is not.
    assert abs(Decimal(before["amountEur"]) - Decimal(before["askedEur"])) <= lines * Decimal("0.005") + Decimal("0.01")
    largest = before["rows"]["nodes"][0]
    async with planned.unit_of_work() as session:
        own = select(Supplier.id).where(Supplier.slug == largest["supplier"]["id"]).scalar_subquery()
        dearer = Offer.price_eur_per_pack * 2
        await session.execute(update(Offer).where(Offer.supplier_id == own).values(price_eur_per_pack=dearer))
    after = (await told(planned, demo_viewer()))["rows"]["nodes"][0]
    assert after["amountEur"] == largest["amountEur"]
    assert Decimal(after["askedEur"]) > Decimal(largest["askedEur"]) * Decimal("1.2")


async def test_pages_of_any_size_hold_every_farm_once_in_the_same_order(planned: Database) -> None:
    whole = await all_rows(planned)
    assert await all_rows(planned, first=37) == whole
    assert len({each["supplier"]["id"] for each in whole}) == len(whole) > 37
    amounts = [Decimal(each["amountEur"]) for each in whole]
    assert amounts == sorted(amounts, reverse=True)


@pytest.mark.parametrize("role", [Role.CHEF, Role.PRODUCER])
async def test_who_buys_or_sells_is_told_of_no_farm(role: Role, planned: Database) -> None:
    async with planned.unit_of_work() as session:
        await publish(session, demo_viewer(), 1)
        seller = await session.scalar(select(Supplier.slug).where(Supplier.kind == SupplierKind.PRODUCER).limit(1))
    assert await told(planned, Viewer("Quelqu'un", role, suppliers=frozenset({seller or ""}))) is None
