"""A supplier under a territorial project: its French goods count, received before it was told or after (EGA-30)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from catering.db import Database
from catering.declarations.figures import shares_of
from catering.market.models import Offer, Supplier, SupplierKind
from catering.orders.models import OrderLine
from catering.people.viewer import Viewer
from catering.purchases.models import LocalDefinition, PurchaseLine
from catering.purchases.pat import PatWish, state
from catering.purchases.refusals import MayNotStatePat, PatRefused
from catering.purchases.summing import tallies
from catering.refusal import Refusal
from catering.rules.egalim_year import year_of
from tests.receiving.conftest import any_world
from tests.receiving.test_receive import received, rows
from tests.receiving.world import CHEF, FARMS, NUTRITION, TODAY, whole

__all__ = ["any_world"]
A_YEAR = timedelta(days=365)


async def farm(world: Database) -> Supplier:
    bought = await rows(world, PurchaseLine)
    (found,) = await rows(world, Supplier, Supplier.id == bought[0].supplier_id)
    return found


async def stated(world: Database, wish: PatWish, viewer: Viewer = NUTRITION) -> int:
    async with world.unit_of_work() as session:
        return (await state(session, viewer, wish)).id


async def share(world: Database) -> object:
    async with world.unit_of_work() as session:
        (tally,) = (await tallies(session, NUTRITION, TODAY.year)).values()
    return shares_of(year_of(tally, TODAY.year))["pat"]


async def french(world: Database) -> None:
    async with world.unit_of_work() as session:
        for sold in (Offer, OrderLine):
            await session.execute(update(sold).values(origin_country="FR"))


async def test_what_was_received_counts_once_its_seller_is_told_to_be_under_a_project(any_world: Database) -> None:
    await french(any_world)
    await received(any_world, whole(farm=1))
    assert await share(any_world) is None, "nobody told anything: no share was measured"
    wish = PatWish((await farm(any_world)).slug, " PAT de l'Artois ", TODAY - A_YEAR, TODAY + A_YEAR)
    first = await stated(any_world, wish)
    assert await share(any_world) == 100
    assert {row.local_definition for row in await rows(any_world, PurchaseLine)} == {LocalDefinition.PAT}
    assert await stated(any_world, wish) == first, "told again it changes nothing"
    with pytest.raises(PatRefused, match="déjà du projet « PAT de l'Artois »"):
        await stated(any_world, PatWish(wish.supplier, "Autre", TODAY, TODAY))


@pytest.mark.parametrize(("country", "under"), [("FR", LocalDefinition.PAT), (None, None), ("BE", None)])
async def test_what_is_received_afterwards_counts_when_it_is_french(
    any_world: Database, country: str | None, under: LocalDefinition | None
) -> None:
    async with any_world.unit_of_work() as session:
        for sold in (Offer, OrderLine):
            await session.execute(update(sold).values(origin_country=country))
    await stated(any_world, PatWish(FARMS[1], "PAT", TODAY - A_YEAR, TODAY))
    await received(any_world, whole(farm=1))
    bought = await rows(any_world, PurchaseLine)
    assert {row.local_definition for row in bought} == {under}
    assert all(row.local for row in bought) or under is None


async def test_only_farms_and_hubs_are_told_by_who_controls_all_kitchens(any_world: Database) -> None:
    await received(any_world, whole(farm=1))
    seller = await farm(any_world)
    wish = PatWish(seller.slug, "PAT", TODAY - A_YEAR, TODAY + A_YEAR)
    with pytest.raises(MayNotStatePat):
        await stated(any_world, wish, CHEF)
    for wrong in (
        PatWish("personne", "PAT", TODAY, TODAY),
        PatWish(seller.slug, "", TODAY, TODAY),
        PatWish(seller.slug, "PAT", TODAY, TODAY - A_YEAR),
        PatWish(seller.slug, "PAT", TODAY + A_YEAR, TODAY + A_YEAR),
    ):
        with pytest.raises(Refusal):
            await stated(any_world, wrong)
    async with any_world.unit_of_work() as session:
        await session.execute(update(Supplier).values(kind=SupplierKind.WHOLESALER))
    with pytest.raises(PatRefused, match="grossiste"):
        await stated(any_world, wish)
